#pragma once

/// The one place that knows every workload: a new one is a file that describes itself, its include
/// and its entry in this list. CMake counts the includes of this folder; each is a workload.

#include <array>
#include <cstddef>
#include <tuple>

#include "harness/engine/workload.hpp"
#include "harness/workloads/burst.hpp"
#include "harness/workloads/cancel_heavy.hpp"
#include "harness/workloads/handoff.hpp"
#include "harness/workloads/hold.hpp"
#include "harness/workloads/mixed.hpp"
#include "harness/workloads/open_loop.hpp"
#include "harness/workloads/pool.hpp"
#include "harness/workloads/producer_consumer.hpp"
#include "harness/workloads/raw_fifo.hpp"
#include "harness/workloads/status_storm.hpp"

namespace lockbench {

template <Workload... Ws>
struct WorkloadList {
  static constexpr std::array infos{Ws::info...};
  static constexpr std::size_t size = infos.size();
  template <std::size_t index>
  using At = std::tuple_element_t<index, std::tuple<Ws...>>;
};

using Workloads = WorkloadList<Mixed, ProducerConsumer, OpenLoop, Hold, Burst, CancelHeavy, Handoff,
                               StatusStorm, Pool, RawFifo>;

}  // namespace lockbench
