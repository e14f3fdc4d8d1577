#include "harness/verify/rounds/crew.hpp"

#include <algorithm>
#include <optional>
#include <thread>

#include "strategies/locks/cpu_relax.hpp"

namespace lockbench::verify {

struct Crew::Shared {
  std::unique_ptr<AnyTaskQueue> queue;
  std::vector<std::unique_ptr<Member>> members;  ///< the last one is the thread outside
  std::atomic<std::size_t> arrived{0};
  std::atomic<std::size_t> ended{0};
  std::atomic<bool> dismissed{false};  ///< until then threads stay, for signals to find them
};

namespace {

using std::chrono::microseconds;

/// Burns CPU time for as long as it lives.
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

}  // namespace

Crew::Crew(std::unique_ptr<AnyTaskQueue> queue, std::size_t members, std::size_t most_calls,
           std::uint64_t seed)
    : shared_(std::make_shared<Shared>()) {
  shared_->queue = std::move(queue);
  for (std::size_t i = 0; i <= members; ++i) {
    // The thread outside may have to end what all the others began.
    const auto most = i < members ? most_calls : most_calls * (members + 1);
    shared_->members.push_back(std::make_unique<Member>(
        *shared_->queue, static_cast<std::uint16_t>(i), start_, most, seed + i));
  }
}

bool Crew::run(const Job& job, const Treatment& treatment) {
  const auto count = size();
  shared_->arrived = shared_->ended = 0;
  shared_->dismissed = false;
  std::vector<std::thread> threads;
  std::vector<pthread_t> handles;
  for (std::size_t i = 0; i < count; ++i) {
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
  const auto calls = [&] {
    std::size_t sum = 0;
    for (const auto& member : shared_->members) sum += member->recorder.finished();
    return sum + shared_->ended;
  };
  // Looks are counted as well as time: where this thread is starved, so may the others be.
  constexpr auto look = microseconds(50);
  constexpr int least_looks = 1000;
  auto before = calls();
  auto last_moved = Clock::now();
  for (int looks = 0; shared_->ended < count; ++looks) {
    std::this_thread::sleep_for(look);
    if (const auto now = calls(); now != before) {
      before = now;
      last_moved = Clock::now();
      looks = 0;
    } else if (looks > least_looks && Clock::now() - last_moved > patience) {
      stuck_ = true;
      break;
    }
  }
  preempter.reset();
  shared_->dismissed = true;
  for (auto& thread : threads) stuck_ ? thread.detach() : thread.join();
  return !stuck_;
}

Member& Crew::outside() {
  return *shared_->members.back();
}
Member& Crew::member(std::size_t index) {
  return *shared_->members.at(index);
}
std::size_t Crew::size() const noexcept {
  return shared_->members.size() - 1;
}
AnyTaskQueue& Crew::queue() noexcept {
  return *shared_->queue;
}

Instant Crew::instant(std::int64_t steady_ns) const noexcept {
  const auto start_ns = start_.time_since_epoch().count();
  return static_cast<Instant>(std::max(steady_ns, start_ns) - start_ns);
}

History Crew::history() const {
  std::vector<History> parts;
  for (const auto& member : shared_->members) {
    parts.push_back(stuck_ ? member->recorder.seen_by_stuck() : member->recorder.calls());
  }
  return merged(parts);
}

}  // namespace lockbench::verify
