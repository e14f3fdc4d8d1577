#pragma once

/// The durations that one thread, or one window, recorded.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "harness/base/enum_names.hpp"
#include "harness/metrics/latency_histogram.hpp"

namespace lockbench {

/// The kinds of durations that are recorded. Latency is never 1 / throughput: each one was timed.
enum class LatencyKind : std::uint8_t {
  // From the call of a successful operation to its return.
  add,
  take,
  status,
  complete,
  forget,
  cancel,
  // Of a task, from start to end.
  sojourn,  ///< intended arrival to completion
  wait,     ///< intended arrival to the return of the take
  service,  ///< return of the take to completion
  handoff,  ///< call of the add to the return of the take of a consumer that slept
  all,      ///< operations of every kind together
};
/// As the enumerators are spelt; in the order of their values.
constexpr auto enum_names(LatencyKind) {
  using enum LatencyKind;
  return std::to_array<EnumName<LatencyKind>>({{add, "add"},
                                               {take, "take"},
                                               {status, "status"},
                                               {complete, "complete"},
                                               {forget, "forget"},
                                               {cancel, "cancel"},
                                               {sojourn, "sojourn"},
                                               {wait, "wait"},
                                               {service, "service"},
                                               {handoff, "handoff"},
                                               {all, "all"}});
}
/// Kinds before this one are single operations.
inline constexpr std::size_t operation_kinds = 6;

/// One histogram a kind, made when the kind first comes up.
class Latencies {
public:
  /// For recording; allocates at the first call for a kind.
  [[nodiscard]] LatencyHistogram& of(LatencyKind kind) {
    auto& histogram = histograms_.at(static_cast<std::size_t>(kind));
    return histogram ? *histogram : histogram.emplace();
  }
  /// Null where nothing of the kind was recorded.
  [[nodiscard]] const LatencyHistogram* find(LatencyKind kind) const noexcept {
    const auto& histogram = histograms_.at(static_cast<std::size_t>(kind));
    return histogram && histogram->count() > 0 ? &*histogram : nullptr;
  }

  void merge(const Latencies& other) {
    for (const auto kind : all_values<LatencyKind>) {
      if (const auto* const theirs = other.find(kind)) of(kind).merge(*theirs);
    }
  }

  /// Fills `LatencyKind::all` from the operations of every kind. Once, when all have been recorded.
  void add_up_operations() {
    for (std::size_t i = 0; i < operation_kinds; ++i) {
      const auto* const one = find(static_cast<LatencyKind>(i));
      if (one != nullptr) of(LatencyKind::all).merge(*one);
    }
  }

private:
  std::array<std::optional<LatencyHistogram>, all_values<LatencyKind>.size()> histograms_;
};

}  // namespace lockbench
