#include <gtest/gtest.h>

#include <limits>
#include <sstream>
#include <string>

#include "harness/base/errors.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {
namespace {

RecordedHistory one_of_everything() {
  RecordedHistory recorded;
  recorded.header = {.strategy = "mutex",
                     .check = "contract",
                     .ordering = Ordering::priority_fifo,
                     .capacity = 16,
                     .threads = 4,
                     .seed = std::numeric_limits<std::uint64_t>::max(),
                     .beats = {0, 500'000, never - 1}};
  recorded.history = {
      {.invoked = 0,
       .returned = 9,
       .id = std::numeric_limits<TaskId>::max(),
       .priority = std::numeric_limits<std::int32_t>::min(),
       .thread = 1,
       .call = Call::add,
       .answer = Answer::added},
      {.invoked = 3,
       .returned = 12,
       .deadline = 11,
       .thread = 2,
       .call = Call::take,
       .answer = Answer::timed_out},
      {.invoked = 3,
       .returned = 13,
       .id = 0,
       .priority = 7,
       .thread = 3,
       .call = Call::try_take,
       .answer = Answer::task},
      {.invoked = 4, .returned = 4, .size = 5, .call = Call::size, .answer = Answer::counted},
      {.invoked = 5, .returned = 8, .id = 7, .call = Call::forget, .answer = Answer::wrong_state},
      {.invoked = 6, .thread = 65535, .call = Call::join},
      {.invoked = 7,
       .returned = never - 1,
       .call = Call::shutdown_discard,
       .answer = Answer::returned},
      {.invoked = 8, .id = 3, .call = Call::complete},
  };
  return recorded;
}

std::string written(const RecordedHistory& recorded) {
  std::ostringstream out;
  write_history(out, recorded);
  return out.str();
}

RecordedHistory read(const std::string& text) {
  std::istringstream in{text};
  return read_history(in, "calls.jsonl");
}

/// Returns the message of reading a history whose second line is `line`.
std::string message_for(const std::string& line) {
  RecordedHistory recorded = one_of_everything();
  recorded.history.clear();
  try {
    (void)read(written(recorded) + line + "\n");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::failure);
    return error.what();
  }
  return "nothing";
}

std::string message_for_file(const std::string& text) {
  try {
    (void)read(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

TEST(HistoryJson, comes_back_as_it_was_written) {
  EXPECT_EQ(read(written(one_of_everything())), one_of_everything());
}

TEST(HistoryJson, is_a_line_for_the_header_and_one_a_call) {
  auto recorded = one_of_everything();
  recorded.header.seed = 5;
  recorded.header.beats = {};
  recorded.history = {{.invoked = 5,
                       .returned = 9,
                       .id = 7,
                       .priority = 3,
                       .thread = 1,
                       .call = Call::add,
                       .answer = Answer::added},
                      {.invoked = 6, .id = 7, .call = Call::cancel}};
  EXPECT_EQ(written(recorded),
            R"({"lockbench_history":1,"strategy":"mutex","check":"contract",)"
            R"("ordering":"priority_fifo","consistency":"linearizable","distinct":true,)"
            R"("stuck":false,"capacity":16,"threads":4,"seed":5})"
            "\n"
            R"({"thread":1,"call":"add","id":7,"priority":3,"answer":"added",)"
            R"("invoked_ns":5,"returned_ns":9})"
            "\n"
            R"({"thread":0,"call":"cancel","id":7,"invoked_ns":6})"
            "\n");
}

TEST(HistoryJson, empty_lines_mean_nothing) {
  EXPECT_EQ(read("\n" + written(one_of_everything()) + "\n\n"), one_of_everything());
}

TEST(HistoryJson, a_message_names_the_file_the_line_and_what_is_wrong_and_allowed) {
  EXPECT_EQ(message_for("{\"call\""), "calls.jsonl:2: is not a JSON object");
  EXPECT_EQ(message_for("[]"), "calls.jsonl:2: is not a JSON object");
  EXPECT_EQ(message_for(R"({"thread":1,"call":"size"})"),
            "calls.jsonl:2: \"invoked_ns\" is missing");
  EXPECT_EQ(message_for(R"({"thread":-1,"call":"size","invoked_ns":0})"),
            "calls.jsonl:2: \"thread\" is -1; allowed are whole numbers from 0 to 65535");
  EXPECT_EQ(message_for(R"({"thread":1.5,"call":"size","invoked_ns":0})"),
            "calls.jsonl:2: \"thread\" is 1.5; allowed are whole numbers from 0 to 65535");
  EXPECT_EQ(message_for(R"({"thread":1,"call":7,"invoked_ns":0})"),
            "calls.jsonl:2: \"call\" is 7, not text");
  EXPECT_EQ(
      message_for(R"({"thread":1,"call":"pop","invoked_ns":0})"),
      "calls.jsonl:2: \"call\" is \"pop\"; allowed are add, try_take, take, status, complete, "
      "cancel, forget, size, join, shutdown_drain, shutdown_discard");
  EXPECT_EQ(message_for(R"({"thread":1,"call":"cancel","answer":"added","invoked_ns":0})"),
            "calls.jsonl:2: \"answer\" is \"added\"; allowed are ok, unknown, wrong_state");
  EXPECT_EQ(message_for(R"({"thread":1,"call":"cancel","invoked_ns":0})"),
            "calls.jsonl:2: \"id\" is missing");
  EXPECT_EQ(message_for(R"({"thread":1,"call":"size","colour":3,"invoked_ns":0})"),
            "calls.jsonl:2: there is no \"colour\" here; allowed are thread, call, id, priority, "
            "size, deadline_ns, damaged, too_long, answer, invoked_ns, returned_ns");
}

TEST(HistoryJson, times_have_to_make_sense) {
  EXPECT_EQ(message_for(R"({"thread":1,"call":"join","answer":"returned","invoked_ns":0})"),
            "calls.jsonl:2: \"returned_ns\" is missing");
  EXPECT_EQ(message_for(R"({"thread":1,"call":"join","invoked_ns":0,"returned_ns":3})"),
            "calls.jsonl:2: has \"returned_ns\" but no \"answer\"");
  EXPECT_EQ(message_for(
                R"({"thread":1,"call":"join","answer":"returned","invoked_ns":4,"returned_ns":3})"),
            "calls.jsonl:2: returns before it is invoked");
  EXPECT_EQ(
      message_for("{\"thread\":1,\"call\":\"join\",\"invoked_ns\":4}\n"
                  "{\"thread\":1,\"call\":\"join\",\"invoked_ns\":3}"),
      "calls.jsonl:3: was invoked before the call in the line above; calls are in that order");
}

TEST(HistoryJson, a_file_that_is_no_history_is_refused) {
  EXPECT_EQ(message_for_file(""), "calls.jsonl: is empty, so it is no history");
  EXPECT_EQ(message_for_file("{\"thread\":1}"),
            "calls.jsonl:1: is not the first line of a history");
  EXPECT_EQ(message_for_file("{\"lockbench_history\":2}"),
            "calls.jsonl:1: is a history of format 2; this program reads format 1");
}

TEST(HistoryJson, beats_are_a_list_of_times_in_the_header) {
  RecordedHistory recorded;
  recorded.header.beats = {7, 9};
  const auto text = written(recorded);
  const std::string list = "\"beats_ns\":[7,9]";
  const auto at = text.find(list);
  ASSERT_NE(at, std::string::npos) << text;
  EXPECT_EQ(read(text), recorded);
  for (const std::string wrong : {"\"beats_ns\":7", "\"beats_ns\":[-1]", "\"beats_ns\":[\"7\"]"}) {
    auto misread = text;
    misread.replace(at, list.size(), wrong);
    EXPECT_EQ(message_for_file(misread), "calls.jsonl:1: \"beats_ns\" is not a list of times");
  }
}

TEST(HistoryJson, a_disk_that_is_full_is_reported) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  EXPECT_THROW(write_history(out, one_of_everything()), Error);
}

}  // namespace
}  // namespace lockbench::verify
