#pragma once

#include <concepts>
#include <string_view>

#include "harness/engine/worker.hpp"
#include "strategies/null.hpp"

namespace lockbench {

/// What the threads of a team do to a queue. `run` is called once on every thread and returns when
/// `self.running()` says so; `wake` is called once by the coordinator after that, to reach threads
/// asleep in the queue. Parameters come from `self.point()`.
// clang-format off
template <class W>
concept Workload = requires(NullTaskQueue queue, Worker self) {
  { W::name } -> std::convertible_to<std::string_view>;
  { W::run(queue, self) } -> std::same_as<void>;
  { W::wake(queue) } -> std::same_as<void>;
};
// clang-format on

}  // namespace lockbench
