#pragma once

/// What the program does for each verb, one file a verb. Those that return a text leave printing it
/// to the caller.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/errors.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/results/columns.hpp"  // ColumnDescription

namespace lockbench {

/// `run` and `sweep`: plans, measures, records, draws, prints. Throws `Error` when that
/// cannot be done; `arguments` are recorded as typed; what the strategies did wrong is in the returned code.
[[nodiscard]] ExitCode measure_and_record(const CommandLine& line,
                                          const std::vector<std::string>& arguments);

/// Returns the seed that was asked for, or one that the system draws where none was.
[[nodiscard]] std::uint64_t seed_of(const Request& request);

/// `list`: strategies with their traits, and workloads. As CSV one row each, told apart by `kind`; traits
/// of workloads are empty. As JSON an object with `strategies` and `workloads`.
[[nodiscard]] std::string list_catalogue(std::span<const StrategyTraits> catalogue, Format format);

struct FileColumns {
  std::string_view file;
  std::vector<ColumnDescription> columns;
};
/// Every CSV file that runs write, and its columns in order.
[[nodiscard]] std::vector<FileColumns> columns_of_files();
/// `list --columns`: columns with their file, unit, meaning, and when they are empty; as JSON an array.
[[nodiscard]] std::string list_columns(std::span<const FileColumns> files, Format format);

/// Draws charts and writes the reports of a finished run, by the Python package beside the binary.
/// Returns that program's exit code: 0, 1 for damaged files, 2 for a path that is no run. Throws `Error`
/// (failure) when it cannot be started, with what to install.
[[nodiscard]] int write_report(const std::filesystem::path& directory);

/// `report`: as above. Then writes `gbench.json` where a run of an older version has none and its
/// `trials.csv` was kept. Throws `Error` (failure) when that cannot be written, too.
[[nodiscard]] int report_run(const std::filesystem::path& directory);

/// `verify`: looks for violations of the strategies' claims, explains each, and keeps its history; or
/// decides a history that was kept. With `--mutants` it hands over to the program that has the queues
/// with planted bugs, which is built with the tests, beside this one, and never installed; throws
/// `Error` if it is not there.
[[nodiscard]] ExitCode verify_strategies(const CommandLine& line);

/// `doctor`: prints what this machine can and cannot measure, and with `--aa-blocks` how far apart
/// equal things come out here.
[[nodiscard]] ExitCode print_diagnosis(const CommandLine& line);

/// `pitfall`: lists the pitfalls, or runs those asked for and prints what they showed. Returns `ok` if
/// all of them showed their effect, `inconclusive` if one did not at any dose, and `failure` if the
/// process of one crashed or hung.
[[nodiscard]] ExitCode demonstrate_pitfalls(const CommandLine& line);

/// `help`: everything in short, or one verb (`topic`, the name of one) with its options. 80 columns
/// wide; ends in a line end.
[[nodiscard]] std::string help_text(std::string_view topic);

/// `man`: the page bench(1) in roff (man macros). `version` stands in the footer.
[[nodiscard]] std::string man_page(std::string_view version);

/// `completion`: a script for bash (4.4 or later, without the bash-completion package) that completes
/// verbs, options and their values.
[[nodiscard]] std::string bash_completion(std::span<const StrategyTraits> catalogue);

}  // namespace lockbench
