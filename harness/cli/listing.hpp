#pragma once

/// The texts that `bench list` prints.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/command_line.hpp"
#include "harness/results/columns.hpp"  // ColumnDescription

namespace lockbench {

/// Lists strategies with their traits, and workloads. As CSV one row each, told apart by `kind`; traits
/// of workloads are empty. As JSON an object with `strategies` and `workloads`.
[[nodiscard]] std::string list_catalogue(std::span<const StrategyTraits> catalogue, Format format);

struct FileColumns {
  std::string_view file;
  std::vector<ColumnDescription> columns;
};
/// Every CSV file that runs write, and its columns in order.
[[nodiscard]] std::vector<FileColumns> columns_of_files();
/// Lists columns with their file, unit, meaning, and when they are empty; as JSON an array.
[[nodiscard]] std::string list_columns(std::span<const FileColumns> files, Format format);

}  // namespace lockbench
