#pragma once

/// The one place that knows every planted bug. Each is a queue with one realistic mistake, to show
/// that verification finds such mistakes. None is installed, and `bench list` knows none.

#include <concepts>
#include <string_view>
#include <vector>

#include "strategies/registry.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/aba_free_list.hpp"
#include "strategies/tests/mutants/add_check_then_act.hpp"
#include "strategies/tests/mutants/cancel_check_then_act.hpp"
#include "strategies/tests/mutants/cancel_wakes_no_joiner.hpp"
#include "strategies/tests/mutants/cancelled_task_handed_out.hpp"
#include "strategies/tests/mutants/capacity_off_by_one.hpp"
#include "strategies/tests/mutants/complete_check_then_act.hpp"
#include "strategies/tests/mutants/double_release.hpp"
#include "strategies/tests/mutants/drain_drops_tasks.hpp"
#include "strategies/tests/mutants/dropped_notification.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/forgotten_id_revived.hpp"
#include "strategies/tests/mutants/if_instead_of_while.hpp"
#include "strategies/tests/mutants/known_before_queued.hpp"
#include "strategies/tests/mutants/late_add_after_shutdown.hpp"
#include "strategies/tests/mutants/locks_in_two_orders.hpp"
#include "strategies/tests/mutants/lost_count_update.hpp"
#include "strategies/tests/mutants/lost_race_taken_for_empty.hpp"
#include "strategies/tests/mutants/notified_when_empty.hpp"
#include "strategies/tests/mutants/notify_before_add.hpp"
#include "strategies/tests/mutants/notify_one_for_two_conditions.hpp"
#include "strategies/tests/mutants/notify_only_when_empty.hpp"
#include "strategies/tests/mutants/one_joiner_woken.hpp"
#include "strategies/tests/mutants/passed_deadline_times_out.hpp"
#include "strategies/tests/mutants/permit_lost.hpp"
#include "strategies/tests/mutants/priority_inverted.hpp"
#include "strategies/tests/mutants/relaxed_unlock.hpp"
#include "strategies/tests/mutants/shutdown_wakes_nobody.hpp"
#include "strategies/tests/mutants/shutdown_wakes_one.hpp"
#include "strategies/tests/mutants/shutdown_without_lock.hpp"
#include "strategies/tests/mutants/size_drift.hpp"
#include "strategies/tests/mutants/spin_lock_half_held.hpp"
#include "strategies/tests/mutants/status_read_after_unlock.hpp"
#include "strategies/tests/mutants/take_check_then_act.hpp"
#include "strategies/tests/mutants/ties_reversed.hpp"
#include "strategies/tests/mutants/timeout_restarted.hpp"
#include "strategies/tests/mutants/unnamed_guard.hpp"
#include "strategies/tests/mutants/value_read_after_swing.hpp"

namespace lockbench::mutants {

/// A queue that is broken on purpose: its traits are what it claims, `expected` is how it fails.
template <class Q>
concept Mutant = TaskQueue<Q> && requires {
  { Q::expected } -> std::convertible_to<Expectation>;
};

template <Mutant... Qs>
using MutantList = StrategyList<Qs...>;

/// In the order of the table in docs/verification.md: wrong answers, wrong waits, wrong locks,
/// lock-free structures.
// clang-format off
using MutantsOfOriginals = MutantList<
    LostCountUpdate,
    TakeCheckThenAct,
    CompleteCheckThenAct,
    CancelCheckThenAct,
    AddCheckThenAct,
    LateAddAfterShutdown,
    KnownBeforeQueued,
    StatusReadAfterUnlock,
    SizeDrift,
    CancelledTaskHandedOut,
    ForgottenIdRevived,
    DrainDropsTasks,
    CapacityOffByOne,
    PriorityInverted,
    TiesReversed,
    PassedDeadlineTimesOut,
    NotifyOnlyWhenEmpty,
    NotifyBeforeAdd,
    NotifyOneForTwoConditions,
    ShutdownWithoutLock,
    ShutdownWakesOne,
    IfInsteadOfWhile,
    TimeoutRestarted,
    CancelWakesNoJoiner,
    PermitLost,
    UnnamedGuard,
    RelaxedUnlock,
    LocksInTwoOrders,
    AbaFreeList,
    DoubleRelease,
    ValueReadAfterSwing,
    LostRaceTakenForEmpty,
    SpinLockHalfHeld
>;

/// Shipped strategies with one faulty part.
using MutantsOfShipped = MutantList<
    CondvarDroppedNotification,
    CompleteDroppedNotification,
    CondvarLateNotification,
    SemaphoreDroppedPost,
    MoodycamelBlockingDroppedSignal,
    CondvarShutdownWakesNobody,
    CompleteShutdownWakesNobody,
    SemaphoreShutdownWakesNobody,
    MoodycamelBlockingShutdownWakesNobody,
    CondvarOneJoinerWoken,
    CompleteOneJoinerWoken,
    CondvarNotifiedWhenEmpty,
    CompleteNotifiedWhenEmpty
>;
// clang-format on

template <Mutant... Some, Mutant... Others>
MutantList<Some..., Others...> joined(MutantList<Some...>, MutantList<Others...>);
using Mutants = decltype(joined(MutantsOfOriginals{}, MutantsOfShipped{}));

/// One line of the table.
struct MutantRow {
  std::string_view name;
  std::string_view mistake;
  Expectation expected;
};

/// In the order of `List`.
template <class List>
std::vector<MutantRow> mutant_table(List list = {}) {
  std::vector<MutantRow> rows;
  for_each_strategy(list, [&rows]<Mutant Q>() {
    rows.push_back({Q::traits.name, Q::traits.summary, Q::expected});
  });
  return rows;
}

}  // namespace lockbench::mutants
