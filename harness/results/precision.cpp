#include "harness/results/precision.hpp"

#include <algorithm>
#include <array>

#include "harness/plan/catalogue.hpp"

namespace lockbench {
namespace {

/// More processes help against noise, and against nothing else.
bool can_have_result(const Validity& problem) {
  using enum Invalid;
  constexpr std::array lasting{violated, crashed, hung, out_of_memory, not_measured, unfit_build};
  return std::ranges::none_of(lasting, [&](Invalid kind) { return problem.find(kind) != nullptr; });
}

/// Nothing where the case has no interval yet, or not even a median.
Cell half_width_of(const SummaryRow& row) {
  const auto& low = row["throughput_low_ops_s"_summary];
  const auto& high = row["throughput_high_ops_s"_summary];
  if (!low || !high) return {};
  return (*high - *low) / 2 / *row["throughput_ops_s"_summary];
}

/// Whether the first half-width is wider. A case without an interval counts as wider than any.
bool is_wider(const Cell& one, const Cell& other) {
  return other && (!one || *one > *other);
}

}  // namespace

PrecisionReached precision_reached(std::span<const SummaryRow> summary, double asked) {
  PrecisionReached reached{.asked = asked};
  for (const auto& row : summary) {
    if (!keeps_whole_contract(row.strategy) || !can_have_result(row.problem)) continue;
    const auto half_width = half_width_of(row);
    if (reached.cases == 0 || is_wider(half_width, reached.widest_half_width)) {
      reached.widest = row.case_id;
      reached.widest_half_width = half_width;
    }
    ++reached.cases;
    if (!is_wider(half_width, asked)) continue;
    ++reached.wide;
    reached.wide_blocks.insert(row.block_id);
  }
  return reached;
}

}  // namespace lockbench
