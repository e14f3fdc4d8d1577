#include "harness/cli/options.hpp"

#include <fmt/format.h>

#include "harness/base/exact_integer.hpp"
#include "harness/base/field_text.hpp"
#include "harness/workloads/catalogue.hpp"

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

/// The words that stand for values of a parameter's type.
template <class T>
Named<T> words_for() {
  Named<T> named;
  if constexpr (std::is_same_v<T, std::string>) {
    for (const auto& workload : workload_catalogue()) {
      named.emplace_back(workload.name, workload.name);
    }
  } else {
    using Word = std::conditional_t<std::is_same_v<T, Pinning>, Pinning::Rule, T>;
    for (const auto word : all_values<Word>) named.emplace_back(to_string(word), word);
  }
  return named;
}

/// Reads one value as a list.
template <class T, class One>
Value<std::vector<T>> alone(Value<One> value) {
  return mapped(std::move(value), [](One one) { return std::vector{static_cast<T>(one)}; });
}

/// What the option of a parameter takes: the type and the unit decide.
template <class T>
Value<std::vector<T>> value_of(const ParameterOption& option, std::string_view unit) {
  const Bounds bounds{option.minimum, option.maximum};
  const bool is_list = option.details.is_list;
  if constexpr (std::is_same_v<T, double>) {
    return shares(option.example);
  } else if constexpr (std::is_same_v<T, std::uint32_t>) {
    if (!is_list) return alone<T>(whole_number(bounds, option.example));
    return unit == "ns" ? durations(bounds, option.example) : whole_numbers(bounds, option.example);
  } else {
    return is_list ? some_of(words_for<T>(), option.example)
                   : alone<T>(one_of(words_for<T>(), option.example));
  }
}

/// The option of a parameter, which follows from its table.
template <class T>
OptionSpec option_of(const auto& parameter, std::vector<T> ParameterLists::*list) {
  const std::vector<T> values = usual_lists().*list;
  std::vector<std::string> usual;  // as it would be typed
  for (const auto& value : values) usual.push_back(field::write(value));
  if constexpr (std::is_same_v<T, std::uint32_t>) {
    if (parameter.unit == "ns") usual = {time_text(values.front(), "0ns")};
  }
  const auto& details = parameter.option.details;
  auto spec = option(fmt::format("{} {}", parameter.option.name, details.placeholder),
                     value_of<T>(parameter.option, parameter.unit), list, parameter.option.help)
                  .by_default(fmt::format("{}", fmt::join(usual, ",")))
                  .otherwise(std::string(details.default_note))
                  .in_verify(std::string(details.verify_default));
  spec.set_by_sweep = details.set_by_sweep;
  if (!details.verify_default.empty()) spec.also_with({Verb::verify});
  return spec;
}

/// Takes one list as a single placement.
OptionSpec listed_cpus() {
  return option("--cpus LIST",
                mapped(whole_numbers({0, 65535}, "0,2,4-7", Repeats::kept),
                       [](const auto& cpus) { return std::vector{Pinning::on(cpus)}; }),
                &Request::pinning,
                "instead of --pinning: thread i runs on the i-th CPU of the list, which begins "
                "again at its end; one placement, not a sweep")
      .otherwise("as --pinning says");
}

Options sizes_of_the_grid() {
  return {early_flag("--quick", "a first look").only_with({Verb::sweep}),
          early_flag("--standard", "the grid to compare machines with; used when no size is given")
              .only_with({Verb::sweep}),
          early_flag("--full", "more of everything").only_with({Verb::sweep})};
}

Options what_is_measured() {
  Options options{
      option("--strategy LIST", strategy_names("mutex,rwlock"), &Request::strategies,
             "strategies by name, by tag, or 'all', which stands for every strategy that is safe "
             "to run; later entries add to earlier ones")
          .by_default("all")
          .also_with({Verb::verify})};
  for_each_parameter([&](const auto& parameter) {
    options.push_back(option_of(parameter, parameter.list));
    if (parameter.name == "pinning") options.push_back(listed_cpus());
  });
  options.push_back(
      option("--slo LEVEL", service_level({microsecond, minute}, "p99=100us"), &Request::slo,
             "open_loop only: a quantile of the sojourn time and its bound; the highest of the "
             "loads that holds it is reported")
          .otherwise("none"));
  return options;
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
      option("--layouts N", whole_number({1, 1000}, "1"), &Request::layouts,
             "spreads the processes over N of the layouts that the measuring code was linked in; "
             "with 1 nothing averages out where code happens to lie")
          .otherwise("all of them")
          .also_with({Verb::doctor}),
      option("--sample N", whole_number({0, 1'000'000}, "16"), &Request::sample_every,
             "times one operation in N, chosen at random, in one further window of each strategy "
             "in each process, so that the others stay undisturbed; 0 = none")
          .otherwise("chosen so that there is a p99: 256, or less where operations are long or "
                     "windows few"),
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
             "a window that takes this much longer than it should, while nobody stops the program, "
             "costs its process: the strategy is reported as hung and left out")
          .by_default("10s"),
      option("--duration TIME", duration({100 * millisecond, 24 * hour}, "10min"),
             &CommandLine::duration_s,
             "how long to look for violations, all strategies together; with --mutants in the "
             "originals, while each planted bug has 60 s")
          .by_default("60s")
          .only_with({Verb::verify}),
      // 0 in a request means that none was given.
      option("--seed N", whole_number({1, largest_exact_integer}, "42"), &Request::seed,
             "repeats the order and the random streams of an earlier run")
          .otherwise("random, and recorded")
          .also_with({Verb::verify}),
  };
}

Options output() {
  return {
      option("--out DIR", path(Completion::directories, "results/today"), &CommandLine::out,
             "directory that the results are written to")
          .otherwise("results/<UTC time>-<commit>-<machine kind>")
          .also_with({Verb::verify})
          .in_verify("results/violations, made where there is one"),
      option("--resume DIR", path(Completion::directories, "results/today"), &CommandLine::resume,
             "finishes the interrupted run in DIR, with the parameters it was started with; only "
             "--format, --no-charts and --quiet may go with it"),
      option("--format FORMAT",
             one_of<Format>({{"table", Format::table},
                             {"csv", Format::csv},
                             {"json", Format::json},
                             {"gbench", Format::gbench}},
                            "csv"),
             &CommandLine::format,
             "how the data on standard output is written; gbench is the JSON of Google Benchmark, "
             "of run and sweep only")
          .by_default("table")
          .also_with({Verb::list, Verb::doctor, Verb::verify, Verb::pitfall}),
      flag("--dry-run", &CommandLine::dry_run,
           "prints the cases and the time they would take, and measures nothing"),
      flag("--no-charts", &CommandLine::no_charts, "writes the data only"),
      flag("--quiet", &CommandLine::quiet, "shows no progress; warnings and errors still appear")
          .also_with({Verb::verify}),
      flag("--columns", &CommandLine::columns,
           "shows the columns of all files of results with unit and meaning instead")
          .only_with({Verb::list}),
      flag("--list", &CommandLine::lists_pitfalls, "shows the names of the pitfalls instead")
          .only_with({Verb::pitfall}),
  };
}

Options checks() {
  return {
      option("--replay FILE",
             path(Completion::files, "results/violations/unsafe-conservation.jsonl"),
             &CommandLine::replay, "decides the recorded history in FILE again, and runs nothing")
          .only_with({Verb::verify}),
      flag("--mutants", &CommandLine::mutants,
           "hunts queues with planted bugs instead, and fails when one is not caught; they are "
           "built with the tests and never installed")
          .only_with({Verb::verify}),
      flag("--strict", &CommandLine::strict,
           "exits with 5 when the machine is not fit to measure on")
          .only_with({Verb::doctor}),
      option("--aa-blocks N", whole_number({1, 1000}, "20"), &CommandLine::aa_blocks,
             "blocks in which one strategy is measured under two labels, to see how far apart "
             "equal things come out here")
          .otherwise("none")
          .only_with({Verb::doctor}),
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
