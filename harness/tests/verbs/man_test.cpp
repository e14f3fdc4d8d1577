#include <gtest/gtest.h>

#include "harness/tests/verbs/shell.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

TEST(ManPage, renders_without_warnings) {
  if (!test::has_program("groff")) GTEST_SKIP() << "groff is not installed";
  const test::TemporaryFile page(man_page("0.1.0"));
  EXPECT_EQ(test::output_of("groff -ww -man -Tutf8 -z " + page.path()), "");
}

TEST(ManPage, options_can_be_pasted_from_it) {
  if (!test::has_program("groff")) GTEST_SKIP() << "groff is not installed";
  const test::TemporaryFile page(man_page("0.1.0"));
  const auto text = test::output_of("groff -man -Tutf8 -P-cbou " + page.path());
  EXPECT_NE(text.find("--read-ratio LIST"), std::string::npos) << text;
  EXPECT_NE(text.find("bench completion > ~/.local/share/bash-completion"), std::string::npos);
  EXPECT_NE(text.find("lockbench 0.1.0"), std::string::npos);
}

TEST(ManPage, has_a_name_that_whatis_can_index) {
  EXPECT_NE(man_page("1").find(".SH NAME\nbench \\- "), std::string::npos);
}

TEST(ManPage, hides_the_child_process) {
  EXPECT_EQ(man_page("1").find("child"), std::string::npos);
}

}  // namespace
}  // namespace lockbench
