#include <sched.h>

#include <algorithm>
#include <vector>

#include "harness/base/thread_affinity.hpp"
#include "harness/verify/rounds/rounds.hpp"

namespace lockbench::verify {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t most_calls = 4096;
constexpr TaskId ids_of_a_thread = 1000;

/// The parameters and the progress of one round. Outlives a stuck round.
struct Plan {
  std::uint32_t producers = 1;
  std::uint32_t waiters = 1;
  std::uint32_t thieves = 0;
  std::uint32_t joiners = 0;
  std::uint32_t tasks = 1;             ///< that each producer adds
  std::uint32_t longest_pause_us = 0;  ///< between two tasks
  std::uint32_t least_wait_us = 0;     ///< of waits with short deadlines
  std::uint32_t longest_wait_us = 3000;
  bool short_deadlines = false;  ///< some waits have one
  std::uint32_t cancels = 0;     ///< per mille of a producer's tasks
  bool joins_first = true;       ///< the closer joins before it shuts down
  ShutdownMode mode = ShutdownMode::drain;
  bool takes_one = false;  ///< each waiter leaves with its first task
  /// Waiters wait this often, with short deadlines, and are woken for tasks that are gone again. 0: they
  /// wait until the queue is shut down.
  std::uint32_t waits = 0;

  /// All threads share one CPU, and waiters run as SCHED_BATCH, so that waking one does not give it the
  /// CPU: a producer that adds a task and cancels it is then always faster than the waiter it woke.
  bool wakes_in_vain = false;

  std::atomic<std::uint32_t> producers_done{0};
  std::atomic<std::uint32_t> joiners_done{0};
  std::atomic<std::uint32_t> waiters_done{0};
};

/// A deadline that no wait reaches: the round counts as stuck before, see RoundTeam::patience.
constexpr milliseconds far{60'000};

/// Waiters are woken in vain for no longer than this: a wait that still goes on is late by then.
constexpr milliseconds longest_tease{1800};

/// Moves the calling thread to the first allowed CPU. If that is refused, waiters may be faster now and
/// then.
void share_a_cpu(bool waits) noexcept {
  const auto allowed = affinity_of(0);
  if (!allowed.empty()) (void)pin(pthread_self(), allowed.front());
  const sched_param none{};
  if (waits) (void)::sched_setscheduler(0, SCHED_BATCH, &none);
}

void pause(Random& random, std::uint32_t longest_us) {
  if (longest_us == 0 || random.below(3) == 0) return;
  std::this_thread::sleep_for(microseconds(random.below(longest_us)));
}

void produce(Member& self, Plan& plan) {
  auto& recorder = self.recorder;
  auto& random = self.random;
  TaskId id = recorder.thread() * ids_of_a_thread;
  const auto end = Clock::now() + longest_tease;
  const auto goes_on = [&](std::uint32_t made) {
    if (recorder.is_full() || made >= ids_of_a_thread) return false;
    if (plan.waits == 0) return made < plan.tasks;
    return plan.waiters_done < plan.waiters && Clock::now() < end;
  };
  for (std::uint32_t made = 0; goes_on(made); ++made, ++id) {
    pause(random, plan.longest_pause_us);
    recorder.add(id, static_cast<int>(random.below(2)));
    if (random.below(1000) >= plan.cancels) continue;
    if (plan.waits == 0) pause(random, plan.longest_pause_us);
    recorder.cancel(id);
  }
  ++plan.producers_done;
}

void wait_for_tasks(Member& self, Plan& plan) {
  auto& [recorder, random, stop] = self;
  for (std::uint32_t waited = 0; !recorder.is_full(); ++waited) {
    if (plan.waits != 0 && waited == plan.waits) break;
    const bool is_short = plan.waits != 0 || (plan.short_deadlines && random.below(2) == 0);
    const auto deadline =
        Clock::now() + (is_short
                            ? microseconds(plan.least_wait_us +
                                           random.below(plan.longest_wait_us - plan.least_wait_us))
                            : microseconds(far));
    const auto task = recorder.take(deadline);
    if (task.answer == Answer::shut_down) break;
    if (!hands_out(task)) continue;
    recorder.finish(task.id);
    if (plan.takes_one) break;
  }
  ++plan.waiters_done;
}

void steal(Member& self, Plan& plan) {
  while (plan.producers_done < plan.producers && !self.recorder.is_full()) {
    const auto task = self.recorder.try_take();
    if (hands_out(task)) {
      self.recorder.finish(task.id);
    } else {
      std::this_thread::sleep_for(microseconds(self.random.below(50)));
    }
  }
}

void join_repeatedly(Member& self, Plan& plan) {
  do {
    self.recorder.join();
    std::this_thread::sleep_for(microseconds(self.random.below(200)));
  } while (plan.producers_done < plan.producers && !self.recorder.is_full());
  ++plan.joiners_done;
}

void close(Member& self, Plan& plan) {
  while (plan.producers_done < plan.producers) std::this_thread::sleep_for(microseconds(50));
  if (plan.joins_first) self.recorder.join();
  // A shutdown wakes all threads: it would hide that the end of all tasks did not wake a joiner.
  while (plan.joins_first && plan.joiners_done < plan.joiners) {
    std::this_thread::sleep_for(microseconds(50));
  }
  self.recorder.shutdown(plan.mode);
}

/// What a thread does in the round.
using Role = void (*)(Member&, Plan&);

/// The roles of all threads in their order.
std::vector<Role> roles_of(const Plan& plan) {
  std::vector<Role> roles(plan.producers, produce);
  roles.insert(roles.end(), plan.waiters, wait_for_tasks);
  roles.insert(roles.end(), plan.thieves, steal);
  roles.insert(roles.end(), plan.joiners, join_repeatedly);
  roles.push_back(close);
  return roles;
}

/// All roles at once.
void draw_mixture(Plan& plan, Random& random, std::uint32_t threads) {
  plan.waiters = 1 + random.below(std::max(1U, threads / 2));
  plan.producers = 1 + random.below(std::max(1U, threads / 2));
  plan.joiners = random.below(3);
  plan.cancels = random.below(3) == 0 ? 250 : 0;
  plan.thieves = random.below(3) == 0 ? 1 : 0;
  plan.tasks = 1 + random.below(12);
  plan.short_deadlines = random.below(3) == 0;
  plan.joins_first = random.below(4) != 0;
}

/// As many tasks as waiters, each of which takes one: nothing makes up for a lost wake-up.
void draw_handshake(Plan& plan, Random& random, std::uint32_t threads) {
  plan.waiters = plan.tasks = 2 + random.below(std::max(1U, threads - 1));
  plan.joiners = random.below(2);
  plan.takes_one = true;
}

/// Tasks are cancelled as soon as they have been added: waiters are woken for nothing.
void draw_tease(Plan& plan, Random& random) {
  plan.waiters = 1 + random.below(2);
  plan.cancels = 1000;
  plan.waits = 1;
  // Waits that begin anew with each task last far too long then, even on a busy machine.
  plan.least_wait_us = 40'000;
  plan.longest_wait_us = 60'000;
  plan.longest_pause_us = 16'000;
  plan.wakes_in_vain = true;
  plan.joins_first = random.below(2) == 0;
}

/// Nobody takes: every task ends by being cancelled, while joiners wait for the end.
void draw_cancellation(Plan& plan, Random& random) {
  plan.waiters = 0;
  plan.joiners = 1 + random.below(2);
  plan.tasks = 1 + random.below(4);
  plan.cancels = 1000;
}

void draw(Plan& plan, Random& random, std::uint32_t threads) {
  plan.mode = random.below(3) == 0 ? ShutdownMode::discard : ShutdownMode::drain;
  // Pauses let waiters fall asleep; without any, notifications overtake one another.
  plan.longest_pause_us = random.below(3) == 0 ? 0 : 400;
  switch (random.below(8)) {
    case 0: return draw_tease(plan, random);
    case 1: return draw_cancellation(plan, random);
    case 2:
    case 3: return draw_handshake(plan, random, threads);
    default: return draw_mixture(plan, random, threads);
  }
}

}  // namespace

RoundOutcome waiting_round(const Subject& subject, const RoundSpec& spec) {
  Random random(spec.seed);
  const auto plan = std::make_shared<Plan>();
  // More threads would only compete for the CPUs, and be late for that reason.
  draw(*plan, random, std::min(spec.threads, 16U));
  constexpr std::uint32_t capacity = 1U << 12U;
  const auto roles = roles_of(*plan);
  RoundTeam team(subject, {.members = static_cast<std::uint32_t>(roles.size()),
                           .capacity = capacity,
                           .most_calls = most_calls,
                           .seed = random.next()});
  const auto start_ns = Clock::now().time_since_epoch().count();
  const bool ended = team.run(
      [plan, roles](Member& self) {
        const auto role = roles[self.recorder.thread()];
        if (plan->wakes_in_vain) share_a_cpu(role == wait_for_tasks);
        role(self, *plan);
      },
      plan->wakes_in_vain ? Treatment{} : draw_treatment(random));
  auto outcome = outcome_of(subject, team, spec, ended);
  if (spec.pulse == nullptr) return outcome;
  for (const auto beat_ns : spec.pulse->beats_since(start_ns)) {
    outcome.beats.push_back(team.instant(beat_ns));
  }
  return outcome;
}

}  // namespace lockbench::verify
