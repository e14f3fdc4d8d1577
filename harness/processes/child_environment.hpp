#pragma once

#include <string>
#include <vector>

namespace lockbench {

/// The environment of every child program, made here and not inherited. Variables change what is
/// measured: BENCHMARK_FILTER leaves strategies out, LD_PRELOAD brings another allocator,
/// GLIBC_TUNABLES other spins of a mutex, and their mere length moves the stack (Mytkowicz et al.
/// 2009).
struct ChildEnvironment {
  std::vector<std::string> entries;   ///< NAME=value
  std::vector<std::string> dropped;   ///< names that this process has and a child does not, sorted
  std::vector<std::string> steering;  ///< of `dropped`: those known to change a measurement
};

[[nodiscard]] ChildEnvironment child_environment();

/// Removes the steering variables from this process too, where hwloc would read its own, and returns
/// the environment as it was found. Call it while there is one thread, before anything is probed.
ChildEnvironment drop_steering_variables();

}  // namespace lockbench
