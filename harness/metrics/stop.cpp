#include "harness/metrics/stop.hpp"

namespace lockbench {

double stopped_s(const Beat& beat) noexcept {
  const double late_s = beat.took_s - beat.asked_s - beat.run_queue_wait_s.value_or(0);
  const double shortest_s = beat.run_queue_wait_s ? shortest_stop_s : shortest_stop_unknown_wait_s;
  return late_s >= shortest_s ? late_s : 0;
}

}  // namespace lockbench
