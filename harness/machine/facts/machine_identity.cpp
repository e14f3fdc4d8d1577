#include "harness/machine/facts/machine_identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

constexpr auto unknown_part = "unknown";

/// Drawn once for this program. Another one would make all machines look new.
constexpr boost::uuids::uuid application_key{{0x6f, 0x1c, 0x0b, 0x9e, 0x4a, 0x7d, 0x4d, 0x0f, 0x9d,
                                              0x0e, 0x5b, 0x3c, 0x8a, 0x2f, 0x7e, 0x61}};

/// The first hexadecimal digits, at most 12, of the text's name-based UUID (RFC 4122, version 5). The
/// 13th is the same in all of them.
std::string short_hash(std::string_view text, std::size_t letters) {
  const auto id = boost::uuids::name_generator_sha1(application_key)(text.data(), text.size());
  return fmt::format("{:02x}", fmt::join(id.begin(), id.end(), "")).substr(0, letters);
}

/// The model without the words that stand in the names of many and tell none apart.
std::string cpu_part(const SystemFiles& files) {
  const auto info = files.read("/proc/cpuinfo");
  auto model = find_field(info, "model name");
  if (!model.known()) model = find_field(info, "CPU part");
  static const std::set<std::string> empty_words{"cpu", "processor", "r", "tm"};
  std::string name;
  std::string all = model.value_or("");
  std::ranges::replace_if(
      all, [](char letter) { return letter == '(' || letter == ')' || letter == '@'; }, ' ');
  for (const auto& word : split_words(all)) {
    const auto plain = plain_word(word);
    if (!empty_words.contains(plain)) name += word + " ";
  }
  return plain_word(name);
}

std::string topology_part(const SystemFiles& files) {
  constexpr std::string_view directory = "/sys/devices/system/cpu";
  const auto online = files.read(fmt::format("{}/online", directory));
  if (!online.known()) return unknown_part;
  const auto cpus = parse_cpu_list(online.value());
  std::set<std::string> sockets;
  std::set<std::string> cores;
  for (const int cpu : cpus) {
    const auto place = fmt::format("{}/cpu{}/topology", directory, cpu);
    const auto socket = files.read(place + "/physical_package_id").value_or("?");
    sockets.insert(socket);
    cores.insert(socket + "/" + files.read(place + "/die_id").value_or("") + "/" +
                 files.read(place + "/core_id").value_or("?"));
  }
  return fmt::format("{}s{}c{}t", sockets.size(), cores.size(), cpus.size());
}

std::string memory_part(const SystemFiles& files) {
  const auto bytes = find_bytes(files.read("/proc/meminfo"), "MemTotal");
  if (!bytes.known()) return unknown_part;
  return fmt::format("{:.0f}gib", std::ceil(static_cast<double>(bytes.value()) / 0x1p30));
}

std::string kernel_part(const SystemFiles& files) {
  const auto release = files.read("/proc/sys/kernel/osrelease");
  return release.known() ? "linux-" + plain_word(release.value()) : unknown_part;
}

std::string virtualisation_part(const Virtualisation& virtualisation) {
  if (!virtualisation.hypervisor.known()) return unknown_part;
  const auto& name = virtualisation.hypervisor.value();
  return name == "none" ? "metal" : plain_word(name);
}

Probed<std::string> own_id_of(const SystemFiles& files) {
  constexpr std::size_t shortest_id = 32;  // hexadecimal digits of 128 bits
  for (const auto* path :
       {"/etc/machine-id", "/var/lib/dbus/machine-id", "/sys/class/dmi/id/product_uuid"}) {
    const auto id = files.read(path);
    // An image that waits for its first start says "uninitialized".
    if (!id.known() || id.value().size() < shortest_id) continue;
    return short_hash(id.value(), 12);
  }
  return Unknown{
      "/etc/machine-id holds no id, and the firmware's may not be read; machines of one kind look "
      "the same"};
}

/// Name and value of each part of the kind.
std::vector<std::pair<const char*, std::string>> parts_of(const MachineIdentity& identity) {
  return {{"cpu", identity.cpu},
          {"topology", identity.topology},
          {"memory", identity.memory},
          {"kernel", identity.kernel},
          {"virtualisation", identity.virtualisation}};
}

std::string hash_of_kind(const MachineIdentity& identity) {
  std::string all;
  for (const auto& [name, value] : parts_of(identity)) all += value + "\n";
  return short_hash(all, 6);
}

}  // namespace

std::string MachineIdentity::kind() const {
  return fmt::format("{}-{}-{}-{}-{}-{}", cpu, topology, memory, kernel, virtualisation,
                     hash_of_kind(*this));
}

std::string MachineIdentity::short_kind() const {
  const auto threads = topology.substr(std::min(topology.rfind('c') + 1, topology.size()));
  return fmt::format("{}-{}-{}", threads, virtualisation, hash_of_kind(*this));
}

std::string MachineIdentity::machine() const {
  return fmt::format("{}-{}", kind(), own_id.known() ? own_id.value() : unknown_part);
}

MachineIdentity read_machine_identity(const SystemFiles& files,
                                      const Virtualisation& virtualisation) {
  return {.cpu = cpu_part(files),
          .topology = topology_part(files),
          .memory = memory_part(files),
          .kernel = kernel_part(files),
          .virtualisation = virtualisation_part(virtualisation),
          .own_id = own_id_of(files)};
}

void to_json(nlohmann::json& json, const MachineIdentity& identity) {
  for (const auto& [name, value] : parts_of(identity)) json[name] = value;
  json["own_id"] = identity.own_id;
}

std::string differing_parts(const nlohmann::json& then, const MachineIdentity& now) {
  std::vector<std::string> differences;
  for (const auto& [name, value] : parts_of(now)) {
    const auto found = then.is_object() ? then.value(name, nlohmann::json()) : nlohmann::json();
    if (found == value) continue;
    differences.push_back(fmt::format("{} {} then, {} now", name,
                                      found.is_string() ? found.get<std::string>() : "not recorded",
                                      value));
  }
  return fmt::format("{}", fmt::join(differences, "; "));
}

std::string plain_word(std::string_view text, std::size_t longest) {
  std::string word;
  for (const char letter : text) {
    const auto lower = static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter | 0x20 : letter);
    const bool plain =
        (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') || lower == '.';
    if (plain && !(lower == '.' && (word.empty() || word.ends_with('.')))) word += lower;
    if (!plain && !word.empty() && word.back() != '-') word += '-';
    if (word.size() == longest) break;
  }
  while (word.ends_with('-') || word.ends_with('.')) word.pop_back();
  return word.empty() ? unknown_part : word;
}

}  // namespace lockbench
