#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "harness/verify/checks/tasks.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {
namespace {

/// The use of an id for one task.
struct Use {
  TaskId id = 0;
  std::size_t add = not_seen;      ///< index of the add
  std::size_t removal = not_seen;  ///< index of the call by which the task left
  bool certain = true;             ///< whether that is known
  bool alone = true;               ///< no other add of the id overlaps this one
};

[[nodiscard]] bool removes(const Operation& operation) noexcept {
  return hands_out(operation) || (operation.call == Call::cancel && !changes_nothing(operation));
}

/// Finds out which task of an id each call was about.
class Uses {
public:
  explicit Uses(std::span<const Operation> history) : history_(history) {
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (may_add(history[i])) uses_.push_back({.id = history[i].id, .add = i});
    }
    // Stable, so that the uses of an id are in the order in which their adds began.
    std::ranges::stable_sort(uses_, {}, &Use::id);
    find_overlaps();
    for (std::size_t i = 0; i < history.size(); ++i) {
      if (removes(history[i])) find_use(i);
    }
    leave_out_what_left_unseen();
  }

  /// Returns the history with an id of its own for each task that is certain, and without the calls
  /// about others: they became calls that concern no task, so that the indices stay the same.
  [[nodiscard]] History told_apart() const {
    History told(history_.begin(), history_.end());
    for (auto& operation : told) {
      if (!may_add(operation) && !removes(operation)) continue;
      operation.call = Call::size;
      operation.answer = Answer::counted;
    }
    for (TaskId id = 0; id < uses_.size(); ++id) {
      if (!uses_[id].certain) continue;
      for (const auto index : {uses_[id].add, uses_[id].removal}) {
        if (index == not_seen) continue;
        told[index] = history_[index];
        told[index].id = id;
      }
    }
    return told;
  }

private:
  [[nodiscard]] const Operation& add_of(const Use& use) const { return history_[use.add]; }

  void find_overlaps() {
    Instant latest = 0;  // response of the adds of this id so far
    for (std::size_t i = 0; i < uses_.size(); ++i) {
      const bool is_first = i == 0 || uses_[i - 1].id != uses_[i].id;
      if (!is_first && latest >= add_of(uses_[i]).invoked) {
        uses_[i - 1].alone = uses_[i].alone = false;
        uses_[i - 1].certain = uses_[i].certain = false;
      }
      const auto returned = add_of(uses_[i]).returned;
      latest = is_first ? returned : std::max(latest, returned);
    }
  }

  void find_use(std::size_t index) {
    const auto& removal = history_[index];
    const std::span of_id(std::ranges::lower_bound(uses_, removal.id, {}, &Use::id),
                          std::ranges::upper_bound(uses_, removal.id, {}, &Use::id));
    const auto later = std::ranges::partition_point(
        of_id, [&](const Use& use) { return add_of(use).invoked <= removal.returned; });
    // The tasks that it can have removed. Those before a task whose add was over had left by then.
    auto first = later;
    while (first != of_id.begin()) {
      --first;
      if (first->alone && precedes(add_of(*first), removal)) break;
    }
    const std::span candidates(first, later);
    if (candidates.size() == 1 && candidates[0].removal == not_seen && !removal.pending()) {
      candidates[0].removal = index;
      return;
    }
    for (auto& use : candidates) use.certain = false;
  }

  /// A task whose id was used again has left.
  void leave_out_what_left_unseen() {
    for (std::size_t i = 0; i + 1 < uses_.size(); ++i) {
      const bool is_last = uses_[i].id != uses_[i + 1].id;
      if (!is_last && uses_[i].removal == not_seen) uses_[i].certain = false;
    }
  }

  std::span<const Operation> history_;
  std::vector<Use> uses_;
};

}  // namespace

TaskRecord read_reused(std::span<const Operation> history) {
  auto record = read_tasks(Uses(history).told_apart());
  for (auto& task : record.lifetimes) task.id = history[task.add].id;
  return record;
}

}  // namespace lockbench::verify
