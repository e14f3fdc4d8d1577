#pragma once

#include <concepts>

namespace lockbench {

/// Work without arguments: what it needs, it finds in its thread. It must not call the queue.
using CriticalWork = void (*)() noexcept;

/// Work that a queue does once per operation while it holds its lock, so that the length of its
/// critical sections can be varied. The lock may be a shared one: then readers work side by side.
///
/// Every add, take, look-up, completion, cancellation and forgetting is one operation, whether it
/// succeeds or not, however often a waiting take looks again, and at whatever depth the queue locks.
/// `size`, `join` and `shutdown` are none.
class CriticalSection {
public:
  /// Null: nothing to do, as at the start. Not thread-safe: before other threads use the queue.
  void set(CriticalWork work) noexcept { work_ = work; }

  /// Call with the lock held.
  void run() const noexcept {
    if (work_ != nullptr) work_();
  }

private:
  CriticalWork work_ = nullptr;
};

/// No work, and no code for it: what a strategy is measured with where no such work is asked for.
struct NoCriticalSection {
  static constexpr void run() noexcept {}
};

/// A queue that does given work under its lock. `set_critical_section` is for before threads use it.
template <class Q>
concept HasCriticalSection = requires(Q queue, CriticalWork work) {
  { queue.set_critical_section(work) }
  noexcept->std::same_as<void>;
};

namespace detail {

template <class Q>
struct Working {};
template <template <class> class Basic>
struct Working<Basic<NoCriticalSection>> {
  using type = Basic<CriticalSection>;
};

}  // namespace detail

/// The same strategy, but one that does work under its lock. A strategy that can is a template of its
/// section, and registered without one; it is compiled a second time for the work, so that without
/// work it pays nothing, not even a branch.
template <class Q>
using WithCriticalSection = typename detail::Working<Q>::type;

/// A strategy with a lock that work can be done under.
template <class Q>
concept CanWorkUnderLock = requires {
  typename WithCriticalSection<Q>;
  requires HasCriticalSection<WithCriticalSection<Q>>;
};

}  // namespace lockbench
