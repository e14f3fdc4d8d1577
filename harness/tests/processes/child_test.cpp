/// Children that end in every way. `run_program` starts this program as its child, so main() is written
/// here.

#include "harness/processes/child.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace lockbench {
namespace {

const ChildWatch patient{.allowance_s = 20};

int play_child(std::string_view part) {
  if (part == "echo") {
    std::ostringstream text;
    text << std::cin.rdbuf();
    fmt::print("{}", text.str());
  } else if (part == "complain") {
    fmt::print(stderr, "no room\n");
    return 3;
  } else if (part == "abort") {
    std::abort();
  } else if (part == "count") {
    for (int i = 0; i < 8; ++i) {
      fmt::print("{}\n", i);
      std::fflush(stdout);
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  } else if (part == "stop") {
    // A process of its own lets it go on after three seconds.
    if (const pid_t stopped = ::getpid(); ::fork() == 0) {
      std::this_thread::sleep_for(std::chrono::seconds(3));
      ::kill(stopped, SIGCONT);
      ::_exit(0);
    }
    ::kill(::getpid(), SIGSTOP);
    fmt::print("went on\n");
  } else if (part == "hang") {
    ::close(STDOUT_FILENO);
    ::close(STDERR_FILENO);
    std::this_thread::sleep_for(std::chrono::hours(1));
  }
  return 0;
}

// As waitpid(2) encodes them.
constexpr int ended_by_kill = SIGKILL;
constexpr int ended_by_abort = SIGABRT;
constexpr int ended_with_1 = 1 << 8;

TEST(TellsOutOfMemory, a_kill_that_the_kernel_counted) {
  EXPECT_TRUE(tells_out_of_memory(ended_by_kill, 3, 4, {}));
  EXPECT_FALSE(tells_out_of_memory(ended_by_kill, 3, 3, {}));  // somebody's kill -9
  EXPECT_FALSE(tells_out_of_memory(ended_by_kill, Unknown{"hidden"}, 4, {}));
  EXPECT_FALSE(tells_out_of_memory(ended_by_kill, 3, Unknown{"hidden"}, {}));
}

TEST(TellsOutOfMemory, another_end_is_not_the_kernels_though_it_killed_somebody_meanwhile) {
  EXPECT_FALSE(tells_out_of_memory(ended_by_abort, 3, 4, {}));
  EXPECT_FALSE(tells_out_of_memory(ended_with_1, 3, 4, "bench: no room"));
  EXPECT_FALSE(tells_out_of_memory(0, 3, 4, {}));
}

TEST(TellsOutOfMemory, an_allocation_that_was_refused) {
  EXPECT_TRUE(tells_out_of_memory(ended_with_1, 3, 3, "bench: std::bad_alloc\n"));
  EXPECT_TRUE(tells_out_of_memory(
      ended_by_abort, 3, 3, "terminate called after throwing an instance of 'std::bad_alloc'\n"));
  EXPECT_FALSE(tells_out_of_memory(0, 3, 3, "std::bad_alloc"));
}

TEST(RunProgram, passes_input_and_returns_output) {
  const auto child = run_program({"echo"}, "two\nlines\n", patient);
  EXPECT_EQ(child.end, ChildEnd::finished) << child.what;
  EXPECT_EQ(child.output, "two\nlines\n");
}

TEST(RunProgram, reports_an_error_with_its_text) {
  const auto child = run_program({"complain"}, {}, patient);
  EXPECT_EQ(child.end, ChildEnd::crashed);
  EXPECT_EQ(child.what, "ended with exit code 3");
  EXPECT_EQ(child.error_text, "no room\n");
}

TEST(RunProgram, reports_a_signal) {
  const auto child = run_program({"abort"}, {}, patient);
  EXPECT_EQ(child.end, ChildEnd::crashed);
  EXPECT_EQ(child.what, "killed by signal 6 (Aborted)");
}

TEST(RunProgram, kills_a_child_that_hangs_with_its_streams_closed) {
  const auto child = run_program({"hang"}, {}, {.allowance_s = 0.3});
  EXPECT_EQ(child.end, ChildEnd::hung);
  EXPECT_EQ(child.what, "no end after 0.3 s");
}

TEST(RunProgram, does_not_count_the_time_in_which_a_child_is_stopped) {
  const auto child = run_program({"stop"}, {}, {.allowance_s = 2});
  EXPECT_EQ(child.end, ChildEnd::finished) << child.what;
  EXPECT_EQ(child.output, "went on\n");
}

TEST(RunProgram, grants_the_allowance_anew_after_progress) {
  std::string output;
  const auto child =
      run_program({"count"}, {}, {.allowance_s = 3, .on_output = [&](std::string_view bytes) {
                                    output += bytes;
                                    return true;
                                  }});
  EXPECT_EQ(child.end, ChildEnd::finished) << child.what;
  EXPECT_EQ(output, "0\n1\n2\n3\n4\n5\n6\n7\n");
  EXPECT_EQ(child.output, "");
}

TEST(RunFunction, returns_what_the_function_returns) {
  int ticks = 0;
  const auto child = run_function([] { return std::string(200'000, 'x'); },
                                  {.allowance_s = 20, .tick = [&] { ++ticks; }});
  EXPECT_EQ(child.end, ChildEnd::finished) << child.what;
  EXPECT_EQ(child.output.size(), 200'000U);
  EXPECT_GT(ticks, 0);
}

TEST(RunFunction, reports_an_exception_and_a_signal) {
  const auto thrown =
      run_function([]() -> std::string { throw std::runtime_error("no"); }, patient);
  EXPECT_EQ(thrown.end, ChildEnd::crashed);
  EXPECT_EQ(thrown.what, "ended with exit code 1");
  const auto aborted = run_function([]() -> std::string { std::abort(); }, patient);
  EXPECT_EQ(aborted.what, "killed by signal 6 (Aborted)");
}

TEST(RunFunction, kills_a_child_that_hangs) {
  const auto hanging = [] {
    std::this_thread::sleep_for(std::chrono::hours(1));
    return std::string();
  };
  EXPECT_EQ(run_function(hanging, {.allowance_s = 0.3}).end, ChildEnd::hung);
}

}  // namespace
}  // namespace lockbench

int main(int argc, char** argv) {
  if (argc == 2 && argv[1][0] != '-') return lockbench::play_child(argv[1]);
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
