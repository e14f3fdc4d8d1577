#pragma once

#include <optional>

#include "harness/engine/measured_window.hpp"
#include "harness/engine/team.hpp"
#include "harness/machine/probes/line_ping_pong.hpp"

namespace lockbench {

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

}  // namespace lockbench
