#pragma once

/// Shared by the tests of the command line: a small fixed catalogue, and parsing in one call.

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"

namespace lockbench::test {

inline constexpr std::array catalogue{
    StrategyTraits{.name = "mutex",
                   .summary = "one mutex around everything",
                   .ordering = Ordering::priority_fifo,
                   .progress = Progress::blocking,
                   .waits = Waits::parks,
                   .task_wait = TaskWait::polls,
                   .source = "C++ standard library",
                   .tags = {"lock", "basic", ""},
                   .conformance = Conformance::full},
    StrategyTraits{.name = "rwlock",
                   .summary = "readers share, \"writers\" do not",
                   .ordering = Ordering::priority_fifo,
                   .progress = Progress::blocking,
                   .waits = Waits::parks,
                   .task_wait = TaskWait::polls,
                   .source = "C++ standard library",
                   .tags = {"lock", "", ""},
                   .conformance = Conformance::full},
    StrategyTraits{.name = "moodycamel",
                   .summary = "a queue a thread",
                   .ordering = Ordering::fifo_per_producer,
                   .progress = Progress::lock_free,
                   .waits = Waits::never,
                   .task_wait = TaskWait::polls,
                   .source = "a package, version 1.0",
                   .tags = {"lockfree", "", ""},
                   .conformance = Conformance::full,
                   .consistency = Consistency::per_task},
    StrategyTraits{.name = "unsafe",
                   .summary = "check and act apart",
                   .ordering = Ordering::none,
                   .progress = Progress::wait_free,
                   .waits = Waits::never,
                   .task_wait = TaskWait::polls,
                   .source = "nobody",
                   .tags = {"lock", "racy", ""},
                   .conformance = Conformance::single_threaded},
    StrategyTraits{.name = "null",
                   .summary = "does nothing",
                   .ordering = Ordering::none,
                   .progress = Progress::wait_free,
                   .waits = Waits::never,
                   .task_wait = TaskWait::never,
                   .source = "nobody",
                   .tags = {"", "", ""},
                   .conformance = Conformance::none},
};

using Words = std::vector<std::string>;

inline CommandLine parsed(const Words& words) {
  return parse_command_line(words, catalogue);
}

/// The message of the usage error that the words cause.
inline std::string refusal(const Words& words) {
  try {
    static_cast<void>(parsed(words));
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    return error.what();
  }
  ADD_FAILURE() << "was accepted: " << ::testing::PrintToString(words);
  return {};
}

}  // namespace lockbench::test
