#include "harness/results/latency_row.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <string>

#include "harness/base/errors.hpp"

namespace lockbench {
namespace {

LatencyRow row_of(std::uint64_t samples) {
  LatencyRow row;
  row.run_id = "run";
  row.case_id = "mutex/open_loop/threads:2";
  row.block_id = "open_loop/threads:2";
  row.strategy = "mutex";
  row.twin = true;
  row.process = 3;
  row.window = 2;
  row.kind = LatencyKind::sojourn;
  // From nanoseconds to minutes.
  for (std::uint64_t i = 0; i < samples; ++i) row.histogram.record(i * i * 1009);
  return row;
}

bool wants_all(LatencyKind /*kind*/) noexcept {
  return true;
}
bool wants_none(LatencyKind /*kind*/) noexcept {
  return false;
}

std::optional<LatencyRow> read_back(const LatencyRow& row,
                                    bool (*wanted)(LatencyKind kind) noexcept) {
  LatencyReader reader(wanted);
  reader.take_row(to_csv(row, 7));
  std::istringstream buckets(buckets_to_csv(row.histogram, 7));
  for (std::string line; std::getline(buckets, line);) reader.take_bucket(line);
  std::optional<LatencyRow> found;
  reader.hand_out([&](const LatencyRow& read) { found = read; });
  return found;
}

TEST(LatencyRow, keeps_its_identity_and_all_quantiles_in_its_line) {
  for (const std::uint64_t samples : {1U, 100U, 10'000U}) {
    const auto row = row_of(samples);
    const auto read = read_back(row, wants_all);
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->case_id, row.case_id);
    EXPECT_EQ(read->twin, row.twin);
    EXPECT_EQ(read->process, row.process);
    EXPECT_EQ(read->window, row.window);
    EXPECT_EQ(read->kind, row.kind);
    EXPECT_EQ(read->histogram.count(), samples);
    EXPECT_EQ(read->histogram.min_ns(), row.histogram.min_ns());
    EXPECT_EQ(read->histogram.max_ns(), row.histogram.max_ns());
    EXPECT_NEAR(read->histogram.mean_ns(), row.histogram.mean_ns(), 1e-3 * row.histogram.mean_ns());
    for (const auto& quantile : standard_quantiles) {
      EXPECT_EQ(read->histogram.quantile_ns(quantile.q), row.histogram.quantile_ns(quantile.q))
          << quantile.name << " of " << samples;
    }
  }
}

TEST(LatencyRow, has_as_many_columns_as_its_header) {
  const auto commas = [](const std::string& line) { return std::ranges::count(line, ','); };
  EXPECT_EQ(commas(to_csv(row_of(100), 1)), commas(latency_columns().header()));
}

TEST(LatencyRow, of_an_unwanted_kind_is_not_read) {
  EXPECT_FALSE(read_back(row_of(100), wants_none).has_value());
}

TEST(LatencyRow, names_what_is_wrong_with_a_line) {
  LatencyReader reader(wants_all);
  EXPECT_THROW(reader.take_row("1,run"), Error);
  EXPECT_THROW(reader.take_bucket("1,1,2:3"), Error);
  reader.take_row(to_csv(row_of(5), 1));
  reader.take_bucket("1,1,0,4");
  EXPECT_THROW(reader.hand_out([](const LatencyRow&) {}), Error) << "a sample is missing";
}

TEST(LatencyRow, every_cell_fits_a_spreadsheet_however_many_buckets_there_are) {
  constexpr std::size_t longest_cell = 32'767;
  const auto row = row_of(100'000);
  for (const auto& text : {to_csv(row, 1), buckets_to_csv(row.histogram, 1)}) {
    std::size_t length = 0;
    for (const char letter : text) {
      length = letter == ',' || letter == '\n' ? 0 : length + 1;
      ASSERT_LE(length, longest_cell);
    }
  }
  EXPECT_GT(row.histogram.to_text().size(), longest_cell);
}

}  // namespace
}  // namespace lockbench
