#pragma once

#include "strategies/storage/access.hpp"
#include "strategies/tests/mutants/hook_point.hpp"

namespace lockbench::mutants {

/// `RelaxedAccess`, which keeps races defined, with a hook point where the storage has looked at a
/// status and is about to change it.
struct HookedAccess : RelaxedAccess {
  static void between_check_and_act() noexcept { hook_point(); }
};

}  // namespace lockbench::mutants
