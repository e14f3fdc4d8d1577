#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>

#include <gnu/libc-version.h>
#include <nlohmann/json.hpp>

#include "harness/base/json_text.hpp"
#include "harness/base/text/output.hpp"
#include "harness/base/text/progress_line.hpp"
#include "harness/base/text/quotes.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/verbs/verbs.hpp"
#include "harness/verify/history/history.hpp"
#include "harness/verify/verification.hpp"
#include "strategies/registry.hpp"

namespace lockbench {
namespace {

namespace fs = std::filesystem;
using verify::Subject;

/// Returns the strategies of these names, in registry order. Leaves out strategies that store no tasks,
/// such as `null`; throws `Error` if no other is asked for.
std::vector<Subject> subjects_named(const std::vector<std::string>& names) {
  std::vector<Subject> subjects;
  for_each_strategy(Strategies{}, [&]<TaskQueue Q>() {
    const bool is_named = std::ranges::find(names, Q::traits.name) != names.end();
    if constexpr (Q::traits.conformance != Conformance::none) {
      if (is_named) subjects.push_back(verify::subject_of<Q>());
    }
  });
  if (subjects.empty()) {
    throw usage_error(
        fmt::format("there is nothing to verify in {}: it stores no tasks; see: "
                    "bench list",
                    fmt::join(names, ", ")));
  }
  return subjects;
}

/// Writes the history of a violation to a file that no later run overwrites. Returns its path.
fs::path keep(const verify::Violation& violation, const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  const auto& header = violation.recorded.header;
  auto path = directory / fmt::format("{}-{}-{}.jsonl", header.strategy, header.check, header.seed);
  std::ofstream file(path);
  if (!file) throw failure(fmt::format("cannot write {}", in_quotes(path.string())));
  verify::write_history(file, violation.recorded);
  return path;
}

/// Whether this version of glibc, such as "2.36", can lose a signal of a condition variable.
bool may_lose_signals(std::string_view version) {
  constexpr int mended_in = 41;
  constexpr std::string_view major = "2.";
  int minor = mended_in;
  if (version.starts_with(major)) {
    version.remove_prefix(major.size());
    (void)std::from_chars(version.data(), version.data() + version.size(), minor);
  }
  return minor < mended_in;
}

/// What else may have kept a thread asleep that nobody woke; empty if nothing.
std::string doubt_about(const Subject& subject, const verify::Violation& violation) {
  const bool sleeps_on =
      violation.check == verify::Check::waiting && violation.recorded.header.stuck;
  if (!sleeps_on || !subject.looks_again || !may_lose_signals(gnu_get_libc_version())) return "";
  return fmt::format(
      "glibc {} can lose a signal of a condition variable itself (its bug 25847), but very rarely: "
      "if verification finds this again, it is the strategy\n",
      gnu_get_libc_version());
}

std::string report(const Subject& subject, const verify::Violation& violation,
                   const std::string& path) {
  auto text = fmt::format("{}: {} violated in the {} round, after {:.2f} s\n{}",
                          subject.traits.name, to_string(violation.check), violation.round,
                          violation.found_after_s, explain(violation)) +
              doubt_about(subject, violation);
  if (!path.empty())
    text += fmt::format("decide it again: {} verify --replay {}\n", program_name(),
                        in_shell_quotes(path));
  return text;
}

ExitCode replay(const CommandLine& line) {
  std::ifstream file(line.replay);
  if (!file) throw failure(fmt::format("cannot read {}", in_quotes(line.replay)));
  const auto recorded = verify::read_history(file, line.replay);
  const auto verdicts = verify::decide(recorded);
  if (line.format == Format::json) {
    print_data(json_text(replay_json(recorded, verdicts)));
  } else {
    print_data(replay_text(recorded, verdicts));
  }
  auto code = ExitCode::ok;
  for (const auto& [check, verdict] : verdicts) {
    if (verdict.judgement == verify::Judgement::violated) return ExitCode::violated;
    if (verdict.judgement == verify::Judgement::unknown) code = ExitCode::inconclusive;
  }
  return code;
}

ExitCode campaign(const CommandLine& line) {
  const auto subjects = subjects_named(line.request.strategies);
  const auto seed = seed_of(line.request);
  const double share_s = line.duration_s / static_cast<double>(subjects.size());
  catch_interrupts();
  auto code = ExitCode::ok;
  std::vector<VerifiedStrategy> all;
  ProgressLine progress(line.duration_s, line.quiet);
  for (const auto& subject : subjects) {
    const auto done_s = share_s * static_cast<double>(all.size());
    progress.show(done_s, std::string(subject.traits.name));
    auto verification = verify_subject(
        subject, {.threads = line.request.threads, .seconds = share_s, .seed = seed + all.size()},
        [&] { progress.show(done_s, std::string(subject.traits.name)); });
    code = worse(code, exit_code_of(verification));
    if (verification.end == ChildEnd::interrupted) break;
    all.push_back(
        {.traits = subject.traits, .verification = std::move(verification), .history = {}});
    auto& last = all.back();
    if (const auto& violation = last.verification.result.violation) {
      if (!violation->recorded.history.empty()) {
        last.history = keep(*violation, line.out.value_or("results/violations")).string();
      }
      progress.say(report(subject, *violation, last.history));
    }
  }
  progress.say(fmt::format("seed {}", seed));
  switch (line.format) {
    case Format::table: print_data(verification_table(all)); break;
    case Format::csv: print_data(verification_csv(all)); break;
    case Format::json: print_data(json_text(verification_json(all))); break;
    case Format::gbench: break;  // refused with this verb
  }
  return code;
}

/// Replaces this process by the program that has the queues with planted bugs.
ExitCode hunt_mutants(const CommandLine& line) {
  const auto program = (program_directory() / "bench_mutants").string();
  if (!fs::exists(program)) {
    throw failure(
        fmt::format("there is no {}: queues with planted bugs are built with the tests "
                    "(-DLOCKBENCH_TESTS=ON), and never installed",
                    in_quotes(program)));
  }
  ::execl(program.c_str(), program.c_str(), std::to_string(line.request.seed).c_str(),
          std::to_string(line.duration_s).c_str(), line.format == Format::json ? "json" : "table",
          nullptr);
  throw failure(fmt::format("cannot start {}", in_quotes(program)));
}

}  // namespace

ExitCode verify_strategies(const CommandLine& line) {
  if (!line.replay.empty()) return replay(line);
  if (line.mutants) return hunt_mutants(line);
  return campaign(line);
}

}  // namespace lockbench
