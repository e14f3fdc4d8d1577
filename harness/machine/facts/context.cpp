#include "harness/machine/facts/context.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>

#include <cmath>

#include <gnu/libc-version.h>
#include <nlohmann/json.hpp>

#include "harness/machine/facts/load.hpp"

namespace lockbench {
namespace {

using Json = nlohmann::json;

/// The value of `KEY=value` or `KEY="value"`.
Measured<std::string> find_assignment(const Measured<std::string>& text, std::string_view key) {
  if (!text.known()) return Unknown{text.reason()};
  for (std::string line : split_lines(text.value())) {
    if (!line.starts_with(fmt::format("{}=", key))) continue;
    line.erase(0, key.size() + 1);
    std::erase(line, '"');
    return line;
  }
  return Unknown{fmt::format("no {}", key)};
}

Measured<std::string> first_known(const Measured<std::string>& first,
                                  const Measured<std::string>& second) {
  return first.known() ? first : second;
}

Measured<double> quota_json(const Topology& topology) {
  if (topology.quota_cpus.known() && std::isinf(topology.quota_cpus.value())) {
    return Unknown{"no quota is set"};
  }
  return topology.quota_cpus;
}

Json cpu_json(const SystemFiles& files, const Topology& topology) {
  const auto info = files.read("/proc/cpuinfo");
  std::vector<int> available;
  for (const Cpu& cpu : topology.cpus) available.push_back(cpu.os_index);
  const auto count = [](const std::string& list) { return parse_cpu_list(list).size(); };
  return {
      // ARM kernels name no model; the part number is the nearest there is.
      {"model", first_known(find_field(info, "model name"), find_field(info, "CPU part"))},
      {"microcode", find_field(info, "microcode")},
      {"online", files.read("/sys/devices/system/cpu/online").then(count)},
      {"available", available.size()},
      {"available_cpus", format_cpu_list(available)},
      {"quota_cpus", quota_json(topology)},
      {"usable_cpus", usable_cpus(topology)},
  };
}

Json mitigations(const SystemFiles& files) {
  constexpr std::string_view directory = "/sys/devices/system/cpu/vulnerabilities";
  Json known = Json::object();
  for (const std::string& name : files.list(directory)) {
    const auto state = files.read(fmt::format("{}/{}", directory, name));
    // What does not concern this CPU costs nothing and says nothing.
    if (state.known() && state.value() != "Not affected") known[name] = state.value();
  }
  if (known.empty() && files.list(directory).empty()) {
    return Measured<double>(Unknown{fmt::format("no {}", directory)});
  }
  return known;
}

Json memory_json(const Settings& settings) {
  return {{"total_bytes", settings.memory_bytes},
          {"available_bytes", settings.memory_available_bytes},
          {"swap_bytes", settings.swap_bytes},
          {"swap_used_bytes", settings.swap_used_bytes}};
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
  if (!topology.unreadable.empty()) return Measured<double>(Unknown{topology.unreadable});
  Json caches = Json::array();
  for (const CacheLevel& level : topology.caches) {
    caches.push_back({{"name", level.name},
                      {"bytes", level.bytes},
                      {"line_bytes", level.line_bytes},
                      {"count", level.count}});
  }
  Json cpus = Json::array();
  for (const Cpu& cpu : topology.cpus) {
    cpus.push_back({{"cpu", cpu.os_index},
                    {"core", cpu.core},
                    {"l3", cpu.l3},
                    {"socket", cpu.package},
                    {"numa_node", cpu.numa}});
  }
  return {{"sockets", count_packages(topology)},
          {"numa_nodes", count_numa_nodes(topology)},
          {"last_level_caches", count_l3(topology)},
          {"cores", count_cores(topology)},
          {"smt", has_smt(topology)},
          {"caches", caches},
          {"cpus", cpus}};
}

Json frequency_json(const Settings& settings) {
  return {{"driver", settings.frequency_driver},
          {"governor", settings.governor},
          {"turbo", settings.turbo},
          {"min_mhz", settings.min_mhz},
          {"max_mhz", settings.max_mhz},
          {"smt_control", settings.smt_control}};
}

Json kernel_json(const SystemFiles& files, const Settings& settings) {
  utsname names{};
  const bool named = uname(&names) == 0;
  const auto name = [&](const char* text) {
    return named ? Measured<std::string>(text) : Unknown{"uname failed"};
  };
  return {
      {"release", name(names.release)},
      {"architecture", name(names.machine)},
      {"build", name(names.version)},
      {"distribution", find_assignment(files.read("/etc/os-release"), "PRETTY_NAME")},
      {"libc", fmt::format("glibc {}", gnu_get_libc_version())},
      {"clocksource", settings.clocksource},
      {"clocksources_available", settings.clocksources_available},
      {"transparent_hugepages", settings.transparent_hugepages},
      {"aslr", settings.aslr},
      {"numa_balancing", settings.numa_balancing},
      {"isolated_cpus", settings.isolated_cpus},
      {"nohz_full_cpus", settings.nohz_full_cpus},
      {"perf_event_paranoid", settings.perf_event_paranoid},
      {"mitigations", mitigations(files)},
  };
}

Json machine_context() {
  return machine_context(SystemFiles{}, read_topology(), read_virtualisation());
}

Json machine_context(const SystemFiles& files, const Topology& topology,
                     const Virtualisation& virtualisation) {
  const Settings settings = read_settings(files);
  return {{"id", machine_id()},
          {"cpu", cpu_json(files, topology)},
          {"topology", topology_json(topology)},
          {"frequency", frequency_json(settings)},
          {"virtualisation", virtualisation},
          {"kernel", kernel_json(files, settings)},
          {"memory", memory_json(settings)},
          {"load", read_load(files)}};
}

std::string machine_id() {
  utsname names{};
  return sanitised_machine_id(uname(&names) == 0 ? names.nodename : "");
}

std::string sanitised_machine_id(std::string_view host_name) {
  constexpr std::size_t longest = 32;
  std::string id;
  for (const char letter : host_name) {
    const bool upper = letter >= 'A' && letter <= 'Z';
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (upper) {
      id += static_cast<char>(letter - 'A' + 'a');
    } else if (plain) {
      id += letter;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
    if (id.size() == longest) break;
  }
  while (id.ends_with('-')) id.pop_back();
  return id.empty() ? "machine" : id;
}

Json unknowns_in(const Json& context) {
  Json found = Json::object();
  collect_unknowns(context, "", found);
  return found;
}

}  // namespace lockbench
