#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "harness/base/errors.hpp"
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
  const auto binary = fs::read_symlink("/proc/self/exe", error);
  const auto installed = binary.parent_path() / LOCKBENCH_INSTALLED_SCRIPTS;
  const fs::path source = LOCKBENCH_SOURCE_SCRIPTS;
  for (const auto& path : {installed, source}) {
    if (fs::exists(path / "lockbench" / "__main__.py", error)) return path;
  }
  throw failure(fmt::format("the chart package is neither in '{}' nor in '{}'", installed.string(),
                            source.string()));
}

}  // namespace

int write_report(const fs::path& directory) {
  std::vector<std::string> arguments{interpreter, "-m", "lockbench", "report", directory.string()};
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::setenv("PYTHONPATH", package_path().c_str(), 1);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, interpreter, nullptr, nullptr, argv.data(), environ);
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
