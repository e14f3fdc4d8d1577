#include "harness/base/text/progress_line.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string_view>

#include "harness/base/text/output.hpp"
#include "harness/base/text/width.hpp"

namespace lockbench {
namespace {

constexpr std::chrono::milliseconds terminal_interval{500};
constexpr std::chrono::seconds plain_interval{10};
/// Before this share of the work, the prediction says more than the pace so far.
constexpr double trust_pace_after = 0.05;

/// Whether standard error is a terminal on which a line can be redrawn.
bool can_redraw() {
  const char* const term = std::getenv("TERM");
  const bool is_dumb = term == nullptr || std::string_view(term) == "dumb";
  return !is_dumb && ::isatty(STDERR_FILENO) == 1;
}

/// Returns the text without what would not fit on one line of the terminal.
std::string fitted(std::string text) {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
  // A full last column makes some terminals wrap.
  const std::size_t columns = known ? size.ws_col - 1U : 79U;
  while (display_width(text) > columns) text.pop_back();
  return text;
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(std::max(0.0, seconds)));
  if (whole >= 3600) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  if (whole >= 60) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}s", whole);
}

ProgressLine::ProgressLine(double predicted_s, bool quiet)
    : predicted_s_(predicted_s), quiet_(quiet), terminal_(can_redraw()) {}

ProgressLine::~ProgressLine() {
  clear();
}

void ProgressLine::clear() {
  if (line_shown_) tell("\r\033[K");
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
    tell("\r\033[K{}", fitted(text));
    line_shown_ = true;
  } else {
    tell("{}\n", text);
  }
}

void ProgressLine::restart(double predicted_s) {
  predicted_s_ = predicted_s;
  start_ = Clock::now();
}

void ProgressLine::say(const std::string& message) {
  clear();
  tell("{}\n", message);
}

}  // namespace lockbench
