#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockbench::verify {

enum class Judgement : std::uint8_t {
  linearizable,  ///< no violation, by a check that finds what it looks for
  violated,
  unknown,  ///< not decided; the reason says why
};

[[nodiscard]] constexpr std::string_view to_string(Judgement judgement) noexcept {
  switch (judgement) {
    case Judgement::linearizable: return "linearizable";
    case Judgement::violated: return "violated";
    case Judgement::unknown: return "unknown";
  }
  return {};
}

/// What one checker says of one history.
struct Verdict {
  Judgement judgement = Judgement::linearizable;
  std::string reason;  ///< one sentence; empty where there is nothing to explain
  /// The operations that a reader needs to see the violation, by index in the history, ascending.
  std::vector<std::size_t> witnesses;

  [[nodiscard]] bool holds() const noexcept { return judgement == Judgement::linearizable; }
};

}  // namespace lockbench::verify
