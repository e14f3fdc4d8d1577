#include "harness/results/thread_row.hpp"

namespace lockbench {
namespace {

using M = ThreadMeasurement;

template <auto Member>
Cell of(const M& thread, const MeasuredWindow& /*window*/) {
  return figure::cell(thread.*Member);
}
template <auto Member>
Cell of_tally(const M& thread, const MeasuredWindow& /*window*/) {
  return figure::of_tally<Member>(thread.tally);
}
template <ThreadEvent event>
Cell of_event(const M& thread, const MeasuredWindow& /*window*/) {
  return thread.counters.counts[event];
}
Cell cpu(const M& thread, const MeasuredWindow& window) {
  const auto& cpus = window.cpus;
  return cpus.empty() ? Cell() : Cell(cpus[thread.thread % cpus.size()]);
}
Cell longest_gap_s(const M& thread, const MeasuredWindow& window) {
  return window.sample_every == 0 ? Cell() : Cell(thread.longest_gap_s);
}

using ThreadReading = Cell (*)(const M&, const MeasuredWindow&);

struct ThreadFigure {
  ColumnDescription column;
  FigureKind kind;
  ThreadReading read;
};

constexpr ThreadFigure count(std::string_view name, std::string_view unit, std::string_view meaning,
                             ThreadReading read) {
  return {{name, unit, meaning}, FigureKind::count, read};
}
constexpr ThreadFigure real(std::string_view name, std::string_view unit, std::string_view meaning,
                            std::string_view empty, ThreadReading read) {
  return {{name, unit, meaning, empty}, FigureKind::real, read};
}

constexpr std::array<ThreadFigure, ThreadRow::figures> thread_figures{
    count("thread", "", "number of the thread in its team, from 0", of<&M::thread>),
    count("role", "",
          "1 = producer, or the writer of `status_storm`; 0 = everybody else. Shares are within a "
          "role",
          of<&M::role>),
    real("cpu", "", "CPU that the thread was pinned to, as the system numbers it",
         "the thread was not pinned", cpu),
    count("operations", "operations", "its successful calls within the window",
          of_tally<&Tally::operations>),
    count("reads", "operations", "its successful `get_status` calls", of_tally<&Tally::reads>),
    count("writes", "operations", "its successful calls that changed the queue",
          of_tally<&Tally::writes>),
    count("empty_takes", "calls", "its takes that found nothing; not operations",
          of_tally<&Tally::empty_takes>),
    real("share", "share",
         "its operations / mean of its role: 1 = as many as the others, 0 = nothing", figure::never,
         of<&M::share>),
    real("longest_gap_s", "s",
         "as in `trials.csv`, for this thread: no wait of its for a turn was longer",
         "no operation was timed", longest_gap_s),
    real("start_s", "s", "when it saw that measuring had begun, after the first thread that did",
         figure::never, of<&M::start_s>),
    real("duration_s", "s", "from its start to its stop, by its own clock", figure::never,
         of<&M::duration_s>),
    real("cpu_s", "s", "its CPU time in between", figure::never, of<&M::cpu_s>),
    real("voluntary_switches", "switches", "times it gave up its CPU to wait", figure::never,
         of<&M::voluntary_switches>),
    real("involuntary_switches", "switches", "times it was preempted", figure::never,
         of<&M::involuntary_switches>),
    real("run_queue_wait_s", "s", "time that it was ready to run and had no CPU",
         "the kernel keeps no such account", of<&M::run_queue_wait_s>),
    real("migrations", "moves", "its moves to another CPU", "not counted",
         of_event<ThreadEvent::cpu_migrations>),
    real("futex_calls", "calls", "its system calls that put threads to sleep and wake them",
         "not counted", of_event<ThreadEvent::futex_calls>),
    real("cycles", "cycles", "its CPU cycles", "not counted", of_event<ThreadEvent::cycles>),
    real("instructions", "instructions", "its instructions", "not counted",
         of_event<ThreadEvent::instructions>),
    real("cache_misses", "misses", "its misses, mostly of the CPU's last cache", "not counted",
         of_event<ThreadEvent::cache_misses>),
};
static_assert(!thread_figures.back().column.name.empty(), "ThreadRow::figures is too large");

}  // namespace

std::vector<ThreadRow> thread_rows(const WindowKey& key, const MeasuredWindow& window) {
  std::vector<ThreadRow> rows;
  for (const auto& thread : thread_measurements(window.outcome.threads)) {
    auto& row = rows.emplace_back(ThreadRow{key});
    for (std::size_t i = 0; i < thread_figures.size(); ++i) {
      row.values[i] = thread_figures[i].read(thread, window);
    }
  }
  return rows;
}

const Columns<ThreadRow>& thread_columns() {
  static const auto all = [] {
    Columns<ThreadRow> columns("threads.csv", Digits::nine);
    return add_key(columns).add_figures(thread_figures);
  }();
  return all;
}

}  // namespace lockbench
