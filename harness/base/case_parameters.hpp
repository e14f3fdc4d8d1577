#pragma once

/// What is varied and recorded: the parameters of a case, and their defaults and bounds.

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/jitter.hpp"
#include "harness/base/pinning.hpp"

namespace lockbench {

/// How the priorities of tasks follow one another in `hold`.
enum class PriorityOrder : std::uint8_t {
  uniform,     ///< drawn from all levels alike
  ascending,   ///< each above all before it: the next to be taken
  descending,  ///< each below all before it: the last to be taken
};
inline constexpr std::array priority_orders{PriorityOrder::uniform, PriorityOrder::ascending,
                                            PriorityOrder::descending};
[[nodiscard]] constexpr std::string_view to_string(PriorityOrder order) noexcept {
  switch (order) {
    case PriorityOrder::uniform: return "uniform";
    case PriorityOrder::ascending: return "ascending";
    case PriorityOrder::descending: return "descending";
  }
  return "uniform";
}

/// How intended arrivals of `open_loop` follow one another.
enum class Arrivals : std::uint8_t {
  poisson,  ///< exponentially distributed gaps: many independent callers
  fixed,    ///< equal gaps
};
inline constexpr std::array all_arrivals{Arrivals::poisson, Arrivals::fixed};
[[nodiscard]] constexpr std::string_view to_string(Arrivals arrivals) noexcept {
  switch (arrivals) {
    case Arrivals::poisson: return "poisson";
    case Arrivals::fixed: return "fixed";
  }
  return "poisson";
}

/// One parameter point: everything about a case but its strategy. Fields that a workload does not
/// use keep their defaults, so that points compare equal when they mean the same.
struct CaseParameters {
  std::string workload = "mixed";
  /// 1 … 1024. For `producer_consumer`: producers + consumers.
  std::uint32_t threads = 1;
  /// `producer_consumer` only; 0 elsewhere.
  std::uint32_t producers = 0;
  std::uint32_t consumers = 0;
  /// Share of operations that read, 0 … 1; `mixed` only.
  double read_ratio = 0.5;
  /// Priorities are drawn uniformly from 0 … priorities - 1.
  std::uint32_t priorities = 16;
  /// Tasks queued before a window starts.
  std::uint32_t prefill = 1024;
  std::uint32_t payload_bytes = 16;
  /// Bound on the tasks a queue knows; 0 = chosen from prefill and threads.
  std::uint32_t capacity = 0;
  Pinning pinning = Pinning::compact;

  /// Calibrated work in nanoseconds of CPU time, 0 = none: under the queue's lock, once an operation;
  /// between two operations of a thread; and for each task that was taken (`pool`, `open_loop`).
  std::uint32_t critical_section_ns = 0;
  Jitter critical_section_jitter = Jitter::none;
  std::uint32_t think_ns = 0;
  Jitter think_jitter = Jitter::none;
  std::uint32_t work_ns = 0;
  Jitter work_jitter = Jitter::none;
  /// `hold` only.
  PriorityOrder priority_order = PriorityOrder::uniform;
  /// Tasks that a thread of `burst` adds in a row; 0 elsewhere.
  std::uint32_t burst = 0;
  /// Share of the tasks of `cancel_heavy` that their own thread cancels; 0 elsewhere.
  double cancel_ratio = 0;
  /// Arrivals of `open_loop` as a share of the capacity that was measured; 0 elsewhere.
  double load = 0;
  Arrivals arrivals = Arrivals::poisson;

  auto operator<=>(const CaseParameters&) const = default;
};

/// Tasks in progress that reads ask for; see the engine's `standing_owner`.
inline constexpr std::uint32_t standing_tasks = 1024;
/// 0 for points that never read.
[[nodiscard]] std::uint32_t standing_tasks_of(const CaseParameters& parameters) noexcept;

/// Capacity that a queue is built with: `capacity` if given, else a power of two that leaves room
/// for the prefill and for what every thread may add before anything is taken.
[[nodiscard]] std::uint32_t effective_capacity(const CaseParameters& parameters) noexcept;

/// Readable and unique: `mixed/threads:4/read_ratio:0.5`, with every parameter that differs from
/// its default. Names a block.
[[nodiscard]] std::string point_id(const CaseParameters& parameters);

}  // namespace lockbench
