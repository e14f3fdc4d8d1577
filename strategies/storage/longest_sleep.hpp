#pragma once

#include <concepts>

#include "strategies/task_queue.hpp"

namespace lockbench {

/// A queue, or a part of one, in which a thread that sleeps looks again now and then although nobody
/// has woken it. `set_longest_sleep` sets how long it sleeps before it does. The setter is not
/// thread-safe: call it before other threads use the queue.
///
/// Looking again turns a hang into a delay. That is good in use and bad in a test, which would not
/// notice a lost wake-up.
template <class T>
concept LooksAgain = requires(T sleeper, Deadline::duration longest) {
  { sleeper.set_longest_sleep(longest) }
  noexcept->std::same_as<void>;
};

/// The longest sleep of a thread that does not look again until it is woken.
inline constexpr Deadline::duration until_woken = Deadline::duration::max();

}  // namespace lockbench
