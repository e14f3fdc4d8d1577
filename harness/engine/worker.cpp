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

Random stream(std::uint64_t seed, std::uint32_t index, Stream which) {
  return Random(mixed_bits(mixed_bits(seed) + index) + static_cast<std::uint32_t>(which));
}

}  // namespace

Stamp stamp_at_arrival(const Instruments* instruments) noexcept {
  Stamp stamp;
  if (instruments != nullptr) stamp.run_queue_wait_ns = instruments->run_queue.read_ns();
  read_usage(stamp);
  stamp.time = Clock::now();
  return stamp;
}

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

Worker::Worker(const PhaseFlag& phase, const WindowSpec& spec, std::uint32_t index,
               std::uint32_t role)
    : notes{.role = role},
      phase_(&phase),
      point_(&spec.point),
      instruments_(spec.instruments == nullptr ? nullptr : spec.instruments->at(index).get()),
      index_(index),
      cancel_chance_(point_->cancel_ratio),
      random_(stream(spec.seed, index, Stream::draws)),
      sampler_(spec.sample_every, stream(spec.seed, index, Stream::samples).next()),
      next_id_(first_id_of(index + 1)),
      taken_priority_(first_priority(spec.point)),
      payload_(point_->payload_bytes),
      critical_work_(point_->critical_section_ns, point_->critical_section_jitter, spec.rate,
                     stream(spec.seed, index, Stream::critical)),
      think_work_(point_->think_ns, point_->think_jitter, spec.rate,
                  stream(spec.seed, index, Stream::think)),
      task_work_(point_->work_ns, point_->work_jitter, spec.rate,
                 stream(spec.seed, index, Stream::task)) {}

void Worker::note(LatencyKind kind, Clock::time_point begin, Clock::time_point end) noexcept {
  if (!is_measuring()) return;
  latencies.of(kind).record(nanoseconds(end - begin));
  notes.longest_gap = std::max(notes.longest_gap, end - last_turn_);
  last_turn_ = end;
}

bool Worker::enter(Phase phase) noexcept {
  seen_ = phase;
  switch (phase) {
    case Phase::gather:
    case Phase::warm_up: return true;
    case Phase::measure:
      tally_at_start_ = tally;
      work_at_start_ = work_done();
      notes.start = stamp_at_start(instruments_);
      last_turn_ = notes.start.time;
      return true;
    case Phase::stop:
      seen_ = Phase::gather;  // which the flag never shows again, so this thread keeps coming here
      if (has_stopped_) return false;
      has_stopped_ = true;
      notes.stop = stamp_at_stop(instruments_);
      // A thread that never had a turn within the window measured nothing, at its end.
      if (notes.start.time == Clock::time_point{}) {
        notes.start = notes.stop;
        last_turn_ = notes.stop.time;
        tally_at_start_ = tally;
        work_at_start_ = work_done();
      }
      notes.measured = tally - tally_at_start_;
      notes.work = work_done() - work_at_start_;
      if (sampler_.every() != 0 && !notes.woken_by_stop) {
        notes.longest_gap = std::max(notes.longest_gap, notes.stop.time - last_turn_);
      }
      return false;
  }
  return false;
}

}  // namespace lockbench
