/// Whether workloads are stationary: the last twentieth of a window meets the same queue as the first.
/// Counted in one thread, which plays all threads of the team in turns of different length, as fast and
/// slow threads would have them. Nothing here depends on time.

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <unordered_map>

#include "harness/engine/window.hpp"
#include "harness/workloads/workloads.hpp"
#include "strategies/mutex.hpp"

namespace lockbench {
namespace {

constexpr std::uint32_t twentieths = 20;
constexpr std::uint64_t adds_a_twentieth = 12'000;
constexpr std::uint64_t all_adds = twentieths * adds_a_twentieth;

/// What the adds and takes of one twentieth of a window met.
struct Met {
  double tasks_before = 0;  ///< sum over adds: tasks queued that come before the one added
  double adds = 0;
  double takes = 0;
  double takes_of_latest = 0;  ///< takes that returned the task added last

  [[nodiscard]] double mean_before() const { return 1 + tasks_before / adds; }
  [[nodiscard]] double share_of_latest() const { return takes_of_latest / takes; }
};

/// Ends the turn of the thread that uses it after so many calls, or at a bound of its size.
class CountingQueue : public MutexTaskQueue {
public:
  using MutexTaskQueue::MutexTaskQueue;

  AddResult add_task(TaskId id, int priority, Payload payload) {
    const auto result = MutexTaskQueue::add_task(id, priority, payload);
    if (result != AddResult::added) return result;
    latest_ = id;
    priorities_[id] = priority;
    if (phase != nullptr) note_add(priority);
    ++levels_[priority];
    end_turn_if(priorities_.size() >= most);
    return result;
  }
  std::optional<Task> try_get_next_task() {
    const auto task = MutexTaskQueue::try_get_next_task();
    if (task) note_take(task->id);
    return task;
  }
  TakeResult get_next_task(Deadline deadline) {
    const auto result = MutexTaskQueue::get_next_task(deadline);
    if (result.outcome == TakeOutcome::task) note_take(result.task.id);
    return result;
  }
  Transition cancel_task(TaskId id) {
    const auto result = MutexTaskQueue::cancel_task(id);
    if (result == Transition::ok) remove(id);
    return result;
  }
  /// The last producer of `open_loop` shuts the queue down, here at the end of a turn.
  void shutdown(ShutdownMode /*mode*/) {}

  [[nodiscard]] bool is_done() const { return adds_ >= all_adds; }

  PhaseFlag* phase = nullptr;  ///< once the prefill is in
  std::uint64_t calls_left = 0;
  std::size_t most = std::numeric_limits<std::size_t>::max();
  std::size_t least = 0;
  std::array<Met, twentieths> met{};

private:
  Met& now() { return met.at(std::min<std::uint64_t>(adds_ / adds_a_twentieth, twentieths - 1)); }

  void note_add(int priority) {
    for (const auto& [level, tasks] : levels_) {
      if (level < priority) break;
      now().tasks_before += static_cast<double>(tasks);
    }
    ++now().adds;
    ++adds_;
  }
  void note_take(TaskId id) {
    ++now().takes;
    if (id == latest_) ++now().takes_of_latest;
    remove(id);
    end_turn_if(priorities_.size() <= least);
  }
  void remove(TaskId id) {
    const auto found = priorities_.find(id);
    if (--levels_[found->second] == 0) levels_.erase(found->second);
    priorities_.erase(found);
  }
  void end_turn_if(bool at_bound) {
    if (phase == nullptr) return;
    if (--calls_left == 0 || at_bound || is_done()) phase->value = Phase::stop;
  }

  std::unordered_map<TaskId, int> priorities_;
  std::map<int, std::uint32_t, std::greater<>> levels_;  ///< tasks queued of each priority
  TaskId latest_ = 0;
  std::uint64_t adds_ = 0;
};
static_assert(TaskQueue<CountingQueue>);

constexpr std::size_t swing = 20;

struct Scene {
  CaseParameters point;
  std::uint32_t playing = 1;  ///< threads that add or take: the first so many
  std::uint64_t turn = 50;    ///< calls in a turn of the first thread; the n-th has n times as many
  std::size_t size = 0;       ///< that producers and consumers keep to, give or take `swing`
  std::size_t warm_up = 0;    ///< twentieths that do not count
};

/// Plays one window, and returns what its twentieths met.
template <class W>
std::array<Met, twentieths> played(const Scene& scene) {
  WindowSpec spec;
  spec.point = scene.point;
  CountingQueue queue({.capacity = effective_capacity(spec.point, W::info),
                       .payload_bytes = spec.point.payload_bytes});
  Account account;
  detail::prefill(queue, spec, account);
  if (scene.size > 0) {
    queue.most = scene.size + swing;
    queue.least = scene.size - swing;
  }
  PhaseFlag phase;
  queue.phase = &phase;
  typename W::Shared shared(spec);
  std::vector<Worker> workers;
  workers.reserve(spec.point.threads);
  for (std::uint32_t i = 0; i < spec.point.threads; ++i) workers.emplace_back(phase, spec, i, 0);
  while (!queue.is_done()) {
    for (std::uint32_t i = 0; i < scene.playing && !queue.is_done(); ++i) {
      queue.calls_left = scene.turn * (i + 1);
      phase.value = Phase::measure;
      W::run(queue, workers[i], shared);
    }
  }
  return queue.met;
}

template <class W>
Scene scene_of(std::uint32_t threads) {
  Scene scene;
  scene.playing = threads;
  scene.point.workload = W::info.name;
  scene.point.threads = threads;
  scene.point.read_ratio = 0;
  if (!W::info.uses.contains("prefill")) scene.point.prefill = 0;
  return scene;
}

template <class W>
void expect_stationary(const Scene& scene) {
  const auto met = played<W>(scene);
  const Met& early = met.at(scene.warm_up);
  const Met& late = met.back();
  EXPECT_NEAR(late.mean_before() / early.mean_before(), 1, 0.03)
      << early.mean_before() << " tasks come before the one added, and " << late.mean_before();
  EXPECT_NEAR(late.share_of_latest(), early.share_of_latest(), 0.01);
}

TEST(Stationarity, of_mixed) {
  expect_stationary<Mixed>(scene_of<Mixed>(1));
  expect_stationary<Mixed>(scene_of<Mixed>(3));
}

TEST(Stationarity, of_hold_in_every_order) {
  for (const auto order : all_values<PriorityOrder>) {
    SCOPED_TRACE(to_string(order));
    for (const std::uint32_t threads : {1U, 3U}) {
      auto scene = scene_of<Hold>(threads);
      scene.point.priority_order = order;
      scene.point.prefill = 200;
      expect_stationary<Hold>(scene);
    }
  }
}

TEST(Stationarity, of_hold_with_few_and_with_many_priorities) {
  for (const std::uint32_t priorities : {1U, 3000U}) {
    auto scene = scene_of<Hold>(1);
    scene.point.priorities = priorities;
    scene.point.prefill = 200;
    expect_stationary<Hold>(scene);
  }
}

TEST(Stationarity, of_status_storm) {
  auto scene = scene_of<StatusStorm>(2);
  scene.playing = 1;  // the others only read
  expect_stationary<StatusStorm>(scene);
}

TEST(Stationarity, of_pool) {
  expect_stationary<Pool>(scene_of<Pool>(3));
}

TEST(Stationarity, of_cancel_heavy) {
  for (const double ratio : {0.1, 0.5, 0.9}) {
    auto scene = scene_of<CancelHeavy>(3);
    scene.point.cancel_ratio = ratio;
    expect_stationary<CancelHeavy>(scene);
  }
}

TEST(Stationarity, of_burst) {
  auto scene = scene_of<Burst>(1);
  scene.point.burst = 64;
  scene.turn = all_adds * 4;  // a burst that is interrupted leaves tasks behind
  expect_stationary<Burst>(scene);
}

template <class W>
Scene scene_with_roles(std::uint32_t producers, std::uint32_t consumers, std::size_t size) {
  auto scene = scene_of<W>(producers + consumers);
  scene.point.producers = producers;
  scene.point.consumers = consumers;
  scene.size = size;
  return scene;
}

TEST(Stationarity, of_producer_consumer) {
  const auto prefill = CaseParameters{}.prefill;
  expect_stationary<ProducerConsumer>(scene_with_roles<ProducerConsumer>(1, 1, prefill));
  expect_stationary<ProducerConsumer>(scene_with_roles<ProducerConsumer>(3, 2, prefill));
}

TEST(Stationarity, of_producer_consumer_also_where_the_queue_has_filled) {
  auto scene = scene_with_roles<ProducerConsumer>(3, 2, std::size_t{3} * CaseParameters{}.prefill);
  scene.warm_up = 1;  // in which it fills
  expect_stationary<ProducerConsumer>(scene);
}

TEST(Stationarity, of_open_loop_as_it_measures_capacity) {
  constexpr std::size_t size = 200;  // within its bound of 256
  expect_stationary<OpenLoop>(scene_with_roles<OpenLoop>(1, 1, size));
  expect_stationary<OpenLoop>(scene_with_roles<OpenLoop>(2, 2, size));
}

}  // namespace
}  // namespace lockbench
