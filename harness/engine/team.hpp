#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace lockbench {

/// Threads that live as long as the process and are pinned once, so that every window of a block
/// runs on the same threads and CPUs. Used by one coordinating thread.
class Team {
public:
  /// `cpus[i]` is the CPU of thread i; empty leaves placement to the scheduler. Throws `Error` when
  /// a thread cannot be started or pinned.
  Team(std::uint32_t threads, std::vector<int> cpus);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  [[nodiscard]] std::uint32_t size() const noexcept {
    return static_cast<std::uint32_t>(threads_.size());
  }
  [[nodiscard]] const std::vector<int>& cpus() const noexcept { return cpus_; }

  /// Sends every thread through `job(index)`; returns at once. `job` must outlive `finish`.
  void start(const std::function<void(std::uint32_t)>& job);
  /// Waits, asleep, until all threads have left the job.
  void finish();
  void run(const std::function<void(std::uint32_t)>& job) {
    start(job);
    finish();
  }

private:
  /// A team without threads, which is complete: its destructor ends those that are started later.
  explicit Team(std::vector<int> cpus) noexcept;
  void serve(std::uint32_t index);

  std::vector<int> cpus_;
  const std::function<void(std::uint32_t)>* job_ = nullptr;  // null asks the threads to end
  std::atomic<std::uint32_t> round_{0};
  std::atomic<std::uint32_t> busy_{0};
  std::vector<std::thread> threads_;
};

}  // namespace lockbench
