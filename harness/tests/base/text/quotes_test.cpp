#include "harness/base/text/quotes.hpp"

#include <gtest/gtest.h>

namespace lockbench {
namespace {

TEST(InQuotes, leaves_ordinary_text_alone) {
  EXPECT_EQ(in_quotes(""), "''");
  EXPECT_EQ(in_quotes("rwlok"), "'rwlok'");
  EXPECT_EQ(in_quotes("größer 锁"), "'größer 锁'");
}

TEST(InQuotes, never_prints_what_steers_a_terminal) {
  EXPECT_EQ(in_quotes("\x1b[31m"), "'\\x1b[31m'");
  EXPECT_EQ(in_quotes("a\nb\x7f"), "'a\\x0ab\\x7f'");
  EXPECT_EQ(in_quotes("\xc2\x9b"), "'\\xc2\\x9b'");  // CSI as one C1 character
}

TEST(InQuotes, shows_bytes_that_are_no_utf8) {
  EXPECT_EQ(in_quotes("\xff"), "'\\xff'");
  EXPECT_EQ(in_quotes("a\xc3"), "'a\\xc3'");                           // cut short
  EXPECT_EQ(in_quotes("\xc0\xaf"), "'\\xc0\\xaf'");                    // overlong
  EXPECT_EQ(in_quotes("\xed\xa0\x80"), "'\\xed\\xa0\\x80'");           // a surrogate
  EXPECT_EQ(in_quotes("\xf4\x90\x80\x80"), "'\\xf4\\x90\\x80\\x80'");  // beyond Unicode
}

TEST(InQuotes, cuts_what_would_fill_the_screen) {
  const auto text = in_quotes(std::string(1'000'000, 'x'));
  EXPECT_LT(text.size(), 80U);
  EXPECT_TRUE(text.ends_with("...'")) << text;
}

TEST(InShellQuotes, leaves_alone_what_no_shell_would_change) {
  EXPECT_EQ(in_shell_quotes("results/20261130T050607Z-1a2b-host"),
            "results/20261130T050607Z-1a2b-host");
}

TEST(InShellQuotes, makes_one_word_of_anything_else) {
  EXPECT_EQ(in_shell_quotes(""), "''");
  EXPECT_EQ(in_shell_quotes("a b"), "'a b'");
  EXPECT_EQ(in_shell_quotes("it's $HOME"), "'it'\\''s $HOME'");
  EXPECT_EQ(in_shell_quotes("~x"), "'~x'");
  EXPECT_EQ(in_shell_quotes("größer"), "'größer'");
}

TEST(InShellQuotes, never_prints_what_steers_a_terminal) {
  EXPECT_EQ(in_shell_quotes("a\x1b'b\\\xff"), "$'a\\x1b\\'b\\\\\\xff'");
}

}  // namespace
}  // namespace lockbench
