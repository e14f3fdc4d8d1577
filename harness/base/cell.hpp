#pragma once

#include <optional>

namespace lockbench {

/// A figure. One that could not be measured is empty, never 0; the run's context says why.
using Cell = std::optional<double>;

}  // namespace lockbench
