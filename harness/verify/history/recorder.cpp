#include "harness/verify/history/recorder.hpp"

#include <algorithm>
#include <cstring>

namespace lockbench::verify {
namespace {

Answer answer_of(AddResult result) noexcept {
  switch (result) {
    case AddResult::added: return Answer::added;
    case AddResult::duplicate: return Answer::duplicate;
    case AddResult::shut_down: return Answer::shut_down;
    case AddResult::full: return Answer::full;
  }
  return Answer::none;
}

Answer answer_of(Transition result) noexcept {
  switch (result) {
    case Transition::ok: return Answer::ok;
    case Transition::unknown: return Answer::unknown;
    case Transition::wrong_state: return Answer::wrong_state;
  }
  return Answer::none;
}

Answer answer_of(TaskStatus status) noexcept {
  switch (status) {
    case TaskStatus::unknown: return Answer::unknown;
    case TaskStatus::queued: return Answer::queued;
    case TaskStatus::processing: return Answer::processing;
    case TaskStatus::completed: return Answer::completed;
    case TaskStatus::cancelled: return Answer::cancelled;
  }
  return Answer::none;
}

Answer answer_of(TakeOutcome outcome) noexcept {
  switch (outcome) {
    case TakeOutcome::task: return Answer::task;
    case TakeOutcome::timed_out: return Answer::timed_out;
    case TakeOutcome::shut_down: return Answer::shut_down;
  }
  return Answer::none;
}

}  // namespace

ThreadRecorder::ThreadRecorder(AnyTaskQueue& queue, std::uint16_t thread, Clock::time_point start,
                               std::size_t most)
    : queue_(queue), start_(start), thread_(thread) {
  calls_.reserve(most);
}

// The watcher believes the fields of the call under way because they are written before (3) and it
// finds the thread in the same place for as long as it is patient.
template <class Do>
Operation ThreadRecorder::record(Operation operation, Do&& call) {
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

Operation ThreadRecorder::add(TaskId id, int priority) {
  std::array<std::byte, sizeof id> payload{};
  std::memcpy(payload.data(), &id, sizeof id);
  return record({.id = id, .priority = priority, .call = Call::add}, [&](Operation& operation) {
    operation.answer = answer_of(queue_.add_task(id, priority, payload));
  });
}

bool ThreadRecorder::is_intact(const Task& task) const noexcept {
  if (!checks_payloads) return true;
  TaskId within = 0;
  if (task.payload.size() != sizeof within) return false;
  std::memcpy(&within, task.payload.data(), sizeof within);
  return within == task.id;
}

Operation ThreadRecorder::try_take() {
  return record({.call = Call::try_take}, [&](Operation& operation) {
    const auto task = queue_.try_get_next_task();
    operation.answer = task ? Answer::task : Answer::nothing;
    if (!task) return;
    operation.id = task->id;
    operation.priority = task->priority;
    operation.damaged = !is_intact(*task);
  });
}

Operation ThreadRecorder::take(Deadline deadline) {
  const auto until =
      deadline < start_ ? Instant{0} : static_cast<Instant>((deadline - start_).count());
  return record({.deadline = until, .call = Call::take}, [&](Operation& operation) {
    const auto result = queue_.get_next_task(deadline);
    operation.answer = answer_of(result.outcome);
    if (result.outcome != TakeOutcome::task) return;
    operation.id = result.task.id;
    operation.priority = result.task.priority;
    operation.damaged = !is_intact(result.task);
  });
}

Operation ThreadRecorder::status(TaskId id) {
  return record({.id = id, .call = Call::status},
                [&](Operation& operation) { operation.answer = answer_of(queue_.get_status(id)); });
}
Operation ThreadRecorder::complete(TaskId id) {
  return record({.id = id, .call = Call::complete}, [&](Operation& operation) {
    operation.answer = answer_of(queue_.complete_task(id));
  });
}
Operation ThreadRecorder::cancel(TaskId id) {
  return record({.id = id, .call = Call::cancel}, [&](Operation& operation) {
    operation.answer = answer_of(queue_.cancel_task(id));
  });
}
Operation ThreadRecorder::forget(TaskId id) {
  return record({.id = id, .call = Call::forget}, [&](Operation& operation) {
    operation.answer = answer_of(queue_.forget_task(id));
  });
}
Operation ThreadRecorder::size() {
  return record({.call = Call::size}, [&](Operation& operation) {
    operation.size = queue_.size();
    operation.answer = Answer::counted;
  });
}
Operation ThreadRecorder::join() {
  return record({.call = Call::join}, [&](Operation& operation) {
    queue_.join();
    operation.answer = Answer::returned;
  });
}
Operation ThreadRecorder::shutdown(ShutdownMode mode) {
  const auto call = mode == ShutdownMode::drain ? Call::shutdown_drain : Call::shutdown_discard;
  return record({.call = call}, [&](Operation& operation) {
    queue_.shutdown(mode);
    operation.answer = Answer::returned;
  });
}

History ThreadRecorder::seen_by_stuck() const {
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

History merged(std::span<const History> parts) {
  History all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  std::ranges::stable_sort(all, {}, &Operation::invoked);
  return all;
}

}  // namespace lockbench::verify
