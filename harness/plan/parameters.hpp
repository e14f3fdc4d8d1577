#pragma once

/// What is varied and recorded: the parameters of a case, and their defaults and bounds.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace lockbench {

/// Where the threads of the team may run.
enum class Pinning : std::uint8_t {
  none,      ///< wherever the scheduler puts them
  compact,   ///< thread i on the i-th CPU in topology order: neighbours share caches
  scatter,   ///< as far apart as the topology allows
  same_cpu,  ///< all on one CPU: what waking costs when nobody is far away
};

inline constexpr std::array pinnings{Pinning::none, Pinning::compact, Pinning::scatter,
                                     Pinning::same_cpu};
[[nodiscard]] std::string_view to_string(Pinning pinning) noexcept;
/// Throws `Error` (usage) that names the value and what is allowed.
[[nodiscard]] Pinning pinning_from_string(std::string_view text);

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

  bool operator==(const CaseParameters&) const = default;
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
