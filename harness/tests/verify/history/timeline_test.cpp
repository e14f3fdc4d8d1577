#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/text/utf8.hpp"
#include "harness/tests/verify/history/handmade_history.hpp"
#include "harness/verify/checks/checks.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {
namespace {

using namespace testing_support;

std::size_t cells(std::string_view line) {
  std::size_t count = 0;
  for (char32_t character = 0; !line.empty(); ++count) {
    line.remove_prefix(utf8_character(line, character));
  }
  return count;
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines{text};
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, cells(line));
  return widest;
}

std::vector<std::size_t> all_of(const History& history) {
  std::vector<std::size_t> indices(history.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  return indices;
}

TEST(Timeline, shows_what_overlaps_what_and_what_each_call_was) {
  const History history{add({0, 1'000, 2'000}, 7, Answer::added, 3),
                        status({3, 1'500, 1'600}, 8, Answer::unknown),
                        take({2, 2'203, 2'310}, 7, 3), complete({2, 2'400, 2'900}, 7),
                        complete({1, 2'350, 2'950}, 7)};
  const auto verdict = check_tasks(history);
  EXPECT_EQ("\n" + draw_timeline(history, verdict.witnesses), R"(
thread 0      ├──a──┤
thread 1                              ├────────c────────┤
thread 2                  ├──b──┤           ├──d──┤

a  thread 0  add task 7 (priority 3) → added  0.000 … 1.000 µs
b  thread 2  take → task 7 (priority 3)       1.203 … 1.310 µs
c  thread 1  complete task 7 → ok             1.350 … 1.950 µs
d  thread 2  complete task 7 → ok             1.400 … 1.900 µs
times since 1.000 µs after the start of the history
)");
}

TEST(Timeline, a_call_that_never_returned_has_no_end) {
  const History history{add({0, 0, 10}, 7), open(cancel({1, 5, 0}, 7))};
  EXPECT_EQ("\n" + draw_timeline(history, all_of(history)), R"(
thread 0      ├─────a─────┤
thread 1            ├─────b─────→

a  thread 0  add task 7 (priority 0) → added  0.000 … 0.010 µs
b  thread 1  cancel task 7 → never returned   0.005 …       µs
times since 0.000 µs after the start of the history
)");
}

TEST(Timeline, calls_at_one_time_are_drawn_as_overlapping) {
  const History history{add({0, 0, 10}, 7), take({1, 10, 10}, 7), complete({0, 10, 20}, 7)};
  EXPECT_EQ("\n" + draw_timeline(history, all_of(history)), R"(
thread 0      ├─────a─────┤
thread 0            ├─────c─────┤
thread 1            ├──b──┤

a  thread 0  add task 7 (priority 0) → added  0.000 … 0.010 µs
b  thread 1  take → task 7 (priority 0)       0.010 … 0.010 µs
c  thread 0  complete task 7 → ok             0.010 … 0.020 µs
times since 0.000 µs after the start of the history
)");
}

TEST(Timeline, twelve_calls_fit_in_eighty_columns) {
  History history;
  for (Instant at = 0; at < 12; ++at) {
    history.push_back(
        add({static_cast<std::uint16_t>(at % 4), 1'000'000 * at, 1'000'000 * at + 999},
            100'000 + at, Answer::shut_down, -1000));
  }
  const auto text = draw_timeline(history, all_of(history));
  EXPECT_LE(widest_line(text), 78U);
  EXPECT_NE(text.find("thread 3"), std::string::npos);
  EXPECT_EQ(text.find("more calls"), std::string::npos);
}

TEST(Timeline, more_calls_than_can_be_drawn_are_listed) {
  History history;
  for (Instant at = 0; at < 60; ++at) history.push_back(add({0, 2 * at, 2 * at + 1}, at));
  const auto text = draw_timeline(history, all_of(history));
  EXPECT_EQ(text.rfind("more calls than can be drawn side by side:", 0), 0U);
  EXPECT_NE(text.find("add task 59 (priority 0) → added"), std::string::npos);
}

TEST(Timeline, without_witnesses_there_is_nothing_to_draw) {
  EXPECT_EQ(draw_timeline({add({0, 0, 1}, 7)}, {}), "");
}

}  // namespace
}  // namespace lockbench::verify
