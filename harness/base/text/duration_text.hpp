#pragma once

#include <string>

namespace lockbench {

/// Returns a time for people, rounded up to whole seconds: `1h02m`, `3m20s`, `12s`.
[[nodiscard]] std::string duration_text(double seconds);

}  // namespace lockbench
