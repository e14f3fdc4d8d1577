#pragma once

/// Decides whether a recorded history is one that its strategy allows:
///
///     std::ifstream file("history.jsonl");
///     for (const auto& [check, verdict] : decide(read_history(file, "history.jsonl")))
///       fmt::print("{}: {} {}\n", to_string(check), to_string(verdict.judgement), verdict.reason);
///
/// A history (history/) is a value: every call of every thread, with the times at which it began and
/// returned. A check (checks/) is a pure function from a history to a verdict, which has three values:
/// the history is linearizable as far as the check looks, it is violated, or that is unknown. Some
/// checks are exact algorithms; others search (search/) for an order of the calls that agrees with a
/// sequential model of the contract. Histories come from rounds (rounds/), in which threads use a queue
/// at random while they are disturbed; a campaign runs rounds of one strategy until its time is over
/// or a check is violated.

#include <array>
#include <cstdint>
#include <vector>

#include "harness/verify/history/history.hpp"
#include "harness/verify/verdict.hpp"

namespace lockbench::verify {

enum class Check : std::uint8_t {
  conservation,  ///< no task is lost, invented, damaged or handed out twice
  order,     ///< tasks come in the strategy's `ordering`, and takes find nothing only if it is so
  tasks,     ///< the answers about each id agree, taken by themselves
  contract,  ///< all answers together agree with the contract, by exhaustive search
  waiting,   ///< no wake-up is lost; deadlines, join and shutdown are kept
  sizes,     ///< `size` and `full` agree with how many tasks there can be
  progress,  ///< other threads make progress while one is stopped, if the strategy claims it
};
constexpr auto enum_names(Check) {
  using enum Check;
  return std::to_array<EnumName<Check>>({{conservation, "conservation"},
                                         {order, "order"},
                                         {tasks, "tasks"},
                                         {contract, "contract"},
                                         {waiting, "waiting"},
                                         {sizes, "sizes"},
                                         {progress, "progress"}});
}
inline constexpr auto& checks = all_values<Check>;

struct CheckVerdict {
  Check check;
  Verdict verdict;
};

/// Applies every check that the history's header calls for, up to the first that is violated: what
/// follows from a broken history explains less. A check may give several verdicts. `Check::progress`
/// is decided by a campaign, since it takes several histories. Pure.
[[nodiscard]] std::vector<CheckVerdict> decide(const RecordedHistory& recorded);

}  // namespace lockbench::verify
