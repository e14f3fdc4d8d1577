#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/exec_arguments.hpp"
#include "harness/base/json_text.hpp"
#include "harness/processes/child.hpp"
#include "harness/results/cases.hpp"
#include "harness/results/gbench_json.hpp"
#include "harness/results/results_directory.hpp"
#include "harness/results/summary.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

namespace fs = std::filesystem;

/// Debian's own interpreter, for which python3-matplotlib is packaged: another `python3` may stand
/// first on PATH and have no matplotlib.
constexpr const char* interpreter = "/usr/bin/python3";

/// Where the Python package lies: installed beside the binary, else in the source tree.
fs::path package_path() {
  std::error_code error;
  const auto installed = program_directory() / LOCKBENCH_INSTALLED_SCRIPTS;
  const fs::path source = LOCKBENCH_SOURCE_SCRIPTS;
  for (const auto& path : {installed, source}) {
    if (fs::exists(path / "lockbench" / "__main__.py", error)) return path;
  }
  throw failure(fmt::format("the chart package is neither in '{}' nor in '{}'", installed.string(),
                            source.string()));
}

/// Isolated mode ignores PYTHON* variables and keeps the current directory off the module path, so a
/// `random.py` that lies there is not run.
constexpr const char* program =
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from lockbench.cli import main; "
    "sys.exit(main(sys.argv[1:]))";

/// Nothing that the caller set changes what is drawn: neither variables nor a matplotlibrc. The home
/// directory keeps matplotlib's font cache.
std::vector<std::string> report_environment() {
  std::vector<std::string> entries{"MPLBACKEND=agg", "MATPLOTLIBRC=/dev/null", "LC_ALL=C.UTF-8",
                                   "PATH=/usr/bin:/bin"};
  for (const char* const name : {"HOME", "TMPDIR"}) {
    if (const char* const value = std::getenv(name)) {
      entries.push_back(fmt::format("{}={}", name, value));
    }
  }
  return entries;
}

LatencyDigest latencies_of(const fs::path& directory, const std::vector<WindowRow>& rows) {
  try {
    return read_latencies(directory, rows);
  } catch (const Error&) {  // of an older version, or not kept: quantiles are no counters then
    return {};
  }
}

std::string gbench_text(const fs::path& directory) {
  const auto rows = read_trials_by_name(directory / "trials.csv");
  const auto cases = cases_of(rows);
  const auto summary = summarise(cases, latencies_of(directory, rows));
  std::ostringstream context;
  context << std::ifstream(directory / "context.json").rdbuf();
  return json_text(gbench_json(cases, summary, parse_json(context.str())));
}

}  // namespace

int report_run(const fs::path& directory) {
  const int code = write_report(directory);  // which says what is damaged
  const auto target = directory / "gbench.json";
  if (code != 0 || fs::exists(target) || !fs::exists(directory / "trials.csv")) return code;
  replace_file(target, gbench_text(directory));
  return code;
}

int write_report(const fs::path& directory) {
  std::vector<std::string> arguments{interpreter, "-I", "-c", program, package_path().string(),
                                     "report"};
  arguments.push_back(fs::absolute(directory).string());
  auto environment = report_environment();
  const auto argv = exec_arguments(arguments);
  const auto envp = exec_arguments(environment);
  // matplotlib would read a `matplotlibrc` of the current directory.
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, "/");
  pid_t child = 0;
  const int error = ::posix_spawn(&child, interpreter, &actions, nullptr, argv.data(), envp.data());
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    throw failure(
        fmt::format("cannot start {}: {}; charts need the packages python3 and "
                    "python3-matplotlib",
                    interpreter, std::generic_category().message(error)));
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : static_cast<int>(ExitCode::failure);
}

}  // namespace lockbench
