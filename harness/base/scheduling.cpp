#include "harness/base/scheduling.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <cerrno>
#include <system_error>

namespace lockbench {
namespace {

constexpr int deadline_policy = 6;  // SCHED_DEADLINE, which glibc names since 2.41

std::string name_of(int policy, int priority) {
  switch (policy) {
    case SCHED_OTHER: return "SCHED_OTHER";
    case SCHED_BATCH: return "SCHED_BATCH";
    case SCHED_IDLE: return "SCHED_IDLE";
    case SCHED_FIFO: return fmt::format("SCHED_FIFO {}", priority);
    case SCHED_RR: return fmt::format("SCHED_RR {}", priority);
    case deadline_policy: return "SCHED_DEADLINE";
    default: return fmt::format("policy {}", policy);
  }
}

InheritedPolicy drop_policy() {
  const int found = ::sched_getscheduler(0);
  sched_param priority{};
  if (found < 0 || ::sched_getparam(0, &priority) != 0)
    return {.name = "unknown", .now = "unknown"};
  // Who has no privileges may not clear this flag.
  const int flag = found & SCHED_RESET_ON_FORK;
  InheritedPolicy policy{.name = name_of(found ^ flag, priority.sched_priority),
                         .now = name_of(SCHED_OTHER, 0)};
  if (policy.name == policy.now) return policy;
  const sched_param none{};
  if (::sched_setscheduler(0, SCHED_OTHER | flag, &none) == 0) return policy;
  policy.kept_why = std::generic_category().message(errno);
  policy.now = policy.name;
  return policy;
}

}  // namespace

const InheritedPolicy& drop_inherited_policy() {
  static const auto inherited = drop_policy();
  return inherited;
}

}  // namespace lockbench
