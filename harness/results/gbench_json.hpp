#pragma once

/// A run in the JSON of Google Benchmark, for those who have tools that read it: its compare.py, and
/// what tracks benchmarks in CI. Pure function.

#include <span>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "harness/results/cases.hpp"
#include "harness/results/summary.hpp"

namespace lockbench {

/// One benchmark is one case. Its repetitions are the processes, each with the median over its windows,
/// since the process is the statistical unit; its aggregates are `median`, and `interval_low` and
/// `interval_high`, the ends of the 95 % interval of that median, in 6 processes or more. Times are of one
/// operation: `real_time` of wall time, so 1 / throughput of the whole team, `cpu_time` of the CPU time
/// of all threads. The figures of summary.csv are counters of `median`. A case without valid windows
/// has an error instead. `context` is the run's context.json.
/// `summary` is that of `cases`.
[[nodiscard]] nlohmann::ordered_json gbench_json(const Cases& cases,
                                                 std::span<const SummaryRow> summary,
                                                 const nlohmann::json& context);

}  // namespace lockbench
