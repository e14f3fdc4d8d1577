#include "harness/verbs/noise_check.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <random>

#include "harness/base/errors.hpp"
#include "harness/base/text/progress_line.hpp"
#include "harness/machine/facts/build_context.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/plan/plan.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/processes/suite.hpp"
#include "harness/results/results_directory.hpp"
#include "harness/results/summary.hpp"

namespace lockbench {
namespace {

namespace fs = std::filesystem;

constexpr double least_coverage = 0.93;

/// A directory that is gone when the object is.
class ScratchDirectory {
public:
  ScratchDirectory() {
    std::string name = (fs::temp_directory_path() / "lockbench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw failure(
          fmt::format("cannot make a directory in '{}'", fs::temp_directory_path().string()));
    }
    path_ = name;
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

private:
  fs::path path_;
};

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
    const ScratchDirectory scratch;
    auto results = ResultsDirectory::create(scratch.path());
    ProgressLine progress(plan.predicted_s(), true);
    const auto unfit = why_not_recordable(build_facts());
    if (Suite(plan, topology, "noise-check", unfit, results, progress).run().interrupted) break;
    for (const auto& row : compare(results.read_rows())) {
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
