#pragma once

namespace lockbench {

/// What the storage of lock-free queues does between two steps of an operation that other threads can
/// see: nothing, in all queues that are measured. `verify` has the same source compiled with steps of
/// its own, which delay a thread or stop it just there.
///
/// `between` is static, noexcept and must not call the queue.
struct NoSteps {
  static void between() noexcept {}
};

}  // namespace lockbench
