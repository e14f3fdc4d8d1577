/// What does it cost a strategy that it could do work under its lock, while it does none? Measures
/// full turns of a task (add, take, complete, forget: four uncontended locked calls) on `mutex` and on
/// a queue written by hand without a hook for such work, in pairs and in random order.
///
/// A few bytes of code more or less move the rest of it, which alone changes such times by more than
/// a percent (Mytkowicz et al., ASPLOS 2009). So both queues are compiled at several places: the pairs
/// of one place give one ratio, and the interval is over places. Both queues are made anew for each
/// pair, so that the placement of their data is averaged out too.
///
/// Prints the ratio of times with its 95 % interval, after that of the queue written by hand against
/// itself. Exits 1 when even the lower end of the interval says that the hook costs more than 1 %.

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/engine/team.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/statistics.hpp"
#include "strategies/mutex.hpp"
#include "strategies/storage/cache_line.hpp"
#include "strategies/storage/task_store.hpp"

namespace {

using namespace lockbench;

/// `mutex`, as it would be written if there had never been work under the lock.
class Plain {
public:
  explicit Plain(QueueLimits limits) : store_{limits} {}

  AddResult add_task(TaskId id, int priority, Payload payload) {
    const std::lock_guard guard{lock_};
    return store_.add(id, priority, payload);
  }
  std::optional<Task> try_get_next_task() {
    const std::lock_guard guard{lock_};
    return store_.take();
  }
  Transition complete_task(TaskId id) {
    const std::lock_guard guard{lock_};
    return store_.complete(id);
  }
  Transition forget_task(TaskId id) {
    const std::lock_guard guard{lock_};
    return store_.forget(id);
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard guard{lock_};
    return store_.size();
  }

private:
  alignas(cache_line_distance) mutable std::mutex lock_;
  alignas(cache_line_distance) TaskStore store_;
};

/// Places are this many bytes apart: compilers align the heads of loops to so many.
constexpr int place_bytes = 16;
constexpr int places = 16;
constexpr int pairs = 60;  // of each place
constexpr TaskId prefill = 1024;

/// A queue and the tasks that go through it, by code that lies at the given place.
template <class Queue, int place>
class Subject {
public:
  Subject() {
    for (TaskId i = 0; i < prefill; ++i) add();
    (void)turn_ns();  // to have its memory in the caches
  }

  /// Nanoseconds for a turn of one task. All calls are inlined in all copies of this function: left to
  /// itself, the compiler inlines some in one kind of queue and not in the other, and that would be
  /// measured.
  [[gnu::flatten]] double turn_ns() {
    constexpr int turns = 1000;
    asm volatile("jmp 1f\n\t.skip %c0, 0x90\n1:" : : "i"((place + 1) * place_bytes));
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < turns; ++i) turn();
    const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
    return spent.count() / turns;
  }

  /// Whether every call did what it was asked to.
  [[nodiscard]] bool sound() const { return failures_ == 0 && queue_.size() == prefill; }

private:
  void add() {
    const auto id = next_id_++;
    failures_ += queue_.add_task(id, static_cast<int>(mixed_bits(id) % 16), {}) != AddResult::added;
  }
  void turn() {
    add();
    const auto task = queue_.try_get_next_task();
    failures_ += !task || queue_.complete_task(task->id) != Transition::ok ||
                 queue_.forget_task(task->id) != Transition::ok;
  }

  Queue queue_{{.capacity = 4096, .payload_bytes = 16}};
  TaskId next_id_ = 1;
  int failures_ = 0;
};

/// What one kind of queue takes relative to another: logarithms of ratios, one a place.
struct Comparison {
  std::vector<double> log_ratios;
  std::vector<double> references_ns;
  bool sound = true;
};

/// Nanoseconds for a turn on a queue of its own.
template <class Queue, int place>
double measure(Comparison& comparison) {
  Subject<Queue, place> subject;
  const double turn_ns = subject.turn_ns();
  comparison.sound &= subject.sound();
  return turn_ns;
}

/// `Queue` against `Reference` at one place.
template <class Queue, class Reference, int place>
void compare_at(Comparison& comparison) {
  Random coin{place};
  std::vector<double> log_ratios;
  for (int pair = 0; pair < pairs; ++pair) {
    const bool queue_first = coin.below(2) == 0;
    double queue_ns = queue_first ? measure<Queue, place>(comparison) : 0.0;
    const double reference_ns = measure<Reference, place>(comparison);
    if (!queue_first) queue_ns = measure<Queue, place>(comparison);
    log_ratios.push_back(std::log(queue_ns / reference_ns));
    comparison.references_ns.push_back(reference_ns);
  }
  comparison.log_ratios.push_back(median(log_ratios));
}

template <class Queue, class Reference>
Comparison compare() {
  Comparison comparison;
  [&]<int... place>(std::integer_sequence<int, place...>) {
    (compare_at<Queue, Reference, place>(comparison), ...);
  }
  (std::make_integer_sequence<int, places>{});
  return comparison;
}

/// Prints the ratio; returns the lower end of its interval.
double report(std::string_view what, const Comparison& comparison) {
  const auto& [log_ratio, interval] = paired_difference(comparison.log_ratios);
  fmt::print("{:<18} {:.4f} [{:.4f}, {:.4f}], {} places of {} pairs, {:.1f} ns a turn by hand\n",
             what, std::exp(log_ratio), std::exp(interval->low), std::exp(interval->high), places,
             pairs, median(comparison.references_ns));
  return std::exp(interval->low);
}

}  // namespace

int main() {
  constexpr double most_change = 0.01;
  // On a second thread, since glibc spares a program of one thread the atomic part of its locks.
  Team team(1, placement(read_topology(), Pinning::compact, 1));
  Comparison floor;
  Comparison strategy;
  team.run([&](std::uint32_t /*index*/) {
    floor = compare<Plain, Plain>();
    strategy = compare<MutexTaskQueue, Plain>();
  });
  (void)report("by hand / by hand", floor);
  const double least_ratio = report("strategy / by hand", strategy);
  if (!floor.sound || !strategy.sound) {
    fmt::print("a queue did not do what it was asked to\n");
    return 1;
  }
  return least_ratio <= 1 + most_change ? 0 : 1;
}
