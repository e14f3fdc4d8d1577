#pragma once

/// The account that a run gives of itself when it ends: on standard error, and in its context.

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/base/errors.hpp"
#include "harness/results/comparison.hpp"
#include "harness/results/precision.hpp"
#include "harness/results/sample_shortage.hpp"
#include "harness/results/service_level.hpp"
#include "harness/results/summary.hpp"

namespace lockbench {

/// How far a run came with the precision that it was asked for, and what that took.
struct PrecisionConclusion {
  PrecisionReached reached{};
  double budget_s = 0;
  double spent_s = 0;                   ///< wall time of the further processes
  std::uint64_t processes = 0;          ///< in all
  std::uint64_t further_processes = 0;  ///< beyond the planned ones

  [[nodiscard]] bool budget_is_spent() const noexcept { return spent_s >= budget_s; }
};

struct Conclusion {
  std::uint64_t windows = 0;
  std::uint64_t valid_windows = 0;
  std::map<std::string, std::uint64_t> invalid_reasons;  ///< by kind, without figures
  FlagCounts flags;                                      ///< of the valid windows
  std::uint64_t multimodal_cases = 0;                    ///< whose throughput is multimodal
  std::uint64_t harness_bound_cases = 0;  ///< of which the harness takes a large share
  std::vector<std::string> violations;  ///< `unsafe: double_hand_outs=…` summed over its windows
  std::vector<std::string> failures;    ///< `rwlock: crashed: …`, once a strategy
  std::vector<std::string> out_of_memory;  ///< `mixed/threads:1: out of memory: …`, once a block
  NoiseFloor floor;
  std::string twin;                ///< the strategy that was entered twice
  Cell null_ns_per_op;             ///< CPU time an operation of `null` at the smallest team
  std::uint32_t null_threads = 0;  ///< size of that team
  double wall_s = 0;
  double measured_s = 0;
  std::optional<PrecisionConclusion> precision;  ///< empty when none was asked for
  /// The cost of sampling: throughput of windows in which operations were timed / throughput of the
  /// others, paired within processes. Empty where nothing was sampled.
  std::optional<Estimate> sampling_ratio;
  std::uint32_t sample_every = 0;        ///< the largest of all points
  std::uint32_t least_sample_every = 0;  ///< the smallest, sampled windows alone
  std::optional<SampleShortage> sample_shortage;
  std::vector<ServiceLevelRow> service_levels;  ///< empty when none was asked for

  /// Share of wall time that was not window or warm-up.
  [[nodiscard]] double orchestration_share() const noexcept;
  /// A violation outweighs a failure, and a failure the want of a single valid window (inconclusive).
  [[nodiscard]] ExitCode exit_code() const noexcept;
};

[[nodiscard]] Conclusion conclude(std::span<const WindowRow> rows, double wall_s,
                                  double measured_s);
/// A few lines of prose, each with its line end.
[[nodiscard]] std::string conclusion_text(const Conclusion& conclusion);
[[nodiscard]] nlohmann::json to_json(const Conclusion& conclusion);

}  // namespace lockbench
