#pragma once

#include <cstddef>
#include <cstdint>

#include "harness/base/enum_names.hpp"

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

}  // namespace lockbench
