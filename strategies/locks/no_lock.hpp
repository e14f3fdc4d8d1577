#pragma once

namespace lockbench {

/// Locks nothing: for showing what a lock is there for.
struct NoLock {
  void lock() noexcept {}
  void unlock() noexcept {}
};

}  // namespace lockbench
