#pragma once

#include <string_view>

namespace lockbench {

/// For the tests of what the suite does when a strategy fails: `LOCKBENCH_FAULT=crash:rwlock` ends
/// the measuring process by abort() when a window of `rwlock` begins, `hang:rwlock` makes it sleep
/// for ever. Does nothing when the variable is not set.
void inject_fault(std::string_view strategy);

}  // namespace lockbench
