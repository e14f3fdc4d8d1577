#pragma once

#include <span>

#include "harness/verify/history/history.hpp"
#include "harness/verify/verdict.hpp"

namespace lockbench::verify {

/// Checks that no task is lost or invented. A task that is handed out was added before, with the same
/// priority; it is handed out once, and never if it was cancelled. A cancelled task was queued. A task
/// is completed once, after it was handed out. No task is added after a shutdown has returned, or
/// handed out after a discard has returned. Whether a task that stays in the queue was lost is left to
/// the order checks, which look at takes that find nothing.
///
/// Sound, and complete for queues without any order if `check_empty_answers` holds too. Answers
/// `unknown` if tasks are not distinct, or if only a take that never returned can have handed out a
/// completed task. O(n) on average. Pure.
[[nodiscard]] Verdict check_conservation(std::span<const Operation> history);

/// Checks that each task came with its own payload, as `CallRecorder` noticed.
[[nodiscard]] Verdict check_payloads(std::span<const Operation> history);

}  // namespace lockbench::verify
