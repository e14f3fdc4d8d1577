#include "harness/verbs/report.hpp"

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
  auto installed = binary.parent_path() / LOCKBENCH_INSTALLED_SCRIPTS;
  if (fs::exists(installed / "lockbench" / "__main__.py", error)) return installed;
  fs::path source = LOCKBENCH_SOURCE_SCRIPTS;
  if (fs::exists(source / "lockbench" / "__main__.py", error)) return source;
  throw failure(fmt::format("the chart package is neither in '{}' nor in '{}'", installed.string(),
                            source.string()));
}

std::vector<std::string> environment_with(const std::string& entry) {
  std::vector<std::string> entries{entry};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string text = *variable;
    if (!text.starts_with("PYTHONPATH=")) entries.push_back(text);
  }
  return entries;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

int write_report(const fs::path& directory) {
  std::vector<std::string> arguments{interpreter, "-m", "lockbench", "report", directory.string()};
  std::vector<std::string> environment = environment_with("PYTHONPATH=" + package_path().string());
  const auto argv = pointers_to(arguments);
  const auto envp = pointers_to(environment);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, interpreter, nullptr, nullptr, argv.data(), envp.data());
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
