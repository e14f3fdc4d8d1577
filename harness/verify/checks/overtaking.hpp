#pragma once

#include <optional>
#include <span>

#include "harness/verify/checks/tasks.hpp"
#include "harness/verify/checks/verdict.hpp"

namespace lockbench::verify {

/// Two tasks that left in the wrong order.
struct Overtaking {
  const Lifetime* first = nullptr;      ///< added before `overtaker` was
  const Lifetime* overtaker = nullptr;  ///< taken before `first` left
};

/// A task that was added wholly before another and left wholly after that one was taken, if any.
/// `tasks` are ordered by `add_invoked`. O(n log n).
[[nodiscard]] std::optional<Overtaking> find_overtaking(std::span<const Lifetime> tasks);

/// The violation, told by the two adds, the take and, where there is one, the first task's removal.
[[nodiscard]] Verdict explain(const Overtaking& overtaking);

}  // namespace lockbench::verify
