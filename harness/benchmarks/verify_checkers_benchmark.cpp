/// How long do the checks of order and conservation take for a million operations on one core?
/// The histories are of queues that work: with the intervals of a few threads; with many calls under way
/// at once; and with priorities that all differ, so that no tasks can be judged together. Each history
/// is judged by every check that its queue satisfies.
///
/// Prints the milliseconds of each check, and their sum over one history, which is the cost of verifying
/// a strategy. Exits 1 if the sum for any history is over 10 s, or if a check finds a violation.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <queue>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/random.hpp"
#include "harness/verify/checks/checks.hpp"
#include "harness/verify/history/history.hpp"

namespace {

using namespace lockbench;
using namespace lockbench::verify;

constexpr std::size_t operations = 1'000'000;

struct Shape {
  std::string_view name;
  bool by_priority = false;       ///< otherwise in order of arrival
  std::uint32_t priorities = 16;  ///< number of different ones
  std::uint16_t threads = 16;     ///< number of calls that may be under way at once
};

/// A queued task. Tasks are sorted in the order in which they are to leave.
struct Queued {
  std::int32_t rank = 0;  // by priority, or 0
  std::uint64_t arrival = 0;
  std::int32_t priority = 0;

  bool operator<(const Queued& other) const noexcept {
    return rank != other.rank ? rank < other.rank : arrival > other.arrival;
  }
};

/// Runs a sequential queue and has each call begin before and end after the instant of its effect.
class WorkingQueue {
public:
  explicit WorkingQueue(const Shape& shape) : shape_(shape), random_(1) {}

  History run() {
    history_.reserve(operations);
    while (history_.size() < operations) step();
    std::ranges::stable_sort(history_, {}, &Operation::invoked);
    return std::move(history_);
  }

private:
  void step() {
    // The queue fills up and empties in turn, so that some takes find nothing.
    const std::uint32_t adds_in_100 = history_.size() / 50'000 % 2 == 0 ? 45 : 30;
    const std::uint32_t draw = random_.below(100);
    if (draw < adds_in_100) {
      add();
    } else if (draw < 90 || processing_.empty()) {
      take();
    } else {
      Operation& completion = append(Call::complete, Answer::ok);
      completion.id = processing_.back();
      processing_.pop_back();
    }
  }
  void add() {
    const auto priority = static_cast<std::int32_t>(random_.below(shape_.priorities));
    Operation& made = append(Call::add, Answer::added);
    made.id = ++last_id_;
    made.priority = priority;
    queued_.push({shape_.by_priority ? priority : 0, last_id_, priority});
  }
  void take() {
    if (queued_.empty()) {
      append(Call::try_take, Answer::nothing);
      return;
    }
    Operation& made = append(Call::try_take, Answer::task);
    made.id = queued_.top().arrival;
    made.priority = queued_.top().priority;
    processing_.push_back(made.id);
    queued_.pop();
  }

  /// Adds a call whose effect is now. Threads take turns, so that the calls of one do not overlap.
  Operation& append(Call call, Answer answer) {
    constexpr std::uint32_t step_ns = 100;
    now_ns_ += step_ns;
    const std::uint32_t reach_ns = step_ns * shape_.threads / 2;
    return history_.emplace_back(Operation{
        .invoked = now_ns_ + reach_ns - random_.below(reach_ns),
        .returned = now_ns_ + reach_ns + random_.below(reach_ns),
        .thread = static_cast<std::uint16_t>(history_.size() % shape_.threads),
        .call = call,
        .answer = answer,
    });
  }

  Shape shape_;
  Random random_;
  History history_;
  std::priority_queue<Queued> queued_;
  std::vector<TaskId> processing_;
  TaskId last_id_ = 0;
  Instant now_ns_ = 0;
};

/// Prints and returns the seconds that `check` takes. `check` returns whether it found no violation.
double time_s(std::string_view name, bool& sound, const std::function<bool()>& check) {
  const auto start = std::chrono::steady_clock::now();
  const bool holds = check();
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  fmt::print("  {:<22} {:7.1f} ms{}\n", name, spent.count() * 1e3, holds ? "" : "  finds fault");
  sound = sound && holds;
  return spent.count();
}

/// Whether no check found a violation, and all took little enough time.
bool judge(const Shape& shape) {
  constexpr double most_s = 10.0;
  const History history = WorkingQueue(shape).run();
  fmt::print("{}: {} operations\n", shape.name, history.size());
  bool sound = true;
  double total_s = 0.0;
  const auto judge_by = [&](std::string_view name, Verdict (*check)(std::span<const Operation>)) {
    total_s += time_s(name, sound, [&] { return check(history).holds(); });
  };
  judge_by("conservation", check_conservation);
  judge_by("empty answers", check_empty_answers);
  if (shape.by_priority) {
    judge_by("priority order", check_priority_order);
    judge_by("tie order", check_tie_order);
    total_s += time_s("rank error", sound, [&] { return rank_error(history).max == 0; });
  } else {
    judge_by("FIFO order", check_fifo_order);
    judge_by("producer order", check_producer_order);
    RankError error;
    total_s += time_s("rank error", sound, [&] {
      error = rank_error(history);
      return error.takes > 0;
    });
    fmt::print(
        "  (rank error of an order that ignores priorities: {:.1f} in the mean, {} at most)\n",
        error.mean, error.max);
  }
  fmt::print("  {:<22} {:7.1f} ms\n", "total", total_s * 1e3);
  return sound && total_s <= most_s;
}

}  // namespace

int main() {
  bool well = true;
  for (const Shape& shape : {
           Shape{.name = "first in, first out"},
           Shape{.name = "first in, first out, 2000 calls at once", .threads = 2000},
           Shape{.name = "by priority", .by_priority = true},
           Shape{.name = "by priority, 2000 calls at once", .by_priority = true, .threads = 2000},
           Shape{.name = "by priority, all different",
           .by_priority = true,
           .priorities = 2'000'000'000},
       }) {
    well = judge(shape) && well;
  }
  return well ? 0 : 1;
}
