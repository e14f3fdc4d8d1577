#pragma once

#include <string>

namespace lockbench {

/// How the kernel was to schedule this process when it was started.
struct InheritedPolicy {
  std::string name;  ///< `SCHED_OTHER`, `SCHED_FIFO 50`
  std::string now;   ///< the policy since then
  std::string
      kept_why{};  ///< why it could not be given up; empty where it was, or is the usual one
};

/// Gives up the policy that this process inherited for SCHED_OTHER, under which its children and threads
/// are started from then on. A team of real-time threads that spin would keep this program from its
/// CPUs, and so from ending the window, for good; and what others pass on must not change what is
/// measured. The kernel refuses that to SCHED_IDLE without privileges. Niceness stays.
///
/// The first call, which belongs to main, does so; later ones return what it found.
const InheritedPolicy& drop_inherited_policy();

}  // namespace lockbench
