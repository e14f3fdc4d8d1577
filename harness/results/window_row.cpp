#include "harness/results/window_row.hpp"

#include <algorithm>

#include "harness/base/trait_names.hpp"
#include "harness/machine/facts/topology.hpp"
#include "harness/metrics/flags.hpp"
#include "harness/plan/catalogue.hpp"
#include "harness/workloads/catalogue.hpp"

namespace lockbench {
namespace {

std::string ordering_of(const std::string& strategy) {
  const auto catalogue = strategy_catalogue();
  const auto found = std::ranges::find(catalogue, strategy, &StrategyTraits::name);
  return found == catalogue.end() ? "" : std::string(to_string(found->ordering));
}

Validity validity_of(const MeasuredWindow& window, const BlockTask& task) {
  Validity validity;
  const auto& outcome = window.outcome;
  const auto& measurement = outcome.measurement;
  if (outcome.violations.any()) validity.add(Invalid::violated, outcome.violations.text());
  if (window.stopped_s > 0) {
    validity.add(Invalid::suspended, fmt::format("stopped for {:.1f} s", window.stopped_s));
  }
  if (measurement.tally.operations() == 0) validity.add(Invalid::nothing_succeeded);
  if (!task.block.oversubscribed && measurement.overlap < fine_overlap) {
    validity.add(Invalid::overlap,
                 fmt::format("{:.2f} below {}", measurement.overlap, fine_overlap));
  }
  if (!task.unfit.empty()) validity.add(Invalid::unfit_build, task.unfit);
  return validity;
}

std::string flags_text(const MeasuredWindow& window, const BlockTask& task) {
  const auto& measurement = window.outcome.measurement;
  const auto& block = task.block;
  WindowFacts facts{.threads = block.point.threads,
                    .oversubscribed = block.oversubscribed,
                    .duration_s = measurement.duration_s,
                    .overlap = measurement.overlap,
                    .takes = measurement.tally.takes,
                    .empty_takes = measurement.tally.empty_takes,
                    .adds = measurement.tally.adds,
                    .full_adds = measurement.tally.full_adds,
                    .run_queue_wait_s = measurement.run_queue_wait_s,
                    .others_share = figure::of_outside<&OutsideLoad::others_at_least>(window),
                    .steal_share = figure::of_outside<&OutsideLoad::steal>(window),
                    .spin_loop_before_ns = window.before.spin_loop_ns,
                    .spin_loop_after_ns = window.after.spin_loop_ns,
                    .line_roundtrip_before_ns = window.before.line_roundtrip_ns,
                    .line_roundtrip_after_ns = window.after.line_roundtrip_ns,
                    .longest_gap_s = measurement.longest_gap_s,
                    .cpu_kinds = task.cpu_kinds};
  return join(flags_of(facts));
}

}  // namespace

WindowRow row_of(const BlockTask& task, const Label& label) {
  WindowRow row;
  row.run_id = task.run_id;
  row.machine_kind = task.machine_kind;
  row.machine = task.machine;
  row.case_id = case_id(label, task.block);
  row.block_id = task.block.id;
  row.strategy = label.strategy;
  row.twin = label.twin;
  row.process = task.process;
  row.layout = task.layout;
  row.ordering = ordering_of(label.strategy);
  row.point = task.block.point;
  row.point.capacity =
      effective_capacity(task.block.point, workload_named(task.block.point.workload));
  row.seed = task.seed;
  row.window_s = task.block.window_s;
  row.warm_up_s = task.block.warm_up_s;
  row.oversubscribed = task.block.oversubscribed;
  row.cpus = cpu_map(task.cpus, task.block.point.threads);
  return row;
}

WindowRow row_of(const BlockTask& task, const MeasuredWindow& window) {
  auto row = row_of(task, task.block.labels.at(window.label));
  row.window = window.window;
  row.position = window.position;
  row.seed = window.seed;
  row.sample_every = window.sample_every;
  row.has_critical_section = window.has_critical_section;
  row.memory = window.memory;
  row.validity = validity_of(window, task);
  row.flags = flags_text(window, task);
  for (std::size_t i = 0; i < window_figures.size(); ++i) {
    row.values[i] = window_figures[i].read.of_window(window);
  }
  return row;
}

const Columns<WindowRow>& trial_columns() {
  using Row = WindowRow;
  static const auto all = [] {
    Columns<Row> columns("trials.csv", Digits::nine);
    return add_key(columns)
        .add(&Row::ordering, "ordering", "",
             "order in which it hands out tasks: `priority_fifo`, `priority` (ties unordered), "
             "`fifo`, `fifo_per_producer`, `relaxed`, or `none` where nothing is stored. "
             "Different orderings are different promises")
        .add(&Row::layout, "layout", "",
             "which layout of the measuring code ran it, from 1; 0 = the build made only its own")
        .add(&Row::position, "position", "", "place in the random order within its process, from 0")
        .add(&Row::seed, "seed", "", "seed of this window's random streams")
        .add(&Row::sample_every, "sample_every", "operations",
             "one operation in so many was timed, at random; 0 = none, and nothing was disturbed. "
             "Only windows with 0 enter medians of throughput, fairness and cost, unless a case "
             "has no other valid ones")
        .add(&Row::window_s, "window_s", "s",
             "length that was asked for; `duration_s` is the one that counts")
        .add(&Row::warm_up_s, "warm_up_s", "s", "worked and discarded before the window")
        .add(&Row::oversubscribed, "oversubscribed", "flag",
             "1 = more threads than CPUs that the team can be on at once, or than the quota "
             "grants; never compared silently with rows that are not")
        .add(&Row::has_critical_section, "has_critical_section", "flag",
             "1 = the strategy holds a lock that critical-section work is done under")
        .add(&Row::cpus, "cpus", "",
             "CPU of each thread, that of thread 0 first: `0+1+0+1`. Beyond 64 threads only the "
             "shortest cycle that gives the whole map when repeated: thread i is on entry i mod "
             "length",
             "the threads were not pinned")
        .add(&Row::memory, "memory", "",
             "where the memory of the queue was made to lie, by the policy of the thread that "
             "builds and fills it: `default` (left to the system, as the threads were not pinned "
             "or their nodes are not known), `node:0` (the only node of the team's CPUs), "
             "`interleave:0+1` (page by page over all their nodes), `unbound: ` and the reason "
             "when that could not be set. Nodes are numbered as `numa_node` in `context.json`",
             "the window never ran")
        .add({{"valid", "flag", "1 = may be used in medians and comparisons"},
              true,
              [](const Row& row) { return field::write(row.valid()); },
              [](Row&, std::string_view text) { return text == "0" || text == "1"; }})
        .add({{"invalid_reason", "", "why not; see below", "valid"},
              false,
              [](const Row& row) { return row.validity.text(); },
              [](Row& row, std::string_view text) {
                row.validity = Validity::from_text(text);
                return true;
              }})
        .add(&Row::flags, "flags", "",
             "words for what was unusual, joined by `;`; see below. They do not make a window "
             "invalid",
             "nothing was")
        .add_parameters()
        .add_figures(window_figures)
        .add(&Row::machine_kind, "machine_kind", "", meaning_of_machine_kind)
        .add(&Row::machine, "machine", "", meaning_of_machine);
  }();
  return all;
}

}  // namespace lockbench
