#include "harness/engine/heartbeat.hpp"

#include <chrono>
#include <ctime>
#include <utility>

namespace lockbench {
namespace {

constexpr std::chrono::milliseconds beat_length{20};

/// Unlike the steady clock, this one goes on while the machine is suspended.
double time_since_boot_s() noexcept {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

BeatClock::Moment BeatClock::now() const noexcept {
  const auto wait_ns = run_queue_.read_ns();
  return {time_since_boot_s(), wait_ns ? Cell(static_cast<double>(*wait_ns) * 1e-9) : Cell()};
}

Beat BeatClock::since_last(double asked_s) noexcept {
  const auto after = now();
  const auto before = std::exchange(last_, after);
  Beat beat{.asked_s = asked_s, .took_s = after.time_s - before.time_s, .run_queue_wait_s = {}};
  if (before.run_queue_wait_s && after.run_queue_wait_s) {
    beat.run_queue_wait_s = *after.run_queue_wait_s - *before.run_queue_wait_s;
  }
  return beat;
}

Heartbeat::Heartbeat() : thread_([this] { beat_until_over(); }) {}

Heartbeat::~Heartbeat() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  beat_now_.notify_one();
  thread_.join();
}

double Heartbeat::stopped_s() {
  std::unique_lock lock(mutex_);
  const auto before = beats_;
  asked_ = true;
  beat_now_.notify_one();
  has_beaten_.wait(lock, [&] { return beats_ != before; });
  return stopped_s_;
}

void Heartbeat::beat_until_over() {
  BeatClock clock;
  std::unique_lock lock(mutex_);
  while (!over_) {
    beat_now_.wait_for(lock, beat_length, [&] { return asked_ || over_; });
    stopped_s_ +=
        lockbench::stopped_s(clock.since_last(std::chrono::duration<double>(beat_length).count()));
    asked_ = false;
    ++beats_;
    has_beaten_.notify_all();
  }
}

}  // namespace lockbench
