/// A lock that is held while its owner waits for a device.

#include <fmt/format.h>
#include <sys/prctl.h>

#include <array>
#include <atomic>
#include <mutex>
#include <thread>

#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/run_together.hpp"

namespace lockbench::pitfalls {
namespace {

constexpr std::uint32_t workers = 8;
constexpr std::array io_times_us{0U, 100U, 1'000U, 5'000U};

/// Returns operations a second: each updates a protected counter and does some I/O.
double throughput(std::chrono::microseconds io_time, bool under_lock, Clock::duration window) {
  std::mutex mutex;
  std::uint64_t updates = 0;  // protected by the mutex
  const auto took =
      run_for(window, workers, [&](std::uint32_t /*index*/, const std::atomic<bool>& running) {
        ::prctl(PR_SET_TIMERSLACK, 1);  // in ns: the usual 50 us would be half of the shortest wait
        while (running.load(std::memory_order_relaxed)) {
          std::unique_lock guard(mutex);
          ++updates;
          if (!under_lock) guard.unlock();
          // A thread that waits for a disk or a network sleeps like this, for a time that is known here.
          std::this_thread::sleep_for(io_time);
        }
      });
  return static_cast<double>(updates) / seconds(took);
}

Shown run_io_under_lock(std::uint32_t dose) {
  const auto window = std::chrono::milliseconds(150) * dose;
  Shown result;
  double gain = 0;
  for (const auto io_us : io_times_us) {
    const std::chrono::microseconds io_time(io_us);
    const auto wrong = throughput(io_time, true, window);
    const auto right = throughput(io_time, false, window);
    result.readings.push_back({fmt::format("throughput_io_{}_us", io_us),
                               fmt::format("throughput, I/O of {} us", io_us), "operations/s",
                               wrong, right});
    gain = right / wrong;  // the last one counts, that of the longest I/O
  }
  result.readings.push_back({"gain", "gain by unlocking first, longest I/O", "times", {}, gain});
  constexpr double clear_gain = 2;
  result.shown = gain >= clear_gain;
  result.happened = fmt::format(
      "{} threads incremented a counter under one lock and waited for a device (a sleep of known "
      "length), with or without the lock held. With the lock held, only one thread can wait at a "
      "time: throughput is one over the time of the I/O, however many threads there are. If they "
      "unlock first, all wait side by side.",
      workers);
  return result;
}

}  // namespace

Pitfall io_under_lock() {
  return {.name = "io-under-lock",
          .summary = "a thread reads or writes a file while it holds a lock",
          .rule =
              "Never wait for anything slow while you hold a lock: no file, no network, no log, no "
              "callback that may. Copy what you need under the lock, unlock, then do it.",
          .run = run_io_under_lock};
}

}  // namespace lockbench::pitfalls
