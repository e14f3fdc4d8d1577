#include "harness/verify/rounds/round_team.hpp"

#include <algorithm>
#include <optional>
#include <thread>

#include "strategies/locks/cpu_relax.hpp"

namespace lockbench::verify {
namespace {

using std::chrono::microseconds;

/// Threads that burn CPU time for as long as this lives.
class Hogs {
public:
  explicit Hogs(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      threads_.emplace_back([](const std::stop_token& over) {
        while (!over.stop_requested()) cpu_relax();
      });
    }
  }

private:
  std::vector<std::jthread> threads_;
};

/// Waits until `is_over`. Returns false if `progress`, a count, did not change for `RoundTeam::patience`.
bool wait_patiently(auto&& is_over, auto&& progress) {
  // Looks are counted as well as time: if this thread is starved, the others may be too.
  constexpr auto look = microseconds(50);
  constexpr int least_looks = 1000;
  auto before = progress();
  auto last_moved = Clock::now();
  for (int looks = 0; !is_over(); ++looks) {
    std::this_thread::sleep_for(look);
    if (const auto now = progress(); now != before) {
      before = now;
      last_moved = Clock::now();
      looks = 0;
    } else if (looks > least_looks && Clock::now() - last_moved > RoundTeam::patience) {
      return false;
    }
  }
  return true;
}

}  // namespace

RoundTeam::RoundTeam(const Subject& subject, const Spec& spec) : capacity_(spec.capacity) {
  shared_->queue = subject.make({.capacity = spec.capacity, .payload_bytes = sizeof(TaskId)});
  shared_->queue->disturb_under_lock(spec.under_lock);
  for (std::size_t i = 0; i <= spec.members; ++i) {
    // The thread outside may have to end the tasks of all others.
    const auto most = spec.most_calls * (i < spec.members ? 1 : spec.members + 1);
    shared_->members.push_back(std::make_unique<Member>(
        *shared_->queue, static_cast<std::uint16_t>(i), start_, most, spec.seed + i));
  }
}

bool RoundTeam::run(const Job& job, const Treatment& treatment) {
  const auto count = size();
  shared_->arrived = shared_->ended = 0;
  shared_->dismissed = false;
  std::vector<std::thread> threads;
  std::vector<pthread_t> handles;
  for (std::size_t i = 0; i < count; ++i) {
    // A stuck thread outlives this team, so it shares what it uses.
    threads.emplace_back([shared = shared_, job, treatment, i, count] {
      Member& self = *shared->members[i];
      set_disturbance(treatment.disturbance, self.random.next());
      serve(&self.stop);
      ++shared->arrived;
      while (shared->arrived < count) std::this_thread::yield();
      job(self);
      ++shared->ended;
      while (!shared->dismissed) std::this_thread::sleep_for(microseconds(20));
    });
    handles.push_back(threads.back().native_handle());
  }

  const Hogs hogs(treatment.hogs);
  std::optional<Preempter> preempter;
  if (treatment.preempted) {
    preempter.emplace(handles, microseconds(100), microseconds(300), outside().random.next());
  }
  stuck_ = !wait_patiently([&] { return shared_->ended == count; },
                           [&] {
                             std::size_t sum = shared_->ended;
                             for (const auto& member : shared_->members) {
                               sum += member->recorder.finished();
                             }
                             return sum;
                           });
  preempter.reset();
  shared_->dismissed = true;
  for (auto& thread : threads) stuck_ ? thread.detach() : thread.join();
  return !stuck_;
}

Instant RoundTeam::instant(std::int64_t steady_ns) const noexcept {
  const auto start_ns = start_.time_since_epoch().count();
  return static_cast<Instant>(std::max(steady_ns, start_ns) - start_ns);
}

History RoundTeam::history() const {
  History all;
  for (const auto& member : shared_->members) {
    const auto part = stuck_ ? member->recorder.seen_by_stuck() : member->recorder.calls();
    all.insert(all.end(), part.begin(), part.end());
  }
  std::ranges::stable_sort(all, {}, &Operation::invoked);
  return all;
}

}  // namespace lockbench::verify
