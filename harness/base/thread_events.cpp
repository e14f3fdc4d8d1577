#include "harness/base/thread_events.hpp"

#include <algorithm>

namespace lockbench {
namespace {

std::optional<double> counted(const EventReading& start, const EventReading& stop) noexcept {
  if (stop.count < start.count) return std::nullopt;  // not of the same counter
  const auto count = static_cast<double>(stop.count - start.count);
  const auto enabled = static_cast<double>(stop.enabled_ns - start.enabled_ns);
  const auto running = static_cast<double>(stop.running_ns - start.running_ns);
  if (running >= enabled) return count;
  if (running <= 0) return std::nullopt;
  return count * enabled / running;
}

std::optional<double> share_counted(const EventReading& start, const EventReading& stop) noexcept {
  if (stop.enabled_ns <= start.enabled_ns) return std::nullopt;
  const auto enabled = static_cast<double>(stop.enabled_ns - start.enabled_ns);
  return std::min(1.0, static_cast<double>(stop.running_ns - start.running_ns) / enabled);
}

}  // namespace

CounterDelta difference(const CounterReading& start, const CounterReading& stop) noexcept {
  CounterDelta delta;
  for (std::size_t i = 0; i < thread_event_count; ++i) {
    const auto& before = start.events.all[i];
    const auto& after = stop.events.all[i];
    if (!before || !after) continue;
    delta.counts.all[i] = counted(*before, *after);
    if (const auto share = share_counted(*before, *after)) {
      delta.counted_share = std::min(delta.counted_share.value_or(1), *share);
    }
  }
  return delta;
}

}  // namespace lockbench
