#include "harness/processes/block_process.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <iostream>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/engine/block.hpp"

namespace lockbench {
namespace {

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
  [[nodiscard]] bool complete() const noexcept { return complete_; }

  BlockOutcome outcome;

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

BlockOutcome run_child(const BlockTask& task, double allowance_s,
                       const std::function<void()>& tick) {
  Transcript transcript;
  auto child = run_program(
      {"child"}, to_json(task).dump(),
      {.allowance_s = allowance_s, .tick = tick, .on_output = [&](std::string_view bytes) {
         return transcript.read_output(bytes);
       }});
  auto& outcome = transcript.outcome;
  outcome.end = child.end;
  outcome.what = std::move(child.what);
  outcome.error_text = std::move(child.error_text);
  if (child.end == ChildEnd::finished && !transcript.complete()) {
    outcome.end = ChildEnd::crashed;
    outcome.what = "ended with exit code 0";
  }
  return outcome;
}

int child_main() {
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
