#include "harness/engine/fault_injection.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace lockbench {

void inject_fault(std::string_view strategy) {
  const char* const fault = std::getenv("LOCKBENCH_FAULT");
  if (fault == nullptr) return;
  if (fault == fmt::format("crash:{}", strategy)) std::abort();
  if (fault == fmt::format("hang:{}", strategy)) {
    for (;;) pause();
  }
}

}  // namespace lockbench
