/// How fast are histories searched? They are made without threads: a correct queue answers each call at
/// some moment, and the call begins before and ends after it, so that calls of several threads overlap.
///
/// `verify_contract_benchmark` prints a table of histories, seconds of one core, and calls or windows
/// a second.
/// Exits 1 if the tasks of 1,000,000 calls take longer than 10 s to check, or if a verdict is wrong.

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <deque>
#include <string_view>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/verify/checks/checks.hpp"
#include "harness/verify/history/history.hpp"

namespace {

using namespace lockbench;
using namespace lockbench::verify;

constexpr double most_s = 10;
constexpr std::uint16_t threads = 4;

/// A FIFO queue whose threads complete and forget the tasks that they take.
class Simulation {
public:
  Simulation(std::uint64_t seed, std::uint32_t ids) : random_(seed), free_(ids) {
    for (TaskId id = 0; id < ids; ++id) free_[id] = id;
  }

  [[nodiscard]] History run(std::size_t calls) {
    History history;
    history.reserve(calls);
    while (history.size() < calls) history.push_back(around(now_ += 100, next()));
    std::ranges::stable_sort(history, {}, &Operation::invoked);
    return history;
  }

private:
  [[nodiscard]] Operation next() {
    switch (random_.below(5)) {
      case 0: return add();
      case 1: return take();
      case 2: return status();
      case 3: return complete();
      default: return forget();
    }
  }
  [[nodiscard]] Operation add() {
    if (free_.empty()) return take();
    const auto id = free_.front();
    free_.pop_front();
    queued_.push_back(id);
    return {.id = id, .call = Call::add, .answer = Answer::added};
  }
  [[nodiscard]] Operation take() {
    if (queued_.empty()) return {.call = Call::try_take, .answer = Answer::nothing};
    const auto id = queued_.front();
    queued_.pop_front();
    processing_.push_back(id);
    return {.id = id, .call = Call::try_take, .answer = Answer::task};
  }
  [[nodiscard]] Operation status() {
    if (processing_.empty()) return add();
    return {.id = processing_.back(), .call = Call::status, .answer = Answer::processing};
  }
  [[nodiscard]] Operation complete() {
    if (processing_.empty()) return take();
    const auto id = processing_.front();
    processing_.pop_front();
    completed_.push_back(id);
    return {.id = id, .call = Call::complete, .answer = Answer::ok};
  }
  [[nodiscard]] Operation forget() {
    if (completed_.empty()) return add();
    const auto id = completed_.front();
    completed_.pop_front();
    free_.push_back(id);
    return {.id = id, .call = Call::forget, .answer = Answer::ok};
  }
  /// Threads take turns. Each call is over before the thread's next one begins.
  [[nodiscard]] Operation around(Instant moment, Operation operation) {
    operation.thread = turn_;
    turn_ = static_cast<std::uint16_t>((turn_ + 1) % threads);
    operation.invoked = moment - random_.below(200);
    operation.returned = moment + random_.below(200);
    return operation;
  }

  Random random_;
  std::deque<TaskId> free_;
  std::deque<TaskId> queued_;
  std::deque<TaskId> processing_;
  std::deque<TaskId> completed_;
  Instant now_ = 1000;
  std::uint16_t turn_ = 0;
};

/// Processor time, since other programs may use the machine.
[[nodiscard]] double seconds_of(auto&& work) {
  const auto start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

bool failed = false;

void expect(Judgement due, const Verdict& verdict) {
  if (verdict.judgement == due) return;
  fmt::print("wrong: {} {}\n", to_string(verdict.judgement), verdict.reason);
  failed = true;
}

void time_tasks(std::string_view name, std::uint32_t ids) {
  auto history = Simulation{1, ids}.run(1'000'000);
  const auto check = [&](Judgement due) {
    const auto seconds = seconds_of([&] { expect(due, check_tasks(history)); });
    fmt::print("{:34}{:14}{:10.3f} s{:14.0f} calls/s\n", name, to_string(due), seconds,
               static_cast<double>(history.size()) / seconds);
    if (seconds > most_s) failed = true;
  };
  check(Judgement::linearizable);
  const auto seconds = seconds_of([&] {
    expect(Judgement::linearizable, check_reused_order(history, Ordering::fifo));
    expect(Judgement::linearizable, check_sizes(history));
    expect(Judgement::linearizable, check_capacity(history, ids));
  });
  fmt::print("{:34}{:14}{:10.3f} s\n", "", "order, sizes", seconds);
  if (seconds > most_s) failed = true;
  // The last task that was handed out is handed out again at the end.
  const auto last = std::ranges::find_if(history.rbegin(), history.rend(), hands_out);
  auto again = *last;
  again.invoked = history.back().returned + 1000;
  again.returned = again.invoked + 100;
  history.push_back(again);
  check(Judgement::violated);
}

void time_windows(std::string_view name, const ContractRules& rules, bool spoiled) {
  const std::size_t windows = spoiled ? 200 : 2000;
  std::vector<History> histories;
  for (std::size_t seed = 0; seed < windows; ++seed) {
    histories.push_back(Simulation{seed, most_window_ids}.run(48));
    if (!spoiled) continue;
    const auto end = histories.back().back().returned + 1000;
    histories.back().push_back({.invoked = end,
                                .returned = end,
                                .size = 17,
                                .call = Call::size,
                                .answer = Answer::counted});
  }
  const auto due = spoiled ? Judgement::violated : Judgement::linearizable;
  const auto seconds = seconds_of([&] {
    for (const auto& history : histories) expect(due, check_contract(history, rules));
  });
  fmt::print("{:34}{:14}{:10.3f} s{:14.0f} windows/s\n", name, to_string(due), seconds,
             static_cast<double>(windows) / seconds);
}

}  // namespace

int main() {
  time_tasks("1,000,000 calls, 100,000 ids", 100'000);
  time_tasks("1,000,000 calls, 64 ids", 64);
  time_tasks("1,000,000 calls, 1 id", 1);
  for (const bool spoiled : {false, true}) {
    time_windows("windows of 48 calls, fifo", {Ordering::fifo, most_window_ids}, spoiled);
    time_windows("windows of 48 calls, any order", {Ordering::none, most_window_ids}, spoiled);
    time_windows("windows of 48, several steps", {Ordering::none, most_window_ids, false}, spoiled);
  }
  return failed ? 1 : 0;
}
