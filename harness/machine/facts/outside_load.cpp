#include "harness/machine/facts/outside_load.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace lockbench {
namespace {

double cpu_s(int whose) {
  rusage usage{};
  getrusage(whose, &usage);
  const auto seconds = [](const timeval& spent) {
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The standard error of a share that was seen in `ticks` samples.
double standard_error(double share, double ticks) {
  const double nudged = (share * ticks + 2) / (ticks + 4);
  return std::sqrt(nudged * (1 - nudged) / (ticks + 4));
}

}  // namespace

CpuTimes cpu_times_now(const SystemFiles& files) {
  return {.machine = read_load(files), .own_s = cpu_s(RUSAGE_SELF) + cpu_s(RUSAGE_CHILDREN)};
}

Probed<OutsideLoad> outside_load(const CpuTimes& before, const CpuTimes& after,
                                 double ticks_per_s) {
  const auto shares = shares_between(before.machine, after.machine);
  if (!shares.known()) return shares.unknown();
  const auto ticks =
      static_cast<double>(after.machine.total_ticks.value() - before.machine.total_ticks.value());
  const double own = (after.own_s - before.own_s) * ticks_per_s / ticks;
  const double others = shares->busy - own;
  const double busy = std::clamp(shares->busy, 0.0, 1.0);
  return OutsideLoad{.others = std::max(0.0, others),
                     .others_at_least = std::max(0.0, others - 2 * standard_error(busy, ticks)),
                     .steal = shares->steal};
}

Probed<OutsideLoad> outside_load(const CpuTimes& before, const CpuTimes& after) {
  return outside_load(before, after, static_cast<double>(sysconf(_SC_CLK_TCK)));
}

}  // namespace lockbench
