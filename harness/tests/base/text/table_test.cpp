#include "harness/base/text/table.hpp"

#include <gtest/gtest.h>

#include "harness/base/text/width.hpp"

namespace lockbench {
namespace {

using Row = std::vector<std::string>;

TEST(DisplayWidth, counts_columns_and_not_bytes) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("mutex"), 5U);
  EXPECT_EQ(display_width("µs ± 3 %"), 8U);
  EXPECT_EQ(display_width("e\u0301"), 1U);  // e and a combining acute
  EXPECT_EQ(display_width("锁"), 2U);
  EXPECT_EQ(display_width("\xff\xfe"), 2U);  // no UTF-8
}

TEST(Table, aligns_numbers_to_the_right_and_words_to_the_left) {
  const Row headers{"strategy", "threads", "Mops/s"};
  const std::vector<Row> rows{{"mutex", "1", "12.30"}, {"rwlock_writer", "16", "4.56"}};
  const std::vector alignments{Align::left, Align::right, Align::right};
  EXPECT_EQ(render_table(headers, rows, alignments),
            "strategy       threads  Mops/s\n"
            "-------------  -------  ------\n"
            "mutex                1   12.30\n"
            "rwlock_writer       16    4.56\n");
}

TEST(Table, aligns_by_columns_where_text_is_not_ascii) {
  const Row headers{"time", "n"};
  const std::vector<Row> rows{{"5 µs", "1"}, {"5 ms", "2"}, {"锁", "3"}};
  EXPECT_EQ(render_table(headers, rows, {}),
            "time  n\n"
            "----  -\n"
            "5 µs  1\n"
            "5 ms  2\n"
            "锁    3\n");
}

TEST(Table, has_no_blanks_at_line_ends) {
  const Row headers{"a", "bbbb"};
  const std::vector<Row> rows{{"x", ""}, {"x"}, {}};
  EXPECT_EQ(render_table(headers, rows, {}),
            "a  bbbb\n"
            "-  ----\n"
            "x\n"
            "x\n"
            "\n");
}

TEST(Table, without_rows_shows_its_headers) {
  const Row headers{"a"};
  EXPECT_EQ(render_table(headers, {}, {}), "a\n-\n");
}

TEST(Wrapped, breaks_at_blanks_and_counts_the_indent) {
  EXPECT_EQ(wrapped("one two three", 0, 80), "one two three");
  EXPECT_EQ(wrapped("one two three", 0, 7), "one two\nthree");
  EXPECT_EQ(wrapped("one two three", 2, 8), "one\n  two\n  three");
  EXPECT_EQ(wrapped("", 4, 10), "");
}

TEST(Wrapped, lets_a_long_word_stand_alone) {
  EXPECT_EQ(wrapped("a incomprehensibilities b", 0, 8), "a\nincomprehensibilities\nb");
}

}  // namespace
}  // namespace lockbench
