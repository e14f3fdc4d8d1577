#pragma once

#include <mutex>
#include <optional>

#include "strategies/storage/critical_section.hpp"
#include "strategies/storage/locked_task_queue.hpp"
#include "strategies/storage/polling_signal.hpp"
#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hooked_access.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// `mutex`, but the guard of `try_get_next_task` has no name, so it lives until the end of its own
/// line and the rest goes unlocked (clang-tidy's bugprone-unused-raii looks for just this). Correct:
/// `const auto guard = write();`
template <class Section>
class BasicUnnamedGuard
    : public LockedTaskQueue<Section, std::mutex, PollingSignal<std::mutex>, HookedAccess> {
public:
  static constexpr auto traits =
      claims("unnamed_guard", "the guard of a take is a temporary, which unlocks at once");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};

  using BasicUnnamedGuard::LockedTaskQueue::LockedTaskQueue;

  std::optional<Task> try_get_next_task() {
    (void)this->write();
    return this->store_.take();
  }
};
using UnnamedGuard = BasicUnnamedGuard<NoCriticalSection>;
static_assert(TaskQueue<UnnamedGuard>);

}  // namespace lockbench::mutants
