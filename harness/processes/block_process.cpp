#include "harness/processes/block_process.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/engine/block.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/processes/spawned_child.hpp"

namespace lockbench {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// Follows what a child prints, line by line.
class Transcript {
public:
  /// True when a line showed that a window began or ended.
  bool read_output(std::string_view bytes) {
    bool progressed = false;
    for (const char byte : bytes) {
      if (byte != '\n') {
        line_ += byte;
        continue;
      }
      progressed |= read_line();
      line_.clear();
    }
    return progressed;
  }
  void read_errors(std::string_view bytes) {
    constexpr std::size_t kept = 4096;
    outcome.error_text += bytes;
    if (outcome.error_text.size() > kept) {
      outcome.error_text.erase(0, outcome.error_text.size() - kept);
    }
  }
  [[nodiscard]] bool complete() const noexcept { return complete_; }

  ChildOutcome outcome;

private:
  bool read_line() {
    const std::string_view line = line_;
    if (line == child_line::end) {
      complete_ = true;
      outcome.culprit.reset();
    } else if (line.starts_with(child_line::begin)) {
      const auto digits = line.substr(child_line::begin.size());
      std::uint32_t label = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), label);
      outcome.culprit = label;
    } else if (line.starts_with(child_line::row)) {
      outcome.record.rows.push_back(row_from_csv(line.substr(child_line::row.size())));
      outcome.culprit.reset();
    } else if (line.starts_with(child_line::latency)) {
      outcome.record.latency_lines.emplace_back(line.substr(child_line::latency.size()));
    } else if (line.starts_with(child_line::thread)) {
      outcome.record.thread_lines.emplace_back(line.substr(child_line::thread.size()));
    } else {
      return false;  // not ours: something a library printed
    }
    return true;
  }

  std::string line_;
  bool complete_ = false;
};

}  // namespace

ChildOutcome run_child(const BlockTask& task, double allowance_s,
                       const std::function<void()>& tick) {
  constexpr int tick_ms = 200;
  const auto allowance =
      std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(allowance_s));
  SpawnedChild child({"child"});
  child.send(to_json(task).dump());

  Transcript transcript;
  auto& outcome = transcript.outcome;
  auto deadline = SteadyClock::now() + allowance;
  bool output_open = true;
  bool errors_open = true;
  std::string bytes;
  while (output_open) {
    std::array<pollfd, 2> streams{
        {{child.output(), POLLIN, 0}, {errors_open ? child.errors() : -1, POLLIN, 0}}};
    ::poll(streams.data(), streams.size(), tick_ms);
    tick();
    if (interrupted()) {
      child.kill();
      outcome.end = ChildEnd::interrupted;
      return outcome;
    }
    bytes.clear();
    if (streams[1].revents != 0) {
      errors_open = read_some(child.errors(), bytes);
      transcript.read_errors(bytes);
    }
    bytes.clear();
    if (streams[0].revents != 0) {
      output_open = read_some(child.output(), bytes);
      if (transcript.read_output(bytes)) deadline = SteadyClock::now() + allowance;
    }
    if (SteadyClock::now() > deadline) {
      child.kill();
      outcome.end = ChildEnd::hung;
      outcome.what = fmt::format("no end after {:.3g} s", allowance_s);
      return outcome;
    }
  }
  const int status = child.wait();
  for (bytes.clear(); errors_open && read_some(child.errors(), bytes); bytes.clear()) {
    transcript.read_errors(bytes);
  }
  if (status != 0 || !transcript.complete()) {
    outcome.end = ChildEnd::crashed;
    outcome.what = how_it_ended(status);
  }
  return outcome;
}

int child_main() {
  die_with_parent();
  const auto task = nlohmann::json::parse(std::cin, nullptr, false);
  if (task.is_discarded()) throw usage_error("'child' is not for users: it reads a task as JSON");
  const auto say = [](std::string_view line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
  };
  run_block(block_task_from_json(task),
            {.window_begins =
                 [&](std::uint32_t label) { say(fmt::format("{}{}", child_line::begin, label)); },
             .window_ended =
                 [&](const WindowResult& result) {
                   for (const auto& latency : result.latencies) {
                     say(fmt::format("{}{}", child_line::latency, to_csv(latency)));
                   }
                   for (const auto& thread : result.threads) {
                     say(fmt::format("{}{}", child_line::thread, to_csv(thread)));
                   }
                   say(fmt::format("{}{}", child_line::row, to_csv(result.row)));
                 }});
  say(child_line::end);
  return 0;
}

}  // namespace lockbench
