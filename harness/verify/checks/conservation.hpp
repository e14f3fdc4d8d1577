#pragma once

#include <span>

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// Nothing is lost or invented: what is handed out was added, with that priority and before, is
/// handed out once, and never if it was cancelled; what is cancelled was queued; a task is completed
/// once and after it was handed out; nothing is added after a shutdown, or handed out after a
/// discard, that has returned. Whether a task that stays in the queue was lost is for the order
/// checks, which see takes that find nothing.
///
/// Sound; complete for queues without any order (`Ordering::none`), whose empty answers are
/// `check_empty_answers`' matter. `unknown` when tasks are not distinct, or when only a take that
/// never returned can have handed out a completed task. O(n) on average. Pure.
[[nodiscard]] Verdict check_conservation(std::span<const Operation> history);

}  // namespace lockbench::verify
