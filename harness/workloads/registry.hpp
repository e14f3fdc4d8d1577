#pragma once

/// The one place that knows every workload: a new one is one file, one line in
/// this list, and one in names.hpp, which says what it uses.

#include "harness/workloads/mixed.hpp"
#include "harness/workloads/producer_consumer.hpp"
#include "harness/workloads/workload.hpp"

namespace lockbench {

template <Workload... Ws>
struct WorkloadList {};

using Workloads = WorkloadList<Mixed, ProducerConsumer>;

/// Calls `visit.template operator()<W>()` for each workload, in order.
template <Workload... Ws>
constexpr void for_each_workload(WorkloadList<Ws...> /*list*/, auto&& visit) {
  (visit.template operator()<Ws>(), ...);
}

}  // namespace lockbench
