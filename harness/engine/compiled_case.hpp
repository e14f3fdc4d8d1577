#pragma once

/// A pair of workload and strategy as code. Code that runs windows is given it, so that the engine
/// includes no workload.

#include <string_view>

#include "harness/engine/measured_window.hpp"
#include "harness/engine/team.hpp"
#include "harness/engine/window_spec.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

/// One compiled pair of workload and strategy. The measured path below it has no virtual call.
struct CompiledCase {
  std::string_view workload;
  StrategyTraits strategy;
  bool has_critical_section;  ///< it can do work under its lock
  /// Runs one window.
  WindowOutcome (*window)(Team&, const WindowSpec&);
};

/// Returns the case of both names. Throws `Error` when it was not compiled.
using FindCase = const CompiledCase& (*)(std::string_view workload, std::string_view strategy);

}  // namespace lockbench
