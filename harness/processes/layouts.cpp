#include "harness/processes/layouts.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "harness/base/errors.hpp"
#include "harness/processes/child.hpp"

namespace lockbench {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> programs_in(const fs::path& directory) {
  std::vector<std::string> programs;
  std::error_code error;
  for (;;) {
    const auto program = directory / fmt::format("layout-{}", programs.size() + 1);
    if (!fs::exists(program, error)) return programs;
    programs.push_back(program.string());
  }
}

}  // namespace

const std::vector<std::string>& layout_programs() {
  static const auto programs = [] {
    const auto here = program_directory();
    auto built = programs_in(here / LOCKBENCH_BUILT_LAYOUTS);
    return built.empty() ? programs_in(here / LOCKBENCH_INSTALLED_LAYOUTS) : built;
  }();
  return programs;
}

std::uint32_t layouts_to_use(std::optional<std::uint32_t> asked) {
  const auto built = static_cast<std::uint32_t>(layout_programs().size());
  if (!asked) return built;
  if (*asked <= built) return *asked;
  throw usage_error(fmt::format("--layouts {}: this build has {}", *asked,
                                built == 0 ? "none" : fmt::format("only {}", built)));
}

}  // namespace lockbench
