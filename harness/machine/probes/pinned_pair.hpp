#pragma once

/// Two short-lived threads on chosen CPUs, for probes between CPUs.

#include <functional>
#include <string>

namespace lockbench {

/// Runs both roles at once, each on a thread pinned to its CPU, and waits for them. The caller's
/// own affinity is untouched. Returns why it could not be done, or nothing when both roles ran. A
/// role whose thread cannot be pinned is not run: its partner must bear waiting for it in vain.
[[nodiscard]] std::string run_pinned_pair(int first_cpu, const std::function<void()>& first_role,
                                          int second_cpu, const std::function<void()>& second_role);

/// Pins the calling thread. Returns why it could not, or nothing.
[[nodiscard]] std::string pin_this_thread(int cpu);

}  // namespace lockbench
