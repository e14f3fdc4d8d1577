#pragma once

/// The table of figures, and the only one. A new figure is measured in engine/ or metrics/ and gets
/// its line here: trials.csv, summary.csv, `--format json`, `bench list --columns` and the data
/// dictionary follow.

#include <array>
#include <cstddef>
#include <string_view>

#include "harness/results/figure.hpp"

namespace lockbench {
namespace figure {

// When figures are empty.
inline constexpr std::string_view never = "never";
inline constexpr std::string_view never_ran = "the window never ran (crashed, hung, left out)";
inline constexpr std::string_view not_measured = "not measured";
inline constexpr std::string_view none_timed = "no operation was timed";
inline constexpr std::string_view few_samples = "fewer than 10 samples beyond it";
inline constexpr std::string_view stores_nothing =
    "the strategy stores nothing (`null`), or the window never ran";
inline constexpr std::string_view another_workload = "another workload";
inline constexpr std::string_view no_counter =
    "the machine, or its hypervisor, has no such counter: see `probes` in `context.json`";
inline constexpr std::string_view not_counted = "not counted";
inline constexpr std::string_view no_account = "the kernel keeps no such account";
inline constexpr std::string_view one_cpu = "one CPU only, or not measured";
inline constexpr std::string_view no_tick = "no tick passed yet";
inline constexpr std::string_view no_valid_window = "no valid window";
inline constexpr std::string_view no_open_loop = "not an open loop";
inline constexpr std::string_view not_sampled = "latency was not sampled";

/// In the order of the columns of trials.csv.
inline constexpr std::array table{
    real("duration_s", "s",
         "first worker's start to last worker's end, by their own clocks: the time in which work "
         "was possible",
         never_ran, of_measurement<&Measurement::duration_s>),
    count("operations", "operations", "successful calls of all threads within the window", never,
          of_tally<&Tally::operations>),
    count("reads", "operations", "successful `get_status` calls", never, of_tally<&Tally::reads>,
          per_second("reads_s", "operations/s", "reads alone, median", no_valid_window)),
    count("writes", "operations", "successful calls that changed the queue", never,
          of_tally<&Tally::writes>,
          per_second("writes_s", "operations/s", "writes alone, median", no_valid_window)),
    count("takes", "operations", "takes among the `writes`", never, of_tally<&Tally::takes>),
    count("completions", "operations", "completions among the `writes`", never,
          of_tally<&Tally::completions>),
    count("cancels", "operations", "cancellations among the `writes`", never,
          of_tally<&Tally::cancels>),
    count("empty_takes", "calls", "takes that found nothing; not operations", never,
          of_tally<&Tally::empty_takes>),
    count("full_adds", "calls", "adds refused because the queue was full; not operations", never,
          of_tally<&Tally::full_adds>),
    count("late_cancels", "calls",
          "cancels that came after another thread had taken the task; not operations", never,
          of_tally<&Tally::late_cancels>),
    real("throughput_ops_s", "operations/s", "`operations / duration_s`", never_ran,
         of_measurement<&Measurement::throughput_ops_s>,
         median("median over processes of the median over their valid windows", no_valid_window)),
    real("fairness_jain", "index",
         "Jain's index over the operations of the threads of one role, the lowest of the roles: 1 "
         "= equal, 1/n = one thread did it all",
         never_ran, of_measurement<&Measurement::fairness_jain>,
         median("median, of `fairness_jain`", no_valid_window)),
    real("min_thread_share", "share",
         "fewest operations of a thread / mean of its role: 1 = equal, 0 = a thread got nothing",
         never_ran, of_measurement<&Measurement::min_thread_share>,
         median("median, of `min_thread_share`", no_valid_window)),
    real("max_thread_share", "share",
         "most operations of a thread / mean of its role: 1 = equal, n = one thread did it all",
         never_ran, of_measurement<&Measurement::max_thread_share>,
         median("median, of `max_thread_share`", no_valid_window)),
    real("longest_gap_s", "s",
         "longest time between two timed operations of one thread, or between one of them and an "
         "end of the window; for a thread that was still held up when the first one began, from "
         "then on: no wait for a turn was longer",
         none_timed, longest_gap_s,
         sampled_median("median of the sampled windows' `longest_gap_s`", none_timed)),
    real("overlap", "share",
         "share of the window in which all threads were able to run. A thread that a call of the "
         "queue holds up is able to; one that waits for a CPU is not",
         never_ran, of_measurement<&Measurement::overlap>),
    real("size_start", "tasks", "queued when the team started", stores_nothing,
         of_size<&WindowOutcome::size_start>),
    real("size_end", "tasks", "still queued when the team had stopped", stores_nothing,
         of_size<&WindowOutcome::size_end>),
    real("cpu_s", "s", "CPU time of the team within the window", not_measured,
         of_measurement<&Measurement::cpu_s>,
         per_operation(1e6, "cpu_s_per_mop", "CPU s / 10⁶ operations",
                       "CPU time of the team per million operations, median", not_measured)),
    real("critical_work_s", "s", "calibrated work that was done under the lock, over all threads",
         never_ran, of_work<&WorkDone::critical_steps>),
    real("think_work_s", "s", "calibrated work that was done between operations", never_ran,
         of_work<&WorkDone::think_steps>),
    real("task_work_s", "s", "calibrated work that was done for tasks", never_ran,
         of_work<&WorkDone::task_steps>),
    real("overhead_s", "s", "`cpu_s` less all calibrated work: what the queue and the harness took",
         not_measured, overhead_s,
         per_operation(1e9, "overhead_ns_per_op", "ns",
                       "CPU time less all calibrated work, for one operation, median",
                       not_measured)),
    real("calibration_error", "share",
         "how much longer 1 µs of calibrated work took than it should, when the process began: "
         "0.03 = 3 %",
         "no work was asked for", calibration_error),
    real("voluntary_switches", "switches", "times a thread of the team gave up its CPU to wait",
         not_measured, of_measurement<&Measurement::voluntary_switches>,
         per_operation(1e3, "voluntary_switches_per_kop", "switches / 10³ operations",
                       "times a thread gave up its CPU to wait, median", not_measured)),
    real("involuntary_switches", "switches", "times a thread of the team was preempted",
         not_measured, of_measurement<&Measurement::involuntary_switches>),
    real("run_queue_wait_s", "s", "time that threads of the team were ready to run and had no CPU",
         no_account, of_measurement<&Measurement::run_queue_wait_s>),
    real("cycles", "cycles",
         "CPU cycles of the team within the window, from each thread's own counters", no_counter,
         of_event<ThreadEvent::cycles>,
         per_operation(1, "cycles_per_op", "cycles", "CPU cycles an operation, median",
                       not_counted)),
    real("instructions", "instructions", "instructions of the team", no_counter,
         of_event<ThreadEvent::instructions>,
         per_operation(1, "instructions_per_op", "instructions",
                       "instructions an operation, median", not_counted)),
    real("cache_misses", "misses", "misses that the CPU counts as such, mostly of its last cache",
         no_counter, of_event<ThreadEvent::cache_misses>,
         per_operation(1, "cache_misses_per_op", "misses", "cache misses an operation, median",
                       not_counted)),
    real("branch_misses", "misses", "mispredicted branches", no_counter,
         of_event<ThreadEvent::branch_misses>),
    real("page_faults", "faults", "page faults of the team, minor and major", no_counter,
         of_event<ThreadEvent::page_faults>),
    real("migrations", "moves", "moves of threads to another CPU", no_counter,
         of_event<ThreadEvent::cpu_migrations>,
         per_operation(1e3, "migrations_per_kop", "moves / 10³ operations",
                       "moves of threads to another CPU, median", not_counted)),
    real("futex_calls", "calls", "system calls that put threads to sleep and wake them",
         "the kernel shows no such tracepoint, as in most containers",
         of_event<ThreadEvent::futex_calls>,
         per_operation(1e3, "futex_calls_per_kop", "calls / 10³ operations",
                       "system calls that sleep and wake, median", not_counted)),
    real("counted_share", "share",
         "least share of the window in which a counter was really on the CPU; below 1 the counts "
         "were scaled up and are estimates",
         "nothing was counted", of_measurement<&Measurement::counted_share>),
    real("wake_up_us", "µs",
         "from waking a sleeping thread until it runs, between two CPUs of the team, or on its "
         "only one; measured when the process began",
         "the strategy never sleeps, neither for its lock nor for a task, or threads were not "
         "pinned",
         of_window<&MeasuredWindow::wake_up_us>,
         median("what waking a sleeping thread costs between CPUs of the team, median over "
                "processes; for strategies that park",
                "the strategy never sleeps, or threads were not pinned")),
    real("line_roundtrip_ns", "ns",
         "cache-line round trip between two of the team's CPUs, mean of a probe before and one "
         "after the window: the machine's regime",
         one_cpu, of_regime<&Regime::line_roundtrip_ns>,
         median("median over processes of the cache-line round trip beside the windows", one_cpu)),
    real("spin_loop_ns", "ns",
         "a fixed single-thread loop of 1,000 dependent steps, mean of before and after: the CPU's "
         "speed",
         not_measured, of_regime<&Regime::spin_loop_ns>,
         median("median, of `spin_loop_ns`", not_measured)),
    real("others_share", "share",
         "CPU time that other processes used since this process began, of all CPUs: an estimate "
         "from the kernel's ticks",
         no_tick, of_outside<&OutsideLoad::others>),
    real("steal_share", "share",
         "CPU time that the hypervisor gave to other guests since this process began", no_tick,
         of_outside<&OutsideLoad::steal>),
    real("peak_memory_bytes", "bytes",
         "growth of the process's resident memory, from before the queue was made to its peak; "
         "that of `null` is the harness's own",
         "no operation was timed: the allocator is asked to give memory back first, which only "
         "these windows may suffer from",
         of_window<&MeasuredWindow::peak_memory_bytes>,
         sampled_median("median of the sampled windows' `peak_memory_bytes`", none_timed)),
    real("capacity_tasks_s", "tasks/s",
         "`open_loop`: tasks completed a second when they arrive without a pause, measured in the "
         "same process",
         another_workload, of_window<&MeasuredWindow::capacity_tasks_s>,
         median("the measured capacity that `load` is a share of", no_open_loop)),
    real("offered_tasks_s", "tasks/s",
         "`open_loop`: intended arrivals a second, `load` × `capacity_tasks_s`", another_workload,
         of_window<&MeasuredWindow::offered_tasks_s>,
         median("rate of intended arrivals", no_open_loop)),
    real("latency_samples", "operations", "successful operations that were timed", "none was",
         timed<LatencyKind::all, &LatencyHistogram::count>,
         merged("successful operations that were timed (call to return), over all valid windows "
                "and processes",
                not_sampled)),
    real("latency_p50_ns", "ns",
         "service time of operations of all kinds, from call to return: half were shorter. Kinds "
         "apart: `latency.csv`",
         few_samples, timed_quantile<LatencyKind::all, 0>,
         merged(
             "median of those durations, from their histograms merged over processes; no interval",
             few_samples)),
    real("latency_p90_ns", "ns", "90 % were shorter", few_samples,
         timed_quantile<LatencyKind::all, 1>, merged("as `latency_p50_ns`, 90 %", few_samples)),
    real("latency_p99_ns", "ns", "99 % were shorter", few_samples,
         timed_quantile<LatencyKind::all, 2>, merged("as `latency_p50_ns`, 99 %", few_samples)),
    real("latency_p99_9_ns", "ns", "99.9 % were shorter", few_samples,
         timed_quantile<LatencyKind::all, 3>, merged("as `latency_p50_ns`, 99.9 %", few_samples)),
    real("latency_p99_99_ns", "ns", "99.99 % were shorter", few_samples,
         timed_quantile<LatencyKind::all, 4>, merged("as `latency_p50_ns`, 99.99 %", few_samples)),
    real("latency_max_ns", "ns", "the longest", none_timed,
         timed<LatencyKind::all, &LatencyHistogram::max_ns>,
         merged("the longest of them, exact", not_sampled)),
    real("sojourn_samples", "tasks",
         "`open_loop`: tasks that were due within the window; each was timed", another_workload,
         timed<LatencyKind::sojourn, &LatencyHistogram::count>,
         merged("tasks that were timed from intended arrival to completion, over all valid windows "
                "and processes",
                no_open_loop)),
    real("sojourn_mean_ns", "ns", "intended arrival to completion, mean", another_workload,
         timed<LatencyKind::sojourn, &LatencyHistogram::mean_ns>,
         merged("their mean", no_open_loop)),
    real("sojourn_p50_ns", "ns", "half were shorter", few_samples,
         timed_quantile<LatencyKind::sojourn, 0>,
         merged("their quantiles, as those of latency", few_samples)),
    real("sojourn_p90_ns", "ns", "90 % were shorter", few_samples,
         timed_quantile<LatencyKind::sojourn, 1>, merged("as `sojourn_p50_ns`, 90 %", few_samples)),
    real("sojourn_p99_ns", "ns", "99 % were shorter", few_samples,
         timed_quantile<LatencyKind::sojourn, 2>, merged("as `sojourn_p50_ns`, 99 %", few_samples)),
    real("sojourn_p99_9_ns", "ns", "99.9 % were shorter", few_samples,
         timed_quantile<LatencyKind::sojourn, 3>,
         merged("as `sojourn_p50_ns`, 99.9 %", few_samples)),
    real("sojourn_p99_99_ns", "ns", "99.99 % were shorter", few_samples,
         timed_quantile<LatencyKind::sojourn, 4>,
         merged("as `sojourn_p50_ns`, 99.99 %", few_samples)),
    real("sojourn_max_ns", "ns", "the longest", another_workload,
         timed<LatencyKind::sojourn, &LatencyHistogram::max_ns>,
         merged("the longest of them, exact", no_open_loop)),
    real("service_mean_ns", "ns", "return of the take to completion, mean", another_workload,
         timed<LatencyKind::service, &LatencyHistogram::mean_ns>,
         merged("mean time from a task being taken to its completion", no_open_loop)),
};

}  // namespace figure

inline constexpr auto& window_figures = figure::table;

/// The place of a figure in the table.
enum class FigureIndex : std::size_t {};

/// The place of an entry in a table of columns. A name that the table lacks does not compile.
template <class Table>
consteval std::size_t place_of(std::string_view name, const Table& table) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].column.name == name) return i;
  }
  throw "no figure has this name";
}

/// `"cpu_s"_figure`: how code refers to a figure.
consteval FigureIndex operator""_figure(const char* name, std::size_t length) {
  return FigureIndex{place_of({name, length}, window_figures)};
}

}  // namespace lockbench
