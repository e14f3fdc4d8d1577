#include "harness/pitfalls/pitfalls.hpp"

#include <algorithm>
#include <array>

namespace lockbench {
namespace pitfalls {

// Each is defined in the file of its name.
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

std::span<const Pitfall> all_pitfalls() {
  using namespace pitfalls;
  static const std::array all{race(),          forgotten_unlock(),  lock_order(),
                              io_under_lock(), check_then_act(),    self_deadlock(),
                              lost_wakeup(),   writer_starvation(), priority_inversion(),
                              false_sharing()};
  return all;
}

const Pitfall* find_pitfall(std::string_view name) {
  const auto all = all_pitfalls();
  const auto found = std::ranges::find(all, name, &Pitfall::name);
  return found == all.end() ? nullptr : &*found;
}

std::vector<std::string_view> pitfall_names() {
  std::vector<std::string_view> names;
  for (const auto& pitfall : all_pitfalls()) names.push_back(pitfall.name);
  return names;
}

}  // namespace lockbench
