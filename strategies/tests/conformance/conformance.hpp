#pragma once

/// The registry as GoogleTest type lists, and what the conformance tests share. A strategy is
/// tested because it is registered; what it is tested for follows from its traits. Whoever has other
/// queues to test compiles the same tests with `LOCKBENCH_TESTED_QUEUES`, a header that lists them.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "strategies/registry.hpp"
#include "strategies/tests/printers.hpp"
#include "strategies/tests/test_scale.hpp"
#include "strategies/tests/watchdog.hpp"
#ifdef LOCKBENCH_TESTED_QUEUES
#include LOCKBENCH_TESTED_QUEUES
#endif

namespace lockbench::testing_support {

#ifndef LOCKBENCH_TESTED_QUEUES
using TestedQueues = Strategies;
#endif

// --- which strategies --------------------------------------------------------------------------

template <class... Qs>
testing::Types<Qs...> as_test_types(std::tuple<std::type_identity<Qs>...>);

template <auto is_kept, class... Qs>
auto kept_of(StrategyList<Qs...>) {
  return std::tuple_cat(std::conditional_t<is_kept(Qs::traits),  //
                                           std::tuple<std::type_identity<Qs>>, std::tuple<>>{}...);
}

/// The tested queues whose traits satisfy `is_kept`; at least one must.
template <auto is_kept>
using StrategiesWhere = decltype(as_test_types(kept_of<is_kept>(TestedQueues{})));

constexpr bool stores_tasks(const StrategyTraits& traits) {
  return traits.conformance != Conformance::none;
}
constexpr bool is_thread_safe(const StrategyTraits& traits) {
  return traits.conformance == Conformance::full;
}

/// For tests in which one thread uses the queue.
using StoringStrategies = StrategiesWhere<stores_tasks>;
/// For tests in which several threads do.
using ThreadSafeStrategies = StrategiesWhere<is_thread_safe>;

struct StrategyName {
  template <TaskQueue Q>
  static std::string GetName(int /*index*/) {
    return std::string{Q::traits.name};
  }
};

// --- what they are given -----------------------------------------------------------------------

inline constexpr QueueLimits limits{.capacity = 64, .payload_bytes = 16};

inline Payload bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}

inline std::string text_of(Payload payload) {
  return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

// --- and a shorthand for what they do ----------------------------------------------------------

/// The id of the task handed out, or nothing.
std::optional<TaskId> take(TaskQueue auto& queue) {
  const auto task = queue.try_get_next_task();
  return task ? std::optional{task->id} : std::nullopt;
}

bool add(TaskQueue auto& queue, TaskId id, int priority = 0) {
  return queue.add_task(id, priority, {}) == AddResult::added;
}

/// Ends a processing task and its record.
bool finish(TaskQueue auto& queue, TaskId id) {
  return queue.complete_task(id) == Transition::ok && queue.forget_task(id) == Transition::ok;
}

/// Ends a queued task and its record.
bool cancel_and_forget(TaskQueue auto& queue, TaskId id) {
  return queue.cancel_task(id) == Transition::ok && queue.forget_task(id) == Transition::ok;
}

}  // namespace lockbench::testing_support
