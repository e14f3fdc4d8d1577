#pragma once

/// The traits' values as text: one spelling for `bench list`, the CSV and the charts.

#include "harness/base/enum_names.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

constexpr auto enum_names(Ordering /*type*/) {
  using enum Ordering;
  return std::to_array<EnumName<Ordering>>({{priority_fifo, "priority_fifo"},
                                            {priority, "priority"},
                                            {fifo, "fifo"},
                                            {fifo_per_producer, "fifo_per_producer"},
                                            {relaxed, "relaxed"},
                                            {none, "none"}});
}
constexpr auto enum_names(Progress /*type*/) {
  using enum Progress;
  return std::to_array<EnumName<Progress>>(
      {{blocking, "blocking"}, {lock_free, "lock_free"}, {wait_free, "wait_free"}});
}
constexpr auto enum_names(Waits /*type*/) {
  using enum Waits;
  return std::to_array<EnumName<Waits>>({{parks, "parks"},
                                         {spins, "spins"},
                                         {spins_then_parks, "spins_then_parks"},
                                         {never, "never"}});
}
constexpr auto enum_names(TaskWait /*type*/) {
  using enum TaskWait;
  return std::to_array<EnumName<TaskWait>>({{parks, "parks"}, {polls, "polls"}, {never, "never"}});
}
constexpr auto enum_names(Conformance /*type*/) {
  using enum Conformance;
  return std::to_array<EnumName<Conformance>>(
      {{full, "full"}, {single_threaded, "single_threaded"}, {none, "none"}});
}
constexpr auto enum_names(Consistency /*type*/) {
  using enum Consistency;
  return std::to_array<EnumName<Consistency>>(
      {{linearizable, "linearizable"}, {per_task, "per_task"}});
}

}  // namespace lockbench
