#include "harness/results/row.hpp"

#include <array>

#include "harness/base/parameter_list.hpp"
#include "harness/results/concatenated.hpp"
#include "harness/results/field_column.hpp"

namespace lockbench {
namespace {

using Row = WindowRow;
using Column = field::Column<Row>;
using field::column;

/// The columns of a list of parameters.
template <class... Parameters>
constexpr auto point_columns(const std::tuple<Parameters...>& list) {
  return std::apply(
      [](const auto&... parameter) {
        return std::array{
            Column{{parameter.name, parameter.unit, parameter.meaning},
                   [](const Row& row) { return field::write(row.point.*Parameters::field); },
                   [](Row& row, std::string_view text) {
                     return field::read(text, row.point.*Parameters::field);
                   }}...};
      },
      list);
}

constexpr std::array name_columns{
    column<&Row::schema_version>("schema_version", "", "Version of this list of columns"),
    column<&Row::run_id>("run_id", "", "The run: UTC time, commit and machine"),
    column<&Row::case_id>("case_id", "", "Strategy and parameter point; twins end in `@twin`"),
    column<&Row::block_id>("block_id", "",
                           "Parameter point: all rows of one block_id and process were "
                           "measured together in one process"),
    column<&Row::strategy>("strategy", "", "Strategy, as in `bench list`"),
    column<&Row::ordering>("ordering", "", "The order in which it hands out tasks"),
};

constexpr std::array figure_columns{
    column<&Row::process>("process", "", "Number of the fresh process: the statistical unit"),
    column<&Row::window>("window", "", "Number of the window within its process"),
    column<&Row::duration_s>("duration_s", "s",
                             "First worker's start to last worker's end, by their own clocks"),
    column<&Row::operations>("operations", "operations",
                             "Successful calls of all threads within the window"),
    column<&Row::reads>("reads", "operations", "Successful get_status calls"),
    column<&Row::writes>("writes", "operations", "Successful calls that changed the queue"),
    column<&Row::empty_takes>("empty_takes", "calls", "Takes that found nothing"),
    column<&Row::throughput_ops_s>("throughput_ops_s", "operations/s", "operations / duration_s"),
    column<&Row::fairness_jain>("fairness_jain", "index",
                                "Jain's index over the operations of the threads of one role, "
                                "the lowest of the roles: 1 = equal, 1/n = one did it all"),
    column<&Row::min_thread_share>("min_thread_share", "share",
                                   "Least operations of a thread / mean of its role"),
    column<&Row::cpu_s>("cpu_s", "s", "CPU time of the team within the window"),
    column<&Row::voluntary_switches>("voluntary_switches", "switches",
                                     "Times a thread of the team gave up its CPU to wait"),
    column<&Row::involuntary_switches>("involuntary_switches", "switches",
                                       "Times a thread of the team was preempted"),
    column<&Row::overlap>("overlap", "share", "Share of the window in which all threads ran"),
    column<&Row::line_roundtrip_ns>("line_roundtrip_ns", "ns",
                                    "Cache-line round trip between two of the team's CPUs, "
                                    "mean of before and after"),
    column<&Row::spin_loop_ns>("spin_loop_ns", "ns",
                               "A fixed single-thread loop of 1,000 dependent steps, mean of "
                               "before and after"),
    column<&Row::oversubscribed>("oversubscribed", "", "1 = more threads than usable CPUs"),
    column<&Row::valid>("valid", "", "1 = may be used in a comparison"),
    column<&Row::invalid_reason>("invalid_reason", "", "Why not; empty when valid"),
    column<&Row::twin>("twin", "",
                       "1 = second label of the same strategy (A/A), for the noise floor"),
    column<&Row::position>("position", "", "Place in the random order within its process"),
    column<&Row::full_adds>("full_adds", "calls", "Adds refused because the queue was full"),
    column<&Row::size_start>("size_start", "tasks", "Tasks queued when the team started"),
    column<&Row::size_end>("size_end", "tasks", "Tasks still queued when the team had stopped"),
    column<&Row::window_s>("window_s", "s", "Asked-for length of the window"),
    column<&Row::warm_up_s>("warm_up_s", "s", "Discarded before the window"),
    column<&Row::seed>("seed", "", "Seed of this window's random streams"),
    column<&Row::takes>("takes", "operations", "Takes among the writes"),
};

/// One figure of a histogram.
template <Quantiles Row::*Of, std::size_t index>
constexpr Column quantile(std::string_view name, std::string_view meaning) {
  return {{name, "ns", meaning},
          [](const Row& row) { return field::write((row.*Of).at[index]); },
          [](Row& row, std::string_view text) { return field::read(text, (row.*Of).at[index]); }};
}
template <Quantiles Row::*Of, Cell Quantiles::*Field>
constexpr Column quantiles_field(std::string_view name, std::string_view unit,
                                 std::string_view meaning) {
  return {{name, unit, meaning},
          [](const Row& row) { return field::write(row.*Of.*Field); },
          [](Row& row, std::string_view text) { return field::read(text, row.*Of.*Field); }};
}

constexpr std::array later_columns{
    column<&Row::sample_every>("sample_every", "operations",
                               "One in so many operations was timed; 0: none, and nothing was "
                               "disturbed"),
    column<&Row::cancels>("cancels", "operations", "Cancellations among the writes"),
    column<&Row::late_cancels>("late_cancels", "calls",
                               "Cancels that came after another thread had taken the task"),
    column<&Row::completions>("completions", "operations", "Completions among the writes"),
    column<&Row::max_thread_share>("max_thread_share", "share",
                                   "Most operations of a thread / mean of its role"),
    column<&Row::longest_gap_s>("longest_gap_s", "s",
                                "Longest time between two timed operations of a thread: no wait "
                                "for a turn was longer"),
    column<&Row::has_critical_section>("has_critical_section", "",
                                       "1 = the strategy holds a lock that critical-section work "
                                       "is done under"),
    column<&Row::critical_work_s>("critical_work_s", "s", "Calibrated work done under the lock"),
    column<&Row::think_work_s>("think_work_s", "s", "Calibrated work done between operations"),
    column<&Row::task_work_s>("task_work_s", "s", "Calibrated work done for tasks"),
    column<&Row::overhead_s>("overhead_s", "s", "cpu_s less all calibrated work"),
    column<&Row::calibration_error>("calibration_error", "share",
                                    "How much longer 1 µs of calibrated work took than it should"),
    column<&Row::capacity_tasks_s>("capacity_tasks_s", "tasks/s",
                                   "`open_loop`: tasks completed when they arrive without a pause"),
    column<&Row::offered_tasks_s>("offered_tasks_s", "tasks/s", "`open_loop`: intended arrivals"),
    column<&Row::wake_up_us>("wake_up_us", "µs",
                             "From waking a sleeping thread until it runs, between CPUs of the "
                             "team; for strategies that park"),
    quantiles_field<&Row::latency, &Quantiles::samples>("latency_samples", "operations",
                                                        "Operations that were timed"),
    quantile<&Row::latency, 0>("latency_p50_ns", "Service time of operations, call to return"),
    quantile<&Row::latency, 1>("latency_p90_ns", "90 % were shorter"),
    quantile<&Row::latency, 2>("latency_p99_ns", "99 % were shorter"),
    quantile<&Row::latency, 3>("latency_p99_9_ns", "99.9 % were shorter"),
    quantile<&Row::latency, 4>("latency_p99_99_ns", "99.99 % were shorter"),
    quantiles_field<&Row::latency, &Quantiles::max_ns>("latency_max_ns", "ns", "The longest"),
    quantiles_field<&Row::sojourn, &Quantiles::samples>("sojourn_samples", "tasks",
                                                        "Tasks due within the window"),
    column<&Row::sojourn_mean_ns>("sojourn_mean_ns", "ns", "Intended arrival to completion, mean"),
    quantile<&Row::sojourn, 0>("sojourn_p50_ns", "Intended arrival to completion"),
    quantile<&Row::sojourn, 1>("sojourn_p90_ns", "90 % were shorter"),
    quantile<&Row::sojourn, 2>("sojourn_p99_ns", "99 % were shorter"),
    quantile<&Row::sojourn, 3>("sojourn_p99_9_ns", "99.9 % were shorter"),
    quantile<&Row::sojourn, 4>("sojourn_p99_99_ns", "99.99 % were shorter"),
    quantiles_field<&Row::sojourn, &Quantiles::max_ns>("sojourn_max_ns", "ns", "The longest"),
    column<&Row::service_mean_ns>("service_mean_ns", "ns", "Take to completion, mean"),
    column<&Row::cpus>("cpus", "",
                       "CPU of each thread, thread 0 first, joined by +; beyond 64 threads the "
                       "shortest cycle that repeats"),
    column<&Row::memory>("memory", "",
                         "Where the queue's memory was made to lie: default, node:N, "
                         "interleave:N+M, or unbound: and why"),
    column<&Row::cycles>("cycles", "cycles", "CPU cycles of the team"),
    column<&Row::instructions>("instructions", "instructions", "Instructions of the team"),
    column<&Row::cache_misses>("cache_misses", "misses", "Misses of the last cache, mostly"),
    column<&Row::branch_misses>("branch_misses", "misses", "Branches that were mispredicted"),
    column<&Row::page_faults>("page_faults", "faults", "Page faults, minor and major"),
    column<&Row::migrations>("migrations", "moves", "Moves of threads to another CPU"),
    column<&Row::futex_calls>("futex_calls", "calls", "System calls that sleep and wake"),
    column<&Row::counted_share>("counted_share", "share",
                                "Least share of the window in which a counter really counted; "
                                "below 1 the counts are estimates"),
    column<&Row::run_queue_wait_s>("run_queue_wait_s", "s",
                                   "Time that threads were ready to run and had no CPU"),
    column<&Row::others_share>("others_share", "share",
                               "CPU time that other processes used since the process began"),
    column<&Row::steal_share>("steal_share", "share",
                              "CPU time that the hypervisor gave to others since then"),
    column<&Row::peak_memory_bytes>("peak_memory_bytes", "bytes",
                                    "Growth of resident memory from before the queue was made to "
                                    "its peak; null's is the harness's own"),
    column<&Row::flags>("flags", "", "What was unusual about the window, joined by ;"),
};

constexpr auto columns =
    concatenated(name_columns, point_columns(parameters::table), figure_columns, later_columns);

constexpr auto descriptions = descriptions_of(columns);

}  // namespace

Quantiles quantiles_of(const LatencyHistogram* histogram) {
  Quantiles quantiles;
  if (histogram == nullptr) return quantiles;
  quantiles.samples = static_cast<double>(histogram->count());
  quantiles.max_ns = static_cast<double>(histogram->max_ns());
  for (std::size_t i = 0; i < standard_quantiles.size(); ++i) {
    quantiles.at[i] = histogram->quantile_ns(standard_quantiles[i].q);
  }
  return quantiles;
}

Cell mean_of(const LatencyHistogram* histogram) {
  return histogram == nullptr ? Cell() : Cell(histogram->mean_ns());
}

std::span<const ColumnDescription> trial_columns() {
  return descriptions;
}

std::string trials_header() {
  return field::header(columns);
}

std::string to_csv(const WindowRow& row) {
  return field::line(columns, row);
}

WindowRow row_from_csv(std::string_view line) {
  WindowRow row;
  field::read_line(columns, line, "trials.csv", row);
  return row;
}

}  // namespace lockbench
