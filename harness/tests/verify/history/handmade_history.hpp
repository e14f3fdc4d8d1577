#pragma once

/// Histories written by hand: `add(1, 0, 10, 7)` is thread 1's add of task 7 from time 0 to 10.

#include <algorithm>
#include <utility>

#include "harness/verify/history/history.hpp"

namespace lockbench::testing_support {

using verify::Answer;
using verify::Call;
using verify::History;
using verify::Instant;
using verify::Operation;

struct When {
  std::uint16_t thread;
  Instant invoked;
  Instant returned;
};

inline Operation call(Call call, When when, Answer answer) {
  return {.invoked = when.invoked,
          .returned = when.returned,
          .thread = when.thread,
          .call = call,
          .answer = answer};
}
inline Operation about(TaskId id, Operation operation) {
  operation.id = id;
  return operation;
}
inline Operation add(When when, TaskId id, Answer answer = Answer::added, int priority = 0) {
  auto operation = about(id, call(Call::add, when, answer));
  operation.priority = priority;
  return operation;
}
inline Operation take(When when, TaskId id, int priority = 0) {
  auto operation = about(id, call(Call::take, when, Answer::task));
  operation.priority = priority;
  return operation;
}
inline Operation take_nothing(When when) {
  return call(Call::try_take, when, Answer::nothing);
}
inline Operation status(When when, TaskId id, Answer answer) {
  return about(id, call(Call::status, when, answer));
}
inline Operation complete(When when, TaskId id, Answer answer = Answer::ok) {
  return about(id, call(Call::complete, when, answer));
}
inline Operation cancel(When when, TaskId id, Answer answer = Answer::ok) {
  return about(id, call(Call::cancel, when, answer));
}
inline Operation forget(When when, TaskId id, Answer answer = Answer::ok) {
  return about(id, call(Call::forget, when, answer));
}
inline Operation size(When when, std::uint64_t counted) {
  auto operation = call(Call::size, when, Answer::counted);
  operation.size = counted;
  return operation;
}
inline Operation join(When when) {
  return call(Call::join, when, Answer::returned);
}
inline Operation drain(When when) {
  return call(Call::shutdown_drain, when, Answer::returned);
}
inline Operation discard(When when) {
  return call(Call::shutdown_discard, when, Answer::returned);
}

/// Returns the same call as one that never returned.
inline Operation open(Operation operation) {
  operation.answer = Answer::none;
  operation.returned = verify::never;
  return operation;
}

inline History in_order(History history) {
  std::ranges::stable_sort(history, {}, &Operation::invoked);
  return history;
}

}  // namespace lockbench::testing_support
