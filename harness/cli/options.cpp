#include "harness/cli/options.hpp"

#include <algorithm>

#include "harness/workloads/names.hpp"

namespace lockbench {
namespace {

constexpr std::uint64_t microsecond = 1000;  // in ns, as the bounds of durations are
constexpr std::uint64_t millisecond = 1000 * microsecond;
constexpr std::uint64_t second = 1000 * millisecond;
constexpr std::uint64_t minute = 60 * second;
constexpr std::uint64_t hour = 60 * minute;

using Options = std::vector<OptionSpec>;

/// An option without a value; `field` is set to true.
template <class Owner>
OptionSpec flag(std::string_view name, bool Owner::*field, std::string_view help) {
  return {.name = std::string(name),
          .placeholder = {},
          .help = std::string(help),
          .apply = [field](CommandLine& line, const Given& /*given*/) {
            field_of(line, field) = true;
          }};
}

/// A flag that the parser looks at before any option takes effect.
OptionSpec early_flag(std::string_view name, std::string_view help) {
  return {.name = std::string(name), .placeholder = {}, .help = std::string(help)};
}

template <class Values>
auto named(const Values& values) {
  Named<typename Values::value_type> names;
  for (const auto value : values) names.emplace_back(to_string(value), value);
  return names;
}

Named<std::string> named_workloads() {
  Named<std::string> names;
  for (const auto& workload : workload_names) names.emplace_back(workload.name, workload.name);
  return names;
}

Named<Pinning> named_pinnings() {
  Named<Pinning> names;
  for (const auto& pinning : pinning_names) names.emplace_back(pinning.name, pinning.rule);
  return names;
}

OptionSpec work(std::string_view usage, std::vector<std::uint32_t> Request::*field,
                std::string_view help) {
  return option(usage, durations({0, 100 * millisecond}, "50ns,1us"), field, help)
      .by_default("0ns");
}

OptionSpec jitter(std::string_view usage, Jitter Request::*field,
                  std::string_view help = "how its amounts spread") {
  return option(usage, one_of(named(jitters), "uniform"), field, help).by_default("none");
}

/// Takes one list as a single placement.
OptionSpec listed_cpus() {
  auto cpus = whole_numbers({0, 65535}, "0,2,4-7", Repeats::kept);
  return option("--cpus LIST",
                Value<std::vector<Pinning>>{std::move(cpus.form),
                                            [read = std::move(cpus.read)](const Given& given) {
                                              return std::vector{Pinning::on(read(given))};
                                            }},
                &Request::pinnings,
                "instead of --pinning: thread i runs on the i-th CPU of the list, which begins "
                "again at its end; one placement, not a sweep")
      .otherwise("as --pinning says");
}

Options sizes_of_the_grid() {
  return {early_flag("--quick", "a first look").only_with(Verb::sweep),
          early_flag("--standard", "the grid to compare machines with; used when no size is given")
              .only_with(Verb::sweep),
          early_flag("--full", "more of everything").only_with(Verb::sweep)};
}

Options what_is_measured() {
  return {
      option("--strategy LIST", strategy_names("mutex,rwlock"), &Request::strategies,
             "strategies by name, by tag, or 'all', which stands for every strategy that is safe "
             "to run; later entries add to earlier ones")
          .by_default("all")
          .also_with(Verb::verify),
      option("--workload LIST", some_of(named_workloads(), "mixed,producer_consumer"),
             &Request::workloads, "what the threads do to the queue")
          .by_default("mixed")
          .unless_swept(),
      option("--threads LIST", whole_numbers({1, 1024}, "1,2,4 or 1-16*2"), &Request::threads,
             "threads that use the queue; workloads with two roles make half of them producers, "
             "and have at least one of each")
          .by_default("1")
          .unless_swept()
          .also_with(Verb::verify)
          .in_verify("2,3,4,8"),
      option("--producers LIST", whole_numbers({1, 1023}, "1,2,4 or 1-16*2"), &Request::producers,
             "workloads with two roles: threads that add; instead of --threads")
          .otherwise("1 beside --consumers, else half of --threads"),
      option("--consumers LIST", whole_numbers({1, 1023}, "1,2,4 or 1-16*2"), &Request::consumers,
             "workloads with two roles: threads that take; instead of --threads")
          .otherwise("1 beside --producers, else half of --threads"),
      option("--read-ratio LIST", shares("0,0.5,0.9"), &Request::read_ratios,
             "mixed only: share of the operations that read")
          .by_default("0.5")
          .unless_swept(),
      option("--priorities LIST", whole_numbers({1, 65536}, "1,16"), &Request::priorities,
             "levels that the tasks' priorities are drawn from")
          .by_default("16"),
      option("--prefill LIST", whole_numbers({0, 4'000'000}, "0,1024"), &Request::prefills,
             "tasks queued before a window starts")
          .by_default("1024"),
      option("--payload LIST", whole_numbers({0, QueueLimits::max_payload_bytes}, "16,1024"),
             &Request::payload_bytes, "bytes copied into the queue with each task")
          .by_default("16"),
      option("--capacity N", whole_number({0, QueueLimits::max_capacity}, "65536"),
             &Request::capacity,
             "most tasks that a queue knows at once; 0 leaves room for the prefill and for what "
             "the threads add")
          .by_default("0"),
      option("--pinning LIST", some_of(named_pinnings(), "none,scatter"), &Request::pinnings,
             "where threads run: none = wherever the scheduler puts them, compact = on "
             "neighbouring CPUs, scatter = as far apart as the machine allows, same_cpu = all on "
             "one CPU, smt-pairs = in pairs on the two hardware threads of a core, per-node = in "
             "turns over the NUMA nodes")
          .by_default("compact"),
      listed_cpus(),
      work("--critical-section LIST", &Request::critical_sections_ns,
           "calibrated work that a queue does under its lock, once an operation; strategies that "
           "hold no lock do none of it, and say so"),
      jitter("--critical-section-jitter SPREAD", &Request::critical_section_jitter,
             "how its amounts spread: none, uniform = 0.5 to 1.5 of it, exponential"),
      work("--think LIST", &Request::thinks_ns,
           "calibrated work of a thread between two operations"),
      jitter("--think-jitter SPREAD", &Request::think_jitter),
      work("--work LIST", &Request::works_ns,
           "pool and open_loop: calibrated work for each task that was taken")
          .by_default("1us"),
      jitter("--work-jitter SPREAD", &Request::work_jitter),
      option("--priority-order LIST", some_of(named(priority_orders), "uniform,ascending"),
             &Request::priority_orders,
             "hold only: priorities of the tasks that are added: uniform = drawn, ascending = each "
             "above all before it, descending = each below them")
          .by_default("uniform"),
      option("--burst LIST", whole_numbers({1, 100'000}, "16,256"), &Request::bursts,
             "burst only: tasks that each thread adds before any is taken")
          .by_default("64"),
      option("--cancel-ratio LIST", shares("0.1,0.5"), &Request::cancel_ratios,
             "cancel_heavy only: share of the tasks that are cancelled by who added them")
          .by_default("0.5"),
      option("--load LIST", shares("0.5,0.9"), &Request::loads,
             "open_loop only: rate of arrivals as a share of the capacity that each strategy is "
             "first measured to have")
          .by_default("0.3,0.5,0.7,0.9,0.95"),
      option("--arrivals LIST", some_of(named(all_arrivals), "poisson,fixed"), &Request::arrivals,
             "open_loop only: spacing of arrivals: poisson = as from many independent callers, "
             "fixed = even")
          .by_default("poisson"),
      option("--slo LEVEL", service_level({microsecond, minute}, "p99=100us"), &Request::slo,
             "open_loop only: a quantile of the sojourn time and its bound; the highest of the "
             "loads that holds it is reported")
          .otherwise("none"),
  };
}

Options how_it_is_measured() {
  return {
      option("--window TIME", duration({millisecond, minute}, "20ms"), &Request::window_s,
             "length of a timed window")
          .otherwise("chosen from threads and CPUs"),
      option("--warm-up TIME", duration({0, minute}, "2ms"), &Request::warm_up_s,
             "time discarded before each window")
          .otherwise("chosen from threads and CPUs"),
      option("--windows N", whole_number({1, 10'000}, "5"), &Request::windows,
             "windows of each strategy in each process")
          .by_default("3")
          .unless_swept(),
      option("--processes N", whole_number({1, 1000}, "12"), &Request::processes,
             "fresh processes that repeat every point: the unit of the statistics")
          .by_default("8")
          .unless_swept(),
      option("--sample N", whole_number({0, 1'000'000}, "16"), &Request::sample_every,
             "times one operation in N, chosen at random, in one further window of each strategy "
             "in each process, so that the others stay undisturbed; 0 = none")
          .by_default("256")
          .unless_swept(),
      flag("--per-thread", &Request::per_thread, "records what each thread did, in threads.csv"),
      option("--precision PERCENT", percent({1, 1000}, "2%"), &Request::precision,
             "adds processes where half the 95 % interval of a median is more than this share of "
             "it, until it is nowhere, or --budget is spent")
          .otherwise("none, --processes are all"),
      option("--budget TIME", duration({second, 24 * hour}, "10min"), &Request::budget_s,
             "the time that --precision may add")
          .otherwise("ten times what --dry-run predicts without it"),
      option("--watchdog TIME", duration({100 * millisecond, 10 * minute}, "30s"),
             &Request::watchdog_s,
             "a window that takes this much longer than it should costs its process: the strategy "
             "is reported as hung and left out")
          .by_default("10s"),
      option("--duration TIME", duration({100 * millisecond, 24 * hour}, "10min"),
             &CommandLine::duration_s,
             "how long to look for violations, all strategies together; with --mutants in the "
             "originals, while each planted bug has 60 s")
          .by_default("60s")
          .only_with(Verb::verify),
      // 0 in a request means that none was given.
      option("--seed N", whole_number({1, ~std::uint64_t{0}}, "42"), &Request::seed,
             "repeats the order and the random streams of an earlier run")
          .otherwise("random, and recorded")
          .also_with(Verb::verify),
  };
}

Options output() {
  return {
      option("--out DIR", directory("results/today"), &CommandLine::out,
             "directory that the results are written to")
          .otherwise("results/<UTC time>-<commit>-<machine>")
          .also_with(Verb::verify)
          .in_verify("results/violations, made where there is one"),
      option("--resume DIR", directory("results/today"), &CommandLine::resume,
             "finishes the interrupted run in DIR, with the parameters it was started with; only "
             "--format, --no-charts and --quiet may go with it"),
      option("--format FORMAT",
             one_of<Format>(
                 {{"table", Format::table}, {"csv", Format::csv}, {"json", Format::json}}, "csv"),
             &CommandLine::format, "how the data on standard output is written")
          .by_default("table")
          .also_with({Verb::list, Verb::doctor, Verb::verify, Verb::pitfall}),
      flag("--dry-run", &CommandLine::dry_run,
           "prints the cases and the time they would take, and measures nothing"),
      flag("--no-charts", &CommandLine::no_charts, "writes the data only"),
      flag("--quiet", &CommandLine::quiet, "shows no progress; warnings and errors still appear")
          .also_with(Verb::verify),
      flag("--columns", &CommandLine::columns,
           "shows the columns of all files of results with unit and meaning instead")
          .only_with(Verb::list),
      flag("--list", &CommandLine::lists_pitfalls, "shows the names of the pitfalls instead")
          .only_with(Verb::pitfall),
  };
}

Options checks() {
  return {
      option("--replay FILE", file("results/violations/unsafe-conservation.jsonl"),
             &CommandLine::replay, "decides the recorded history in FILE again, and runs nothing")
          .only_with(Verb::verify),
      flag("--mutants", &CommandLine::mutants,
           "hunts queues with planted bugs instead, and fails when one is not caught; they are "
           "built with the tests and never installed")
          .only_with(Verb::verify),
      flag("--strict", &CommandLine::strict,
           "exits with 5 when the machine is not fit to measure on")
          .only_with(Verb::doctor),
      option("--aa-blocks N", whole_number({1, 1000}, "20"), &CommandLine::aa_blocks,
             "blocks in which one strategy is measured under two labels, to see how far apart "
             "equal things come out here")
          .otherwise("none")
          .only_with(Verb::doctor),
  };
}

Options general() {
  const VerbSet all{Verb::run,     Verb::sweep,  Verb::list,      Verb::report,
                    Verb::verify,  Verb::doctor, Verb::pitfall,   Verb::help,
                    Verb::version, Verb::man,    Verb::completion};
  Options options{early_flag("--help", "explains the verb and its options").only_with(all),
                  early_flag("--version", "prints the version").only_with(all)};
  options.front().short_name = "-h";
  return options;
}

Options all_options() {
  Options table;
  const auto add = [&table](Section section, Options options) {
    for (auto& option : options) {
      option.section = section;
      table.push_back(std::move(option));
    }
  };
  add(Section::grid, sizes_of_the_grid());
  add(Section::what, what_is_measured());
  add(Section::how, how_it_is_measured());
  add(Section::output, output());
  add(Section::check, checks());
  add(Section::general, general());
  return table;
}

}  // namespace

std::span<const OptionSpec> option_table() {
  static const Options table = all_options();
  return table;
}

const OptionSpec* find_option(std::string_view name) {
  for (const auto& option : option_table()) {
    if (option.name == name || (!name.empty() && option.short_name == name)) return &option;
  }
  return nullptr;
}

}  // namespace lockbench
