#include "harness/machine/doctor/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/json_text.hpp"
#include "harness/base/text/output.hpp"
#include "harness/base/text/progress_line.hpp"
#include "harness/machine/facts/build_context.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/statistics.hpp"
#include "harness/plan/plan.hpp"
#include "harness/processes/child_environment.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/processes/layouts.hpp"
#include "harness/processes/suite.hpp"
#include "harness/results/comparison.hpp"
#include "harness/results/csv.hpp"
#include "harness/results/run_record.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

/// The A/A check: how far apart equal things come out on this machine, and whether the intervals
/// cover what they claim.
struct NoiseVerdict {
  std::size_t blocks = 0;
  std::size_t covered = 0;       ///< blocks whose interval contains 1
  double median_half_width = 0;  ///< of the intervals: this machine's floor
  bool as_claimed = false;       ///< covered is at least 93 % of the blocks
};

Plan twin_plan(const Topology& topology, std::uint64_t seed, std::uint32_t layouts) {
  const double cpus = std::max(1.0, usable_cpus(topology));
  Request request;
  request.strategies = {"mutex"};
  request.threads = {cpus < 2 ? 1U : 2U};
  request.windows = 10;
  request.processes = 8;
  request.seed = seed;
  request.layouts = layouts;
  return make_plan(request, cpus);
}

void tell_block(std::size_t number, const Estimate& ratio) {
  if (!ratio.interval) {
    tell("block {:3}  no interval\n", number);
    return;
  }
  tell("block {:3}  ratio {:.4f} [{:.4f}, {:.4f}]{}\n", number, ratio.value, ratio.interval->low,
       ratio.interval->high, ratio.interval->contains(1) ? "" : "  without 1");
}

/// Measures `mutex` against its twin: `blocks` times eight fresh processes of ten pairs of windows,
/// on as many threads as there are usable CPUs but at most two. Under 10 s a block. Stops early
/// when interrupted. Returns one ratio a block, with its 95 % interval.
std::vector<Estimate> measure_twins(std::uint32_t blocks, std::uint32_t layouts) {
  const auto topology = read_topology();
  std::random_device seeds;
  catch_interrupts();
  std::vector<Estimate> ratios;
  for (std::uint32_t block = 0; block < blocks && !interrupted(); ++block) {
    const auto plan = twin_plan(topology, seeds(), layouts);
    RunRecord record;
    ProgressLine progress(plan.predicted_s(), true);
    const auto unfit = why_not_recordable(build_facts());
    if (Suite(plan, topology, {.run_id = "noise-check"}, unfit, record, progress).run().interrupted)
      break;
    for (const auto& row : compare(record.rows())) {
      if (row.scope != "twin") continue;
      auto& ratio = ratios.emplace_back(Estimate{row.ratio, std::nullopt});
      if (row.ratio_low && row.ratio_high)
        ratio.interval = Interval{*row.ratio_low, *row.ratio_high};
      tell_block(ratios.size(), ratio);
    }
  }
  return ratios;
}

NoiseVerdict judge(const std::vector<Estimate>& ratios) {
  constexpr double least_coverage = 0.93;
  NoiseVerdict verdict;
  std::vector<double> half_widths;
  for (const auto& [ratio, interval] : ratios) {
    if (!interval) continue;
    ++verdict.blocks;
    verdict.covered += interval->contains(1) ? 1U : 0U;
    half_widths.push_back((interval->high - interval->low) / 2);
  }
  if (half_widths.empty()) return verdict;
  verdict.median_half_width = median(half_widths);
  verdict.as_claimed =
      static_cast<double>(verdict.covered) >= least_coverage * static_cast<double>(verdict.blocks);
  return verdict;
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

Finding finding_of(const NoiseVerdict& verdict) {
  auto text = to_text(verdict);
  text.pop_back();
  return {.found = std::move(text),
          .severity = verdict.as_claimed ? Severity::ok : Severity::warning,
          .name = "A/A"};
}

std::string csv_line(const Finding& finding) {
  return csv::join({finding.name, std::string(to_string(finding.severity)), finding.found,
                    finding.consequence, finding.change}) +
         "\n";
}

std::string to_csv(const Diagnosis& diagnosis) {
  std::string text = "name,severity,found,consequence,change\n";
  for (const auto& finding : diagnosis.findings) text += csv_line(finding);
  return text;
}

}  // namespace

ExitCode print_diagnosis(const CommandLine& line) {
  const auto layouts = layouts_to_use(line.request.layouts);
  (void)drop_steering_variables();
  const auto diagnosis = examine(read_machine_facts());
  nlohmann::json json = diagnosis;
  const bool as_table = line.format == Format::table;
  if (as_table) print_data(render_text(diagnosis));
  if (line.format == Format::csv) print_data(to_csv(diagnosis));
  std::fflush(stdout);
  auto code = doctor_exit_code(diagnosis, line.strict);
  if (line.aa_blocks > 0) {
    const auto verdict = judge(measure_twins(line.aa_blocks, layouts));
    json["aa"] = {{"blocks", verdict.blocks},
                  {"covered", verdict.covered},
                  {"median_half_width", verdict.median_half_width},
                  {"as_claimed", verdict.as_claimed}};
    if (as_table) print_data(to_text(verdict));
    if (line.format == Format::csv) print_data(csv_line(finding_of(verdict)));
    if (!verdict.as_claimed) code = ExitCode::inconclusive;
  }
  if (line.format == Format::json) print_data(json_text(json));
  return interrupted() ? ExitCode::interrupted : code;
}

}  // namespace lockbench
