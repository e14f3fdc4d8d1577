#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "strategies/task_queue.hpp"
#include "strategies/tests/mutants/expectation.hpp"
#include "strategies/tests/mutants/hook_point.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::mutants {

/// The counter behind `size` is read, then written: of two changes at once, one is lost. An add counts
/// before it has the lock, so the lock does not help. Correct: `fetch_add`, one step. This is why the
/// count of Java's two-lock `LinkedBlockingQueue` is an `AtomicInteger`.
class LostCountUpdate : public Original<LostCountUpdate> {
public:
  static constexpr auto traits =
      claims("lost_count_update", "the counter of queued tasks is read and written in two steps");
  static constexpr Expectation expected{.caught_by = CaughtBy::conservation};
  using Original::Original;

  AddResult add_task(TaskId id, int priority, Payload payload) {
    change_count(+1);
    const auto result = Original::add_task(id, priority, payload);
    if (result != AddResult::added) change_count(-1);
    return result;
  }

  [[nodiscard]] std::size_t size() const {
    return static_cast<std::size_t>(
        std::max(count_.load(std::memory_order_relaxed), std::int64_t{0}));
  }

private:
  friend Original;

  void set_status(Slot slot, TaskStatus status) {
    if (records_[slot].status == TaskStatus::queued) change_count(-1);
    Original::set_status(slot, status);
  }

  void change_count(std::int64_t by) noexcept {
    const auto before = count_.load(std::memory_order_relaxed);
    hook_point();
    count_.store(before + by, std::memory_order_relaxed);
  }

  std::atomic<std::int64_t> count_{0};
};
static_assert(TaskQueue<LostCountUpdate>);

}  // namespace lockbench::mutants
