#pragma once

/// The graph of which thread holds and which thread awaits which lock: a deadlock is a cycle in it
/// (Coffman, Elphick & Shoshani, 1971). Threads and locks are numbers. A thread waits for at most one
/// lock, and a lock has at most one holder.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lockbench {

/// A thread in a cycle: it holds one lock, and waits for one that the next thread holds.
struct Stuck {
  std::size_t thread = 0;
  std::size_t holds = 0;
  std::size_t waits_for = 0;

  bool operator==(const Stuck&) const = default;
};

/// Not thread-safe.
class WaitForGraph {
public:
  WaitForGraph(std::size_t threads, std::size_t locks) : awaited_(threads), holder_(locks) {}

  void set_holder(std::size_t lock, std::optional<std::size_t> thread) { holder_[lock] = thread; }
  [[nodiscard]] std::optional<std::size_t> holder(std::size_t lock) const { return holder_[lock]; }
  void set_awaited(std::size_t thread, std::optional<std::size_t> lock) { awaited_[thread] = lock; }

  /// Returns the threads of a cycle, each followed by the one it waits for, from the lowest number on;
  /// empty if there is none. A thread that waits for a lock that it holds is a cycle of one.
  /// O(threads²).
  [[nodiscard]] std::vector<Stuck> find_cycle() const;

private:
  /// Returns the path from a thread along the threads that it waits for, if it leads back to it.
  [[nodiscard]] std::vector<Stuck> cycle_through(std::size_t start) const;

  std::vector<std::optional<std::size_t>> awaited_;  // by thread
  std::vector<std::optional<std::size_t>> holder_;   // by lock
};

/// The cycle in words: `thread 1 holds A and waits for B, thread 2 holds B and waits for A`. Threads
/// count from 1, locks are letters from A to Z.
[[nodiscard]] std::string to_text(const std::vector<Stuck>& cycle);

}  // namespace lockbench
