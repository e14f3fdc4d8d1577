#include "harness/verify/rounds/call_recorder.hpp"

#include <algorithm>

#include "harness/base/exact_integer.hpp"

namespace lockbench::verify {

CallRecorder::CallRecorder(const AnyTaskQueue& queue, RoundIds ids, std::uint16_t thread,
                           Clock::time_point start, std::size_t most)
    : queue_(queue), ids_(ids), start_(start), thread_(thread) {
  calls_.reserve(most);
}

// A watcher may rely on the fields of the call under way: they are written before (3), and the watcher
// reads them only if the thread has stayed in one call for as long as the watcher is patient.
Operation CallRecorder::make(Operation operation, Deadline deadline) {
  operation.thread = thread_;
  operation.invoked = now();
  current_.call.store(operation.call, std::memory_order_relaxed);
  current_.id.store(operation.id, std::memory_order_relaxed);
  current_.priority.store(operation.priority, std::memory_order_relaxed);
  current_.too_long.store(operation.too_long, std::memory_order_relaxed);
  current_.deadline.store(operation.deadline, std::memory_order_relaxed);
  current_.invoked.store(operation.invoked, std::memory_order_relaxed);
  current_.under_way.store(true, std::memory_order_release);  // (3) pairs with (4)
  operation.id = ids_.id_of(operation.id);
  const auto payload = queue_(operation, deadline);
  operation.damaged = hands_out(operation) && !is_own(operation, payload);
  // A broken queue may answer anything, which must still be what a reader of the history gets.
  operation.id = std::min(ids_.name_of(operation.id), TaskId{largest_exact_integer});
  operation.size = std::min(operation.size, largest_exact_integer);
  operation.returned = now();
  current_.under_way.store(false, std::memory_order_release);
  if (!is_full()) calls_.push_back(operation);
  finished_.store(calls_.size(), std::memory_order_release);  // (2) pairs with (1)
  return operation;
}

bool CallRecorder::is_own(const Operation& task, Payload payload) const {
  const TaskPayload own(task.id, task.priority);
  return checks_payloads ? std::ranges::equal(payload, own.bytes())
                         : payload.size() == own.bytes().size();
}

Operation CallRecorder::take(Deadline deadline) {
  const auto until =
      deadline < start_ ? Instant{0} : static_cast<Instant>((deadline - start_).count());
  return make({.deadline = until, .call = Call::take}, deadline);
}

History CallRecorder::seen_by_stuck() const {
  History seen(calls_.begin(), calls_.begin() + static_cast<std::ptrdiff_t>(finished()));
  if (current_.under_way.load(std::memory_order_acquire)) {  // (4) pairs with (3)
    seen.push_back({.invoked = current_.invoked.load(std::memory_order_relaxed),
                    .id = current_.id.load(std::memory_order_relaxed),
                    .deadline = current_.deadline.load(std::memory_order_relaxed),
                    .priority = current_.priority.load(std::memory_order_relaxed),
                    .thread = thread_,
                    .call = current_.call.load(std::memory_order_relaxed),
                    .too_long = current_.too_long.load(std::memory_order_relaxed)});
  }
  return seen;
}

}  // namespace lockbench::verify
