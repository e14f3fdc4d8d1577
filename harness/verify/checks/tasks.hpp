#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// In place of the index of an operation that the history does not have.
inline constexpr std::size_t not_seen = std::numeric_limits<std::size_t>::max();

/// How a task left the queue, as far as the history tells.
enum class Departure : std::uint8_t {
  none,       ///< it stays for ever
  possible,   ///< by a discard, or by a call that never returned
  taken,      ///< handed out by a call that returned
  cancelled,  ///< by a `cancel` that said `ok`
};

/// What a history tells of one task: when it came and when it went.
///
/// Somewhere from `add_invoked` to `add_returned` it entered the queue, and somewhere from
/// `removal_invoked` to `removal_returned` it left. In the open interval from `add_returned` to
/// `removal_invoked`, its inner segment, it certainly was there.
struct Lifetime {
  TaskId id = 0;
  std::size_t add = not_seen;      ///< index of its add
  std::size_t removal = not_seen;  ///< index of the call by which it left, or may have
  Instant add_invoked = 0;
  Instant add_returned = never;      ///< also `never` when that call did not return
  Instant removal_invoked = never;   ///< not before `add_invoked`; `never` when it stays
  Instant removal_returned = never;  ///< also `never` when that call did not return
  std::int32_t priority = 0;         ///< as added
  std::uint16_t producer = 0;        ///< the thread that added it
  Departure departure = Departure::none;

  [[nodiscard]] bool taken() const noexcept { return departure == Departure::taken; }
  [[nodiscard]] bool has_inner_segment() const noexcept { return add_returned < removal_invoked; }
};

/// The tasks of a history.
struct TaskRecord {
  /// In order of `add_invoked`. Pending adds are among them: with `add_returned` at `never` they
  /// constrain no other task.
  std::vector<Lifetime> lifetimes;
  std::vector<std::size_t> empty_answers;  ///< indices of the takes that say that there was no task
  std::optional<std::size_t> pending_take;  ///< index of the first take that never returned
  /// Why the lifetimes cannot be relied on, if so: `violated` when tasks are not conserved, `unknown`
  /// when they are not distinct. `lifetimes` is incomplete then.
  std::optional<Verdict> flaw;
};

/// Collects the tasks of a history: O(n) on average. Pure.
///
/// A `shutdown(discard)` may have removed every task that is not seen to leave otherwise; that all of
/// them leave at one point is not expressed by lifetimes.
[[nodiscard]] TaskRecord read_tasks(std::span<const Operation> history);

/// The lifetimes if takes that never returned took tasks: any of those not seen to leave may have
/// left after the first such call. This assumes less than is true, since a call takes one task.
[[nodiscard]] std::vector<Lifetime> possibly_taken(const TaskRecord& record,
                                                   std::span<const Operation> history);

/// A verdict of `violated`, with the operations that are `not_seen` left out.
[[nodiscard]] Verdict violation(std::string reason, std::vector<std::size_t> witnesses);

/// "left by 40 ns at the earliest", as a reason tells of a task.
[[nodiscard]] std::string departure_text(const Lifetime& task);

/// What `find`, a function of lifetimes, says of a history in view of what takes that never returned
/// may have done. `find` answers `violated` only if no queue could have produced these lifetimes.
template <class Find>
[[nodiscard]] Verdict judge(const TaskRecord& record, std::span<const Operation> history,
                            Find find) {
  if (record.flaw) {
    return {Judgement::unknown, "not decided: " + record.flaw->reason, record.flaw->witnesses};
  }
  Verdict if_nothing_taken = find(std::span<const Lifetime>(record.lifetimes));
  // If nothing is wrong when they took nothing, then that is what they did.
  if (!record.pending_take || if_nothing_taken.holds()) return if_nothing_taken;
  Verdict if_taken = find(std::span<const Lifetime>(possibly_taken(record, history)));
  if (!if_taken.holds()) return if_taken;
  return {Judgement::unknown,
          "not decided: it depends on which task a take that never returned has taken",
          {*record.pending_take}};
}

}  // namespace lockbench::verify
