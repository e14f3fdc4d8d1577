#include "harness/machine/facts/load.hpp"

#include <array>
#include <cstddef>

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

Measured<double> word_as_number(const std::vector<std::string>& words, std::size_t index) {
  if (index >= words.size()) return Unknown{"the line is shorter than expected"};
  return parse_number(words[index]);
}

void read_load_average(const SystemFiles& files, Load& load) {
  const auto text = files.read("/proc/loadavg");  // 0.52 0.58 0.59 1/467 12345
  if (!text.known()) {
    load.load_1min = load.load_5min = load.load_15min = Unknown{text.reason()};
    load.runnable_tasks = Unknown{text.reason()};
    return;
  }
  const auto words = split_words(text.value());
  load.load_1min = word_as_number(words, 0);
  load.load_5min = word_as_number(words, 1);
  load.load_15min = word_as_number(words, 2);
  load.runnable_tasks =
      whole(words.size() > 3 ? parse_number(words[3].substr(0, words[3].find('/')))
                             : word_as_number(words, 3));
}

void read_ticks(const SystemFiles& files, Load& load) {
  const auto set_all = [&](const Unknown& why) {
    load.busy_ticks = load.steal_ticks = load.total_ticks = why;
  };
  const auto text = files.read("/proc/stat");
  if (!text.known()) return set_all({text.reason()});
  // cpu user nice system idle iowait irq softirq steal guest guest_nice; guest is within user.
  constexpr std::size_t idle = 3;
  constexpr std::size_t iowait = 4;
  constexpr std::size_t steal = 7;
  constexpr std::size_t fields = 8;
  const auto words = split_words(text.value().substr(0, text.value().find('\n')));
  if (words.empty() || words[0] != "cpu") return set_all({"/proc/stat has no cpu line"});
  std::array<std::int64_t, fields> ticks{};
  std::int64_t total = 0;
  for (std::size_t field = 0; field < fields; ++field) {
    const auto number = whole(word_as_number(words, field + 1));
    if (!number.known()) return set_all({"/proc/stat: " + number.reason()});
    ticks[field] = number.value();
    total += number.value();
  }
  load.total_ticks = total;
  load.steal_ticks = ticks[steal];
  load.busy_ticks = total - ticks[idle] - ticks[iowait] - ticks[steal];
}

}  // namespace

Load read_load(const SystemFiles& files) {
  Load load;
  read_load_average(files, load);
  read_ticks(files, load);
  const auto uptime = files.read("/proc/uptime");
  load.uptime_s = uptime.known() ? word_as_number(split_words(uptime.value()), 0)
                                 : Measured<double>(Unknown{uptime.reason()});
  return load;
}

Measured<CpuShares> shares_between(const Load& before, const Load& after) {
  if (!before.total_ticks.known()) return Unknown{before.total_ticks.reason()};
  if (!after.total_ticks.known()) return Unknown{after.total_ticks.reason()};
  const std::int64_t passed = after.total_ticks.value() - before.total_ticks.value();
  if (passed <= 0) return Unknown{"no tick passed between the two readings"};
  const auto share = [passed](const Measured<std::int64_t>& from,
                              const Measured<std::int64_t>& to) {
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

void to_json(nlohmann::json& json, const CpuShares& shares) {
  json = {{"busy", shares.busy}, {"steal", shares.steal}};
}

nlohmann::json load_now(const SystemFiles& files) {
  return read_load(files);
}

}  // namespace lockbench
