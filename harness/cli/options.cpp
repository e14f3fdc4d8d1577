#include "harness/cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/cli/option_values.hpp"
#include "harness/metrics/latency_histogram.hpp"
#include "harness/workloads/names.hpp"

namespace lockbench {
namespace {

constexpr std::uint64_t millisecond = 1'000'000;  // in ns, as the bounds of durations are
constexpr std::uint64_t second = 1000 * millisecond;
constexpr std::uint64_t minute = 60 * second;
constexpr std::uint64_t hour = 60 * minute;

constexpr std::array<std::string_view, 3> format_words{"table", "csv", "json"};
constexpr std::array formats{Format::table, Format::csv, Format::json};

constexpr auto pinning_words = [] {
  std::array<std::string_view, pinning_names.size()> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = pinning_names[i].name;
  return words;
}();

/// The names of an enumeration's values, as words of an option.
template <class Words>
constexpr auto names_of(const Words& words) {
  std::array<std::string_view, std::tuple_size_v<Words>> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = to_string(words[i]);
  return names;
}
constexpr auto jitter_words = names_of(jitters);
constexpr auto priority_order_words = names_of(priority_orders);
constexpr auto arrivals_words = names_of(all_arrivals);

constexpr auto workload_words = [] {
  std::array<std::string_view, workload_names.size()> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = workload_names[i].name;
  return words;
}();

constexpr VerbSet measuring{Verb::run, Verb::sweep};
constexpr VerbSet measuring_or_verifying{Verb::run, Verb::sweep, Verb::verify};
constexpr VerbSet all_visible{Verb::run,     Verb::sweep,  Verb::list,      Verb::report,
                              Verb::verify,  Verb::doctor, Verb::pitfall,   Verb::help,
                              Verb::version, Verb::man,    Verb::completion};

template <auto Field>
void set_numbers(CommandLine& line, const OptionValues& given) {
  line.request.*Field = whole_numbers(given);
}
template <auto Field>
void set_shares(CommandLine& line, const OptionValues& given) {
  line.request.*Field = shares(given);
}
template <auto Field>
void set_durations(CommandLine& line, const OptionValues& given) {
  line.request.*Field = whole_nanoseconds(given);
}
template <auto Field>
void set_jitter(CommandLine& line, const OptionValues& given) {
  line.request.*Field = jitters[word(given)];
}
template <auto Field, const auto& values>
void set_words(CommandLine& line, const OptionValues& given) {
  (line.request.*Field).clear();
  for (const auto i : words(given)) (line.request.*Field).push_back(values[i]);
}
template <auto Field>
void set_number(CommandLine& line, const OptionValues& given) {
  line.request.*Field = static_cast<std::uint32_t>(whole_number(given));
}
template <auto Field>
void set_seconds(CommandLine& line, const OptionValues& given) {
  line.request.*Field = seconds(given);
}
template <auto Field>
void set_directory(CommandLine& line, const OptionValues& given) {
  line.*Field = path(given);
}
template <auto Field>
void set_flag(CommandLine& line, const OptionValues& /*given*/) {
  line.*Field = true;
}
/// Which grid applies, and whether only help is wanted, is known before options take effect.
void settled_before(CommandLine& /*line*/, const OptionValues& /*given*/) {}

constexpr OptionSpec sweep_size(std::string_view name, std::string_view help) {
  return {.name = name,
          .section = Section::grid,
          .verbs = VerbSet{Verb::sweep},
          .help = help,
          .apply = settled_before};
}

constexpr OptionSpec work_option(std::string_view name, std::string_view help,
                                 std::string_view default_value,
                                 void (*apply)(CommandLine&, const OptionValues&)) {
  return {.name = name,
          .kind = ValueKind::durations,
          .placeholder = "LIST",
          .section = Section::what,
          .verbs = measuring,
          .help = help,
          .minimum = 0,
          .maximum = 100 * millisecond,
          .example = "50ns,1us",
          .default_value = default_value,
          .apply = apply};
}

constexpr OptionSpec jitter_option(std::string_view name, std::string_view help,
                                   void (*apply)(CommandLine&, const OptionValues&)) {
  return {.name = name,
          .kind = ValueKind::word,
          .placeholder = "SPREAD",
          .section = Section::what,
          .verbs = measuring,
          .help = help,
          .example = "uniform",
          .default_value = "none",
          .words = jitter_words,
          .apply = apply};
}

constexpr std::array options{
    // --- the grid of a sweep --------------------------------------------------------------------
    sweep_size("--quick", "a first look"),
    sweep_size("--standard", "the grid to compare machines with; used when no size is given"),
    sweep_size("--full", "more of everything"),
    // --- what is measured -----------------------------------------------------------------------
    OptionSpec{
        .name = "--strategy",
        .kind = ValueKind::strategies,
        .placeholder = "LIST",
        .section = Section::what,
        .verbs = measuring_or_verifying,
        .help = "strategies by name, by tag, or 'all', which stands for every strategy that "
                "is safe to run; later entries add to earlier ones",
        .example = "mutex,rwlock",
        .default_value = "all",
        .apply = [](CommandLine& line,
                    const OptionValues& given) { line.request.strategies = strategies(given); }},
    OptionSpec{.name = "--workload",
               .kind = ValueKind::words,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "what the threads do to the queue",
               .example = "mixed,producer_consumer",
               .default_value = "mixed",
               .set_by_sweep = true,
               .words = workload_words,
               .apply =
                   [](CommandLine& line, const OptionValues& given) {
                     line.request.workloads.clear();
                     for (const auto i : words(given)) {
                       line.request.workloads.emplace_back(workload_words[i]);
                     }
                   }},
    OptionSpec{.name = "--threads",
               .kind = ValueKind::whole_numbers,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring_or_verifying,
               .help = "threads that use the queue; workloads with two roles make half of them "
                       "producers, and have at least one of each",
               .minimum = 1,
               .maximum = 1024,
               .example = "1,2,4 or 1-16*2",
               .default_value = "1",
               .set_by_sweep = true,
               .verify_default = "2,3,4,8",
               .apply = set_numbers<&Request::threads>},
    OptionSpec{.name = "--producers",
               .kind = ValueKind::whole_numbers,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "workloads with two roles: threads that add; instead of --threads",
               .minimum = 1,
               .maximum = 1023,
               .example = "1,2,4 or 1-16*2",
               .default_note = "1 beside --consumers, else half of --threads",
               .apply = set_numbers<&Request::producers>},
    OptionSpec{.name = "--consumers",
               .kind = ValueKind::whole_numbers,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "workloads with two roles: threads that take; instead of --threads",
               .minimum = 1,
               .maximum = 1023,
               .example = "1,2,4 or 1-16*2",
               .default_note = "1 beside --producers, else half of --threads",
               .apply = set_numbers<&Request::consumers>},
    OptionSpec{
        .name = "--read-ratio",
        .kind = ValueKind::shares,
        .placeholder = "LIST",
        .section = Section::what,
        .verbs = measuring,
        .help = "mixed only: share of the operations that read",
        .example = "0,0.5,0.9",
        .default_value = "0.5",
        .set_by_sweep = true,
        .apply = [](CommandLine& line,
                    const OptionValues& given) { line.request.read_ratios = shares(given); }},
    OptionSpec{.name = "--priorities",
               .kind = ValueKind::whole_numbers,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "levels that the tasks' priorities are drawn from",
               .minimum = 1,
               .maximum = 65536,
               .example = "1,16",
               .default_value = "16",
               .apply = set_numbers<&Request::priorities>},
    OptionSpec{.name = "--prefill",
               .kind = ValueKind::whole_numbers,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "tasks queued before a window starts",
               .minimum = 0,
               .maximum = 4'000'000,
               .example = "0,1024",
               .default_value = "1024",
               .apply = set_numbers<&Request::prefills>},
    OptionSpec{.name = "--payload",
               .kind = ValueKind::whole_numbers,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "bytes copied into the queue with each task",
               .minimum = 0,
               .maximum = QueueLimits::max_payload_bytes,
               .example = "16,1024",
               .default_value = "16",
               .apply = set_numbers<&Request::payload_bytes>},
    OptionSpec{.name = "--capacity",
               .kind = ValueKind::whole_number,
               .placeholder = "N",
               .section = Section::what,
               .verbs = measuring,
               .help = "most tasks that a queue knows at once; 0 leaves room for the prefill and "
                       "for what the threads add",
               .minimum = 0,
               .maximum = QueueLimits::max_capacity,
               .example = "65536",
               .default_value = "0",
               .apply = set_number<&Request::capacity>},
    OptionSpec{.name = "--pinning",
               .kind = ValueKind::words,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help =
                   "where threads run: none = wherever the scheduler puts them, compact = on "
                   "neighbouring CPUs, scatter = as far apart as the machine allows, same_cpu = "
                   "all on one CPU, smt-pairs = in pairs on the two hardware threads of a core, "
                   "per-node = in turns over the NUMA nodes",
               .example = "none,scatter",
               .default_value = "compact",
               .words = pinning_words,
               .apply =
                   [](CommandLine& line, const OptionValues& given) {
                     line.request.pinnings.clear();
                     for (const auto i : words(given)) {
                       line.request.pinnings.emplace_back(pinning_names[i].rule);
                     }
                   }},
    OptionSpec{.name = "--cpus",
               .kind = ValueKind::whole_numbers,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "instead of --pinning: thread i runs on the i-th CPU of the list, which "
                       "begins again at its end; one placement, not a sweep",
               .minimum = 0,
               .maximum = 65535,
               .example = "0,2,4-7",
               .default_note = "as --pinning says",
               .apply =
                   [](CommandLine& line, const OptionValues& given) {
                     line.request.pinnings = {Pinning::on(sequence(given))};
                   }},
    work_option("--critical-section",
                "calibrated work that a queue does under its lock, once an operation; strategies "
                "that hold no lock do none of it, and say so",
                "0ns", set_durations<&Request::critical_sections_ns>),
    jitter_option("--critical-section-jitter",
                  "how its amounts spread: none, uniform = 0.5 to 1.5 of it, exponential",
                  set_jitter<&Request::critical_section_jitter>),
    work_option("--think", "calibrated work of a thread between two operations", "0ns",
                set_durations<&Request::thinks_ns>),
    jitter_option("--think-jitter", "how its amounts spread", set_jitter<&Request::think_jitter>),
    work_option("--work", "pool and open_loop: calibrated work for each task that was taken", "1us",
                set_durations<&Request::works_ns>),
    jitter_option("--work-jitter", "how its amounts spread", set_jitter<&Request::work_jitter>),
    OptionSpec{.name = "--priority-order",
               .kind = ValueKind::words,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "hold only: priorities of the tasks that are added: uniform = drawn, "
                       "ascending = each above all before it, descending = each below them",
               .example = "uniform,ascending",
               .default_value = "uniform",
               .words = priority_order_words,
               .apply = set_words<&Request::priority_orders, priority_orders>},
    OptionSpec{.name = "--burst",
               .kind = ValueKind::whole_numbers,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "burst only: tasks that each thread adds before any is taken",
               .minimum = 1,
               .maximum = 100'000,
               .example = "16,256",
               .default_value = "64",
               .apply = set_numbers<&Request::bursts>},
    OptionSpec{.name = "--cancel-ratio",
               .kind = ValueKind::shares,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "cancel_heavy only: share of the tasks that are cancelled by who added them",
               .example = "0.1,0.5",
               .default_value = "0.5",
               .apply = set_shares<&Request::cancel_ratios>},
    OptionSpec{.name = "--load",
               .kind = ValueKind::shares,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "open_loop only: rate of arrivals as a share of the capacity that each "
                       "strategy is first measured to have",
               .example = "0.5,0.9",
               .default_value = "0.3,0.5,0.7,0.9,0.95",
               .apply = set_shares<&Request::loads>},
    OptionSpec{.name = "--arrivals",
               .kind = ValueKind::words,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "open_loop only: spacing of arrivals: poisson = as from many independent "
                       "callers, fixed = even",
               .example = "poisson,fixed",
               .default_value = "poisson",
               .words = arrivals_words,
               .apply = set_words<&Request::arrivals, all_arrivals>},
    OptionSpec{.name = "--slo",
               .kind = ValueKind::service_level,
               .placeholder = "LEVEL",
               .section = Section::what,
               .verbs = measuring,
               .help = "open_loop only: a quantile of the sojourn time and its bound; the highest "
                       "of the loads that holds it is reported",
               .minimum = 1000,
               .maximum = minute,
               .example = "p99=100us",
               .default_note = "none",
               .apply = [](CommandLine& line,
                           const OptionValues& given) { line.request.slo = service_level(given); }},
    // --- how it is measured ---------------------------------------------------------------------
    OptionSpec{.name = "--window",
               .kind = ValueKind::duration,
               .placeholder = "TIME",
               .section = Section::how,
               .verbs = measuring,
               .help = "length of a timed window",
               .minimum = 1 * millisecond,
               .maximum = minute,
               .example = "20ms",
               .default_note = "chosen from threads and CPUs",
               .apply = set_seconds<&Request::window_s>},
    OptionSpec{.name = "--warm-up",
               .kind = ValueKind::duration,
               .placeholder = "TIME",
               .section = Section::how,
               .verbs = measuring,
               .help = "time discarded before each window",
               .minimum = 0,
               .maximum = minute,
               .example = "2ms",
               .default_note = "chosen from threads and CPUs",
               .apply = set_seconds<&Request::warm_up_s>},
    OptionSpec{.name = "--windows",
               .kind = ValueKind::whole_number,
               .placeholder = "N",
               .section = Section::how,
               .verbs = measuring,
               .help = "windows of each strategy in each process",
               .minimum = 1,
               .maximum = 10'000,
               .example = "5",
               .default_value = "3",
               .set_by_sweep = true,
               .apply = set_number<&Request::windows>},
    OptionSpec{.name = "--processes",
               .kind = ValueKind::whole_number,
               .placeholder = "N",
               .section = Section::how,
               .verbs = measuring,
               .help = "fresh processes that repeat every point: the unit of the statistics",
               .minimum = 1,
               .maximum = 1000,
               .example = "12",
               .default_value = "8",
               .set_by_sweep = true,
               .apply = set_number<&Request::processes>},
    OptionSpec{.name = "--sample",
               .kind = ValueKind::whole_number,
               .placeholder = "N",
               .section = Section::how,
               .verbs = measuring,
               .help = "times one operation in N, chosen at random, in one further window of each "
                       "strategy in each process, so that the others stay undisturbed; 0 = none",
               .minimum = 0,
               .maximum = 1'000'000,
               .example = "16",
               .default_value = "256",
               .set_by_sweep = true,
               .apply = set_number<&Request::sample_every>},
    OptionSpec{.name = "--per-thread",
               .section = Section::how,
               .verbs = measuring,
               .help = "records what each thread did, in threads.csv",
               .apply = [](CommandLine& line,
                           const OptionValues& /*given*/) { line.request.per_thread = true; }},

    OptionSpec{.name = "--precision",
               .kind = ValueKind::percent,
               .placeholder = "PERCENT",
               .section = Section::how,
               .verbs = measuring,
               .help = "adds processes where half the 95 % interval of a median is more than this "
                       "share of it, until it is nowhere, or --budget is spent",
               .minimum = 1,
               .maximum = 1000,
               .example = "2%",
               .default_note = "none, --processes are all",
               .apply = [](CommandLine& line,
                           const OptionValues& given) { line.request.precision = percent(given); }},
    OptionSpec{.name = "--budget",
               .kind = ValueKind::duration,
               .placeholder = "TIME",
               .section = Section::how,
               .verbs = measuring,
               .help = "the time that --precision may add",
               .minimum = 1 * second,
               .maximum = 24 * hour,
               .example = "10min",
               .default_note = "ten times what --dry-run predicts without it",
               .apply = set_seconds<&Request::budget_s>},
    OptionSpec{.name = "--watchdog",
               .kind = ValueKind::duration,
               .placeholder = "TIME",
               .section = Section::how,
               .verbs = measuring,
               .help = "a window that takes this much longer than it should costs its process: the "
                       "strategy is reported as hung and left out",
               .minimum = 100 * millisecond,
               .maximum = 10 * minute,
               .example = "30s",
               .default_value = "10s",
               .apply = set_seconds<&Request::watchdog_s>},
    OptionSpec{
        .name = "--duration",
        .kind = ValueKind::duration,
        .placeholder = "TIME",
        .section = Section::how,
        .verbs = VerbSet{Verb::verify},
        .help = "how long to look for violations, all strategies together; with --mutants in the "
                "originals, while each planted bug has 60 s",
        .minimum = 100 * millisecond,
        .maximum = 24 * hour,
        .example = "10min",
        .default_value = "60s",
        .apply = [](CommandLine& line,
                    const OptionValues& given) { line.duration_s = seconds(given); }},
    OptionSpec{.name = "--seed",
               .kind = ValueKind::whole_number,
               .placeholder = "N",
               .section = Section::how,
               .verbs = measuring_or_verifying,
               .help = "repeats the order and the random streams of an earlier run",
               .minimum = 1,  // 0 in a request means that none was given
               .maximum = ~std::uint64_t{0},
               .example = "42",
               .default_note = "random, and recorded",
               .apply = [](CommandLine& line,
                           const OptionValues& given) { line.request.seed = whole_number(given); }},
    // --- where the results go -------------------------------------------------------------------
    OptionSpec{.name = "--out",
               .kind = ValueKind::directory,
               .placeholder = "DIR",
               .section = Section::output,
               .verbs = measuring_or_verifying,
               .help = "directory that the results are written to",
               .example = "results/today",
               .default_note = "results/<UTC time>-<commit>-<machine>",
               .verify_default = "results/violations, made where there is one",
               .apply = set_directory<&CommandLine::out>},
    OptionSpec{.name = "--resume",
               .kind = ValueKind::directory,
               .placeholder = "DIR",
               .section = Section::output,
               .verbs = measuring,
               .help = "finishes the interrupted run in DIR, with the parameters it was started "
                       "with; only --format, --no-charts and --quiet may go with it",
               .example = "results/today",
               .apply = set_directory<&CommandLine::resume>},
    OptionSpec{.name = "--format",
               .kind = ValueKind::word,
               .placeholder = "FORMAT",
               .section = Section::output,
               .verbs = VerbSet{Verb::run, Verb::sweep, Verb::list, Verb::doctor, Verb::verify,
                                Verb::pitfall},
               .help = "how the data on standard output is written",
               .example = "csv",
               .default_value = "table",
               .words = format_words,
               .apply = [](CommandLine& line,
                           const OptionValues& given) { line.format = formats[word(given)]; }},
    OptionSpec{.name = "--dry-run",
               .section = Section::output,
               .verbs = measuring,
               .help = "prints the cases and the time they would take, and measures nothing",
               .apply = set_flag<&CommandLine::dry_run>},
    OptionSpec{.name = "--no-charts",
               .section = Section::output,
               .verbs = measuring,
               .help = "writes the data only",
               .apply = set_flag<&CommandLine::no_charts>},
    OptionSpec{.name = "--quiet",
               .section = Section::output,
               .verbs = measuring_or_verifying,
               .help = "shows no progress; warnings and errors still appear",
               .apply = set_flag<&CommandLine::quiet>},
    OptionSpec{.name = "--columns",
               .section = Section::output,
               .verbs = VerbSet{Verb::list},
               .help = "shows the columns of all files of results with unit and meaning instead",
               .apply = set_flag<&CommandLine::columns>},
    // --- what verify does instead ---------------------------------------------------------------
    OptionSpec{
        .name = "--replay",
        .kind = ValueKind::file,
        .placeholder = "FILE",
        .section = Section::check,
        .verbs = VerbSet{Verb::verify},
        .help = "decides the recorded history in FILE again, and runs nothing",
        .example = "results/violations/unsafe-conservation.jsonl",
        .apply = [](CommandLine& line, const OptionValues& given) { line.replay = path(given); }},
    OptionSpec{.name = "--mutants",
               .section = Section::check,
               .verbs = VerbSet{Verb::verify},
               .help = "hunts queues with planted bugs instead, and fails when one is not caught; "
                       "they are built with the tests and never installed",
               .apply = set_flag<&CommandLine::mutants>},
    OptionSpec{.name = "--list",
               .section = Section::output,
               .verbs = VerbSet{Verb::pitfall},
               .help = "shows the names of the pitfalls instead",
               .apply = set_flag<&CommandLine::lists_pitfalls>},
    // --- what the doctor does -------------------------------------------------------------------
    OptionSpec{.name = "--strict",
               .section = Section::check,
               .verbs = VerbSet{Verb::doctor},
               .help = "exits with 5 when the machine is not fit to measure on",
               .apply = set_flag<&CommandLine::strict>},
    OptionSpec{.name = "--aa-blocks",
               .kind = ValueKind::whole_number,
               .placeholder = "N",
               .section = Section::check,
               .verbs = VerbSet{Verb::doctor},
               .help = "blocks in which one strategy is measured under two labels, to see how far "
                       "apart equal things come out here",
               .minimum = 1,
               .maximum = 1000,
               .example = "20",
               .default_note = "none",
               .apply =
                   [](CommandLine& line, const OptionValues& given) {
                     line.aa_blocks = static_cast<std::uint32_t>(whole_number(given));
                   }},
    // --- everywhere -----------------------------------------------------------------------------
    OptionSpec{.name = "--help",
               .short_name = "-h",
               .section = Section::general,
               .verbs = all_visible,
               .help = "explains the verb and its options",
               .apply = settled_before},
    OptionSpec{.name = "--version",
               .section = Section::general,
               .verbs = all_visible,
               .help = "prints the version",
               .apply = settled_before},
};

std::string time_text(std::uint64_t nanoseconds) {
  struct Unit {
    std::string_view name;
    std::uint64_t nanoseconds;
  };
  if (nanoseconds == 0) return "0s";
  for (const auto unit :
       {Unit{"h", hour}, Unit{"s", second}, Unit{"ms", millisecond}, Unit{"us", 1000}}) {
    if (nanoseconds % unit.nanoseconds == 0) {
      return fmt::format("{}{}", nanoseconds / unit.nanoseconds, unit.name);
    }
  }
  return fmt::format("{}ns", nanoseconds);
}

}  // namespace

std::span<const OptionSpec> option_table() {
  return options;
}

const OptionSpec* find_option(std::string_view name) {
  const auto* const found = std::ranges::find_if(options, [name](const OptionSpec& option) {
    return option.name == name || (!name.empty() && option.short_name == name);
  });
  return found == options.end() ? nullptr : found;
}

std::vector<std::string_view> quantile_names() {
  std::vector<std::string_view> names;
  for (const auto& quantile : standard_quantiles) names.push_back(quantile.name);
  return names;
}

std::string expectation(const OptionSpec& option) {
  switch (option.kind) {
    case ValueKind::flag: return "no value";
    case ValueKind::whole_number:
      return fmt::format("a whole number from {} to {}", option.minimum, option.maximum);
    case ValueKind::whole_numbers:
      return fmt::format("whole numbers from {} to {}, e.g. {}", option.minimum, option.maximum,
                         option.example);
    case ValueKind::shares: return fmt::format("numbers from 0 to 1, e.g. {}", option.example);
    case ValueKind::duration:
      return fmt::format("a time from {} to {} with its unit ({}), e.g. {}",
                         time_text(option.minimum), time_text(option.maximum),
                         takes_long_times(option) ? "us, ms, s, min or h" : "us, ms or s",
                         option.example);
    case ValueKind::durations:
      return fmt::format("times from {} to {} with their units (ns, us, ms or s), e.g. {}",
                         time_text(option.minimum), time_text(option.maximum), option.example);
    case ValueKind::service_level:
      return fmt::format("a quantile ({}) and a time from {} to {}, e.g. {}",
                         fmt::join(quantile_names(), ", "), time_text(option.minimum),
                         time_text(option.maximum), option.example);

    case ValueKind::percent:
      return fmt::format("a percentage from {}% to {}%, e.g. {}",
                         static_cast<double>(option.minimum) / 10,
                         static_cast<double>(option.maximum) / 10, option.example);
    case ValueKind::word: return fmt::format("one of: {}", fmt::join(option.words, ", "));
    case ValueKind::words: return fmt::format("one or more of: {}", fmt::join(option.words, ", "));
    case ValueKind::strategies:
      return fmt::format("names or tags of strategies, e.g. {}", option.example);
    case ValueKind::directory: return fmt::format("a directory, e.g. {}", option.example);
    case ValueKind::file: return fmt::format("a file, e.g. {}", option.example);
  }
  return {};
}

}  // namespace lockbench
