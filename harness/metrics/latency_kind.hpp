#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lockbench {

/// What a recorded duration is of. Latency is never 1 / throughput: each one was timed.
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
};

inline constexpr std::size_t latency_kinds = 10;
/// Kinds before this one are operations.
inline constexpr std::size_t operation_kinds = 6;

[[nodiscard]] constexpr std::string_view to_string(LatencyKind kind) noexcept {
  constexpr std::array<std::string_view, latency_kinds> names{
      "add",    "take",    "status", "complete", "forget",
      "cancel", "sojourn", "wait",   "service",  "handoff"};
  return names.at(static_cast<std::size_t>(kind));
}

}  // namespace lockbench
