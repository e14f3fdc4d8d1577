#pragma once

/// Where a racy mutant lets other threads in: between its check and its act, where a thread may lose
/// its CPU anyway, but seldom does.

#include <atomic>

namespace lockbench::mutants {

/// Called with or without locks held, by any number of threads at once.
using Hook = void (*)() noexcept;

namespace detail {
inline std::atomic<Hook> hook{nullptr};
}  // namespace detail

/// What every hook point does from now on; null, as at the start, for nothing. Any thread may call.
inline void set_hook(Hook hook) noexcept {
  detail::hook.store(hook, std::memory_order_release);  // (1) pairs with (2)
}

inline void hook_point() noexcept {
  // (2) acquire: pairs with (1), so a hook sees what was set up for it.
  if (const auto hook = detail::hook.load(std::memory_order_acquire); hook != nullptr) hook();
}

}  // namespace lockbench::mutants
