#pragma once

#include <optional>

#include "harness/engine/team.hpp"
#include "harness/machine/probes/line_ping_pong.hpp"
#include "harness/results/row.hpp"

namespace lockbench {

/// The state of the machine at one moment, as the team's own threads see it.
struct Regime {
  Cell line_roundtrip_ns;  ///< empty for a team on a single CPU
  Cell spin_loop_ns;
};

/// Takes the regime before and after windows: a cache-line round trip between the first thread and
/// the nearest-numbered thread on another CPU, and a fixed single-thread loop. Well under 1 ms.
class RegimeProbe {
public:
  explicit RegimeProbe(Team& team);
  [[nodiscard]] Regime take();

private:
  static constexpr std::uint32_t rounds = 200;

  Team& team_;
  std::optional<std::uint32_t> partner_;  ///< index of a thread on another CPU than thread 0
  LinePingPong line_;
};

/// What a window between two probes was measured under.
[[nodiscard]] Regime mean(const Regime& before, const Regime& after);

}  // namespace lockbench
