#pragma once

namespace lockbench {

/// From now on SIGINT and SIGTERM set a flag instead of ending the process. A second one ends it.
void catch_interrupts();
[[nodiscard]] bool interrupted() noexcept;

}  // namespace lockbench
