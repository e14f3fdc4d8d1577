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
  Clock::time_point last_start = Clock::time_point::min();
  Clock::time_point first_stop = Clock::time_point::max();
  Clock::time_point last_stop = Clock::time_point::min();
};

double seconds(Clock::duration duration) {
  return std::max(0.0, std::chrono::duration<double>(duration).count());
}

Span span_of(std::span<const ThreadRecord> threads) {
  const bool all_asleep = std::all_of(threads.begin(), threads.end(),
                                      [](const auto& thread) { return thread.woken_by_stop; });
  Span span;
  for (const auto& thread : threads) {
    span.first_start = std::min(span.first_start, thread.start.time);
    span.last_start = std::max(span.last_start, thread.start.time);
    if (thread.woken_by_stop && !all_asleep) continue;
    span.first_stop = std::min(span.first_stop, thread.stop.time);
    span.last_stop = std::max(span.last_stop, thread.stop.time);
  }
  return span;
}

void lower_to_role(Measurement& measurement, std::span<const ThreadRecord> threads,
                   std::uint32_t role) {
  std::vector<double> amounts;
  for (const auto& thread : threads) {
    if (thread.role != role) continue;
    amounts.push_back(static_cast<double>(thread.measured.operations()));
  }
  if (amounts.empty()) return;
  measurement.fairness_jain = std::min(measurement.fairness_jain, jain_index(amounts));
  measurement.min_thread_share = std::min(measurement.min_thread_share, min_share(amounts));
  measurement.max_thread_share = std::max(measurement.max_thread_share, max_share(amounts));
}

/// A thread that was still held up in an operation of the warm-up when others began has waited from
/// then on; one that never came back from it, for the whole window.
double longest_gap_of(const ThreadRecord& thread, Clock::time_point first_start) {
  return std::max(seconds(thread.longest_gap), seconds(thread.start.time - first_start));
}

std::optional<double> run_queue_wait_of(const ThreadRecord& thread) {
  const auto& before = thread.start.run_queue_wait_ns;
  const auto& after = thread.stop.run_queue_wait_ns;
  if (!before || !after) return std::nullopt;
  return static_cast<double>(*after - *before) * 1e-9;
}

/// Of all threads together, or of none.
template <class Amount>
std::optional<double> sum_over(std::span<const ThreadRecord> threads, Amount&& amount_of) {
  double sum = 0;
  for (const auto& thread : threads) {
    const std::optional<double> amount = amount_of(thread);
    if (!amount) return std::nullopt;
    sum += *amount;
  }
  return sum;
}

void add_counters(Measurement& measurement, std::span<const ThreadRecord> threads) {
  std::vector<CounterDelta> deltas;
  for (const auto& thread : threads) {
    deltas.push_back(difference(thread.start.counters, thread.stop.counters));
    const auto& share = deltas.back().counted_share;
    if (share) measurement.counted_share = std::min(measurement.counted_share.value_or(1), *share);
  }
  for (std::size_t event = 0; event < thread_event_count; ++event) {
    std::size_t next = 0;
    measurement.events.all[event] =
        sum_over(threads, [&](const ThreadRecord&) { return deltas[next++].counts.all[event]; });
  }
  measurement.run_queue_wait_s = sum_over(threads, run_queue_wait_of);
}

/// Difference, or 0 where it would be negative.
constexpr std::uint64_t excess(std::uint64_t of, std::uint64_t over) noexcept {
  return of > over ? of - over : 0;
}

}  // namespace

Measurement measure(std::span<const ThreadRecord> threads) {
  Measurement measurement;
  const Span span = span_of(threads);
  measurement.duration_s = seconds(span.last_stop - span.first_start);
  for (const auto& thread : threads) {
    measurement.tally += thread.measured;
    measurement.work += thread.work;
    measurement.longest_gap_s =
        std::max(measurement.longest_gap_s, longest_gap_of(thread, span.first_start));
    measurement.cpu_s += thread.stop.cpu_s - thread.start.cpu_s;
    measurement.voluntary_switches +=
        static_cast<double>(thread.stop.voluntary_switches - thread.start.voluntary_switches);
    measurement.involuntary_switches +=
        static_cast<double>(thread.stop.involuntary_switches - thread.start.involuntary_switches);
  }
  if (measurement.duration_s > 0) {
    measurement.overlap = seconds(span.first_stop - span.last_start) / measurement.duration_s;
    measurement.throughput_ops_s =
        static_cast<double>(measurement.tally.operations()) / measurement.duration_s;
  }
  add_counters(measurement, threads);
  constexpr std::uint32_t most_roles = 2;
  for (std::uint32_t role = 0; role < most_roles; ++role) {
    lower_to_role(measurement, threads, role);
  }
  return measurement;
}

std::vector<ThreadFigures> thread_figures(std::span<const ThreadRecord> threads) {
  std::map<std::uint32_t, std::vector<double>> by_role;
  for (const auto& thread : threads) {
    by_role[thread.role].push_back(static_cast<double>(thread.measured.operations()));
  }
  const auto first_start = span_of(threads).first_start;
  std::vector<ThreadFigures> figures;
  for (const auto& thread : threads) {
    const auto operations = static_cast<double>(thread.measured.operations());
    figures.push_back({.thread = static_cast<std::uint32_t>(figures.size()),
                       .role = thread.role,
                       .tally = thread.measured,
                       .share = share_of(operations, by_role[thread.role]),
                       .longest_gap_s = longest_gap_of(thread, first_start),
                       .start_s = seconds(thread.start.time - first_start),
                       .duration_s = seconds(thread.stop.time - thread.start.time),
                       .cpu_s = thread.stop.cpu_s - thread.start.cpu_s,
                       .voluntary_switches = static_cast<double>(thread.stop.voluntary_switches -
                                                                 thread.start.voluntary_switches),
                       .involuntary_switches = static_cast<double>(
                           thread.stop.involuntary_switches - thread.start.involuntary_switches),
                       .counters = difference(thread.start.counters, thread.stop.counters),
                       .run_queue_wait_s = run_queue_wait_of(thread)});
  }
  return figures;
}

bool Violations::any() const noexcept {
  return (double_hand_outs | lost_updates | invented | refused_new_ids | refused_forgets |
          wrong_statuses | wrong_size) != 0;
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
  Violations violations;
  const auto& contradictions = account.contradictions;
  violations.double_hand_outs = contradictions.double_hand_outs + account.remaining_twice;
  violations.refused_new_ids = contradictions.refused_new_ids;
  violations.refused_forgets = contradictions.refused_forgets;
  violations.wrong_statuses = contradictions.wrong_statuses;

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
