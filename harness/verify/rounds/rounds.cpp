#include "harness/verify/rounds/rounds.hpp"

#include <array>

namespace lockbench::verify {

Treatment draw_treatment(Random& random) {
  // Often nothing: threads that nobody disturbs run side by side at full speed.
  constexpr std::array disturbances{Disturbance{},
                                    Disturbance{.per_mille = 50, .longest_sleep_us = 0},
                                    Disturbance{.per_mille = 300, .longest_sleep_us = 20},
                                    Disturbance{.per_mille = 30, .longest_sleep_us = 200}};
  return {.disturbance = disturbances.at(random.below(disturbances.size())),
          .preempted = random.below(2) == 0,
          .hogs = random.below(8) == 0 ? 2U : 0U};
}

}  // namespace lockbench::verify
