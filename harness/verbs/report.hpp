#pragma once

#include <filesystem>

namespace lockbench {

/// Draws charts and writes the reports of a finished run, by the Python package beside the binary.
/// Returns that program's exit code: 0, 1 for damaged files, 2 for a path that is no run. Throws
/// `Error` (failure) when it cannot be started, with what to install.
[[nodiscard]] int write_report(const std::filesystem::path& directory);

}  // namespace lockbench
