#include "harness/cli/command_line.hpp"

namespace lockbench {

Request sweep_grid(SweepSize size) {
  Request grid;
  grid.workload = {"mixed"};
  grid.threads = {1, 2, 4, 8, 16};
  grid.read_ratio = {0, 0.5, 0.9, 1};
  grid.processes = 6;  // the fewest whose sign-based interval of the median reaches 95 %
  grid.windows = 1;
  if (size == SweepSize::quick) return grid;
  grid.workload = {"mixed", "producer_consumer"};
  grid.same_cpu_point = true;
  grid.processes = 8;
  grid.windows = 3;
  if (size == SweepSize::standard) return grid;
  grid.threads = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32};
  grid.read_ratio = {0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1};
  grid.processes = 12;
  grid.windows = 5;
  return grid;
}

}  // namespace lockbench
