#pragma once

/// Whole numbers that every reader of JSON and CSV gets as they were written.

#include <cstdint>

namespace lockbench {

/// Many readers keep numbers as double, which holds every whole number up to here.
inline constexpr std::uint64_t largest_exact_integer = (std::uint64_t{1} << 53U) - 1;

/// The low 53 bits of random ones: a seed that can be recorded.
[[nodiscard]] constexpr std::uint64_t recordable_seed(std::uint64_t bits) noexcept {
  return bits & largest_exact_integer;
}

}  // namespace lockbench
