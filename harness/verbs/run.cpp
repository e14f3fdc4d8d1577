#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <random>

#include <nlohmann/json.hpp>

#include "harness/base/exact_integer.hpp"
#include "harness/base/json_text.hpp"
#include "harness/base/text/output.hpp"
#include "harness/base/text/quotes.hpp"
#include "harness/base/text/utf8.hpp"
#include "harness/engine/worker.hpp"
#include "harness/machine/facts/build_context.hpp"
#include "harness/machine/facts/context.hpp"
#include "harness/machine/facts/load.hpp"
#include "harness/machine/facts/machine_identity.hpp"
#include "harness/machine/facts/reachable_cpus.hpp"
#include "harness/machine/probes/probes.hpp"
#include "harness/plan/plan.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/processes/layouts.hpp"
#include "harness/processes/suite.hpp"
#include "harness/results/columns_json.hpp"
#include "harness/results/comparison.hpp"
#include "harness/results/conclusion.hpp"
#include "harness/results/gbench_json.hpp"
#include "harness/results/precision.hpp"
#include "harness/results/results_table.hpp"
#include "harness/results/run_record.hpp"
#include "harness/results/summary.hpp"
#include "harness/verbs/surroundings.hpp"
#include "harness/verbs/verbs.hpp"

namespace lockbench {
namespace {

using Json = nlohmann::json;

/// For the probes of a run: waking threads takes its time, the rest is kept short.
constexpr ProbeBudget short_budget{.lines = quick_budget.lines, .drift = quick_budget.drift};

/// More points than this are summed up by their winners on the terminal.
constexpr std::size_t most_points_in_full = 6;

std::string utc_now(const char* format) {
  return fmt::format(fmt::runtime(fmt::format("{{:{}}}", format)), fmt::gmtime(std::time(nullptr)));
}

std::string new_run_id(const MachineIdentity& machine) {
  return fmt::format("{}-{}-{}", utc_now("%Y%m%dT%H%M%SZ"), build_commit().substr(0, 8),
                     machine.short_kind());
}

/// A run as it is set up, whether new or resumed.
struct Setup {
  Request request;
  Topology topology;
  MachineIdentity machine;
  Plan plan;
  std::string run_id;
  std::vector<std::string> dropped_variables;  ///< names, as ChildEnvironment has them
  Json context;                                ///< of the interrupted run when resumed, else null
};

double cpus_of(const Topology& topology) {
  const double cpus = usable_cpus(topology);
  return cpus > 0 ? cpus : 1;
}

void refuse_unusable(const Topology& topology, const Request& request) {
  for (const auto& pinning : request.pinning) refuse_unusable(topology, pinning);
}

/// Rows do not tell apart two placements that are the same here.
void warn_of_equal_placements(const Setup& setup) {
  for (const auto& pinning : setup.request.pinning) {
    const auto why = same_as_compact(setup.topology, pinning);
    if (why.empty()) continue;
    tell("--pinning {} is the same as compact here: {}\n", to_string(pinning), why);
  }
}

/// Whoever lists CPUs means them, whatever affinity a shell or a batch system has set.
Topology topology_for(const Request& request) {
  const bool lists_cpus = std::ranges::any_of(
      request.pinning, [](const Pinning& pinning) { return pinning.rule() == Pinning::listed; });
  return lists_cpus ? read_reachable_topology() : read_topology();
}

Setup new_setup(const CommandLine& line) {
  Setup setup;
  setup.request = line.request;
  setup.topology = topology_for(setup.request);
  setup.machine = read_machine_identity();
  setup.run_id = new_run_id(setup.machine);
  refuse_unusable(setup.topology, setup.request);
  setup.request.seed = seed_of(line.request);
  setup.request.layouts = layouts_to_use(line.request.layouts);
  setup.plan = make_plan(setup.request, cpus_of(setup.topology));
  check_memory(setup.plan, line.quiet);
  return setup;
}

/// Rows of one run must be comparable. Machines of one kind are, as are containers on one machine.
void refuse_another_kind(const std::string& directory, const Setup& setup) {
  const auto differences = differing_parts(
      setup.context.value(Json::json_pointer("/machine/identity"), Json()), setup.machine);
  if (differences.empty()) return;
  throw usage_error(fmt::format(
      "--resume '{}': it was begun on another kind of machine: {}; rows of one run must "
      "be comparable",
      directory, differences));
}

/// A run that goes on elsewhere says so, and keeps it in its context.
void note_another_machine(Setup& setup) {
  const auto now = setup.machine.machine();
  const auto then = setup.context.value("machine_id", std::string("unknown"));
  if (now == then) return;
  tell("the run was begun on machine {}, and goes on on {}, which is of the same kind\n", then,
       now);
  setup.context["resumed_on"].push_back(now);
}

Setup resumed_setup(const CommandLine& line, const ResultsDirectory& results) {
  const auto& directory = *line.resume;
  Setup setup;
  setup.context = results.read_context();
  setup.machine = read_machine_identity();
  if (!setup.context.is_object() || !setup.context.contains("request") ||
      !setup.context.contains("run_id")) {
    throw usage_error(
        fmt::format("--resume '{}': its context.json is not that of a lockbench run", directory));
  }
  setup.run_id = setup.context.at("run_id").get<std::string>();
  setup.request = request_from_json(setup.context.at("request"));
  setup.topology = topology_for(setup.request);
  const auto expect_same = [&](const char* what, const char* key, const Json& now) {
    const auto then = setup.context.value(key, Json());
    if (then == now) return;
    throw usage_error(
        fmt::format("--resume '{}': it was begun with {} {}, this is {}; rows of one run "
                    "must be comparable",
                    directory, what, json_line(then), json_line(now)));
  };
  refuse_another_kind(directory, setup);
  expect_same("commit", "commit", build_commit());
  expect_same("build", "build", build_context());
  expect_same("usable CPUs", "usable_cpus", cpus_of(setup.topology));
  refuse_unusable(setup.topology, setup.request);
  setup.plan = make_plan(setup.request, cpus_of(setup.topology));
  check_memory(setup.plan, line.quiet);
  return setup;
}

/// The arguments as JSON can hold them: one that is not UTF-8, such as an old file name, in quotes that
/// a shell reads back.
std::vector<std::string> recordable(std::vector<std::string> arguments) {
  for (auto& argument : arguments) {
    if (!is_utf8(argument)) argument = in_shell_quotes(argument);
  }
  return arguments;
}

Json first_context(const Setup& setup, const std::vector<std::string>& arguments) {
  Json context{{"schema_version", schema_version},
               {"machine_kind", setup.machine.kind()},
               {"machine_id", setup.machine.machine()},
               {"commit", build_commit()},
               {"state", "running"},
               {"argv", recordable(arguments)},
               {"started_utc", utc_now("%Y-%m-%dT%H:%M:%SZ")},
               {"seed", setup.request.seed},
               {"usable_cpus", cpus_of(setup.topology)},
               {"request", to_json(setup.request)},
               {"build", build_context()},
               {"machine", machine_context()},
               {"dropped_variables", setup.dropped_variables},
               {"load_before", read_load()},
               {"probes", run_probes(setup.topology, short_budget)},
               {"retry",
                {{"spins_before_yield", Worker::spins_before_yield},
                 {"meaning",
                  "after a refused add or an empty take a thread spins this often, then "
                  "yields once"}}}};
  context["unknown"] = unknowns_in(context);
  return context;
}

void warn_of_missing_lock(const ResultsDirectory& directory) {
  if (directory.locked()) return;
  tell("this file system has no locks: see to it that no other run writes to {}\n",
       in_shell_quotes(directory.path().string()));
}

/// Makes the directory of a new run, with its first context. Where the directory has a name of ours,
/// that is the run's id, too.
ResultsDirectory new_directory(const CommandLine& line, Setup& setup,
                               const std::vector<std::string>& arguments) {
  if (line.out) ResultsDirectory::refuse_used(*line.out);
  // The probes take a second or two: who interrupts them finds nothing made.
  setup.context = first_context(setup, arguments);
  catch_interrupts();
  const auto first = [&](const std::filesystem::path& path) {
    if (line.out) {
      // A name of the user's own keeps no two runs apart that began in one second.
      setup.run_id += fmt::format("-{:06x}", std::random_device{}() & 0xFFFFFFU);
    } else {
      setup.run_id = path.filename().string();
    }
    setup.context["run_id"] = setup.run_id;
    return json_text(setup.context);
  };
  auto directory = line.out ? ResultsDirectory::create(*line.out, first)
                            : ResultsDirectory::create_numbered("results/" + setup.run_id, first);
  warn_of_missing_lock(directory);
  return directory;
}

/// All that is concluded from the rows of a run.
struct Results {
  std::vector<SummaryRow> summary;
  std::vector<ComparisonRow> comparisons;
  Conclusion conclusion;
  std::string gbench;  ///< as gbench.json holds it
};

/// The conclusion of an earlier part of the run, whose times add up with this one's.
Json earlier_conclusion(const Setup& setup) {
  return setup.context.value("closing", Json::object());
}

SuiteOutcome measure(const Setup& setup, RunRecord& record, ProgressLine& progress) {
  const std::string unfit = why_not_recordable(build_facts());
  if (!unfit.empty()) progress.say("no row of this run will be valid: " + unfit);
  catch_interrupts();
  const auto spent_before_s =
      earlier_conclusion(setup).value(Json::json_pointer("/precision/spent_s"), 0.0);
  RunNames names{.run_id = setup.run_id,
                 .machine_kind = setup.machine.kind(),
                 .machine = setup.machine.machine()};
  return Suite(setup.plan, setup.topology, std::move(names), unfit, record, progress,
               spent_before_s)
      .run();
}

Results results_of(const Setup& setup, const RunRecord& record, const SuiteOutcome& outcome) {
  const auto earlier = earlier_conclusion(setup);
  const auto cases = cases_of(record.rows());
  Results results{
      .summary = summarise(cases, record.latencies()),
      .comparisons = compare(record.rows()),
      .conclusion = conclude(record.rows(), outcome.wall_s + earlier.value("wall_s", 0.0),
                             outcome.measured_s + earlier.value("measured_s", 0.0)),
      .gbench = {}};
  results.gbench = json_text(gbench_json(cases, results.summary, setup.context));
  auto& conclusion = results.conclusion;
  if (const auto& asked = setup.plan.precision) {
    const auto processes = record.finished().size();
    conclusion.precision = {
        .reached = precision_reached(results.summary, *asked),
        .budget_s = setup.plan.budget_s,
        .spent_s = outcome.further_s,
        .processes = processes,
        .further_processes = processes - std::min(processes, setup.plan.order.size())};
  }
  const auto count = [&](bool SummaryRow::*flag) {
    return static_cast<std::uint64_t>(std::ranges::count_if(results.summary, flag));
  };
  conclusion.multimodal_cases = count(&SummaryRow::multimodal);
  conclusion.harness_bound_cases = count(&SummaryRow::harness_bound);
  conclusion.sample_shortage = sample_shortage(results.summary, setup.request.slo);
  if (setup.request.slo) {
    conclusion.service_levels = service_levels(results.summary, *setup.request.slo);
  }
  return results;
}

void write(const Results& results, Setup& setup, const SuiteOutcome& outcome,
           const ResultsDirectory& directory) {
  if (setup.request.slo) {
    directory.replace("slo.csv", service_level_columns().text(results.conclusion.service_levels));
  }
  setup.context["state"] = outcome.interrupted ? "interrupted" : "finished";
  setup.context["finished_utc"] = utc_now("%Y-%m-%dT%H:%M:%SZ");
  setup.context["load_after"] = read_load();
  setup.context["closing"] = to_json(results.conclusion);
  directory.replace("context.json", json_text(setup.context));
  directory.replace("summary.csv", summary_columns().text(results.summary));
  directory.replace("comparisons.csv", comparison_columns().text(results.comparisons));
  directory.replace("gbench.json", results.gbench);
}

/// Charts are a view of what is recorded already: failing to draw them loses nothing.
void draw(const ResultsDirectory& directory, ProgressLine& progress) {
  progress.clear();
  try {
    if (write_report(directory.path()) == 0) return;
    progress.say(fmt::format("charts could not be drawn; see above, then: {} report {}",
                             program_name(), in_shell_quotes(directory.path().string())));
  } catch (const Error& error) {
    progress.say(fmt::format("no charts: {}", error.what()));
  }
}

std::string text_of(const Results& results, Format format, std::size_t points) {
  switch (format) {
    case Format::csv: return summary_columns().text(results.summary);
    case Format::json: return json_text(json_of(summary_columns(), results.summary));
    case Format::gbench: return results.gbench;
    case Format::table: break;
  }
  return points > most_points_in_full ? winner_table(results.comparisons)
                                      : case_table(results.summary);
}

std::string interruption_text(const Plan& plan, const RunRecord& record) {
  const auto finished = record.finished().size();
  const auto planned = plan.order.size();
  const auto recorded =
      finished > planned
          ? fmt::format("all {} processes and {} for --precision are", planned, finished - planned)
          : fmt::format("{} of {} processes are", finished, planned);
  return fmt::format("interrupted; {} recorded, finish them by: {} --resume {}", recorded,
                     program_name(), in_shell_quotes(record.directory().path().string()));
}

ExitCode run_plan(const CommandLine& line, Setup& setup, RunRecord& record) {
  ProgressLine progress(setup.plan.predicted_s(), line.quiet);
  const auto outcome = measure(setup, record, progress);
  const auto results = results_of(setup, record, outcome);
  const auto& directory = record.directory();
  write(results, setup, outcome, directory);
  if (outcome.interrupted) {
    progress.say(interruption_text(setup.plan, record));
    return ExitCode::interrupted;
  }
  if (!line.no_charts) draw(directory, progress);
  print_data(text_of(results, line.format, setup.plan.blocks.size()));
  std::fflush(stdout);
  const auto& conclusion = results.conclusion;
  if (!line.quiet || conclusion.exit_code() != ExitCode::ok) {
    progress.say(
        fmt::format("{}results: {}", conclusion_text(conclusion), directory.path().string()));
  }
  return conclusion.exit_code();
}

ExitCode dry_run(const Plan& plan) {
  print_data(plan_table(plan));
  std::size_t cases = 0;
  for (const auto& block : plan.blocks) cases += block.labels.size();
  tell("{} cases in {} processes; about {}{}\n", cases, plan.order.size(),
       duration_text(plan.predicted_s()),
       plan.precision ? fmt::format("; --precision may add up to {}", duration_text(plan.budget_s))
                      : "");
  return ExitCode::ok;
}

}  // namespace

std::uint64_t seed_of(const Request& request) {
  std::random_device device;
  return request.seed != 0 ? request.seed
                           : recordable_seed((std::uint64_t{device()} << 32U) | device());
}

ExitCode measure_and_record(const CommandLine& line, const std::vector<std::string>& arguments) {
  auto dropped = drop_inherited(line.quiet);
  if (line.resume) {
    RunRecord record(ResultsDirectory::reopen(*line.resume));
    warn_of_missing_lock(record.directory());
    auto setup = resumed_setup(line, record.directory());
    note_another_machine(setup);
    return run_plan(line, setup, record);
  }
  auto setup = new_setup(line);
  setup.dropped_variables = std::move(dropped);
  warn_of_equal_placements(setup);
  if (line.dry_run) return dry_run(setup.plan);
  RunRecord record(new_directory(line, setup, arguments));
  return run_plan(line, setup, record);
}

}  // namespace lockbench
