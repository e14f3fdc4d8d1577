#include "harness/base/enum_names.hpp"

#include <gtest/gtest.h>

namespace lockbench::kitchen {
namespace {

enum class Dish : unsigned char { soup = 3, salad, bread };
constexpr auto enum_names(Dish) {
  using enum Dish;
  return std::to_array<EnumName<Dish>>({{soup, "soup"}, {salad, "green salad"}});
}

static_assert(NamedEnum<Dish>);
static_assert(to_string(Dish::salad) == "green salad");
static_assert(from_string<Dish>("soup") == Dish::soup);
static_assert(all_values<Dish> == std::array{Dish::soup, Dish::salad});
static_assert(all_names<Dish> == std::array<std::string_view, 2>{"soup", "green salad"});

TEST(EnumNames, a_name_that_the_table_lacks_has_no_value) {
  EXPECT_EQ(from_string<Dish>("Soup"), std::nullopt);
  EXPECT_EQ(from_string<Dish>(""), std::nullopt);
}

TEST(EnumNames, a_value_that_the_table_lacks_has_no_name) {
  EXPECT_EQ(to_string(Dish::bread), "");
}

}  // namespace
}  // namespace lockbench::kitchen
