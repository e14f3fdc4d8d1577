#pragma once

/// A function that runs in a process of its own, so that it may crash or hang. For what cannot be
/// started anew by name, as a queue that is compiled into a test.

#include <cstdint>
#include <functional>
#include <string>

namespace lockbench {

enum class ForkEnd : std::uint8_t {
  finished,
  crashed,      ///< ended by a signal, or with an error
  hung,         ///< took longer than allowed; killed
  interrupted,  ///< this process was asked to stop; killed
};

struct ForkOutcome {
  ForkEnd end = ForkEnd::finished;
  std::string output;  ///< what the function returned; complete only where it finished
  std::string what;    ///< `killed by signal 6 (Aborted)`, `no end after 10.2 s`
};

/// Calls `work` in a forked child and brings back what it returns. The child ends by `_exit`, so that
/// threads which are stuck in it do no harm; it dies with this process. `tick` is called a few times a
/// second meanwhile. To be called while this process has one thread. Throws `Error` when no process
/// can be started.
[[nodiscard]] ForkOutcome run_forked(const std::function<std::string()>& work, double allowance_s,
                                     const std::function<void()>& tick);

}  // namespace lockbench
