#pragma once

#include <string>
#include <vector>

namespace lockbench {

/// Returns `texts` as the exec functions take arguments and environments: pointers, then null. They are
/// valid as long as `texts` is left alone.
[[nodiscard]] inline std::vector<char*> exec_arguments(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace lockbench
