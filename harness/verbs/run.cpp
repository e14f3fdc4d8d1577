#include "harness/verbs/run.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <random>

#include <nlohmann/json.hpp>

#include "harness/engine/worker.hpp"
#include "harness/machine/facts/build_context.hpp"
#include "harness/machine/facts/context.hpp"
#include "harness/machine/facts/load.hpp"
#include "harness/machine/probes/probes.hpp"
#include "harness/plan/plan.hpp"
#include "harness/plan/request_json.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/processes/suite.hpp"
#include "harness/results/closing.hpp"
#include "harness/results/precision.hpp"
#include "harness/results/results_directory.hpp"
#include "harness/results/results_table.hpp"
#include "harness/results/summary.hpp"
#include "harness/verbs/report.hpp"

namespace lockbench {
namespace {

using Json = nlohmann::json;

/// More points than this are summed up by their winners on the terminal.
constexpr std::size_t most_points_in_full = 6;

std::string utc_now(const char* format) {
  return fmt::format(fmt::runtime(fmt::format("{{:{}}}", format)), fmt::gmtime(std::time(nullptr)));
}

std::string short_commit() {
  const auto commit = build_commit();
  return commit == "unknown" ? commit : commit.substr(0, 8);
}

std::string new_run_id() {
  return fmt::format("{}-{}-{}", utc_now("%Y%m%dT%H%M%SZ"), short_commit(), machine_id());
}

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

/// A run as it is set up, whether new or resumed.
struct Setup {
  Request request;
  Topology topology;
  Plan plan;
  std::string run_id;
  Json context;  ///< of the interrupted run when resumed, else null
};

double cpus_of(const Topology& topology) {
  const double cpus = usable_cpus(topology);
  return cpus > 0 ? cpus : 1;
}

void expect_same(const std::string& what, const Json& then, const Json& now,
                 const std::string& directory) {
  if (then == now) return;
  throw usage_error(
      fmt::format("--resume '{}': it was begun with {} {}, this is {}; rows of one run "
                  "must be comparable",
                  directory, what, then.dump(), now.dump()));
}

void refuse_unusable(const Topology& topology, const Request& request) {
  for (const auto& pinning : request.pinning) refuse_unusable(topology, pinning);
}

/// Two placements that are one are not told apart by their rows.
void warn_of_equal_placements(const Setup& setup) {
  for (const auto& pinning : setup.request.pinning) {
    const auto why = same_as_compact(setup.topology, pinning);
    if (why.empty()) continue;
    fmt::print(stderr, "--pinning {} is the same as compact here: {}\n", to_string(pinning), why);
  }
}

Setup new_setup(const CommandLine& line) {
  Setup setup;
  setup.request = line.request;
  setup.topology = read_topology();
  setup.run_id = new_run_id();
  refuse_unusable(setup.topology, setup.request);
  if (setup.request.seed == 0) setup.request.seed = random_seed();
  setup.plan = make_plan(setup.request, cpus_of(setup.topology));
  return setup;
}

Setup resumed_setup(const std::string& directory, const ResultsDirectory& results) {
  Setup setup;
  setup.context = results.read_context();
  setup.topology = read_topology();
  if (!setup.context.is_object() || !setup.context.contains("request") ||
      !setup.context.contains("run_id")) {
    throw usage_error(
        fmt::format("--resume '{}': its context.json is not that of a lockbench run", directory));
  }
  setup.run_id = setup.context.at("run_id").get<std::string>();
  setup.request = request_from_json(setup.context.at("request"));
  expect_same("machine", setup.context.value("machine_id", Json()), machine_id(), directory);
  expect_same("commit", setup.context.value("commit", Json()), build_commit(), directory);
  expect_same("build", setup.context.value("build", Json()), build_context(), directory);
  expect_same("usable CPUs", setup.context.value("usable_cpus", Json()), cpus_of(setup.topology),
              directory);
  refuse_unusable(setup.topology, setup.request);
  setup.plan = make_plan(setup.request, cpus_of(setup.topology));
  return setup;
}

Json probes_context(const Topology& topology) {
  Probes probes;
  probes.counters = probe_counters();
  probes.energy_domains = probe_energy();
  probes.clocks = probe_clocks();
  probes.costs = probe_costs();
  probes.wake_up = probe_wake_up(topology, {});
  probes.lines = probe_lines(topology, quick_budget);
  probes.drift = probe_drift(quick_budget);
  return probes;
}

Json first_context(const Setup& setup, const std::vector<std::string>& arguments) {
  Json context{{"schema_version", trials_schema_version},
               {"run_id", setup.run_id},
               {"machine_id", machine_id()},
               {"commit", build_commit()},
               {"state", "running"},
               {"argv", arguments},
               {"started_utc", utc_now("%Y-%m-%dT%H:%M:%SZ")},
               {"seed", setup.request.seed},
               {"usable_cpus", cpus_of(setup.topology)},
               {"request", to_json(setup.request)},
               {"build", build_context()},
               {"machine", machine_context()},
               {"load_before", load_now()},
               {"probes", probes_context(setup.topology)},
               {"retry",
                {{"spins_before_yield", Worker::spins_before_yield},
                 {"meaning",
                  "after a refused add or an empty take a thread spins this often, then "
                  "yields once"}}}};
  context["unknown"] = unknowns_in(context);
  return context;
}

std::string why_unfit() {
  return why_not_recordable(build_facts());
}

void write_results(const ResultsDirectory& results, std::span<const SummaryRow> summary,
                   std::span<const ComparisonRow> comparisons) {
  results.replace("summary.csv", to_csv(summary));
  results.replace("comparisons.csv", to_csv(comparisons));
}

void print_results(const CommandLine& line, std::span<const SummaryRow> summary,
                   std::span<const ComparisonRow> comparisons, std::size_t points) {
  switch (line.format) {
    case Format::csv: fmt::print("{}", to_csv(summary)); return;
    case Format::json: fmt::print("{}", summary_json(summary)); return;
    case Format::table:
      fmt::print("{}",
                 points > most_points_in_full ? winner_table(comparisons) : case_table(summary));
  }
}

/// Charts are a view of what is recorded already: failing to draw them loses nothing.
void draw(const ResultsDirectory& results, ProgressLine& progress) {
  try {
    if (write_report(results.path()) == 0) return;
    progress.say(fmt::format("charts could not be drawn; see above, then: bench report '{}'",
                             results.path().string()));
  } catch (const Error& error) {
    progress.say(fmt::format("no charts: {}", error.what()));
  }
}

std::string default_directory(const std::string& run_id) {
  return "results/" + run_id;
}

/// What an earlier part of the run noted as spent on --precision.
double further_s_of(const Json& closing) {
  const auto precision = closing.value("precision", Json());
  return precision.is_object() ? precision.value("spent_s", 0.0) : 0;
}

std::optional<PrecisionClosing> precision_closing(const Plan& plan,
                                                  std::span<const SummaryRow> summary,
                                                  const SuiteOutcome& outcome,
                                                  const ResultsDirectory& results) {
  if (!plan.precision) return std::nullopt;
  const auto finished = results.finished().size();
  return PrecisionClosing{.reached = precision_reached(summary, *plan.precision),
                          .budget_s = plan.budget_s,
                          .spent_s = outcome.further_s,
                          .processes = finished,
                          .further_processes = finished - std::min(finished, plan.order.size())};
}

std::string interruption_text(const Plan& plan, const ResultsDirectory& results) {
  const auto finished = results.finished().size();
  const auto planned = plan.order.size();
  const auto recorded =
      finished > planned
          ? fmt::format("all {} processes and {} for --precision are", planned, finished - planned)
          : fmt::format("{} of {} processes are", finished, planned);
  return fmt::format("interrupted; {} recorded, finish them by: bench --resume '{}'", recorded,
                     results.path().string());
}

ExitCode run_plan(const CommandLine& line, Setup& setup, ResultsDirectory& results) {
  const std::string unfit = why_unfit();
  ProgressLine progress(setup.plan.predicted_s(), line.quiet);
  if (!unfit.empty()) progress.say("no row of this run will be valid: " + unfit);

  catch_interrupts();
  // A resumed run took the time of all its parts.
  const auto before = setup.context.value("closing", Json::object());
  const auto outcome = Suite(setup.plan, setup.topology, setup.run_id, unfit, results, progress,
                             further_s_of(before))
                           .run();

  const auto rows = results.read_rows();
  const auto summary = summarise(rows, results.read_latencies(rows));
  const auto comparisons = compare(rows);
  auto closing = close(rows, outcome.wall_s + before.value("wall_s", 0.0),
                       outcome.measured_s + before.value("measured_s", 0.0));
  closing.precision = precision_closing(setup.plan, summary, outcome, results);
  closing.multimodal_cases = static_cast<std::uint64_t>(
      std::ranges::count_if(summary, [](const SummaryRow& row) { return row.multimodal; }));
  if (setup.request.slo) {
    closing.service_levels = service_levels(summary, *setup.request.slo);
    results.replace("slo.csv", to_csv(std::span<const ServiceLevelRow>(closing.service_levels)));
  }
  setup.context["state"] = outcome.interrupted ? "interrupted" : "finished";
  setup.context["finished_utc"] = utc_now("%Y-%m-%dT%H:%M:%SZ");
  setup.context["load_after"] = load_now();
  setup.context["closing"] = to_json(closing);
  results.replace("context.json", setup.context.dump(2) + "\n");
  write_results(results, summary, comparisons);

  if (outcome.interrupted) {
    progress.say(interruption_text(setup.plan, results));
    return ExitCode::interrupted;
  }
  if (!line.no_charts) draw(results, progress);
  print_results(line, summary, comparisons, setup.plan.blocks.size());
  std::fflush(stdout);
  if (!line.quiet || closing.exit_code() != ExitCode::ok) {
    progress.say(fmt::format("{}results: {}", closing_text(closing), results.path().string()));
  }
  return closing.exit_code();
}

ExitCode dry_run(const Setup& setup) {
  fmt::print("{}", plan_table(setup.plan));
  const std::string further = setup.plan.precision ? fmt::format("; --precision may add up to {}",
                                                                 duration_text(setup.plan.budget_s))
                                                   : "";
  fmt::print(
      stderr, "{} cases in {} processes; about {}{}\n",
      [&] {
        std::size_t cases = 0;
        for (const auto& block : setup.plan.blocks) cases += block.labels.size();
        return cases;
      }(),
      setup.plan.order.size(), duration_text(setup.plan.predicted_s()), further);
  return ExitCode::ok;
}

}  // namespace

ExitCode measure_and_record(const CommandLine& line, const std::vector<std::string>& arguments) {
  if (line.resume) {
    auto results = ResultsDirectory::reopen(*line.resume);
    auto setup = resumed_setup(*line.resume, results);
    return run_plan(line, setup, results);
  }
  auto setup = new_setup(line);
  warn_of_equal_placements(setup);
  if (line.dry_run) return dry_run(setup);
  auto results = ResultsDirectory::create(line.out.value_or(default_directory(setup.run_id)));
  setup.context = first_context(setup, arguments);
  results.replace("context.json", setup.context.dump(2) + "\n");
  return run_plan(line, setup, results);
}

}  // namespace lockbench
