#include "harness/base/text/progress_line.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace lockbench {
namespace {

constexpr std::chrono::milliseconds terminal_interval{500};
constexpr std::chrono::seconds plain_interval{10};
/// Before this share of the work, the prediction says more than the pace so far.
constexpr double trust_pace_after = 0.05;

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(std::max(0.0, seconds)));
  if (whole >= 3600) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  if (whole >= 60) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}s", whole);
}

ProgressLine::ProgressLine(double predicted_s, bool quiet)
    : predicted_s_(predicted_s), quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressLine::~ProgressLine() {
  clear_line();
}

void ProgressLine::clear_line() {
  if (line_shown_) fmt::print(stderr, "\r\033[K");
  line_shown_ = false;
}

void ProgressLine::show(double done_s, const std::string& what) {
  if (quiet_) return;
  const auto now = Clock::now();
  const auto interval = terminal_ ? Clock::duration(terminal_interval) : plain_interval;
  if (now - last_ < interval) return;
  last_ = now;
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  const double share = predicted_s_ > 0 ? std::min(1.0, done_s / predicted_s_) : 1.0;
  const double pace = share > trust_pace_after ? elapsed_s / done_s : 1.0;
  const auto text = fmt::format("{:3.0f} %  {} left  {}", 100 * share,
                                duration_text((predicted_s_ - done_s) * pace), what);
  if (terminal_) {
    fmt::print(stderr, "\r\033[K{:.100}", text);
    line_shown_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
}

void ProgressLine::restart(double predicted_s) {
  predicted_s_ = predicted_s;
  start_ = Clock::now();
}

void ProgressLine::say(const std::string& message) {
  clear_line();
  fmt::print(stderr, "{}\n", message);
}

}  // namespace lockbench
