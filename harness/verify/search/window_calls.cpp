#include <algorithm>
#include <utility>
#include <vector>

#include "harness/verify/history/history.hpp"
#include "harness/verify/search/excerpt.hpp"

namespace lockbench::verify {

namespace {

/// Whether another call that `such_a_one` accepts overlaps this one.
[[nodiscard]] bool is_beside(const History& history, std::size_t index, auto&& such_a_one) {
  const auto& operation = history[index];
  return std::ranges::any_of(history, [&](const Operation& other) {
    return &other != &operation && overlap(operation, other) && such_a_one(other);
  });
}

[[nodiscard]] bool may_hide_a_task(const Operation& operation) noexcept {
  return operation.call == Call::add || is_take(operation) || operation.call == Call::cancel ||
         operation.call == Call::shutdown_discard;
}

[[nodiscard]] bool may_hold_a_place(const Operation& operation) noexcept {
  return operation.call == Call::add || operation.call == Call::forget;
}
[[nodiscard]] bool holds_a_place_for_long(const Operation& operation) noexcept {
  return (operation.call == Call::cancel && !changes_nothing(operation)) ||
         operation.call == Call::shutdown_discard;
}

[[nodiscard]] bool is_certain(const History& history, std::size_t index) {
  const auto& operation = history[index];
  if (operation.call == Call::shutdown_drain) return false;
  if (operation.pending()) return true;
  if (operation.call == Call::add && operation.answer == Answer::shut_down) return false;
  if (is_take(operation) && operation.answer != Answer::task) {
    return !is_beside(history, index, may_hide_a_task);
  }
  if (operation.call == Call::size) {
    return !is_beside(history, index, [](const Operation&) { return true; });
  }
  if (operation.answer != Answer::full || operation.too_long) return true;
  const auto earlier = std::ranges::any_of(history, [&](const Operation& other) {
    return holds_a_place_for_long(other) && !precedes(operation, other);
  });
  return !earlier && !is_beside(history, index, may_hold_a_place);
}

[[nodiscard]] bool has_priority(const Operation& operation) noexcept {
  return operation.call == Call::add || hands_out(operation);
}

[[nodiscard]] auto rank_in(const auto& sorted, const auto& value) {
  return std::ranges::lower_bound(sorted, value) - sorted.begin();
}

}  // namespace

Excerpt judged_calls(const History& history) {
  Excerpt judged;
  for (std::size_t index = 0; index < history.size(); ++index) {
    const auto& operation = history[index];
    if (operation.pending() && changes_nothing(operation)) continue;
    judged.push_back(operation, index);
  }
  return judged;
}

Excerpt calls_of_several_steps(const Excerpt& calls) {
  const auto& history = calls.operations;
  Excerpt certain;
  for (std::size_t index = 0; index < history.size(); ++index) {
    if (!is_certain(history, index)) continue;
    auto operation = history[index];
    if (finds_nothing(operation) || (is_take(operation) && operation.answer == Answer::shut_down)) {
      operation.answer = Answer::nothing;
    }
    certain.push_back(operation, calls.origins[index]);
    if (operation.call != Call::shutdown_discard) continue;
    for (const auto& add : history) {
      if (add.call != Call::add || changes_nothing(add) || precedes(operation, add)) continue;
      certain.push_back(possible_cancel(operation, add), calls.origins[index]);
    }
  }
  return certain;
}

History renumbered(std::span<const Operation> operations) {
  const auto ids = ids_of(operations);
  std::vector<std::int32_t> priorities;
  for (const auto& operation : operations) {
    if (has_priority(operation)) priorities.push_back(operation.priority);
  }
  priorities = sorted_set(std::move(priorities));
  History numbered(operations.begin(), operations.end());
  for (auto& operation : numbered) {
    if (names_task(operation)) operation.id = static_cast<TaskId>(rank_in(ids, operation.id));
    if (has_priority(operation)) {
      operation.priority = static_cast<std::int32_t>(rank_in(priorities, operation.priority));
    }
  }
  return numbered;
}

}  // namespace lockbench::verify
