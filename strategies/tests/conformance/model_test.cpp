/// Thousands of calls of every kind on one thread, which each strategy has to answer as a plain model
/// of the contract does.

#include <array>
#include <climits>
#include <map>
#include <random>
#include <tuple>
#include <vector>

#include "strategies/storage/id_hash.hpp"
#include "strategies/tests/conformance/conformance.hpp"

namespace lockbench::testing_support {
namespace {

/// The contract as plainly as it can be said: every call looks at every task. On one thread, order
/// among the tasks of a producer is order of arrival.
class Model {
public:
  Model(QueueLimits limits, const StrategyTraits& traits)
      : limits_{limits},
        by_priority_{traits.ordering == Ordering::priority_fifo},
        keeps_places_{traits.consistency == Consistency::per_task} {}

  AddResult add(TaskId id, int priority, Payload payload) {
    if (shut_down_) return AddResult::shut_down;
    if (tasks_.contains(id)) return AddResult::duplicate;
    if (tasks_.size() + kept_places_.size() == limits_.capacity ||
        payload.size() > limits_.payload_bytes) {
      return AddResult::full;
    }
    tasks_[id] = {priority, arrivals_++, text_of(payload), TaskStatus::queued};
    return AddResult::added;
  }
  /// Id, priority and payload.
  std::optional<std::tuple<TaskId, int, std::string>> take() {
    auto next = tasks_.end();
    for (auto task = tasks_.begin(); task != tasks_.end(); ++task) {
      if (task->second.status != TaskStatus::queued) continue;
      if (next == tasks_.end() || precedes(task->second, next->second)) next = task;
    }
    passed_ = next == tasks_.end() ? arrivals_ : next->second.arrival;
    std::erase_if(kept_places_, [this](std::uint64_t arrival) { return arrival < passed_; });
    if (next == tasks_.end()) return std::nullopt;
    next->second.status = TaskStatus::processing;
    return std::tuple{next->first, next->second.priority, next->second.payload};
  }
  [[nodiscard]] TaskStatus status(TaskId id) const {
    const auto task = tasks_.find(id);
    return task == tasks_.end() ? TaskStatus::unknown : task->second.status;
  }
  Transition complete(TaskId id) {
    return change(id, TaskStatus::processing, TaskStatus::completed);
  }
  Transition cancel(TaskId id) { return change(id, TaskStatus::queued, TaskStatus::cancelled); }
  Transition forget(TaskId id) {
    const auto now = status(id);
    if (now == TaskStatus::unknown) return Transition::unknown;
    if (now == TaskStatus::queued || now == TaskStatus::processing) return Transition::wrong_state;
    const auto arrival = tasks_[id].arrival;
    if (keeps_places_ && now == TaskStatus::cancelled && arrival >= passed_) {
      kept_places_.push_back(arrival);
    }
    tasks_.erase(id);
    return Transition::ok;
  }
  [[nodiscard]] std::size_t count(TaskStatus status) const {
    std::size_t found = 0;
    for (const auto& [id, task] : tasks_) found += task.status == status;
    return found;
  }
  void shut_down(ShutdownMode mode) {
    shut_down_ = true;
    if (mode == ShutdownMode::drain) return;
    for (auto& [id, task] : tasks_) {
      if (task.status == TaskStatus::queued) task.status = TaskStatus::cancelled;
    }
  }
  [[nodiscard]] bool is_shut_down() const { return shut_down_; }

private:
  struct Known {
    int priority;
    std::uint64_t arrival;
    std::string payload;
    TaskStatus status;
  };

  [[nodiscard]] bool precedes(const Known& a, const Known& b) const {
    const bool by_priority = by_priority_ && a.priority != b.priority;
    return by_priority ? a.priority > b.priority : a.arrival < b.arrival;
  }
  Transition change(TaskId id, TaskStatus from, TaskStatus to) {
    const auto now = status(id);
    if (now == TaskStatus::unknown) return Transition::unknown;
    if (now != from) return Transition::wrong_state;
    tasks_[id].status = to;
    return Transition::ok;
  }

  QueueLimits limits_;
  bool by_priority_;
  bool keeps_places_;  ///< of tasks that were cancelled and forgotten, until their turn
  std::map<TaskId, Known> tasks_;
  std::vector<std::uint64_t> kept_places_;  ///< arrivals of these tasks
  std::uint64_t arrivals_ = 0;
  std::uint64_t passed_ = 0;  ///< the turn of earlier arrivals has come
  bool shut_down_ = false;
};

constexpr std::uint32_t different_ids = 60;
constexpr int different_kinds_of_ids = 4;

/// The nth id: small; or with the hash of all others, with a neighbouring one, or with one at the end
/// of every table.
TaskId id_of(std::uint64_t n, unsigned kind) {
  constexpr std::uint64_t some_hash = 0xb024'90d8;
  constexpr std::uint64_t last_hash = 0xffff'fffe;
  switch (kind % different_kinds_of_ids) {
    case 1: return id_with_hash((some_hash << 32U) + n);
    case 2: return id_with_hash(((some_hash + n) << 32U));
    case 3: return id_with_hash(((last_hash + n) << 32U) + n);
    default: return n;
  }
}

/// One call drawn at random, which both must answer alike. `kind`: which ids are used.
void call_both(TaskQueue auto& queue, Model& model, std::minstd_rand& random, unsigned kind) {
  constexpr std::array priorities{INT_MIN, INT_MIN + 1, -1, 0, 1, INT_MAX};
  const TaskId id = id_of(random() % different_ids, kind);
  switch (random() % 9) {
    case 0:
    case 1:
    case 2: {
      const std::string text(random() % 7, static_cast<char>('a' + random() % 26));
      const auto priority = priorities.at(random() % priorities.size());
      ASSERT_EQ(queue.add_task(id, priority, bytes_of(text)),
                model.add(id, priority, bytes_of(text)));
      break;
    }
    case 3: {
      const auto task = queue.try_get_next_task();
      const auto expected = model.take();
      ASSERT_EQ(task.has_value(), expected.has_value());
      if (!task) break;
      ASSERT_EQ((std::tuple{task->id, task->priority, text_of(task->payload)}), *expected);
      break;
    }
    case 4: {
      const auto taken = queue.get_next_task(Deadline{});
      const auto expected = model.take();
      ASSERT_EQ(taken.outcome, expected               ? TakeOutcome::task
                               : model.is_shut_down() ? TakeOutcome::shut_down
                                                      : TakeOutcome::timed_out);
      if (!expected) break;
      const auto& task = taken.task;
      ASSERT_EQ((std::tuple{task.id, task.priority, text_of(task.payload)}), *expected);
      break;
    }
    case 5: ASSERT_EQ(queue.complete_task(id), model.complete(id)); break;
    case 6: ASSERT_EQ(queue.cancel_task(id), model.cancel(id)); break;
    case 7: ASSERT_EQ(queue.forget_task(id), model.forget(id)); break;
    default: ASSERT_EQ(queue.get_status(id), model.status(id));
  }
  const auto queued = model.count(TaskStatus::queued);
  ASSERT_EQ(queue.size(), queued);
  if (queued + model.count(TaskStatus::processing) == 0) queue.join();
}

template <class Q>
struct TaskQueueModel : WatchedTest {};
TYPED_TEST_SUITE(TaskQueueModel, StoringStrategies, StrategyName);

TYPED_TEST(TaskQueueModel, answers_every_call) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    const QueueLimits narrow{.capacity = seed <= 4 ? seed : 40, .payload_bytes = 4};
    std::minstd_rand random{seed};
    TypeParam queue{narrow};
    Model model{narrow, TypeParam::traits};
    for (int call = 0; call < 2500; ++call) {
      if (call == 2000 || call == 2300) {
        const auto mode = (seed + (call == 2300)) % 2 == 0 ? ShutdownMode::drain  //
                                                           : ShutdownMode::discard;
        queue.shutdown(mode);
        model.shut_down(mode);
      }
      call_both(queue, model, random, seed);
      if (this->HasFatalFailure()) FAIL() << "seed " << seed << ", call " << call;
    }
  }
}

}  // namespace
}  // namespace lockbench::testing_support
