#include "harness/base/pinning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "harness/base/errors.hpp"

namespace lockbench {
namespace {

constexpr std::string_view list_prefix = "cpus:";

/// Numbers joined by `+`; nothing when `text` is anything else.
std::optional<std::vector<std::uint32_t>> read_cpus(std::string_view text) {
  std::vector<std::uint32_t> cpus;
  const auto* next = text.data();
  const auto* const end = text.data() + text.size();
  for (;;) {
    const auto [stop, error] = std::from_chars(next, end, cpus.emplace_back());
    if (error != std::errc()) return std::nullopt;
    if (stop == end) return cpus;
    if (*stop != '+') return std::nullopt;
    next = stop + 1;
  }
}

std::string allowed_words() {
  std::string words;
  for (const auto& known : pinning_names) words += fmt::format("{}, ", known.name);
  return words;
}

}  // namespace

std::string to_string(const Pinning& pinning) {
  if (pinning.rule() == Pinning::listed) {
    return fmt::format("{}{}", list_prefix, fmt::join(pinning.cpus(), "+"));
  }
  const auto* const found = std::ranges::find(pinning_names, pinning.rule(), &PinningName::rule);
  return std::string(found->name);
}

Pinning pinning_from_string(std::string_view text) {
  const auto* const found = std::ranges::find(pinning_names, text, &PinningName::name);
  if (found != pinning_names.end()) return found->rule;
  if (text.starts_with(list_prefix)) {
    if (auto cpus = read_cpus(text.substr(list_prefix.size())))
      return Pinning::on(std::move(*cpus));
  }
  throw usage_error(fmt::format("unknown pinning '{}'; allowed: {}or a list such as {}0+2", text,
                                allowed_words(), list_prefix));
}

}  // namespace lockbench
