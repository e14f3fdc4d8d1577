#include "harness/processes/child_environment.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace lockbench {
namespace {

/// What tests and sanitizers say to a child. A release build reads the first two alone, which only
/// tests set.
constexpr std::array<std::string_view, 6> passed_on{"LOCKBENCH_FAULT", "LOCKBENCH_TOPOLOGY",
                                                    "ASAN_OPTIONS",    "LSAN_OPTIONS",
                                                    "TSAN_OPTIONS",    "UBSAN_OPTIONS"};
constexpr std::array<std::string_view, 6> steering_prefixes{
    "BENCHMARK_", "GLIBC_TUNABLES", "HWLOC_", "LD_", "MALLOC_", "OMP_"};

}  // namespace

ChildEnvironment child_environment() {
  ChildEnvironment environment{.entries = {"LC_ALL=C"}, .dropped = {}, .steering = {}};
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const std::string_view entry = *variable;
    const auto name = entry.substr(0, entry.find('='));
    if (std::ranges::find(passed_on, name) != passed_on.end()) {
      environment.entries.emplace_back(entry);
      continue;
    }
    environment.dropped.emplace_back(name);
    const auto begins_it = [name](std::string_view prefix) { return name.starts_with(prefix); };
    if (std::ranges::any_of(steering_prefixes, begins_it)) environment.steering.emplace_back(name);
  }
  std::ranges::sort(environment.dropped);
  std::ranges::sort(environment.steering);
  return environment;
}

ChildEnvironment drop_steering_variables() {
  auto found = child_environment();
  for (const auto& name : found.steering) ::unsetenv(name.c_str());
  return found;
}

}  // namespace lockbench
