#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace lockbench {

/// One array of all elements, in order: columns of a file that come from several lists.
template <class T, std::size_t... Sizes>
constexpr auto concatenated(const std::array<T, Sizes>&... parts) {
  std::array<T, (Sizes + ...)> all{};
  std::size_t next = 0;
  ((std::copy(parts.begin(), parts.end(), all.begin() + next), next += Sizes), ...);
  return all;
}

}  // namespace lockbench
