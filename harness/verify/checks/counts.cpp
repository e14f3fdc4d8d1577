#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "harness/verify/checks/checks.hpp"

namespace lockbench::verify {
namespace {

/// How many calls of one kind had begun, and were over, by some time. Call `sort` before asking.
class Calls {
public:
  void count(const Operation& operation) {
    begun_.push_back(operation.invoked);
    if (!operation.pending()) over_.push_back(operation.returned);
  }
  void sort() {
    std::ranges::sort(begun_);
    std::ranges::sort(over_);
  }

  [[nodiscard]] std::int64_t begun_by(Instant time) const {
    return std::ranges::upper_bound(begun_, time) - begun_.begin();
  }
  [[nodiscard]] std::int64_t over_by(Instant time) const {
    return std::ranges::upper_bound(over_, time) - over_.begin();
  }
  [[nodiscard]] std::int64_t over_before(Instant time) const {
    return std::ranges::lower_bound(over_, time) - over_.begin();
  }
  /// Those that were under way at some time of `operation`, itself included.
  [[nodiscard]] std::int64_t beside(const Operation& operation) const {
    return begun_by(operation.returned) - over_before(operation.invoked);
  }

private:
  std::vector<Instant> begun_;
  std::vector<Instant> over_;
};

/// The calls by which the number of tasks changes.
struct Changes {
  Calls adds;
  Calls refused;  ///< adds that changed nothing
  Calls takes;    ///< that handed out a task, or may have
  Calls cancels;  ///< that were `ok`, or may have been
  Calls forgets;  ///< likewise
  Calls discards;

  explicit Changes(const History& history) {
    for (const auto& operation : history) {
      if (Calls* const calls = of(operation)) calls->count(operation);
    }
    for (auto* calls : {&adds, &refused, &takes, &cancels, &forgets, &discards}) calls->sort();
  }

private:
  [[nodiscard]] Calls* of(const Operation& operation) {
    if (operation.call == Call::add) return may_add(operation) ? &adds : &refused;
    if (changes_nothing(operation)) return nullptr;
    if (is_take(operation)) return &takes;
    switch (operation.call) {
      case Call::cancel: return &cancels;
      case Call::forget: return &forgets;
      case Call::shutdown_discard: return &discards;
      default: return nullptr;
    }
  }
};

/// The least and the greatest value that a number can have had.
struct Extent {
  std::int64_t least = 0;
  std::int64_t most = 0;
};

[[nodiscard]] Extent extent_of_size(const Changes& changes, const Operation& size,
                                    bool single_steps) {
  const auto removed = [&](auto&& number) {
    return number(changes.takes) + number(changes.cancels);
  };
  const bool discarding = changes.discards.begun_by(size.returned) > 0;
  const bool discarded = changes.discards.over_before(size.invoked) > 0;
  const auto uncounted = single_steps ? 0 : changes.refused.beside(size);
  Extent extent;
  if (!discarding) {
    extent.least = changes.adds.over_before(size.invoked) -
                   removed([&](const Calls& calls) { return calls.begun_by(size.returned); });
  }
  if (!discarded) {
    extent.most = changes.adds.begun_by(size.returned) -
                  removed([&](const Calls& calls) { return calls.over_before(size.invoked); });
  }
  return {std::max<std::int64_t>(extent.least, 0), extent.most + uncounted};
}

/// The greatest number of places that can have been held at some moment of an add that was refused.
[[nodiscard]] std::int64_t most_places(const Changes& changes, const Operation& add,
                                       bool single_steps) {
  auto freed = changes.forgets.over_before(add.invoked);
  std::int64_t held = changes.adds.begun_by(add.returned);
  if (!single_steps) {
    freed = std::max<std::int64_t>(freed - changes.cancels.begun_by(add.returned), 0);
    held += changes.refused.beside(add) - 1;
  }
  return held - freed;
}

}  // namespace

Verdict check_sizes(const History& history, bool single_steps) {
  const Changes changes(history);
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& operation = history[i];
    if (operation.call != Call::size || operation.pending()) continue;
    const auto [least, most] = extent_of_size(changes, operation, single_steps);
    const auto size = static_cast<std::int64_t>(operation.size);
    if (least <= size && size <= most) continue;
    const auto due = least == most ? fmt::format("{} tasks are", least)
                                   : fmt::format("{} to {} tasks can be", least, most);
    return violation(fmt::format("size is {} while {} queued", size, due), {i});
  }
  return {};
}

Verdict check_capacity(const History& history, std::uint32_t capacity, bool single_steps) {
  const Changes changes(history);
  for (std::size_t i = 0; i < history.size(); ++i) {
    const auto& add = history[i];
    if (add.answer == Answer::added) {
      const auto known =
          changes.adds.over_by(add.returned) - changes.forgets.begun_by(add.returned);
      if (known <= capacity) continue;
      return violation(fmt::format("{} tasks are known once task {} has been added, in a queue of "
                                   "capacity {}",
                                   known, add.id, capacity),
                       {i});
    }
    if (add.answer != Answer::full || add.too_long) continue;
    // A strategy may discard tasks one by one, each of which keeps its place until its turn.
    if (!single_steps && changes.discards.begun_by(add.returned) > 0) continue;
    const auto places = most_places(changes, add, single_steps);
    if (places >= capacity) continue;
    return violation(fmt::format("task {} was refused as the queue was full, but at most {} of {} "
                                 "places can have been taken",
                                 add.id, places, capacity),
                     {i});
  }
  return {};
}

}  // namespace lockbench::verify
