#include "harness/verbs/surroundings.hpp"

#include <fmt/format.h>

#include <utility>

#include "harness/base/scheduling.hpp"
#include "harness/base/text/output.hpp"
#include "harness/plan/memory_need.hpp"
#include "harness/processes/child_environment.hpp"

namespace lockbench {

std::vector<std::string> drop_inherited(bool quiet) {
  auto variables = drop_steering_variables();
  auto& dropped = variables.steering;
  const auto& policy = drop_inherited_policy();
  if (policy.name != policy.now) dropped.push_back(policy.name);
  if (!dropped.empty() && !quiet) {
    tell("not measured with {}: nothing inherited may change a measurement\n",
         fmt::join(dropped, ", "));
  }
  if (!policy.kept_why.empty() && !quiet) {
    tell("measured with {}, which cannot be given up ({}): whatever else runs goes first\n",
         policy.name, policy.kept_why);
  }
  return std::move(variables.dropped);
}

void check_memory(const Plan& plan, bool quiet) {
  const auto room = read_memory_room();
  if (!room.known()) return;
  refuse_too_large(plan, room.value());
  const auto warning = warning_of_full_queues(plan, room.value());
  if (!warning.empty() && !quiet) tell("{}\n", warning);
}

}  // namespace lockbench
