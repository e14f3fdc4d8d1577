#include "harness/verify/rounds/rounds.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <optional>
#include <thread>

#include "strategies/locks/cpu_relax.hpp"

namespace lockbench::verify {
namespace {

using std::chrono::microseconds;

/// Starts threads that burn CPU time for as long as the result lives.
std::vector<std::jthread> burn_cpu_time(std::uint32_t count) {
  std::vector<std::jthread> hogs;
  for (std::uint32_t i = 0; i < count; ++i) {
    hogs.emplace_back([](const std::stop_token& over) {
      while (!over.stop_requested()) cpu_relax();
    });
  }
  return hogs;
}

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

Priorities::Priorities(Random& random) {
  constexpr std::array<std::uint32_t, 4> levels{1, 3, 16, 0};
  levels_ = levels.at(random.below(levels.size()));
}

int Priorities::draw(Random& random) const {
  if (levels_ != 0) return static_cast<int>(random.below(levels_)) - static_cast<int>(levels_ / 2);
  using Limits = std::numeric_limits<int>;
  constexpr std::array ends{Limits::min(), Limits::max(), Limits::min() + 1, Limits::max() - 1};
  const auto drawn = static_cast<std::uint32_t>(random.next());
  return random.below(2) == 0 ? ends.at(drawn % ends.size()) : std::bit_cast<int>(drawn);
}

Treatment draw_treatment(Random& random) {
  // One in four rounds has no disturbance: its threads run side by side at full speed.
  constexpr std::array disturbances{Disturbance{},
                                    Disturbance{.per_mille = 50, .longest_sleep_us = 0},
                                    Disturbance{.per_mille = 300, .longest_sleep_us = 20},
                                    Disturbance{.per_mille = 30, .longest_sleep_us = 200}};
  return {.disturbance = disturbances.at(random.below(disturbances.size())),
          .preempted = random.below(2) == 0,
          .hogs = random.below(8) == 0 ? 2U : 0U};
}

RoundTeam::RoundTeam(const Subject& subject, const Spec& spec) : capacity_(spec.capacity) {
  shared_->queue =
      subject.make({.capacity = spec.capacity, .payload_bytes = TaskPayload::longest}, spec.hook);
  Random random(spec.seed);
  const RoundIds ids(random);
  for (std::size_t i = 0; i <= spec.members; ++i) {
    // The thread outside may have to end the tasks of all others.
    const auto most = spec.most_calls * (i < spec.members ? 1 : spec.members + 1);
    shared_->members.push_back(std::make_unique<Member>(
        shared_->queue, ids, static_cast<std::uint16_t>(i), start_, most, spec.seed + i));
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
      set_disturbance(treatment.disturbance, self.random.next(), &self.stop);
      ++shared->arrived;
      while (shared->arrived < count) std::this_thread::yield();
      job(self);
      ++shared->ended;
      while (!shared->dismissed) std::this_thread::sleep_for(microseconds(20));
    });
    handles.push_back(threads.back().native_handle());
  }

  const auto hogs = burn_cpu_time(treatment.hogs);
  std::optional<std::jthread> preempter;
  if (treatment.preempted) preempter = preempt(handles, outside().random.next());
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

RoundOutcome outcome_of(const Subject& subject, const RoundTeam& team, const RoundSpec& spec,
                        bool ended) {
  RoundOutcome outcome;
  outcome.strategy = subject.traits.name;
  outcome.ordering = subject.traits.ordering;
  outcome.consistency = subject.traits.consistency;
  outcome.stuck = !ended;
  outcome.capacity = team.capacity();
  outcome.threads = static_cast<std::uint32_t>(team.size());
  outcome.seed = spec.seed;
  outcome.history = team.history();
  return outcome;
}

}  // namespace lockbench::verify
