#pragma once

/// Words for anything unusual about a window: pure functions of its figures. A flag does not make a
/// window invalid; it warns readers and filters that something other than the lock may have shaped
/// the figures.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lockbench {

/// Tries to take that found nothing, of all tries: the window measures an empty queue.
inline constexpr double most_empty_takes = 0.10;
/// Tries to add that were refused for want of room, of all tries: it measures a full one.
inline constexpr double most_full_adds = 0.10;
/// Time that threads were ready and had no CPU, of threads x duration, though there was a CPU for
/// each of them.
inline constexpr double most_run_queue_wait = 0.02;
/// Time of all CPUs that others used.
inline constexpr double most_others = 0.05;
/// Time of all CPUs that a hypervisor gave to other guests.
inline constexpr double most_stolen = 0.02;
/// The fixed loop took this many times as long before or after: clock rate, SMT sibling, host.
inline constexpr double most_speed_change = 1.10;
/// A cache line took this many times as long before or after: the CPUs are now other ones. Lies
/// between what one distance scatters and what separates two.
inline constexpr double most_line_change = 1.6;
/// Share of the window in which all threads were able to run: below it a window that is not
/// oversubscribed is invalid; from it on a long gap is not the want of a CPU.
inline constexpr double fine_overlap = 0.9;
/// The longest time in which a thread did nothing, of the window.
inline constexpr double most_gap = 0.5;

/// Of a case and not of a window: share of an operation's CPU time that the harness itself took.
inline constexpr double most_harness_share = 0.3;

/// The facts that flags are derived from. A fact that is unknown, or a share of nothing, never flags.
struct WindowFacts {
  std::uint32_t threads = 0;
  std::optional<bool> oversubscribed;  ///< or pinned to fewer CPUs than there are threads
  std::optional<double> duration_s;
  std::optional<double> overlap;  ///< share of the window in which all threads were able to run

  std::optional<std::uint64_t> takes;        ///< that got a task
  std::optional<std::uint64_t> empty_takes;  ///< that found none
  std::optional<std::uint64_t> adds;         ///< that were accepted
  std::optional<std::uint64_t> full_adds;    ///< that were refused for want of room

  std::optional<double> run_queue_wait_s;  ///< of the whole team
  std::optional<double> others_share;      ///< `OutsideLoad::others_at_least`
  std::optional<double> steal_share;
  std::optional<double> spin_loop_before_ns;
  std::optional<double> spin_loop_after_ns;
  std::optional<double> line_roundtrip_before_ns;
  std::optional<double> line_roundtrip_after_ns;
  std::optional<double> longest_gap_s;  ///< longest time of any thread without a turn that is known
  std::uint32_t cpu_kinds = 1;          ///< of CPUs that the team may run on
};

/// The flags of a window, in this order: `drained`, `overfull`, `outside_load`, `stolen`,
/// `speed_changed`, `regime_changed`, `stalled`, `mixed_cpu_kinds`. A bound itself does not flag, only
/// what is beyond.
[[nodiscard]] std::vector<std::string_view> flags_of(const WindowFacts& facts);

/// `drained;stolen`; empty for none.
[[nodiscard]] std::string join(std::span<const std::string_view> flags);

}  // namespace lockbench
