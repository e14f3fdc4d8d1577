#include "harness/results/thread_row.hpp"

#include "harness/results/field_column.hpp"

namespace lockbench {
namespace {

using Row = ThreadRow;
using field::column;

constexpr field::Column<Row> version{{"schema_version", "", "Version of this list of columns"},
                                     [](const Row&) { return field::write(trials_schema_version); },
                                     [](Row&, std::string_view) { return true; }};

constexpr std::array columns{
    version,
    column<&Row::run_id>("run_id", "", "The run"),
    column<&Row::case_id>("case_id", "", "Strategy and parameter point"),
    column<&Row::block_id>("block_id", "", "Parameter point"),
    column<&Row::strategy>("strategy", "", "Strategy, as in `bench list`"),
    column<&Row::twin>("twin", "", "1 = second label of the same strategy (A/A)"),
    column<&Row::process>("process", "", "Number of the fresh process"),
    column<&Row::window>("window", "", "Number of the window within its process"),
    column<&Row::thread>("thread", "", "Number of the thread in its team, from 0"),
    column<&Row::role>("role", "", "1 = producer, or the writer of `status_storm`; else 0"),
    column<&Row::cpu>("cpu", "", "CPU that the thread was pinned to"),
    column<&Row::operations>("operations", "operations", "Its successful calls within the window"),
    column<&Row::reads>("reads", "operations", "Its successful get_status calls"),
    column<&Row::writes>("writes", "operations", "Its successful calls that changed the queue"),
    column<&Row::empty_takes>("empty_takes", "calls", "Its takes that found nothing"),
    column<&Row::share>("share", "share", "Its operations / mean of its role"),
    column<&Row::longest_gap_s>("longest_gap_s", "s", "No wait for a turn of its was longer"),
    column<&Row::start_s>("start_s", "s", "Its start, after the first thread's"),
    column<&Row::duration_s>("duration_s", "s", "From its start to its stop"),
    column<&Row::cpu_s>("cpu_s", "s", "Its CPU time"),
    column<&Row::voluntary_switches>("voluntary_switches", "switches",
                                     "Times it gave up its CPU to wait"),
    column<&Row::involuntary_switches>("involuntary_switches", "switches",
                                       "Times it was preempted"),
    column<&Row::run_queue_wait_s>("run_queue_wait_s", "s",
                                   "Time that it was ready to run and had no CPU"),
    column<&Row::migrations>("migrations", "moves", "Its moves to another CPU"),
    column<&Row::futex_calls>("futex_calls", "calls", "Its system calls that sleep and wake"),
    column<&Row::cycles>("cycles", "cycles", "Its CPU cycles"),
    column<&Row::instructions>("instructions", "instructions", "Its instructions"),
    column<&Row::cache_misses>("cache_misses", "misses", "Its misses of the last cache, mostly"),
};

constexpr auto descriptions = descriptions_of(columns);

}  // namespace

std::span<const ColumnDescription> thread_columns() {
  return descriptions;
}
std::string thread_header() {
  return field::header(columns);
}
std::string to_csv(const ThreadRow& row) {
  return field::line(columns, row);
}

}  // namespace lockbench
