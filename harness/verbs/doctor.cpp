#include "harness/verbs/doctor.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/machine/doctor/doctor.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/verbs/noise_check.hpp"

namespace lockbench {
namespace {

NoiseVerdict check_noise(std::uint32_t blocks) {
  std::uint32_t number = 0;
  return judge(measure_twins(blocks, [&](const TwinBlock& block) {
    ++number;
    if (!block.interval) {
      fmt::print(stderr, "block {:3}  no interval\n", number);
      return;
    }
    fmt::print(stderr, "block {:3}  ratio {:.4f} [{:.4f}, {:.4f}]{}\n", number, block.ratio,
               block.interval->low, block.interval->high,
               block.interval->contains(1) ? "" : "  without 1");
  }));
}

}  // namespace

ExitCode print_diagnosis(const CommandLine& line) {
  const auto diagnosis = examine(read_machine_facts());
  const bool as_json = line.format == Format::json;
  nlohmann::json json = diagnosis;
  if (!as_json) fmt::print("{}", render_text(diagnosis));
  std::fflush(stdout);
  auto code = doctor_exit_code(diagnosis, line.strict);
  if (line.aa_blocks > 0) {
    const auto verdict = check_noise(line.aa_blocks);
    json["aa"] = {{"blocks", verdict.blocks},
                  {"covered", verdict.covered},
                  {"median_half_width", verdict.median_half_width},
                  {"as_claimed", verdict.as_claimed}};
    if (!as_json) fmt::print("{}", to_text(verdict));
    if (!verdict.as_claimed) code = ExitCode::inconclusive;
  }
  if (as_json) fmt::print("{}\n", json.dump(2));
  return interrupted() ? ExitCode::interrupted : code;
}

}  // namespace lockbench
