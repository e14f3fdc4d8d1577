#pragma once

/// What is varied and recorded: the parameters of a case. Their names, meanings, bounds and options
/// are in parameter_list.hpp.

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/enum_names.hpp"
#include "harness/base/jitter.hpp"
#include "harness/base/pinning.hpp"

namespace lockbench {

/// Where the tasks that `hold` adds come in its queue.
enum class PriorityOrder : std::uint8_t {
  uniform,     ///< a random step below the task taken: somewhere in the queue
  ascending,   ///< above the task taken: the next to be taken
  descending,  ///< as many levels below the task taken as there are tasks: the last to be taken
};
constexpr auto enum_names(PriorityOrder /*type*/) {
  using enum PriorityOrder;
  return std::to_array<EnumName<PriorityOrder>>(
      {{uniform, "uniform"}, {ascending, "ascending"}, {descending, "descending"}});
}

/// How intended arrivals of `open_loop` follow one another.
enum class Arrivals : std::uint8_t {
  poisson,  ///< exponentially distributed gaps: many independent callers
  fixed,    ///< equal gaps
};
constexpr auto enum_names(Arrivals /*type*/) {
  using enum Arrivals;
  return std::to_array<EnumName<Arrivals>>({{poisson, "poisson"}, {fixed, "fixed"}});
}

/// The parameters of a case, with one value each (`CaseParameters`) or a list of values each
/// (`ParameterLists`), depending on what `Of` makes of a type. Ids leave out a
/// parameter that has its value here. Points of a workload that does not use it have `{}`, so that
/// points compare equal when they mean the same.
template <template <class> class Of>
struct ParametersOf {
  Of<std::string> workload{"mixed"};
  /// 1 … 1024. For workloads with two roles: producers + consumers.
  Of<std::uint32_t> threads{1};
  /// Of workloads with two roles; in lists, none = half of `threads` each, at least one of each.
  Of<std::uint32_t> producers{};
  Of<std::uint32_t> consumers{};
  /// Share of operations that read, 0 … 1; `mixed` only.
  Of<double> read_ratio{0.5};
  /// A task's priority is that of the task taken before it less 1 … priorities; see the engine's
  /// hold_model.hpp. 0 where there are no priorities.
  Of<std::uint32_t> priorities{16};
  /// Tasks queued before a window starts.
  Of<std::uint32_t> prefill{1024};
  Of<std::uint32_t> payload_bytes{16};
  /// Bound on the tasks a queue knows; 0 = chosen from prefill and threads.
  Of<std::uint32_t> capacity{0};
  Of<Pinning> pinning{Pinning::compact};

  /// Calibrated work in nanoseconds of CPU time, 0 = none: under the queue's lock, once an operation;
  /// between two operations of a thread; and for each task that was taken (`pool`, `open_loop`).
  Of<std::uint32_t> critical_section_ns{0};
  Of<Jitter> critical_section_jitter{Jitter::none};
  Of<std::uint32_t> think_ns{0};
  Of<Jitter> think_jitter{Jitter::none};
  Of<std::uint32_t> work_ns{0};
  Of<Jitter> work_jitter{Jitter::none};
  /// `hold` only.
  Of<PriorityOrder> priority_order{PriorityOrder::uniform};
  /// Tasks that a thread of `burst` adds in a row; 0 elsewhere.
  Of<std::uint32_t> burst{0};
  /// Share of the tasks of `cancel_heavy` that their own thread cancels; 0 elsewhere.
  Of<double> cancel_ratio{0};
  /// Arrivals of `open_loop` as a share of the capacity that was measured; 0 elsewhere.
  Of<double> load{0};
  Of<Arrivals> arrivals{Arrivals::poisson};
  /// How long a producer of `handoff` leaves its consumer without a task, in ns; 0 elsewhere.
  Of<std::uint32_t> idle_ns{30'000};

  auto operator<=>(const ParametersOf&) const = default;
};

namespace detail {
template <class Value>
using One = Value;
template <class Value>
using Several = std::vector<Value>;
}  // namespace detail

/// One parameter point: everything about a case but its strategy.
using CaseParameters = ParametersOf<detail::One>;
/// The values of each parameter that are to be measured, in every combination.
using ParameterLists = ParametersOf<detail::Several>;

/// Tasks in progress that reads ask for; see the engine's `standing_owner`.
inline constexpr std::uint32_t standing_tasks = 1024;

}  // namespace lockbench
