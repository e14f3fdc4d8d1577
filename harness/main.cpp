/// The command line's edge: errors become messages and exit codes here and nowhere else.

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <system_error>
#include <vector>

#include "harness/base/errors.hpp"
#include "harness/base/scheduling.hpp"
#include "harness/base/text/exit_code.hpp"
#include "harness/base/text/output.hpp"
#include "harness/cli/command_line.hpp"
#include "harness/machine/facts/build_context.hpp"
#include "harness/machine/facts/build_info.hpp"
#include "harness/pitfalls/runner.hpp"
#include "harness/plan/catalogue.hpp"
#include "harness/processes/block_process.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

int print(const std::string& text) {
  print_data(text);
  return 0;
}

int run(const std::vector<std::string>& arguments) {
  const CommandLine line = parse_command_line(arguments, strategy_catalogue());
  switch (line.verb) {
    case Verb::run:
    case Verb::sweep: return static_cast<int>(measure_and_record(line, arguments));
    case Verb::list:
      return print(line.columns ? list_columns(columns_of_files(), line.format)
                                : list_catalogue(strategy_catalogue(), line.format));
    case Verb::report: return report_run(line.report_dir);
    case Verb::verify: return static_cast<int>(verify_strategies(line));
    case Verb::doctor: return static_cast<int>(print_diagnosis(line));
    case Verb::pitfall: return static_cast<int>(demonstrate_pitfalls(line));
    case Verb::help: return print(help_text(line.help_topic));
    case Verb::version:
      return print(fmt::format("bench {} ({})\n", build_info::version, build_commit()));
    case Verb::man: return print(man_page(build_info::version));
    case Verb::completion: return print(bash_completion(strategy_catalogue()));
    case Verb::child:
      return asks_for_pitfall(line.child_arguments) ? pitfall_child_main(line.child_arguments)
                                                    : child_main();
  }
  return static_cast<int>(ExitCode::failure);
}

/// Reports output that did not arrive, as behind a redirection to a full disk. A reader that had read
/// enough (`| head`) is no error.
int with_output_written(int code) {
  const int error = output_error();
  if (error == 0 || error == EPIPE) return code;
  tell("bench: cannot write to standard output: {}\n", std::generic_category().message(error));
  return static_cast<int>(worse(static_cast<ExitCode>(code), ExitCode::failure));
}

}  // namespace
}  // namespace lockbench

int main(int argc, char** argv) {
  using namespace lockbench;
  set_program_name(argc > 0 ? argv[0] : "");
  (void)drop_inherited_policy();
  std::signal(SIGPIPE, SIG_IGN);  // a reader that went away does not end a run
  std::signal(SIGXFSZ, SIG_IGN);  // so is a file that must not grow further
  return exit_code_of(
      [&] { return with_output_written(run(std::vector<std::string>(argv + 1, argv + argc))); });
}
