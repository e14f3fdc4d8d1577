#pragma once

/// What the conformance tests are compiled with a second time: the queues that mutants deviate from
/// have to be sound themselves, or it would not be the mistake that is caught.

#include "strategies/registry.hpp"
#include "strategies/tests/mutants/lock_free_original.hpp"
#include "strategies/tests/mutants/original.hpp"

namespace lockbench::testing_support {

using TestedQueues = StrategyList<mutants::OriginalTaskQueue, mutants::LockFreeOriginalTaskQueue>;

}  // namespace lockbench::testing_support
