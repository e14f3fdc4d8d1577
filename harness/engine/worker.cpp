#include "harness/engine/worker.hpp"

namespace lockbench {

Tally& Tally::operator+=(const Tally& other) noexcept {
  reads += other.reads;
  adds += other.adds;
  takes += other.takes;
  completions += other.completions;
  forgets += other.forgets;
  empty_takes += other.empty_takes;
  full_adds += other.full_adds;
  return *this;
}

Tally Tally::since(const Tally& earlier) const noexcept {
  return {reads - earlier.reads,        adds - earlier.adds,
          takes - earlier.takes,        completions - earlier.completions,
          forgets - earlier.forgets,    empty_takes - earlier.empty_takes,
          full_adds - earlier.full_adds};
}

Contradictions& Contradictions::operator+=(const Contradictions& other) noexcept {
  refused_new_ids += other.refused_new_ids;
  double_hand_outs += other.double_hand_outs;
  refused_forgets += other.refused_forgets;
  wrong_statuses += other.wrong_statuses;
  return *this;
}

Stamp Stamp::now() noexcept {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  const auto seconds = [](const timeval& spent) {
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_usec) * 1e-6;
  };
  return {.time = Clock::now(),
          .cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime),
          .voluntary_switches = usage.ru_nvcsw,
          .involuntary_switches = usage.ru_nivcsw};
}

Worker::Worker(const PhaseFlag& phase, const CaseParameters& point, std::uint32_t index,
               std::uint64_t seed)
    : phase_(&phase),
      point_(&point),
      index_(index),
      read_chance_(point.read_ratio),
      random_(mixed_bits(seed) + index),
      next_id_(first_id_of(index + 1)),
      payload_(point.payload_bytes) {}

bool Worker::enter(Phase phase) noexcept {
  seen_ = phase;
  switch (phase) {
    case Phase::gather:
    case Phase::warm_up: return true;
    case Phase::measure:
      tally_at_start = tally;
      start = Stamp::now();
      return true;
    case Phase::stop:
      stop = Stamp::now();
      tally_at_stop = tally;
      // A thread that never had a turn within the window measured nothing, at its end.
      if (start.time == Clock::time_point{}) {
        start = stop;
        tally_at_start = tally;
      }
      return false;
  }
  return false;
}

}  // namespace lockbench
