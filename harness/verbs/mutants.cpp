#include "harness/verbs/mutants.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/text/quotes.hpp"

namespace lockbench {

ExitCode hunt_mutants(const CommandLine& line) {
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  const auto program = (self.parent_path() / "bench_mutants").string();
  if (!std::filesystem::exists(program)) {
    throw failure(
        fmt::format("there is no {}: queues with planted bugs are built with the tests "
                    "(-DLOCKBENCH_TESTS=ON), and never installed",
                    in_quotes(program)));
  }
  std::vector<std::string> words{program, std::to_string(line.request.seed),
                                 std::to_string(line.duration_s),
                                 line.format == Format::json ? "json" : "table"};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  throw failure(fmt::format("cannot start {}", in_quotes(program)));
}

}  // namespace lockbench
