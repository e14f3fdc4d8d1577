#include "harness/verify/rounds/rounds.hpp"

#include <array>

namespace lockbench::verify {

Treatment draw_treatment(Random& random) {
  // One in four rounds has no disturbance: its threads run side by side at full speed.
  constexpr std::array disturbances{Disturbance{},
                                    Disturbance{.per_mille = 50, .longest_sleep_us = 0},
                                    Disturbance{.per_mille = 300, .longest_sleep_us = 20},
                                    Disturbance{.per_mille = 30, .longest_sleep_us = 200}};
  return {.disturbance = disturbances.at(random.below(disturbances.size())),
          .preempted = random.below(2) == 0,
          .hogs = random.below(8) == 0 ? 2U : 0U};
}

RoundOutcome outcome_of(const RoundTeam& team, const RoundSpec& spec, bool ended) {
  return {.history = team.history(),
          .threads = static_cast<std::uint32_t>(team.size()),
          .seed = spec.seed,
          .capacity = team.capacity(),
          .stuck = !ended};
}

}  // namespace lockbench::verify
