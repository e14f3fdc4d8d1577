#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace lockbench {

/// How amounts of calibrated work spread about their mean.
enum class Jitter : std::uint8_t {
  none,         ///< always the mean
  uniform,      ///< 0.5 … 1.5 of it
  exponential,  ///< exponentially distributed, but never above `longest_jitter` means
};

inline constexpr double longest_jitter = 20;

inline constexpr std::array jitters{Jitter::none, Jitter::uniform, Jitter::exponential};
[[nodiscard]] constexpr std::string_view to_string(Jitter jitter) noexcept {
  switch (jitter) {
    case Jitter::none: return "none";
    case Jitter::uniform: return "uniform";
    case Jitter::exponential: return "exponential";
  }
  return "none";
}

/// The length, as a share of the mean, that a share `below` of all lengths is below: the inverse of
/// the distribution function. Precondition: 0 <= below < 1.
[[nodiscard]] double jittered(Jitter jitter, double below) noexcept;

}  // namespace lockbench
