#include "harness/results/validity.hpp"

#include <algorithm>
#include <array>

namespace lockbench {
namespace {

struct Spelling {
  Invalid kind;
  std::string_view before_detail;
  std::string_view in_short;  ///< without its detail; "" for the whole text
};

/// By the values of the enumeration. The last one fits every text.
constexpr std::array<Spelling, 9> spellings{{
    {Invalid::violated, "violated: ", "violated"},
    {Invalid::suspended, "suspended: ", "suspended"},
    {Invalid::crashed, "crashed: ", "crashed"},
    {Invalid::hung, "hung: ", "hung"},
    {Invalid::out_of_memory, "out of memory: ", "out of memory"},
    {Invalid::not_measured, "not measured: ", "not measured"},
    {Invalid::nothing_succeeded, "no operation succeeded", "no operation succeeded"},
    {Invalid::overlap, "overlap ", "too little overlap"},
    {Invalid::unfit_build, "", ""},
}};

const Spelling& spelling(Invalid kind) {
  return spellings.at(static_cast<std::size_t>(kind));
}

std::string text_of(const InvalidReason& reason) {
  return std::string(spelling(reason.kind).before_detail) + reason.detail;
}

}  // namespace

const InvalidReason* Validity::find(Invalid kind) const noexcept {
  const auto found = std::ranges::find(reasons_, kind, &InvalidReason::kind);
  return found == reasons_.end() ? nullptr : &*found;
}

std::string Validity::first_kind() const {
  const auto& first = reasons_.front();
  const auto in_short = spelling(first.kind).in_short;
  return in_short.empty() ? text_of(first) : std::string(in_short);
}

std::string Validity::text() const {
  std::string text;
  for (const auto& reason : reasons_) text += (text.empty() ? "" : "; ") + text_of(reason);
  return text;
}

Validity Validity::from_text(std::string_view text) {
  constexpr std::string_view separator = "; ";
  Validity validity;
  while (!text.empty()) {
    const auto& [kind, before, in_short] = *std::ranges::find_if(
        spellings,
        [&](const Spelling& spelling) { return text.starts_with(spelling.before_detail); });
    // A process that died says why in its own words, and has no other reason.
    const bool takes_all =
        kind == Invalid::crashed || kind == Invalid::hung || kind == Invalid::out_of_memory;
    const auto end = takes_all ? text.size() : std::min(text.find(separator), text.size());
    validity.add(kind, std::string(text.substr(before.size(), end - before.size())));
    text.remove_prefix(std::min(end + separator.size(), text.size()));
  }
  return validity;
}

}  // namespace lockbench
