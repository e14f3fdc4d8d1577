#include "harness/tests/workloads/raw_fifo_reference.hpp"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <system_error>
#include <thread>

#include <boost/lockfree/queue.hpp>

#include "strategies/storage/concurrentqueue_package.hpp"

namespace lockbench::raw_fifo_reference {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// The package's defaults; all nodes are there from the start, the dummy among them.
class Boost {
public:
  explicit Boost(std::uint32_t capacity) : queue_(std::size_t{capacity} + 1) {}
  bool push(std::uint32_t value) { return queue_.push(value); }
  bool pop(std::uint32_t& value) { return queue_.pop(value); }

private:
  boost::lockfree::queue<std::uint32_t> queue_;
};

/// The package's defaults with indices that need not grow, blocks for 128 producers, and a token for
/// each side.
class Moodycamel {
public:
  explicit Moodycamel(std::uint32_t capacity) : queue_(capacity, 0, 128) {}
  bool push(std::uint32_t value) { return queue_.enqueue(producer_, value); }
  bool pop(std::uint32_t& value) { return queue_.try_dequeue(consumer_, value); }

private:
  struct Traits : moodycamel::ConcurrentQueueDefaultTraits {
    static constexpr std::size_t EXPLICIT_INITIAL_INDEX_SIZE = 1024;
  };
  moodycamel::ConcurrentQueue<std::uint32_t, Traits> queue_;
  alignas(128) moodycamel::ProducerToken producer_{queue_};
  alignas(128) moodycamel::ConsumerToken consumer_{queue_};
};

enum Stage : int { waiting, warming, measuring, over };

/// One thread's counts, on lines of its own.
struct alignas(128) Side {
  std::uint64_t done = 0;
  std::uint64_t done_at_start = 0;
  std::atomic<std::uint64_t> seen_by_other{0};
  SteadyClock::time_point start{};
  SteadyClock::time_point stop{};
};

struct alignas(128) Control {
  std::atomic<int> stage{waiting};
  std::atomic<int> ready{0};
  std::atomic<int> pin_error{0};
};

/// Follows the stages. False when the window is over; then start and stop are set.
bool goes_on(const Control& control, int& seen, Side& side) {
  const int stage = control.stage.load(std::memory_order_relaxed);
  if (stage == seen) return true;
  seen = stage;
  const auto now = SteadyClock::now();
  if (side.start == SteadyClock::time_point{}) {
    side.start = now;
    side.done_at_start = side.done;
  }
  if (stage == over) side.stop = now;
  return stage != over;
}

void pause() {
  for (int i = 0; i < 64; ++i) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }
  std::this_thread::yield();
}

constexpr std::uint64_t publish_every = 64;

template <class Queue>
void produce(Queue& queue, const Setup& setup, Control& control, Side& own, const Side& other) {
  int seen = warming;
  while (goes_on(control, seen, own)) {
    const bool looks = own.done % publish_every == 0;
    if (looks) own.seen_by_other.store(own.done, std::memory_order_relaxed);
    const bool is_full = looks && own.done > other.seen_by_other.load(std::memory_order_relaxed) +
                                                 setup.most_in_flight;
    if (!is_full && queue.push(static_cast<std::uint32_t>(own.done + 1))) {
      ++own.done;
    } else {
      pause();
    }
  }
}

/// False when values came in another order.
template <class Queue>
bool consume(Queue& queue, Control& control, Side& own) {
  int seen = warming;
  bool in_order = true;
  while (goes_on(control, seen, own)) {
    std::uint32_t value = 0;
    if (queue.pop(value)) {
      ++own.done;
      in_order &= value == static_cast<std::uint32_t>(own.done);
      if (own.done % publish_every == 0) {
        own.seen_by_other.store(own.done, std::memory_order_relaxed);
      }
    } else {
      own.seen_by_other.store(own.done, std::memory_order_relaxed);
      pause();
    }
  }
  return in_order;
}

/// Goes to the CPU, and waits there until both have come.
void take_place(Control& control, int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  const int error = pthread_setaffinity_np(pthread_self(), sizeof set, &set);
  if (error != 0) control.pin_error.store(error);
  control.ready.fetch_add(1);
  while (control.stage.load(std::memory_order_acquire) == waiting) std::this_thread::yield();
}

void sleep_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

void conduct(Control& control, const Setup& setup) {
  while (control.ready.load() != 2) std::this_thread::yield();
  control.stage.store(warming, std::memory_order_release);
  sleep_s(setup.warm_up_s);
  control.stage.store(measuring, std::memory_order_relaxed);
  sleep_s(setup.window_s);
  control.stage.store(over, std::memory_order_relaxed);
}

template <class Queue>
Outcome run(const Setup& setup) {
  const auto queue = std::make_unique<Queue>(setup.capacity);
  Control control;
  Side pushes;
  Side pops;
  Outcome outcome;
  std::thread producer([&] {
    take_place(control, setup.producer_cpu);
    produce(*queue, setup, control, pushes, pops);
  });
  std::thread consumer([&] {
    take_place(control, setup.consumer_cpu);
    outcome.in_order = consume(*queue, control, pops);
  });
  conduct(control, setup);
  producer.join();
  consumer.join();
  if (const int error = control.pin_error.load(); error != 0) {
    throw std::system_error(error, std::generic_category(), "pinning a thread to its CPU");
  }
  const std::chrono::duration<double> duration =
      std::max(pushes.stop, pops.stop) - std::min(pushes.start, pops.start);
  const auto operations = pushes.done - pushes.done_at_start + pops.done - pops.done_at_start;
  outcome.operations_s = static_cast<double>(operations) / duration.count();
  return outcome;
}

}  // namespace

Outcome run_boost_lockfree(const Setup& setup) {
  return run<Boost>(setup);
}
Outcome run_moodycamel(const Setup& setup) {
  return run<Moodycamel>(setup);
}

}  // namespace lockbench::raw_fifo_reference
