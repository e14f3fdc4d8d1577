#pragma once

/// The command line as a value. Parsing is pure: it reads no file, no clock and no environment.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/enum_names.hpp"
#include "harness/plan/request.hpp"
#include "strategies/task_queue.hpp"

namespace lockbench {

enum class Verb : std::uint8_t {
  run,         ///< measure the cases of `request`
  sweep,       ///< measure the standard grid, which is in `request` too
  list,        ///< print strategies and workloads, or with `columns` those of trials.csv
  report,      ///< draw and write up the run in `report_dir`
  verify,      ///< check that `request.strategies` do what they claim, or decide `replay`
  doctor,      ///< judge whether this machine is fit to measure on
  pitfall,     ///< demonstrate `pitfall`, or with `lists_pitfalls` list them all
  help,        ///< print `help_text(help_topic)`
  version,     ///< print the version
  man,         ///< print `man_page(version)`
  completion,  ///< print `bash_completion(catalogue)`
  child,       ///< hidden: a process that measures one block, or runs `child_arguments`
};

enum class Format : std::uint8_t {
  table,
  csv,
  json,
  gbench,  ///< the JSON of Google Benchmark; of runs only
};

enum class SweepSize : std::uint8_t { quick, standard, full };
/// As the options that choose one are called.
constexpr auto enum_names(SweepSize) {
  using enum SweepSize;
  return std::to_array<EnumName<SweepSize>>(
      {{quick, "--quick"}, {standard, "--standard"}, {full, "--full"}});
}

struct CommandLine {
  Verb verb = Verb::run;
  /// `run` and `sweep` only. Meaningless with `resume`: the directory says what is measured.
  Request request;
  Format format = Format::table;
  std::optional<std::string> out;
  std::optional<std::string> resume;
  bool dry_run = false;
  bool no_charts = false;
  bool quiet = false;
  SweepSize sweep_size = SweepSize::standard;
  std::string report_dir;
  bool strict = false;
  std::uint32_t aa_blocks = 0;  ///< `doctor`: blocks of the A/A check; 0 = none
  bool columns = false;
  double duration_s = 60;  ///< `verify`: for all strategies together
  std::string replay;      ///< `verify`: a history to decide instead; empty: none
  bool mutants = false;    ///< `verify`: hunt the planted bugs instead
  std::string pitfall;     ///< a name of the registry, or `every_pitfall`
  bool lists_pitfalls = false;
  std::string help_topic;  ///< name of a verb; empty: everything
  std::vector<std::string> child_arguments;

  bool operator==(const CommandLine&) const = default;
};

/// Reads the arguments that follow the program's name. Names are looked up in `catalogue`.
/// Throws `Error` (`ExitCode::usage`) that names the value, says what is allowed, and suggests the
/// nearest name; its text starts without the program's name.
[[nodiscard]] CommandLine parse_command_line(std::span<const std::string> arguments,
                                             std::span<const StrategyTraits> catalogue);

/// Returns what a sweep of this size measures where no option says otherwise. It names no
/// strategies; the caller knows them.
[[nodiscard]] Request sweep_grid(SweepSize size);

/// Throws `Error` (`ExitCode::usage`) when options exclude each other or one of them could have no
/// effect. `given` holds the names of the options that were typed.
void refuse_contradictions(const CommandLine& line, std::span<const std::string_view> given);

}  // namespace lockbench
