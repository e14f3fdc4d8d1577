#include "harness/base/text/suggestion.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace lockbench {
namespace {

constexpr std::array<std::string_view, 4> names{"mutex", "rwlock", "rwlock_writer", "null"};

TEST(EditDistance, counts_insertions_deletions_and_replacements) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("rwlok", "rwlock"), 1U);
}

TEST(EditDistance, counts_a_swap_of_neighbours_once) {
  EXPECT_EQ(edit_distance("mtuex", "mutex"), 1U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);  // no edits inside of a swap
}

TEST(EditDistance, is_the_same_in_both_directions) {
  for (const auto left : names) {
    for (const auto right : names)
      EXPECT_EQ(edit_distance(left, right), edit_distance(right, left));
  }
}

TEST(Nearest, finds_the_word_that_was_meant) {
  EXPECT_EQ(nearest("rwlok", names), "rwlock");
  EXPECT_EQ(nearest("Mutex", names), "mutex");
  EXPECT_EQ(nearest("rwlock_writr", names), "rwlock_writer");
  EXPECT_EQ(nearest("nul", names), "null");
}

TEST(Nearest, prefers_the_first_of_equally_near_words) {
  constexpr std::array<std::string_view, 2> twins{"abcd", "abce"};
  EXPECT_EQ(nearest("abcf", twins), "abcd");
}

TEST(Nearest, does_not_guess_wildly) {
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest("semaphore", names), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'x'), names), std::nullopt);
  EXPECT_EQ(nearest("mutex", {}), std::nullopt);
}

TEST(DidYouMean, asks_only_when_a_word_is_near) {
  EXPECT_EQ(did_you_mean("rwlok", names), "did you mean 'rwlock'? ");
  EXPECT_EQ(did_you_mean("semaphore", names), "");
}

}  // namespace
}  // namespace lockbench
