#pragma once

#include <algorithm>
#include <vector>

namespace lockbench::verify {

/// Returns `values` in ascending order, each once. O(n log n).
template <class Value>
[[nodiscard]] std::vector<Value> sorted_set(std::vector<Value> values) {
  std::ranges::sort(values);
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

}  // namespace lockbench::verify
