#include "harness/engine/regime_probe.hpp"

#include "harness/machine/probes/timing.hpp"

namespace lockbench {

RegimeProbe::RegimeProbe(Team& team) : team_(team) {
  const auto& cpus = team.cpus();
  for (std::uint32_t i = 1; i < team.size() && !partner_; ++i) {
    if (cpus.empty() || cpus[i % cpus.size()] != cpus[0]) partner_ = i;
  }
}

Regime RegimeProbe::take() {
  Regime regime;
  line_.reset();
  team_.run([&](std::uint32_t index) {
    if (index == 0) {
      if (partner_) regime.line_roundtrip_ns = line_.ping(rounds);
      regime.spin_loop_ns = spin_loop_ns();
    } else if (index == partner_) {
      (void)line_.pong(rounds);
    }
  });
  return regime;
}

}  // namespace lockbench
