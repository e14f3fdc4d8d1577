#pragma once

#include <concepts>

namespace lockbench {

/// Work without arguments: what it needs, it finds in its thread. It must not call the queue.
using CriticalWork = void (*)() noexcept;

/// Work that a queue does once per operation while it holds its lock, so that the length of its
/// critical sections can be varied. Under a shared lock, readers do it side by side.
///
/// Every add, take, look-up, completion, cancellation and forgetting is one operation, whether or
/// not it succeeds, however often a waiting take looks again, and at whatever depth the queue locks.
/// `size`, `join` and `shutdown` do none of this work.
class CriticalSection {
public:
  /// Null, as at the start, means no work. Not thread-safe: call it before other threads use the
  /// queue.
  void set(CriticalWork work) noexcept { work_ = work; }

  /// Does the work. Call it with the lock held. Without work, this is one predictable branch on a
  /// word that should lie beside data that the operation touches anyway.
  void run() const noexcept {
    if (work_ != nullptr) [[unlikely]]
      work_();
  }

private:
  CriticalWork work_ = nullptr;
};

/// A queue that can do given work under its lock. `set_critical_section` must be called before other
/// threads use the queue.
template <class Q>
concept HasCriticalSection = requires(Q queue, CriticalWork work) {
  { queue.set_critical_section(work) }
  noexcept->std::same_as<void>;
};

}  // namespace lockbench
