#include "harness/pitfalls/registry.hpp"

#include <algorithm>
#include <array>

namespace lockbench {

std::span<const Pitfall> all_pitfalls() {
  static const std::array all{
      pitfalls::race(),          pitfalls::forgotten_unlock(),  pitfalls::lock_order(),
      pitfalls::io_under_lock(), pitfalls::check_then_act(),    pitfalls::self_deadlock(),
      pitfalls::lost_wakeup(),   pitfalls::writer_starvation(), pitfalls::priority_inversion(),
      pitfalls::false_sharing(),
  };
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
