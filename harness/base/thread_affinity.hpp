#pragma once

/// Which CPUs a thread may run on, whatever their numbers: a `cpu_set_t` of its own has room for 1,024.

#include <pthread.h>
#include <sched.h>

#include <cstddef>
#include <vector>

namespace lockbench {

/// A set of CPUs as the kernel takes it.
class CpuMask {
public:
  CpuMask() : words_(1) {}
  explicit CpuMask(const std::vector<int>& cpus);
  /// Larger than any kernel's, and empty. The kernel refuses to write into one that is too small.
  [[nodiscard]] static CpuMask largest();

  [[nodiscard]] std::vector<int> cpus() const;
  [[nodiscard]] std::size_t bytes() const noexcept { return words_.size() * sizeof(cpu_set_t); }
  [[nodiscard]] const cpu_set_t* data() const noexcept { return words_.data(); }
  [[nodiscard]] cpu_set_t* data() noexcept { return words_.data(); }

private:
  std::vector<cpu_set_t> words_;
};

/// Pins a thread to one CPU. Returns 0, or an `errno` value.
[[nodiscard]] int pin(pthread_t thread, int cpu);

/// The CPUs that a thread may run on, ascending; none where the kernel does not tell. `thread` is as
/// sched_setaffinity takes it: 0 is the caller, the process's id its main thread.
[[nodiscard]] std::vector<int> affinity_of(pid_t thread);

/// The CPUs that a thread may run on if it asks for all of them: the kernel grants those of its
/// control group, isolated ones included. The thread's affinity is as before afterwards.
[[nodiscard]] std::vector<int> reachable_by(pid_t thread);

}  // namespace lockbench
