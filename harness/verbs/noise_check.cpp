#include "harness/verbs/noise_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "harness/base/text/progress_line.hpp"
#include "harness/machine/facts/build_context.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/plan/plan.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/processes/suite.hpp"
#include "harness/results/comparison.hpp"
#include "harness/results/run_record.hpp"

namespace lockbench {
namespace {

constexpr double least_coverage = 0.93;

Plan twin_plan(const Topology& topology, std::uint64_t seed) {
  const double cpus = std::max(1.0, usable_cpus(topology));
  Request request;
  request.strategies = {"mutex"};
  request.threads = {cpus < 2 ? 1U : 2U};
  request.windows = 10;
  request.processes = 8;
  request.seed = seed;
  return make_plan(request, cpus);
}

}  // namespace

NoiseVerdict judge(const std::vector<TwinBlock>& blocks) {
  NoiseVerdict verdict;
  std::vector<double> half_widths;
  for (const auto& block : blocks) {
    if (!block.interval) continue;
    ++verdict.blocks;
    verdict.covered += block.interval->contains(1) ? 1U : 0U;
    half_widths.push_back((block.interval->high - block.interval->low) / 2);
  }
  if (half_widths.empty()) return verdict;
  verdict.median_half_width = median(half_widths);
  verdict.as_claimed =
      static_cast<double>(verdict.covered) >= least_coverage * static_cast<double>(verdict.blocks);
  return verdict;
}

std::vector<TwinBlock> measure_twins(std::uint32_t blocks,
                                     const std::function<void(const TwinBlock&)>& told) {
  const auto topology = read_topology();
  std::random_device seeds;
  catch_interrupts();
  std::vector<TwinBlock> measured;
  for (std::uint32_t block = 0; block < blocks && !interrupted(); ++block) {
    const auto plan = twin_plan(topology, seeds());
    RunRecord record;
    ProgressLine progress(plan.predicted_s(), true);
    const auto unfit = why_not_recordable(build_facts());
    if (Suite(plan, topology, "noise-check", unfit, record, progress).run().interrupted) break;
    for (const auto& row : compare(record.rows())) {
      if (row.scope != "twin") continue;
      TwinBlock twin{.ratio = row.ratio, .interval = std::nullopt};
      if (row.ratio_low && row.ratio_high)
        twin.interval = Interval{*row.ratio_low, *row.ratio_high};
      measured.push_back(twin);
      told(twin);
    }
  }
  return measured;
}

std::string to_text(const NoiseVerdict& verdict) {
  if (verdict.blocks == 0) return "A/A: no block could be measured\n";
  return fmt::format(
      "A/A: the 95 % interval of mutex against itself contains 1 in {} of {} blocks ({}); its "
      "median half-width, this machine's floor, is ± {:.1f} %\n",
      verdict.covered, verdict.blocks,
      verdict.as_claimed ? "as it claims" : "LESS OFTEN THAN IT CLAIMS",
      100 * verdict.median_half_width);
}

}  // namespace lockbench
