#include "harness/machine/facts/load.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

using Words = std::vector<std::string>;

/// The number at the start of one word: 1 of `1/467`.
Probed<double> number_at(const Words& words, std::size_t index) {
  if (index >= words.size()) return Unknown{"the line is shorter than expected"};
  return parse_number(std::string_view(words[index]).substr(0, words[index].find('/')));
}

/// Ticks spent in user, nice, system, idle, iowait, irq, softirq and steal. User includes guest time.
using Ticks = std::array<std::int64_t, 8>;
constexpr std::size_t idle = 3;
constexpr std::size_t iowait = 4;
constexpr std::size_t steal = 7;

Probed<Ticks> read_ticks(const SystemFiles& files) {
  return files.read("/proc/stat").then([](const std::string& text) -> Probed<Ticks> {
    const auto words = split_words(text.substr(0, text.find('\n')));
    if (words.empty() || words[0] != "cpu") return Unknown{"/proc/stat has no cpu line"};
    Ticks ticks{};
    for (std::size_t kind = 0; kind < ticks.size(); ++kind) {
      const auto number = whole(number_at(words, kind + 1));
      if (!number.known()) return Unknown{"/proc/stat: " + number.reason()};
      ticks[kind] = number.value();
    }
    return ticks;
  });
}

std::int64_t sum_of(const Ticks& ticks) {
  return std::accumulate(ticks.begin(), ticks.end(), std::int64_t{0});
}

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

Load read_load(const SystemFiles& files) {
  const auto averages = files.read("/proc/loadavg").then(split_words);  // 0.5 0.6 0.6 1/467 12345
  const auto number = [](const Probed<Words>& words, std::size_t index) {
    return words.then([=](const Words& known) { return number_at(known, index); });
  };
  const auto ticks = read_ticks(files);
  return {.load_1min = number(averages, 0),
          .load_5min = number(averages, 1),
          .load_15min = number(averages, 2),
          .runnable_tasks = whole(number(averages, 3)),
          .busy_ticks = ticks.then(
              [](const Ticks& all) { return sum_of(all) - all[idle] - all[iowait] - all[steal]; }),
          .steal_ticks = ticks.then([](const Ticks& all) { return all[steal]; }),
          .total_ticks = ticks.then(sum_of),
          .uptime_s = number(files.read("/proc/uptime").then(split_words), 0)};
}

Probed<CpuShares> shares_between(const Load& before, const Load& after) {
  if (!before.total_ticks.known()) return before.total_ticks.unknown();
  if (!after.total_ticks.known()) return after.total_ticks.unknown();
  const std::int64_t passed = after.total_ticks.value() - before.total_ticks.value();
  if (passed <= 0) return Unknown{"no tick passed between the two readings"};
  const auto share = [passed](const Probed<std::int64_t>& from, const Probed<std::int64_t>& to) {
    return static_cast<double>(to.value() - from.value()) / static_cast<double>(passed);
  };
  return CpuShares{share(before.busy_ticks, after.busy_ticks),
                   share(before.steal_ticks, after.steal_ticks)};
}

void to_json(nlohmann::json& json, const Load& load) {
  json = {{"load_1min", load.load_1min},     {"load_5min", load.load_5min},
          {"load_15min", load.load_15min},   {"runnable_tasks", load.runnable_tasks},
          {"busy_ticks", load.busy_ticks},   {"steal_ticks", load.steal_ticks},
          {"total_ticks", load.total_ticks}, {"uptime_s", load.uptime_s}};
}

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

}  // namespace lockbench
