#include "harness/machine/probes/pinned_pair.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <cstring>
#include <system_error>
#include <thread>

#include "harness/base/thread_affinity.hpp"

namespace lockbench {

std::string pin_this_thread(int cpu) {
  const int error = pin(pthread_self(), cpu);
  if (error == 0) return {};
  return fmt::format("cannot run on CPU {}: {}", cpu, std::strerror(error));
}

std::string run_pinned_pair(int first_cpu, const std::function<void()>& first_role, int second_cpu,
                            const std::function<void()>& second_role) {
  std::string first_failure;
  std::string second_failure;
  const auto run = [](int cpu, const std::function<void()>& role, std::string& failure) {
    failure = pin_this_thread(cpu);
    if (failure.empty()) role();
  };
  try {
    std::jthread first([&] { run(first_cpu, first_role, first_failure); });
    std::jthread second([&] { run(second_cpu, second_role, second_failure); });
  } catch (const std::system_error& error) {  // the first one, if it started, has been joined
    return fmt::format("cannot start a thread: {}", error.what());
  }
  return first_failure.empty() ? second_failure : first_failure;
}

}  // namespace lockbench
