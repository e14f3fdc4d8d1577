#include "harness/machine/facts/scheduling.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

constexpr int deadline_policy = 6;  // SCHED_DEADLINE, which older sched.h lack

Probed<std::string> read_policy() {
  const int policy = sched_getscheduler(0);
  if (policy < 0) return system_error_at("sched_getscheduler");
  for (const auto& [number, name] :
       {std::pair{SCHED_OTHER, "SCHED_OTHER"}, std::pair{SCHED_FIFO, "SCHED_FIFO"},
        std::pair{SCHED_RR, "SCHED_RR"}, std::pair{SCHED_BATCH, "SCHED_BATCH"},
        std::pair{SCHED_IDLE, "SCHED_IDLE"}, std::pair{deadline_policy, "SCHED_DEADLINE"}}) {
    if ((policy & ~SCHED_RESET_ON_FORK) == number) return std::string(name);
  }
  return Unknown{fmt::format("policy {} has no name here", policy)};
}

Probed<std::int64_t> read_priority() {
  sched_param parameters{};
  if (sched_getparam(0, &parameters) != 0) return system_error_at("sched_getparam");
  return std::int64_t{parameters.sched_priority};
}

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
  return {.policy = read_policy(),
          .priority = read_priority(),
          .niceness = read_niceness(),
          .most_priority = read_most_priority(),
          .runtime_us = files.read_whole("/proc/sys/kernel/sched_rt_runtime_us"),
          .period_us = files.read_whole("/proc/sys/kernel/sched_rt_period_us")};
}

bool is_real_time(std::string_view policy) {
  constexpr std::array<std::string_view, 3> real_time{"SCHED_FIFO", "SCHED_RR", "SCHED_DEADLINE"};
  return std::ranges::find(real_time, policy) != real_time.end();
}

void to_json(nlohmann::json& json, const Scheduling& scheduling) {
  json = {{"policy", scheduling.policy},         {"priority", scheduling.priority},
          {"niceness", scheduling.niceness},     {"most_priority", scheduling.most_priority},
          {"runtime_us", scheduling.runtime_us}, {"period_us", scheduling.period_us}};
}

}  // namespace lockbench
