#include "harness/base/pinning.hpp"

#include <fmt/format.h>

#include <optional>

#include "harness/base/errors.hpp"
#include "harness/base/field_text.hpp"

namespace lockbench {
namespace {

constexpr std::string_view list_prefix = "cpus:";

/// Reads numbers joined by `+`; returns nothing when `text` is anything else.
std::optional<std::vector<std::uint32_t>> read_cpus(std::string_view text) {
  std::vector<std::uint32_t> cpus;
  for (;;) {
    const auto plus = text.find('+');
    if (!field::read(text.substr(0, plus), cpus.emplace_back())) return std::nullopt;
    if (plus == std::string_view::npos) return cpus;
    text.remove_prefix(plus + 1);
  }
}

}  // namespace

std::string to_string(const Pinning& pinning) {
  if (pinning.rule() == Pinning::listed) {
    return fmt::format("{}{}", list_prefix, fmt::join(pinning.cpus(), "+"));
  }
  return std::string(to_string(pinning.rule()));
}

Pinning pinning_from_string(std::string_view text) {
  if (const auto rule = from_string<Pinning::Rule>(text)) return *rule;
  if (text.starts_with(list_prefix)) {
    if (auto cpus = read_cpus(text.substr(list_prefix.size())))
      return Pinning::on(std::move(*cpus));
  }
  throw usage_error(fmt::format("unknown pinning '{}'; allowed: {}, or a list such as {}0+2", text,
                                fmt::join(all_names<Pinning::Rule>, ", "), list_prefix));
}

}  // namespace lockbench
