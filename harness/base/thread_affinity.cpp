#include "harness/base/thread_affinity.hpp"

#include <algorithm>
#include <numeric>

namespace lockbench {

CpuMask::CpuMask(const std::vector<int>& cpus) {
  const int highest = cpus.empty() ? 0 : *std::ranges::max_element(cpus);
  words_.resize(static_cast<std::size_t>(highest) / CPU_SETSIZE + 1);
  for (const int cpu : cpus) CPU_SET_S(static_cast<std::size_t>(cpu), bytes(), words_.data());
}

CpuMask CpuMask::largest() {
  CpuMask mask;
  mask.words_.resize(64);
  return mask;
}

std::vector<int> CpuMask::cpus() const {
  std::vector<int> cpus;
  for (std::size_t cpu = 0; cpu < 8 * bytes(); ++cpu) {
    if (CPU_ISSET_S(cpu, bytes(), words_.data())) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

int pin(pthread_t thread, int cpu) {
  const CpuMask only({cpu});
  return pthread_setaffinity_np(thread, only.bytes(), only.data());
}

std::vector<int> affinity_of(pid_t thread) {
  auto mask = CpuMask::largest();
  if (sched_getaffinity(thread, mask.bytes(), mask.data()) != 0) return {};
  return mask.cpus();
}

std::vector<int> reachable_by(pid_t thread) {
  auto before = affinity_of(thread);
  std::vector<int> all(8 * CpuMask::largest().bytes());
  std::iota(all.begin(), all.end(), 0);
  const CpuMask wish(all);
  if (before.empty() || sched_setaffinity(thread, wish.bytes(), wish.data()) != 0) return before;
  auto granted = affinity_of(thread);
  const CpuMask narrow(before);
  (void)sched_setaffinity(thread, narrow.bytes(), narrow.data());
  return granted.empty() ? before : granted;
}

}  // namespace lockbench
