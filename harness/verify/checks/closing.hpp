#pragma once

#include "harness/verify/checks/verdict.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {

/// A queue is open until some moment and shut down from then on: during the first call of `shutdown`
/// or, at the latest, at its end. From then on each add is refused as `shut_down`, and none before;
/// and no take says `shut_down` before. Holds for every strategy; O(n).
[[nodiscard]] Verdict check_closing(const History& history);

}  // namespace lockbench::verify
