#include "harness/pitfalls/watched_locks.hpp"

#include <fmt/format.h>

namespace lockbench {

std::vector<Stuck> WaitForGraph::cycle_through(std::size_t start) const {
  std::vector<Stuck> way;
  auto thread = start;
  // A longer path runs round a cycle that `start` is not part of.
  while (way.size() < awaited_.size()) {
    const auto wanted = awaited_[thread];
    if (!wanted) return {};
    const auto owner = holder_[*wanted];
    if (!owner) return {};
    way.push_back({.thread = thread, .waits_for = *wanted});
    thread = *owner;
    if (thread != start) continue;
    // Each thread holds the lock that the one before waits for.
    for (std::size_t i = 0; i < way.size(); ++i) {
      way[i].holds = way[(i + way.size() - 1) % way.size()].waits_for;
    }
    return way;
  }
  return {};
}

std::vector<Stuck> WaitForGraph::find_cycle() const {
  for (std::size_t thread = 0; thread < awaited_.size(); ++thread) {
    if (auto cycle = cycle_through(thread); !cycle.empty()) return cycle;
  }
  return {};
}

std::string to_text(const std::vector<Stuck>& cycle) {
  const auto letter = [](std::size_t lock) { return static_cast<char>('A' + lock % 26); };
  std::string text;
  for (const auto& [thread, holds, waits_for] : cycle) {
    text += fmt::format("{}thread {} holds {} and waits for {}", text.empty() ? "" : ", ",
                        thread + 1, letter(holds), letter(waits_for));
  }
  return text;
}

}  // namespace lockbench
