#pragma once

#include <span>
#include <string>

#include "harness/plan/plan.hpp"
#include "harness/results/comparison.hpp"
#include "harness/results/summary.hpp"

namespace lockbench {

/// Cases one below the other, best first within each parameter point.
[[nodiscard]] std::string case_table(std::span<const SummaryRow> summary);
/// One line a parameter point: who wins, by how much, and how sure that is.
[[nodiscard]] std::string winner_table(std::span<const ComparisonRow> comparisons);
/// One line a block of the plan.
[[nodiscard]] std::string plan_table(const Plan& plan);

}  // namespace lockbench
