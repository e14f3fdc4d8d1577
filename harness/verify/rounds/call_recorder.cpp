#include "harness/verify/rounds/call_recorder.hpp"

#include <algorithm>
#include <cstring>

namespace lockbench::verify {

CallRecorder::CallRecorder(AnyTaskQueue& queue, std::uint16_t thread, Clock::time_point start,
                           std::size_t most)
    : queue_(queue), start_(start), thread_(thread) {
  calls_.reserve(most);
}

// A watcher may rely on the fields of the call under way: they are written before (3), and the watcher
// reads them only if the thread has stayed in one call for as long as the watcher is patient.
template <class Do>
Operation CallRecorder::record(Operation operation, Do&& call) {
  operation.thread = thread_;
  operation.invoked = now();
  current_.call.store(operation.call, std::memory_order_relaxed);
  current_.id.store(operation.id, std::memory_order_relaxed);
  current_.priority.store(operation.priority, std::memory_order_relaxed);
  current_.deadline.store(operation.deadline, std::memory_order_relaxed);
  current_.invoked.store(operation.invoked, std::memory_order_relaxed);
  current_.under_way.store(true, std::memory_order_release);  // (3) pairs with (4)
  call(operation);
  operation.returned = now();
  current_.under_way.store(false, std::memory_order_release);
  if (!is_full()) calls_.push_back(operation);
  finished_.store(calls_.size(), std::memory_order_release);  // (2) pairs with (1)
  return operation;
}

Operation CallRecorder::add(TaskId id, int priority) {
  std::array<std::byte, sizeof id> payload{};
  std::memcpy(payload.data(), &id, sizeof id);
  return record({.id = id, .priority = priority, .call = Call::add}, [&](Operation& operation) {
    operation.answer = answer_of(queue_.add_task(id, priority, payload));
  });
}

void CallRecorder::note_task(Operation& operation, const Task& task) const noexcept {
  operation.answer = Answer::task;
  operation.id = task.id;
  operation.priority = task.priority;
  if (!checks_payloads) return;
  TaskId within = ~task.id;
  if (task.payload.size() == sizeof within) {
    std::memcpy(&within, task.payload.data(), sizeof within);
  }
  operation.damaged = within != task.id;
}

Operation CallRecorder::try_take() {
  return record({.call = Call::try_take}, [&](Operation& operation) {
    operation.answer = Answer::nothing;
    if (const auto task = queue_.try_get_next_task()) note_task(operation, *task);
  });
}

Operation CallRecorder::take(Deadline deadline) {
  const auto until =
      deadline < start_ ? Instant{0} : static_cast<Instant>((deadline - start_).count());
  return record({.deadline = until, .call = Call::take}, [&](Operation& operation) {
    const auto result = queue_.get_next_task(deadline);
    switch (result.outcome) {
      case TakeOutcome::task: return note_task(operation, result.task);
      case TakeOutcome::timed_out: operation.answer = Answer::timed_out; return;
      case TakeOutcome::shut_down: operation.answer = Answer::shut_down; return;
    }
  });
}

Operation CallRecorder::status(TaskId id) {
  return record({.id = id, .call = Call::status},
                [&](Operation& operation) { operation.answer = answer_of(queue_.get_status(id)); });
}
Operation CallRecorder::complete(TaskId id) {
  return record({.id = id, .call = Call::complete}, [&](Operation& operation) {
    operation.answer = answer_of(queue_.complete_task(id));
  });
}
Operation CallRecorder::cancel(TaskId id) {
  return record({.id = id, .call = Call::cancel}, [&](Operation& operation) {
    operation.answer = answer_of(queue_.cancel_task(id));
  });
}
Operation CallRecorder::forget(TaskId id) {
  return record({.id = id, .call = Call::forget}, [&](Operation& operation) {
    operation.answer = answer_of(queue_.forget_task(id));
  });
}
Operation CallRecorder::size() {
  return record({.call = Call::size}, [&](Operation& operation) {
    operation.size = queue_.size();
    operation.answer = Answer::counted;
  });
}
Operation CallRecorder::join() {
  return record({.call = Call::join}, [&](Operation& operation) {
    queue_.join();
    operation.answer = Answer::returned;
  });
}
Operation CallRecorder::shutdown(ShutdownMode mode) {
  const auto call = mode == ShutdownMode::drain ? Call::shutdown_drain : Call::shutdown_discard;
  return record({.call = call}, [&](Operation& operation) {
    queue_.shutdown(mode);
    operation.answer = Answer::returned;
  });
}

History CallRecorder::seen_by_stuck() const {
  History seen(calls_.begin(), calls_.begin() + static_cast<std::ptrdiff_t>(finished()));
  if (current_.under_way.load(std::memory_order_acquire)) {  // (4) pairs with (3)
    seen.push_back({.invoked = current_.invoked.load(std::memory_order_relaxed),
                    .id = current_.id.load(std::memory_order_relaxed),
                    .deadline = current_.deadline.load(std::memory_order_relaxed),
                    .priority = current_.priority.load(std::memory_order_relaxed),
                    .thread = thread_,
                    .call = current_.call.load(std::memory_order_relaxed)});
  }
  return seen;
}

}  // namespace lockbench::verify
