#pragma once

#include <cstdint>

#include "harness/base/enum_names.hpp"

namespace lockbench {

/// How amounts of calibrated work spread about their mean.
enum class Jitter : std::uint8_t {
  none,         ///< always the mean
  uniform,      ///< 0.5 … 1.5 of it
  exponential,  ///< exponentially distributed, but never above `longest_jitter` means
};
constexpr auto enum_names(Jitter /*type*/) {
  using enum Jitter;
  return std::to_array<EnumName<Jitter>>(
      {{none, "none"}, {uniform, "uniform"}, {exponential, "exponential"}});
}

inline constexpr double longest_jitter = 20;

/// Returns the length, as a multiple of the mean, below which a share `below` of all lengths lies:
/// the inverse of the distribution function. Precondition: 0 <= below < 1.
[[nodiscard]] double jittered(Jitter jitter, double below) noexcept;

}  // namespace lockbench
