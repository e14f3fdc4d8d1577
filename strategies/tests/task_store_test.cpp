#include "strategies/storage/task_store.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "strategies/tests/printers.hpp"
#include "strategies/tests/unsafe_store.hpp"

namespace lockbench {
namespace {

Payload bytes_of(std::string_view text) {
  return std::as_bytes(std::span{text});
}
std::string text_of(Payload payload) {
  return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

template <class Store>
struct TaskStoreTest : testing::Test {
  static constexpr QueueLimits limits{.capacity = 8, .payload_bytes = 4};

  /// The id of the next task, which is processing from then on.
  std::optional<TaskId> take() {
    const auto task = store.take();
    return task ? std::optional{task->id} : std::nullopt;
  }

  Store store{limits};
};
/// An unsafe queue has to answer one thread as the plain storage does.
using Stores = testing::Types<TaskStore, testing_support::UnsafeStore>;
TYPED_TEST_SUITE(TaskStoreTest, Stores);

TYPED_TEST(TaskStoreTest, a_reused_place_does_not_revive_a_cancelled_task) {
  ASSERT_EQ(this->store.add(1, 9, bytes_of("old")), AddResult::added);
  ASSERT_EQ(this->store.cancel(1), Transition::ok);
  ASSERT_EQ(this->store.forget(1), Transition::ok);
  ASSERT_EQ(this->store.add(2, 0, bytes_of("low")), AddResult::added);  // in the place of 1
  ASSERT_EQ(this->store.add(3, 5, bytes_of("high")), AddResult::added);
  EXPECT_EQ(this->take(), 3U);
  const auto task = this->store.take();
  ASSERT_TRUE(task);
  EXPECT_EQ(task->id, 2U);
  EXPECT_EQ(task->priority, 0);
  EXPECT_EQ(text_of(task->payload), "low");
  EXPECT_EQ(this->take(), std::nullopt);
}

TYPED_TEST(TaskStoreTest, payloads_stay_where_they_are_until_forgotten) {
  ASSERT_EQ(this->store.add(1, 0, bytes_of("one")), AddResult::added);
  ASSERT_EQ(this->store.add(2, 0, bytes_of("two")), AddResult::added);
  const auto first = this->store.take();
  const auto second = this->store.take();
  ASSERT_TRUE(first && second);
  ASSERT_EQ(this->store.complete(1), Transition::ok);
  ASSERT_EQ(this->store.add(3, 0, bytes_of("more")), AddResult::added);
  EXPECT_EQ(text_of(first->payload), "one");
  EXPECT_EQ(text_of(second->payload), "two");
}

TYPED_TEST(TaskStoreTest, adding_and_cancelling_for_ever_needs_no_more_room) {
  ASSERT_EQ(this->store.add(0, -1, {}), AddResult::added);
  for (TaskId id = 1; id < 100'000; ++id) {
    ASSERT_EQ(this->store.add(id, static_cast<int>(id % 7), {}), AddResult::added);
    ASSERT_EQ(this->store.cancel(id), Transition::ok);
    ASSERT_EQ(this->store.forget(id), Transition::ok);
  }
  EXPECT_EQ(this->store.size(), 1U);
  EXPECT_EQ(this->take(), 0U);
  EXPECT_EQ(this->take(), std::nullopt);
}

TYPED_TEST(TaskStoreTest, refills_after_every_cancellation_keep_all_tasks) {
  TaskId next = 0;
  for (int round = 0; round < 1000; ++round) {
    const TaskId first = next;
    for (; next < first + 8; ++next) ASSERT_EQ(this->store.add(next, 0, {}), AddResult::added);
    ASSERT_EQ(this->store.add(next, 0, {}), AddResult::full);
    for (TaskId id = first; id < next; ++id) {
      if (id % 8 == 3) {
        ASSERT_EQ(this->take(), first);
        ASSERT_EQ(this->store.complete(first), Transition::ok);
        ASSERT_EQ(this->store.forget(first), Transition::ok);
      }
      if (id == first) continue;
      ASSERT_EQ(this->store.cancel(id), Transition::ok) << round;
      ASSERT_EQ(this->store.forget(id), Transition::ok);
    }
    ASSERT_EQ(this->store.outstanding(), 0U);
  }
}

// --- against a model ---------------------------------------------------------------------------

/// The contract once more, as plainly as it can be said: every call looks at every task.
class Model {
public:
  explicit Model(QueueLimits limits) : limits_{limits} {}

  AddResult add(TaskId id, int priority, Payload payload) {
    if (shut_down_) return AddResult::shut_down;
    if (tasks_.contains(id)) return AddResult::duplicate;
    if (tasks_.size() == limits_.capacity || payload.size() > limits_.payload_bytes) {
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

private:
  struct Known {
    int priority;
    std::uint64_t arrival;
    std::string payload;
    TaskStatus status;
  };

  static bool precedes(const Known& a, const Known& b) {
    return a.priority != b.priority ? a.priority > b.priority : a.arrival < b.arrival;
  }
  Transition change(TaskId id, TaskStatus from, TaskStatus to) {
    const auto now = status(id);
    if (now == TaskStatus::unknown) return Transition::unknown;
    if (now != from) return Transition::wrong_state;
    tasks_[id].status = to;
    return Transition::ok;
  }

  QueueLimits limits_;
  std::map<TaskId, Known> tasks_;
  std::uint64_t arrivals_ = 0;
  bool shut_down_ = false;
};

/// One call drawn at random, which both must answer alike.
template <class Store>
void call_both(Store& store, Model& model, std::minstd_rand& random) {
  const TaskId id = random() % 60;
  switch (random() % 8) {
    case 0:
    case 1:
    case 2: {
      const auto payload = bytes_of(std::string_view{"payload"}.substr(0, random() % 6));
      const int priority = static_cast<int>(random() % 4) - 2;
      ASSERT_EQ(store.add(id, priority, payload), model.add(id, priority, payload));
      break;
    }
    case 3: {
      const auto task = store.take();
      const auto expected = model.take();
      ASSERT_EQ(task.has_value(), expected.has_value());
      if (!task) break;
      ASSERT_EQ((std::tuple{task->id, task->priority, text_of(task->payload)}), *expected);
      break;
    }
    case 4: ASSERT_EQ(store.complete(id), model.complete(id)); break;
    case 5: ASSERT_EQ(store.cancel(id), model.cancel(id)); break;
    case 6: ASSERT_EQ(store.forget(id), model.forget(id)); break;
    default: ASSERT_EQ(store.status(id), model.status(id));
  }
  const auto queued = model.count(TaskStatus::queued);
  ASSERT_EQ(store.size(), queued);
  ASSERT_EQ(store.outstanding(), queued + model.count(TaskStatus::processing));
}

template <class Store>
struct TaskStoreModelTest : testing::Test {};
TYPED_TEST_SUITE(TaskStoreModelTest, Stores);

TYPED_TEST(TaskStoreModelTest, answers_as_a_plain_model_does) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    constexpr QueueLimits limits{.capacity = 40, .payload_bytes = 4};
    std::minstd_rand random{seed};
    TypeParam store{limits};
    Model model{limits};
    for (int call = 0; call < 2500; ++call) {
      if (call == 2000 || call == 2300) {
        const auto mode = (seed + (call == 2300)) % 2 == 0 ? ShutdownMode::drain  //
                                                           : ShutdownMode::discard;
        store.shut_down(mode);
        model.shut_down(mode);
      }
      call_both(store, model, random);
      if (this->HasFatalFailure()) FAIL() << "seed " << seed << ", call " << call;
    }
  }
}

}  // namespace
}  // namespace lockbench
