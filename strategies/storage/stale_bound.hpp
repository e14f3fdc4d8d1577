#pragma once

#include <cstddef>

namespace lockbench {

/// How many entries of cancelled tasks a heap may hold: as many as of queued ones, and a few more,
/// so that a short queue is not swept at every turn. A queue that keeps to it before every push pays
/// O(1) for sweeping per cancellation, and never needs more than `room_for`.
struct StaleBound {
  /// Whether to sweep a heap of `entries` while `queued` tasks are queued, including the one about to
  /// be pushed.
  static constexpr bool exceeded(std::size_t entries, std::size_t queued) noexcept {
    return entries > 2 * queued + slack;
  }
  /// Entries that a heap must have room for when at most `capacity` tasks are queued.
  static constexpr std::size_t room_for(std::size_t capacity) noexcept {
    return 2 * capacity + slack + 1;
  }

private:
  static constexpr std::size_t slack = 64;
};

}  // namespace lockbench
