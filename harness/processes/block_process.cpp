#include "harness/processes/block_process.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <sstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/field_text.hpp"
#include "harness/base/json_text.hpp"
#include "harness/engine/block.hpp"
#include "harness/processes/layouts.hpp"
#include "harness/workloads/dispatch.hpp"

namespace lockbench {
namespace {

/// Starts of the lines that a child prints.
namespace child_line {
constexpr std::string_view begin = "begin ";    ///< + index of the label whose window starts
constexpr std::string_view window = "window ";  ///< + the record of the window that ended
constexpr std::string_view end = "end";
}  // namespace child_line

/// Follows what a child prints, line by line.
class Transcript {
public:
  /// True when a line showed that a window began or ended.
  bool read_output(std::string_view bytes) {
    bool progressed = false;
    unread_ += bytes;
    for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n')) {
      progressed |= read_line(std::string_view(unread_).substr(0, end));
      unread_.erase(0, end + 1);
    }
    return progressed;
  }
  [[nodiscard]] bool complete() const noexcept { return complete_; }

  BlockOutcome outcome;

private:
  bool read_line(std::string_view line) {
    if (line == child_line::end) {
      complete_ = true;
      outcome.culprit.reset();
    } else if (line.starts_with(child_line::begin)) {
      (void)field::read(line.substr(child_line::begin.size()), outcome.culprit.emplace());
    } else if (line.starts_with(child_line::window)) {
      outcome.record.append(record_from_line(line.substr(child_line::window.size())));
      outcome.culprit.reset();
    } else {
      return false;  // not ours: something a library printed
    }
    return true;
  }

  std::string unread_;
  bool complete_ = false;
};

}  // namespace

BlockOutcome run_child(const BlockTask& task, double allowance_s,
                       const std::function<void()>& tick) {
  Transcript transcript;
  auto child = run_program(
      {"child"}, json_line(to_json(task)),
      {.allowance_s = allowance_s,
       .tick = tick,
       .on_output = [&](std::string_view bytes) { return transcript.read_output(bytes); }},
      task.layout == 0 ? this_program : layout_programs().at(task.layout - 1));
  if (child.end == ChildEnd::finished && !transcript.complete()) {
    child.end = ChildEnd::crashed;
    child.what = "ended with exit code 0";
  }
  transcript.outcome.child = std::move(child);
  return std::move(transcript.outcome);
}

int child_main() {
  std::ostringstream input;
  input << std::cin.rdbuf();
  const auto object = parse_json_if_valid(input.str());
  if (object.is_discarded()) throw usage_error("'child' is not for users: it reads a task as JSON");
  const auto say = [](std::string_view line) {
    fmt::print("{}\n", line);
    std::fflush(stdout);
  };
  const auto task = block_task_from_json(object);
  run_block(task,
            {.window_begins =
                 [&](std::uint32_t label) { say(fmt::format("{}{}", child_line::begin, label)); },
             .window_ended =
                 [&](const MeasuredWindow& window) {
                   say(fmt::format("{}{}", child_line::window, to_line(record_of(task, window))));
                 }},
            compiled_case);
  say(child_line::end);
  return 0;
}

}  // namespace lockbench
