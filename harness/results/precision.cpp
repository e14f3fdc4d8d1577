#include "harness/results/precision.hpp"

#include "harness/plan/catalogue.hpp"

namespace lockbench {
namespace {

bool can_have_result(const std::string& problem) {
  for (const auto* lasting : {"violated", "crashed", "hung", "not measured"}) {
    if (problem.starts_with(lasting)) return false;
  }
  return problem.find("built ") == std::string::npos;
}

/// Nothing where the case has no interval yet, or not even a median.
Cell half_width_of(const SummaryRow& row) {
  if (!row.throughput_low_ops_s || !row.throughput_high_ops_s) return {};
  return (*row.throughput_high_ops_s - *row.throughput_low_ops_s) / 2 / *row.throughput_ops_s;
}

/// No interval is wider than any.
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
