/// A planted bug that only ThreadSanitizer can see: two threads use the queue named, round after
/// round, and its report is what the test looks for and what ends the process (`halt_on_error`). The
/// originals must bring none in all that time.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <latch>
#include <string_view>
#include <thread>

#include "strategies/tests/mutants/lock_free_original.hpp"
#include "strategies/tests/mutants/original.hpp"
#include "strategies/tests/mutants/registry.hpp"

namespace {

using namespace lockbench;

/// What is read is used, or else the compiler would not read it.
std::atomic<int> seen{0};

/// Long enough that a busy machine, too, runs the threads side by side in some round.
constexpr std::chrono::seconds patience{5};

template <TaskQueue Q>
void use_by_two_threads() {
  Q queue{{.capacity = 256, .payload_bytes = 8}};
  std::latch both{2};
  const auto use = [&queue, &both](TaskId first) {
    both.arrive_and_wait();
    for (TaskId id = first; id < first + 200; ++id) {
      if (queue.add_task(id, 0, {}) != AddResult::added) continue;
      seen += static_cast<int>(queue.get_status(id));
      if (const auto task = queue.try_get_next_task()) {
        if (queue.complete_task(task->id) == Transition::ok) (void)queue.forget_task(task->id);
      }
    }
  };
  std::jthread other{use, 1000};
  use(0);
}

bool use(std::string_view name) {
  bool found = false;
  const auto use_if_meant = [&]<TaskQueue Q>() {
    if (Q::traits.name != name) return;
    found = true;
    const auto end = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < end) use_by_two_threads<Q>();
  };
  for_each_strategy(mutants::Mutants{}, use_if_meant);
  for_each_strategy(StrategyList<mutants::OriginalTaskQueue, mutants::LockFreeOriginalTaskQueue>{},
                    use_if_meant);
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && use(argv[1])) return 0;
  std::fputs("usage: mutants_data_race NAME_OF_A_MUTANT\n", stderr);
  return 2;
}
