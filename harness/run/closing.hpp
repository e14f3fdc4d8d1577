#pragma once

/// What a run says of itself when it ends: on standard error, and in its context.

#include <map>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/errors.hpp"
#include "harness/recorder/row.hpp"
#include "harness/recorder/summary.hpp"

namespace lockbench {

struct Closing {
  std::uint64_t windows = 0;
  std::uint64_t valid_windows = 0;
  std::map<std::string, std::uint64_t> invalid_reasons;  ///< by kind, figures left out
  std::vector<std::string> violations;  ///< `unsafe: double_hand_outs=…` summed over its windows
  std::vector<std::string> failures;    ///< `rwlock: crashed: …`, once a strategy
  NoiseFloor floor;
  std::string twin;                ///< the strategy that was entered twice
  Cell null_ns_per_op;             ///< CPU time an operation of `null` at the smallest team
  std::uint32_t null_threads = 0;  ///< size of that team
  double wall_s = 0;
  double measured_s = 0;

  /// Share of wall time that was not window or warm-up.
  [[nodiscard]] double orchestration_share() const noexcept;
  /// violated, then failure, then inconclusive (not one valid window), else ok.
  [[nodiscard]] ExitCode exit_code() const noexcept;
};

[[nodiscard]] Closing close(std::span<const WindowRow> rows, double wall_s, double measured_s);
/// A few lines of prose, each with its line end.
[[nodiscard]] std::string closing_text(const Closing& closing);
[[nodiscard]] nlohmann::json to_json(const Closing& closing);

}  // namespace lockbench
