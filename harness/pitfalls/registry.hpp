#pragma once

/// The list of all pitfalls. To add one: its file, its declaration, its line in registry.cpp.

#include <span>
#include <string_view>
#include <vector>

#include "harness/pitfalls/pitfall.hpp"

namespace lockbench {

/// Each is defined in the file of its name.
namespace pitfalls {

Pitfall race();
Pitfall forgotten_unlock();
Pitfall lock_order();
Pitfall io_under_lock();
Pitfall check_then_act();
Pitfall self_deadlock();
Pitfall lost_wakeup();
Pitfall writer_starvation();
Pitfall priority_inversion();
Pitfall false_sharing();

}  // namespace pitfalls

/// The word that stands for all of them.
inline constexpr std::string_view every_pitfall = "all";

/// In the order in which they are listed and run.
[[nodiscard]] std::span<const Pitfall> all_pitfalls();

/// nullptr when there is none of this name.
[[nodiscard]] const Pitfall* find_pitfall(std::string_view name);

[[nodiscard]] std::vector<std::string_view> pitfall_names();

}  // namespace lockbench
