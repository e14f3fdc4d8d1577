#include "harness/machine/facts/thread_counters.hpp"

#include <gtest/gtest.h>
#include <linux/futex.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <thread>

#include "harness/machine/facts/topology.hpp"
#include "harness/machine/probes/pinned_pair.hpp"
#include "harness/machine/probes/timing.hpp"
#include "harness/tests/machine/invented_files.hpp"

namespace lockbench {
namespace {

/// What the counters of a new thread say about `work`.
CounterDelta counted_over(const std::function<void()>& work,
                          PerThreadEvent<Probed<std::string>>* sources = nullptr) {
  CounterDelta delta;
  std::jthread([&] {
    const ThreadCounters counters;
    if (sources != nullptr) *sources = counters.sources();
    const CounterReading start = counters.read();
    work();
    delta = difference(start, counters.read());
  }).join();
  return delta;
}

#define SKIP_UNLESS_COUNTED(sources, event) \
  if (!(sources)[event].known())            \
  GTEST_SKIP() << to_string(event) << ": " << (sources)[event].reason()

TEST(Migrations, are_read_from_the_kernels_table) {
  EXPECT_EQ(parse_migrations("bench (16098, #threads: 2)\n"
                             "se.sum_exec_runtime                          :          1.5\n"
                             "se.nr_migrations                             :           12\n"
                             "nr_switches                                  :            7\n"),
            12U);
}

TEST(Migrations, are_unknown_in_a_table_without_or_with_half_a_line) {
  EXPECT_EQ(parse_migrations(""), std::nullopt);
  EXPECT_EQ(parse_migrations("nr_switches : 7\n"), std::nullopt);
  EXPECT_EQ(parse_migrations("se.nr_migrations"), std::nullopt);
  EXPECT_EQ(parse_migrations("se.nr_migrations       :     "), std::nullopt);
}

TEST(PerfErrors, that_mean_a_missing_counter_do_not_blame_the_settings) {
  const InventedFiles none;
  const std::string why = explain_perf_error(ENOENT, none.files());
  EXPECT_NE(why.find("hypervisor"), std::string::npos);
  EXPECT_EQ(why.find("paranoid"), std::string::npos);
}

TEST(PerfErrors, that_mean_a_missing_right_name_the_setting_and_its_value) {
  InventedFiles invented;
  invented.with("/proc/sys/kernel/perf_event_paranoid", "4\n");
  const std::string why = explain_perf_error(EACCES, invented.files());
  EXPECT_NE(why.find("kernel.perf_event_paranoid is 4"), std::string::npos);
}

TEST(PerfGroup, refuses_an_event_that_does_not_exist_and_stays_empty) {
  PerfGroup group;
  EXPECT_FALSE(group.add({PERF_TYPE_SOFTWARE, 9999}).reason().empty());
  EXPECT_FALSE(group.read().has_value());
}

TEST(ThreadCounters, have_for_every_event_a_source_and_a_reading_or_a_reason_and_none) {
  const ThreadCounters counters;
  const CounterReading reading = counters.read();
  const auto available = ThreadCounters().sources();
  for (const ThreadEvent event : all_values<ThreadEvent>) {
    const auto& source = counters.sources()[event];
    EXPECT_EQ(source.known(), reading.events[event].has_value()) << to_string(event);
    EXPECT_NE(source.known(), !source.reason().empty()) << to_string(event);
    EXPECT_NE(source.reason(), "not probed") << to_string(event);
    EXPECT_EQ(source.known(), available[event].known()) << to_string(event);
  }
}

TEST(ThreadCounters, without_any_tracing_files_say_which_one_is_missing) {
  const InventedFiles none;
  const auto sources = ThreadCounters(none.files()).sources();
  EXPECT_NE(sources[ThreadEvent::futex_calls].reason().find("sys_enter_futex/id"),
            std::string::npos);
}

TEST(ThreadCounters, count_a_page_fault_for_each_page_touched_first) {
  constexpr std::size_t pages = 256;
  const auto page_bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* const memory =
      mmap(nullptr, pages * page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  madvise(memory, pages * page_bytes, MADV_NOHUGEPAGE);
  PerThreadEvent<Probed<std::string>> sources;
  const auto touch = [&] {
    for (std::size_t page = 0; page < pages; ++page) {
      static_cast<volatile char*>(memory)[page * page_bytes] = 1;
    }
  };
  const auto first = counted_over(touch, &sources);
  const auto again = counted_over(touch);
  munmap(memory, pages * page_bytes);
  SKIP_UNLESS_COUNTED(sources, ThreadEvent::page_faults);
  EXPECT_GE(*first.counts[ThreadEvent::page_faults], pages);
  EXPECT_LT(*again.counts[ThreadEvent::page_faults], pages / 2);
}

TEST(ThreadCounters, count_a_migration_for_each_move_to_another_cpu) {
  constexpr int moves = 10;
  const Topology topology = read_topology();
  if (topology.cpus.size() < 2) GTEST_SKIP() << "there is only one usable CPU";
  const auto move_about = [&] {
    for (int move = 0; move < moves; ++move) {
      const auto cpu = static_cast<std::size_t>(move % 2);
      EXPECT_EQ(pin_this_thread(topology.cpus[cpu].os_index), "");
    }
  };
  PerThreadEvent<Probed<std::string>> sources;
  const auto delta = counted_over(move_about, &sources);
  SKIP_UNLESS_COUNTED(sources, ThreadEvent::cpu_migrations);
  EXPECT_GE(*delta.counts[ThreadEvent::cpu_migrations], moves - 1) << "the first may be none";
  EXPECT_LE(*delta.counts[ThreadEvent::cpu_migrations], moves + 2) << "or one by the kernel's own";
  EXPECT_EQ(delta.counted_share.value_or(1), 1);
}

TEST(ThreadCounters, count_each_call_of_futex) {
  constexpr int calls = 100;
  PerThreadEvent<Probed<std::string>> sources;
  std::uint32_t word = 0;
  const auto delta = counted_over(
      [&] {
        for (int call = 0; call < calls; ++call) {
          syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
        }
      },
      &sources);
  SKIP_UNLESS_COUNTED(sources, ThreadEvent::futex_calls);
  EXPECT_EQ(delta.counts[ThreadEvent::futex_calls], calls);
}

TEST(ThreadCounters, count_more_instructions_for_more_work) {
  PerThreadEvent<Probed<std::string>> sources;
  const auto little = counted_over([] { burn_spin_loops(100); }, &sources);
  const auto much = counted_over([] { burn_spin_loops(1000); });
  SKIP_UNLESS_COUNTED(sources, ThreadEvent::instructions);
  EXPECT_GE(*little.counts[ThreadEvent::instructions], 100.0 * spin_loop_steps);
  EXPECT_GE(*much.counts[ThreadEvent::instructions], 3 * *little.counts[ThreadEvent::instructions]);
}

TEST(ThreadCounters, do_not_count_what_another_thread_does) {
  PerThreadEvent<Probed<std::string>> sources;
  std::uint32_t word = 0;
  const auto delta = counted_over(
      [&] {
        std::jthread([&] {
          for (int call = 0; call < 1000; ++call) {
            syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
          }
        }).join();
      },
      &sources);
  SKIP_UNLESS_COUNTED(sources, ThreadEvent::futex_calls);
  EXPECT_LT(*delta.counts[ThreadEvent::futex_calls], 100);
}

}  // namespace
}  // namespace lockbench
