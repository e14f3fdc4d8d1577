#include "harness/machine/facts/system_files.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

using Ints = std::vector<int>;

TEST(SystemFiles, a_missing_file_is_a_reason_that_names_it) {
  const InventedFiles invented;
  const auto text = invented.files().read("/sys/no/such/file");
  ASSERT_FALSE(text.known());
  EXPECT_EQ(text.reason(), "/sys/no/such/file: No such file or directory");
}

TEST(SystemFiles, a_directory_is_a_reason_not_a_text) {
  InventedFiles invented;
  invented.with("/sys/dir/file", "1");
  EXPECT_FALSE(invented.files().read("/sys/dir").known());
}

TEST(SystemFiles, a_file_is_read_without_trailing_white_space) {
  InventedFiles invented;
  invented.with("/sys/governor", "performance\n").with("/sys/empty", "\n");
  EXPECT_EQ(invented.files().read("/sys/governor").value(), "performance");
  EXPECT_EQ(invented.files().read("/sys/empty").value(), "");
}

TEST(SystemFiles, bytes_that_json_would_refuse_are_replaced) {
  InventedFiles invented;
  invented.with("/sys/vendor", "Acme\xAE Corp\n");
  EXPECT_EQ(invented.files().read("/sys/vendor").value(), "Acme? Corp");
}

TEST(SystemFiles, a_number_is_read_and_what_is_none_is_refused) {
  InventedFiles invented;
  invented.with("/n", "42\n").with("/word", "max\n");
  EXPECT_EQ(invented.files().read_number("/n").value(), 42);
  EXPECT_EQ(invented.files().read_number("/word").reason(), "/word: 'max' is not a number");
  EXPECT_FALSE(invented.files().read_number("/none").known());
  EXPECT_FALSE(parse_number("inf").known());
  EXPECT_EQ(invented.files().read_whole("/n").value(), 42);
  EXPECT_FALSE(whole(1e30).known());
}

TEST(SystemFiles, a_directory_is_listed_in_order_and_a_missing_one_is_empty) {
  InventedFiles invented;
  invented.with("/d/b", "").with("/d/a", "");
  EXPECT_EQ(invented.files().list("/d"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(invented.files().list("/none").empty());
}

TEST(SystemFiles, fields_are_found_by_their_whole_key) {
  const Probed<std::string> text{std::string("model\t\t: 167\nmodel name\t: A CPU: fast\n")};
  EXPECT_EQ(find_field(text, "model name").value(), "A CPU: fast");
  EXPECT_EQ(find_field(text, "model").value(), "167");
  EXPECT_EQ(find_field(text, "flags").reason(), "no field 'flags'");
  EXPECT_EQ(find_field(Unknown{"gone"}, "model").reason(), "gone");
}

TEST(CpuList, ranges_and_single_cpus_are_read) {
  EXPECT_EQ(parse_cpu_list("0-2,5, 8"), (Ints{0, 1, 2, 5, 8}));
  EXPECT_EQ(parse_cpu_list(""), Ints{});
  EXPECT_EQ(parse_cpu_list("(null),x-y,3"), Ints{3});
  EXPECT_EQ(parse_cpu_list("0-2000000000,4"), Ints{4}) << "a nonsense range must not fill memory";
}

TEST(CpuList, what_was_formatted_reads_back) {
  EXPECT_EQ(format_cpu_list({5, 0, 2, 1}), "0-2,5");
  EXPECT_EQ(format_cpu_list({}), "");
  EXPECT_EQ(parse_cpu_list(format_cpu_list({0, 1, 3, 7, 8})), (Ints{0, 1, 3, 7, 8}));
}

TEST(Probed, an_unknown_value_becomes_null_with_its_reason) {
  const Probed<double> unknown = Unknown{"no such file"};
  EXPECT_EQ(nlohmann::json(unknown).dump(), R"({"reason":"no such file","value":null})");
  EXPECT_EQ(nlohmann::json(Probed<double>(0.5)).dump(), "0.5");
  EXPECT_EQ(unknown.then([](double x) { return x + 1; }).reason(), "no such file");
}

}  // namespace
}  // namespace lockbench
