#include "harness/verify/rounds/pulse.hpp"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <new>
#include <span>

#include "harness/base/thread_affinity.hpp"

namespace lockbench::verify {

/// A ring of the last beats. The older half may be overwritten while it is read, so it does not count.
struct Pulse::Shared {
  static constexpr std::size_t kept = 1U << 14U;

  std::array<std::atomic<std::int64_t>, 2 * kept> beats_ns{};
  std::atomic<std::size_t> beats{0};  ///< how many there have been
};

namespace {

std::int64_t steady_ns() noexcept {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

/// What the other process does, until it is killed: system calls and nothing else, since a fork copies
/// locks as they are.
template <class Shared>
void beat(Shared& shared, pid_t parent, std::span<const CpuMask> cpus) noexcept {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) return;
  // Or else whoever reads what the parent writes would wait for this process, too.
  if (::close_range(0, ~0U, 0) != 0) return;
  constexpr timespec between_beats{.tv_sec = 0, .tv_nsec = 500'000};
  for (std::size_t i = 0;; ++i) {
    const auto& cpu = cpus[i % cpus.size()];
    if (::sched_setaffinity(0, cpu.bytes(), cpu.data()) != 0) return;
    (void)::nanosleep(&between_beats, nullptr);
    shared.beats_ns[i % shared.beats_ns.size()].store(steady_ns(), std::memory_order_relaxed);
    // The first beat is not worth as much, but after it every page is there.
    const sched_param none{};
    if (i == 0 && ::sched_setscheduler(0, SCHED_IDLE, &none) != 0) return;
    if (i != 0) shared.beats.store(i, std::memory_order_release);  // (1) pairs with (2)
  }
}

}  // namespace

Pulse::Pulse() {
  std::vector<CpuMask> cpus;
  for (const int cpu : affinity_of(0)) cpus.emplace_back(std::vector<int>{cpu});
  void* const place =
      ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (cpus.empty() || place == MAP_FAILED) return;
  shared_ = new (place) Shared;
  const auto parent = ::getpid();
  process_ = ::fork();
  if (process_ != 0) return;
  beat(*shared_, parent, cpus);
  ::_exit(0);
}

Pulse::~Pulse() {
  if (process_ > 0) {
    (void)::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  if (shared_ != nullptr) (void)::munmap(shared_, sizeof(Shared));
}

std::vector<std::int64_t> Pulse::beats_since(std::int64_t from_ns) const {
  std::vector<std::int64_t> times;
  if (shared_ == nullptr) return times;
  const auto beats = shared_->beats.load(std::memory_order_acquire);  // (2) pairs with (1)
  const auto first = beats - std::min(beats, Shared::kept) + 1;
  for (auto i = first; i <= beats; ++i) {
    const auto time =
        shared_->beats_ns[i % shared_->beats_ns.size()].load(std::memory_order_relaxed);
    if (time >= from_ns) times.push_back(time);
  }
  return times;
}

}  // namespace lockbench::verify
