#include "harness/engine/worker.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <ctime>

namespace lockbench {

namespace {

/// The thread's clock, and not getrusage's times: those are as of the last tick of the scheduler,
/// up to 4 ms ago.
double cpu_time_s() noexcept {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
}

void read_usage(Stamp& stamp) noexcept {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  stamp.cpu_s = cpu_time_s();
  stamp.voluntary_switches = usage.ru_nvcsw;
  stamp.involuntary_switches = usage.ru_nivcsw;
}

void read_instruments(Stamp& stamp, const Instruments* instruments) noexcept {
  if (instruments == nullptr) return;
  stamp.counters = instruments->counters.read();
  stamp.run_queue_wait_ns = instruments->run_queue.read_ns();
}

/// Streams of one thread that differ from one another.
enum class Stream : std::uint32_t { draws, samples, critical, think, task };

Random stream(const WorkerSetup& setup, Stream which) {
  return Random(mixed_bits(mixed_bits(setup.seed) + setup.index) +
                static_cast<std::uint32_t>(which));
}

}  // namespace

Stamp stamp_at_start(const Instruments* instruments) noexcept {
  Stamp stamp;
  read_instruments(stamp, instruments);
  read_usage(stamp);
  stamp.time = Clock::now();
  return stamp;
}

Stamp stamp_at_stop(const Instruments* instruments) noexcept {
  Stamp stamp;
  stamp.time = Clock::now();
  read_usage(stamp);
  read_instruments(stamp, instruments);
  return stamp;
}

Worker::Worker(const PhaseFlag& phase, const CaseParameters& point, const WorkerSetup& setup)
    : phase_(&phase),
      point_(&point),
      instruments_(setup.instruments),
      index_(setup.index),
      role_(setup.role),
      read_chance_(point.read_ratio),
      cancel_chance_(point.cancel_ratio),
      random_(stream(setup, Stream::draws)),
      sampler_(setup.sample_every, stream(setup, Stream::samples).next()),
      next_id_(first_id_of(setup.index + 1)),
      payload_(point.payload_bytes),
      critical_work_(point.critical_section_ns, point.critical_section_jitter, setup.rate,
                     stream(setup, Stream::critical)),
      think_work_(point.think_ns, point.think_jitter, setup.rate, stream(setup, Stream::think)),
      task_work_(point.work_ns, point.work_jitter, setup.rate, stream(setup, Stream::task)) {}

void Worker::note(LatencyKind kind, Clock::time_point begin, Clock::time_point end) noexcept {
  if (!is_measuring()) return;
  latencies.of(kind).record(nanoseconds(end - begin));
  longest_gap = std::max(longest_gap, end - last_turn_);
  last_turn_ = end;
}

bool Worker::enter(Phase phase) noexcept {
  seen_ = phase;
  switch (phase) {
    case Phase::gather:
    case Phase::warm_up: return true;
    case Phase::measure:
      tally_at_start = tally;
      work_at_start = work_done();
      start = stamp_at_start(instruments_);
      last_turn_ = start.time;
      return true;
    case Phase::stop:
      seen_ = Phase::gather;  // which the flag never shows again, so this thread keeps coming here
      if (has_stopped_) return false;
      has_stopped_ = true;
      stop = stamp_at_stop(instruments_);
      tally_at_stop = tally;
      work_at_stop = work_done();
      // A thread that never had a turn within the window measured nothing, at its end.
      if (start.time == Clock::time_point{}) {
        start = stop;
        last_turn_ = stop.time;
        tally_at_start = tally;
        work_at_start = work_at_stop;
      }
      if (sampler_.every() != 0 && !woken_by_stop) {
        longest_gap = std::max(longest_gap, stop.time - last_turn_);
      }
      return false;
  }
  return false;
}

}  // namespace lockbench
