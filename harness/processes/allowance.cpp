#include "harness/processes/allowance.hpp"

#include <algorithm>

namespace lockbench {

Allowance::Allowance(double seconds) noexcept
    : allowed_(std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds))) {}

void Allowance::look(Duration since_last, bool child_is_stopped) noexcept {
  if (child_is_stopped) return;
  used_ += std::min<Duration>(since_last, 2 * between_looks);
}

bool tells_stopped(std::string_view stat) noexcept {
  // `4711 (name) T 1 …`, where the name may hold whatever a name can hold.
  constexpr std::string_view before_state = ") ";
  const auto name_end = stat.rfind(before_state);
  if (name_end == std::string_view::npos) return false;
  const auto state = stat.substr(name_end + before_state.size(), 1);
  return state == "T" || state == "t";
}

}  // namespace lockbench
