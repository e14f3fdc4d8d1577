#include "harness/cli/wording.hpp"

#include <fmt/format.h>

#include "harness/cli/sweep_grid.hpp"

namespace lockbench {
namespace {

std::string grid_of(std::string_view option_name) {
  for (const auto size : {SweepSize::quick, SweepSize::standard, SweepSize::full}) {
    if (option_name.substr(2) != to_string(size)) continue;
    const auto grid = sweep_grid(size);
    return fmt::format("--workload {} --threads {} --read-ratio {} --windows {} --processes {}",
                       fmt::join(grid.workloads, ","), fmt::join(grid.threads, ","),
                       fmt::join(grid.read_ratios, ","), grid.windows, grid.processes);
  }
  return {};
}

/// What may be given, where the meaning does not say so already.
std::string range_of(const OptionSpec& option) {
  switch (option.kind) {
    case ValueKind::flag:
    case ValueKind::directory:
    case ValueKind::file: return {};
    case ValueKind::strategies: return fmt::format("e.g. {}", option.example);
    default: return expectation(option);
  }
}

std::string default_of(const OptionSpec& option, std::optional<Verb> verb) {
  if (verb == Verb::verify && !option.verify_default.empty()) {
    return std::string(option.verify_default);
  }
  if (!option.default_note.empty()) return std::string(option.default_note);
  if (option.default_value.empty()) return {};
  if (!option.set_by_sweep) return std::string(option.default_value);
  if (verb == Verb::sweep) return "the grid's";
  if (verb == Verb::run) return std::string(option.default_value);
  return fmt::format("{}, for sweep the grid's", option.default_value);
}

}  // namespace

std::string_view heading(Section section) noexcept {
  switch (section) {
    case Section::grid: return "Size of the grid";
    case Section::what: return "What is measured";
    case Section::how: return "How it is measured";
    case Section::output: return "Output";
    case Section::check: return "Checks";
    case Section::general: return "General";
  }
  return "";
}

std::string usage_of(const OptionSpec& option) {
  std::string text;
  if (!option.short_name.empty()) text += fmt::format("{}, ", option.short_name);
  text += option.name;
  if (!option.placeholder.empty()) text += fmt::format(" {}", option.placeholder);
  return text;
}

std::string description_of(const OptionSpec& option, std::optional<Verb> verb) {
  std::string text(option.help);
  if (option.section == Section::grid) return text + ": " + grid_of(option.name);
  if (const auto range = range_of(option); !range.empty()) text += "; " + range;
  if (const auto usual = default_of(option, verb); !usual.empty()) text += "; default: " + usual;
  return text;
}

std::string usage_of(const VerbSpec& verb) {
  auto text = fmt::format("bench {}", verb.name);
  if (!verb.operand.empty()) text += fmt::format(" {}", verb.operand);
  for (const auto& option : option_table()) {
    if (option.verbs.contains(verb.verb) && option.section != Section::general) {
      return text + " [OPTIONS]";
    }
  }
  return text;
}

}  // namespace lockbench
