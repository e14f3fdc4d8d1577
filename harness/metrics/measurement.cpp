#include "harness/metrics/measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "harness/metrics/statistics.hpp"

namespace lockbench {
namespace {

struct Span {
  Clock::time_point first_start = Clock::time_point::max();
  Clock::time_point first_stop = Clock::time_point::max();
  Clock::time_point last_stop = Clock::time_point::min();
};

double seconds(Clock::duration duration) {
  return std::max(0.0, std::chrono::duration<double>(duration).count());
}

/// A call of the warm-up held this thread until the window had ended.
bool had_no_turn(const ThreadRecord& thread) {
  return thread.start.time == thread.stop.time;
}

/// Whether its stop tells until when work was possible, and not when a call let go of the thread.
bool shows_the_end(const ThreadRecord& thread) {
  return !thread.woken_by_stop && !had_no_turn(thread);
}

Span span_of(std::span<const ThreadRecord> threads) {
  const bool any_shows_the_end = std::any_of(threads.begin(), threads.end(), shows_the_end);
  Span span;
  for (const auto& thread : threads) {
    span.first_start = std::min(span.first_start, thread.start.time);
    if (any_shows_the_end && !shows_the_end(thread)) continue;
    span.first_stop = std::min(span.first_stop, thread.stop.time);
    span.last_stop = std::max(span.last_stop, thread.stop.time);
  }
  return span;
}

/// The time between two stamps of one thread in which it was ready to run and had no CPU. Where the
/// kernel does not tell, it is the time without a CPU; but none if the thread gave up its CPU by
/// itself, since then it was blocked in a call.
Clock::duration kept_off_cpu(const Stamp& from, const Stamp& to) {
  if (from.run_queue_wait_ns && to.run_queue_wait_ns) {
    return std::chrono::nanoseconds(*to.run_queue_wait_ns - *from.run_queue_wait_ns);
  }
  if (to.voluntary_switches > from.voluntary_switches) return {};
  const std::chrono::duration<double> on_cpu(to.cpu_s - from.cpu_s);
  return to.time - from.time - std::chrono::duration_cast<Clock::duration>(on_cpu);
}

/// How long after the first start this thread became able to run. A thread that came late because the
/// queue held it was able all along.
Clock::duration unable_at_start(const ThreadRecord& thread, const Span& span) {
  if (had_no_turn(thread) && thread.woken_by_stop) return {};  // it slept, waiting for a task
  return std::min(thread.start.time - span.first_start, kept_off_cpu(thread.arrival, thread.start));
}

/// The part of a late stop for which the want of a CPU can be the reason.
Clock::duration unable_at_end(const ThreadRecord& thread, const Span& span) {
  if (!shows_the_end(thread)) return {};
  return std::min(thread.stop.time - span.first_stop, kept_off_cpu(thread.start, thread.stop));
}

/// Seconds of the span in which all threads were able to run.
double all_able_s(std::span<const ThreadRecord> threads, const Span& span) {
  Clock::duration at_start{};
  Clock::duration at_end{};
  for (const auto& thread : threads) {
    at_start = std::max(at_start, unable_at_start(thread, span));
    at_end = std::max(at_end, unable_at_end(thread, span));
  }
  return seconds(span.last_stop - span.first_start - at_start - at_end);
}

/// A thread that was still held up in an operation of the warm-up when others began has waited from
/// then on; one that never came back from it, for the whole window, unless it slept for want of tasks.
Clock::duration longest_gap(const ThreadRecord& thread, const Span& span) {
  if (!had_no_turn(thread)) {
    return std::max(thread.longest_gap, thread.start.time - span.first_start);
  }
  return thread.woken_by_stop ? Clock::duration{} : span.last_stop - span.first_start;
}

/// The operations of each thread, by role.
std::map<std::uint32_t, std::vector<double>> operations_by_role(
    std::span<const ThreadRecord> threads) {
  std::map<std::uint32_t, std::vector<double>> operations;
  for (const auto& thread : threads) {
    operations[thread.role].push_back(static_cast<double>(thread.measured.operations()));
  }
  return operations;
}

Cell seconds_between(const std::optional<std::int64_t>& before,
                     const std::optional<std::int64_t>& after) {
  return before && after ? Cell(static_cast<double>(*after - *before) * 1e-9) : Cell();
}

/// A sum over threads is known only where the figure is known for each of them.
void add(Cell& sum, const Cell& value) {
  sum = sum && value ? Cell(*sum + *value) : Cell();
}

/// Difference, or 0 where it would be negative.
constexpr std::uint64_t excess(std::uint64_t of, std::uint64_t over) noexcept {
  return of > over ? of - over : 0;
}

}  // namespace

std::vector<ThreadMeasurement> thread_measurements(std::span<const ThreadRecord> threads) {
  const auto by_role = operations_by_role(threads);
  const Span span = span_of(threads);
  std::vector<ThreadMeasurement> measurements;
  for (const auto& thread : threads) {
    const Stamp& start = thread.start;
    const Stamp& stop = thread.stop;
    measurements.push_back(
        {.thread = static_cast<std::uint32_t>(measurements.size()),
         .role = thread.role,
         .tally = thread.measured,
         .share =
             share_of(static_cast<double>(thread.measured.operations()), by_role.at(thread.role)),
         .longest_gap_s = seconds(longest_gap(thread, span)),
         .start_s = seconds(start.time - span.first_start),
         .duration_s = seconds(stop.time - start.time),
         .cpu_s = stop.cpu_s - start.cpu_s,
         .voluntary_switches =
             static_cast<double>(stop.voluntary_switches - start.voluntary_switches),
         .involuntary_switches =
             static_cast<double>(stop.involuntary_switches - start.involuntary_switches),
         .counters = difference(start.counters, stop.counters),
         .run_queue_wait_s = seconds_between(start.run_queue_wait_ns, stop.run_queue_wait_ns)});
  }
  return measurements;
}

Measurement measurement_of(std::span<const ThreadRecord> records) {
  Measurement sum;
  const Span span = span_of(records);
  sum.duration_s = seconds(span.last_stop - span.first_start);
  const auto threads = thread_measurements(records);
  sum.events.all.fill(0.0);
  sum.run_queue_wait_s = 0;
  for (const auto& record : records) sum.work += record.work;
  for (const auto& thread : threads) {
    sum.tally += thread.tally;
    sum.min_thread_share = std::min(sum.min_thread_share, thread.share);
    sum.max_thread_share = std::max(sum.max_thread_share, thread.share);
    sum.longest_gap_s = std::max(sum.longest_gap_s, thread.longest_gap_s);
    sum.cpu_s += thread.cpu_s;
    sum.voluntary_switches += thread.voluntary_switches;
    sum.involuntary_switches += thread.involuntary_switches;
    for (std::size_t event = 0; event < thread_event_count; ++event) {
      add(sum.events.all[event], thread.counters.counts.all[event]);
    }
    add(sum.run_queue_wait_s, thread.run_queue_wait_s);
    const auto& share = thread.counters.counted_share;
    if (share) sum.counted_share = std::min(sum.counted_share.value_or(1), *share);
  }
  if (sum.duration_s > 0) {
    sum.overlap = all_able_s(records, span) / sum.duration_s;
    sum.throughput_ops_s = static_cast<double>(sum.tally.operations()) / sum.duration_s;
  }
  for (const auto& [role, operations] : operations_by_role(records)) {
    sum.fairness_jain = std::min(sum.fairness_jain, jain_index(operations));
  }
  return sum;
}

std::string Violations::text() const {
  const std::array<std::pair<const char*, std::uint64_t>, 7> counts{{
      {"double_hand_outs", double_hand_outs},
      {"lost_updates", lost_updates},
      {"invented", invented},
      {"refused_new_ids", refused_new_ids},
      {"refused_forgets", refused_forgets},
      {"wrong_statuses", wrong_statuses},
      {"wrong_size", wrong_size},
  }};
  std::string text;
  for (const auto& [name, count] : counts) {
    if (count != 0) text += fmt::format("{}{}={}", text.empty() ? "" : " ", name, count);
  }
  return text;
}

Violations audit(const Account& account) {
  Violations violations{account.contradictions};
  violations.double_hand_outs += account.remaining_twice;

  const std::uint64_t out = account.taken + account.cancelled + account.remaining;
  const std::uint64_t out_once = out - std::min(violations.double_hand_outs, out);
  violations.lost_updates = excess(account.added, out_once);
  violations.invented = excess(out_once, account.added);
  // As many as were added, but not the same ones: one lost for each invented or repeated.
  const bool balanced =
      violations.lost_updates == 0 && violations.invented == 0 && violations.double_hand_outs == 0;
  if (balanced && account.added_ids.sum != account.taken_ids.sum) {
    violations.lost_updates = 1;
    violations.invented = 1;
  }
  violations.wrong_size = excess(account.size_before_drain, account.remaining) +
                          excess(account.remaining, account.size_before_drain);
  return violations;
}

}  // namespace lockbench
