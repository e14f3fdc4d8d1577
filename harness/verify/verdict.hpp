#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/enum_names.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

enum class Judgement : std::uint8_t {
  linearizable,  ///< the check found no violation of what it looks for
  violated,
  unknown,  ///< undecided; the reason says why
};
constexpr auto enum_names(Judgement) {
  using enum Judgement;
  return std::to_array<EnumName<Judgement>>(
      {{linearizable, "linearizable"}, {violated, "violated"}, {unknown, "unknown"}});
}

/// The verdict of one check on one history.
struct Verdict {
  Judgement judgement = Judgement::linearizable;
  std::string reason = {};  ///< one sentence; empty if there is nothing to explain
  /// The operations that a reader needs to see the violation, by index in the history, ascending.
  std::vector<std::size_t> witnesses = {};

  [[nodiscard]] bool holds() const noexcept { return judgement == Judgement::linearizable; }
};

[[nodiscard]] inline Verdict violation(std::string reason, std::vector<std::size_t> witnesses) {
  return {Judgement::violated, std::move(reason), sorted_set(std::move(witnesses))};
}

[[nodiscard]] inline Verdict undecided(std::string reason,
                                       std::vector<std::size_t> witnesses = {}) {
  return {Judgement::unknown, std::move(reason), sorted_set(std::move(witnesses))};
}

}  // namespace lockbench::verify
