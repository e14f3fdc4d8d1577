#include "harness/machine/facts/context.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cmath>

#include <gnu/libc-version.h>
#include <nlohmann/json.hpp>

#include "harness/machine/facts/load.hpp"
#include "harness/machine/facts/machine_identity.hpp"
#include "harness/machine/facts/scheduling.hpp"
#include "harness/machine/facts/settings.hpp"

namespace lockbench {
namespace {

using Json = nlohmann::json;

/// JSON has no infinity.
Probed<double> finite(const Probed<double>& limit, const char* when_infinite) {
  if (limit.known() && std::isinf(limit.value())) return Unknown{when_infinite};
  return limit;
}

Json cpu_json(const SystemFiles& files, const Topology& topology) {
  const auto info = files.read("/proc/cpuinfo");
  const auto model = find_field(info, "model name");
  return {
      // ARM kernels name no model; the part number is the nearest there is.
      {"model", model.known() ? model : find_field(info, "CPU part")},
      {"microcode", find_field(info, "microcode")},
      {"online", count_online_cpus(files)},
      {"available", topology.cpus.size()},
      {"available_cpus", usable_cpu_list(topology)},
      {"quota_cpus", finite(topology.quota_cpus, "no quota is set")},
      {"usable_cpus", usable_cpus(topology)},
  };
}

Json mitigations(const SystemFiles& files) {
  constexpr std::string_view directory = "/sys/devices/system/cpu/vulnerabilities";
  const auto names = files.list(directory);
  if (names.empty()) return Probed<double>(Unknown{fmt::format("no {}", directory)});
  Json known = Json::object();
  for (const std::string& name : names) {
    const auto state = files.read(fmt::format("{}/{}", directory, name));
    // What does not concern this CPU costs nothing and says nothing.
    if (state.known() && state.value() != "Not affected") known[name] = state.value();
  }
  return known;
}

Json memory_json(const SystemFiles& files, const Settings& settings) {
  const auto meminfo = files.read("/proc/meminfo");
  return {{"total_bytes", find_bytes(meminfo, "MemTotal")},
          {"available_bytes", find_bytes(meminfo, "MemAvailable")},
          {"swap_bytes", find_bytes(meminfo, "SwapTotal")},
          {"swap_used_bytes", settings.swap_used_bytes},
          {"limit_bytes", finite(settings.memory_limit_bytes, "no limit is set")}};
}

Probed<double> mhz(const SystemFiles& files, std::string_view name) {
  return over_all_cpus(files, name).then([](const std::string& text) -> Probed<double> {
    const auto khz = parse_number(text);
    if (!khz.known()) return Unknown{fmt::format("CPUs differ: {} kHz", text)};
    return khz.value() / 1000;
  });
}

Json frequency_json(const SystemFiles& files, const Settings& settings) {
  return {{"driver", settings.frequency_driver},
          {"governor", settings.governor},
          {"turbo", settings.turbo},
          {"min_mhz", mhz(files, "scaling_min_freq")},
          {"max_mhz", mhz(files, "scaling_max_freq")},
          {"smt_control", settings.smt_control}};
}

Json kernel_json(const SystemFiles& files, const Settings& settings) {
  utsname names{};
  const bool named = uname(&names) == 0;
  const auto name = [&](const char* text) {
    return named ? Probed<std::string>(text) : Unknown{"uname failed"};
  };
  const auto distribution =
      find_field(files.read("/etc/os-release"), "PRETTY_NAME", '=').then([](std::string text) {
        std::erase(text, '"');
        return text;
      });
  return {
      {"release", name(names.release)},
      {"architecture", name(names.machine)},
      {"build", name(names.version)},
      {"distribution", distribution},
      {"libc", fmt::format("glibc {}", gnu_get_libc_version())},
      {"clocksource", settings.clocksource},
      {"clocksources_available",
       files.read("/sys/devices/system/clocksource/clocksource0/available_clocksource")},
      {"transparent_hugepages", settings.transparent_hugepages},
      {"aslr", settings.aslr},
      {"numa_balancing", settings.numa_balancing},
      {"isolated_cpus", files.read("/sys/devices/system/cpu/isolated")},
      {"nohz_full_cpus", files.read("/sys/devices/system/cpu/nohz_full")},
      {"perf_event_paranoid", files.read_whole("/proc/sys/kernel/perf_event_paranoid")},
      {"mitigations", mitigations(files)},
  };
}

void collect_unknowns(const Json& value, const std::string& path, Json& found) {
  if (value.is_object() && value.contains("value") && value.at("value").is_null() &&
      value.contains("reason")) {
    found[path] = value.at("reason");
    return;
  }
  if (!value.is_structured()) return;
  for (const auto& [key, child] : value.items()) {
    collect_unknowns(child, path.empty() ? key : fmt::format("{}.{}", path, key), found);
  }
}

}  // namespace

Json topology_json(const Topology& topology) {
  if (!topology.unreadable.empty()) return Probed<double>(Unknown{topology.unreadable});
  Json caches = Json::array();
  for (const CacheLevel& level : topology.caches) {
    caches.push_back({{"name", level.name},
                      {"bytes", level.bytes},
                      {"line_bytes", level.line_bytes},
                      {"count", level.count}});
  }
  const auto kinds = topology.kinds.then([](const std::vector<CpuKind>& all) {
    Json list = Json::array();
    for (const CpuKind& kind : all) {
      list.push_back(
          {{"kind", kind.kind}, {"cpus", format_cpu_list(kind.cpus)}, {"traits", kind.traits}});
    }
    return list;
  });
  Json cpus = Json::array();
  for (const Cpu& cpu : topology.cpus) {
    cpus.push_back({{"cpu", cpu.os_index},
                    {"core", cpu.core},
                    {"l3", cpu.l3},
                    {"socket", cpu.package},
                    {"numa_node", cpu.numa},
                    {"kind", cpu.kind < 0 ? Json() : Json(cpu.kind)}});
  }
  return {{"sockets", count_distinct(topology, &Cpu::package)},
          {"numa_nodes", count_distinct(topology, &Cpu::numa)},
          {"last_level_caches", count_distinct(topology, &Cpu::l3)},
          {"cores", count_distinct(topology, &Cpu::core)},
          {"smt", has_smt(topology)},
          {"cpu_kinds", kinds},
          {"caches", caches},
          {"cpus", cpus}};
}

Json machine_context(const SystemFiles& files, const Topology& topology,
                     const Virtualisation& virtualisation) {
  const Settings settings = read_settings(files);
  return {{"identity", read_machine_identity(files, virtualisation)},
          {"cpu", cpu_json(files, topology)},
          {"topology", topology_json(topology)},
          {"frequency", frequency_json(files, settings)},
          {"virtualisation", virtualisation},
          {"kernel", kernel_json(files, settings)},
          {"memory", memory_json(files, settings)},
          {"scheduling", read_scheduling(files)},
          {"load", read_load(files)}};
}

Json unknowns_in(const Json& context) {
  Json found = Json::object();
  collect_unknowns(context, "", found);
  return found;
}

}  // namespace lockbench
