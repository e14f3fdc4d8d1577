#include "harness/machine/facts/scheduling.hpp"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

Probed<std::int64_t> read_niceness() {
  errno = 0;  // -1 is a niceness, too
  const int niceness = getpriority(PRIO_PROCESS, 0);
  if (errno != 0) return system_error_at("getpriority");
  return std::int64_t{niceness};
}

Probed<std::int64_t> read_most_priority() {
  rlimit limit{};
  if (getrlimit(RLIMIT_RTPRIO, &limit) != 0) return system_error_at("getrlimit");
  const auto highest = static_cast<rlim_t>(sched_get_priority_max(SCHED_FIFO));
  return static_cast<std::int64_t>(std::min(limit.rlim_cur, highest));
}

}  // namespace

Scheduling read_scheduling(const SystemFiles& files) {
  return {.policy = drop_inherited_policy(),
          .niceness = read_niceness(),
          .most_priority = read_most_priority(),
          .runtime_us = files.read_whole("/proc/sys/kernel/sched_rt_runtime_us"),
          .period_us = files.read_whole("/proc/sys/kernel/sched_rt_period_us")};
}

void to_json(nlohmann::json& json, const Scheduling& scheduling) {
  json = {{"inherited", scheduling.policy.name}, {"measured_with", scheduling.policy.now},
          {"niceness", scheduling.niceness},     {"most_priority", scheduling.most_priority},
          {"runtime_us", scheduling.runtime_us}, {"period_us", scheduling.period_us}};
}

}  // namespace lockbench
