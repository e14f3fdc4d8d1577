#include "harness/pitfalls/runner.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <vector>

#include "harness/base/errors.hpp"
#include "harness/base/json_text.hpp"
#include "harness/base/text/output.hpp"
#include "harness/pitfalls/pitfalls.hpp"
#include "harness/pitfalls/run_together.hpp"
#include "harness/pitfalls/shown_json.hpp"
#include "harness/processes/child.hpp"

namespace lockbench {
namespace {

/// The word after `child` that distinguishes a pitfall's child from a block's.
constexpr std::string_view pitfall_word = "pitfall";

/// Limit for all doses together. The time of the next dose is predicted from that of the last.
constexpr double all_doses_s = 30;
constexpr std::uint32_t dose_step = 4;
constexpr std::uint32_t largest_dose = 64;

std::optional<Shown> parsed_message(const std::string& text) {
  try {
    return parse_json(text).get<Shown>();
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

/// Returns a report without the time that it took.
PitfallOutcome run_dose(const Pitfall& pitfall, std::uint32_t dose, double allowance_s) {
  const auto child = run_program(
      {"child", std::string(pitfall_word), std::string(pitfall.name), std::to_string(dose)}, {},
      {.allowance_s = allowance_s});
  switch (child.end) {
    case ChildEnd::interrupted: return {.interrupted = true};
    case ChildEnd::hung: return {.what = "hung: " + child.what};
    case ChildEnd::out_of_memory: return {.what = "ran out of memory: " + child.what};
    case ChildEnd::finished:
      if (auto shown = parsed_message(child.output)) {
        return {.report = PitfallReport{.pitfall = std::string(pitfall.name),
                                        .result = *std::move(shown),
                                        .dose = dose,
                                        .summary = std::string(pitfall.summary),
                                        .rule = std::string(pitfall.rule)}};
      }
      return {.what = "ended with exit code 0"};
    case ChildEnd::crashed: break;
  }
  return {.what = child.what + (child.error_text.empty() ? "" : ": " + child.error_text)};
}

}  // namespace

PitfallOutcome run_pitfall(const Pitfall& pitfall, std::chrono::milliseconds dose_allowance) {
  const auto start = pitfalls::Clock::now();
  const auto elapsed_s = [start] { return pitfalls::seconds(pitfalls::Clock::now() - start); };
  for (std::uint32_t dose = 1;; dose *= dose_step) {
    const double before_s = elapsed_s();
    auto outcome = run_dose(pitfall, dose, std::chrono::duration<double>(dose_allowance).count());
    if (!outcome.report) return outcome;
    const auto& result = outcome.report->result;
    const double now_s = outcome.report->seconds = elapsed_s();
    const bool next_fits = now_s + dose_step * (now_s - before_s) <= all_doses_s;
    const bool more_may_help =
        !result.shown && !result.no_dose_helps && dose < largest_dose && next_fits;
    if (!more_may_help) return outcome;
    tell("{}: nothing to see at dose {}; once more with {}\n", pitfall.name, dose,
         dose * dose_step);
  }
}

bool asks_for_pitfall(std::span<const std::string> child_arguments) {
  return !child_arguments.empty() && child_arguments.front() == pitfall_word;
}

int pitfall_child_main(std::span<const std::string> child_arguments) {
  const auto* const pitfall =
      child_arguments.size() == 3 ? find_pitfall(child_arguments[1]) : nullptr;
  std::uint32_t dose = 0;
  if (pitfall != nullptr) {
    const auto& digits = child_arguments[2];
    std::from_chars(digits.data(), digits.data() + digits.size(), dose);
  }
  if (dose == 0 || dose > largest_dose) {
    throw usage_error("'child pitfall' is not for users: bench pitfall NAME");
  }
  print_data(json_line(nlohmann::json(pitfall->run(dose))) + "\n");
  return 0;
}

}  // namespace lockbench
