#pragma once

#include <vector>

#include "harness/verify/rounds/any_task_queue.hpp"

namespace lockbench::verify {

/// Every strategy of the registry that stores tasks, in registry order.
[[nodiscard]] std::vector<Subject> registered_subjects();

}  // namespace lockbench::verify
