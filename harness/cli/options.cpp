#include "harness/cli/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/cli/option_values.hpp"
#include "harness/workloads/names.hpp"

namespace lockbench {
namespace {

constexpr std::uint64_t millisecond = 1'000'000;  // in ns, as the bounds of durations are
constexpr std::uint64_t minute = 60'000 * millisecond;

constexpr std::array<std::string_view, 3> format_words{"table", "csv", "json"};
constexpr std::array formats{Format::table, Format::csv, Format::json};

constexpr std::array<std::string_view, 4> pinning_words{"none", "compact", "scatter", "same_cpu"};

constexpr auto workload_words = [] {
  std::array<std::string_view, workload_names.size()> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = workload_names[i].name;
  return words;
}();

constexpr VerbSet measuring{Verb::run, Verb::sweep};
constexpr VerbSet all_visible{Verb::run,  Verb::sweep,   Verb::list, Verb::report,    Verb::doctor,
                              Verb::help, Verb::version, Verb::man,  Verb::completion};

template <auto Field>
void set_numbers(CommandLine& line, const OptionValues& given) {
  line.request.*Field = whole_numbers(given);
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
  line.*Field = directory(given);
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
        .verbs = measuring,
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
               .verbs = measuring,
               .help = "threads that use the queue; producer_consumer makes half of them "
                       "producers, and has at least one of each",
               .minimum = 1,
               .maximum = 1024,
               .example = "1,2,4 or 1-16*2",
               .default_value = "1",
               .set_by_sweep = true,
               .apply = set_numbers<&Request::threads>},
    OptionSpec{.name = "--producers",
               .kind = ValueKind::whole_numbers,
               .placeholder = "LIST",
               .section = Section::what,
               .verbs = measuring,
               .help = "producer_consumer only: threads that add; instead of --threads",
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
               .help = "producer_consumer only: threads that take; instead of --threads",
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
                   "all on one CPU",
               .example = "none,scatter",
               .default_value = "compact",
               .words = pinning_words,
               .apply =
                   [](CommandLine& line, const OptionValues& given) {
                     line.request.pinnings.clear();
                     for (const auto i : words(given)) line.request.pinnings.push_back(pinnings[i]);
                   }},
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
    OptionSpec{.name = "--seed",
               .kind = ValueKind::whole_number,
               .placeholder = "N",
               .section = Section::how,
               .verbs = measuring,
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
               .verbs = measuring,
               .help = "directory that the results are written to",
               .example = "results/today",
               .default_note = "results/<UTC time>-<commit>-<machine>",
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
               .verbs = VerbSet{Verb::run, Verb::sweep, Verb::list, Verb::doctor},
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
               .verbs = measuring,
               .help = "shows no progress; warnings and errors still appear",
               .apply = set_flag<&CommandLine::quiet>},
    OptionSpec{.name = "--columns",
               .section = Section::output,
               .verbs = VerbSet{Verb::list},
               .help = "shows the columns of trials.csv with unit and meaning instead",
               .apply = set_flag<&CommandLine::columns>},
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
  if (nanoseconds % (1000 * millisecond) == 0) {
    return fmt::format("{}s", nanoseconds / (1000 * millisecond));
  }
  return fmt::format("{}ms", nanoseconds / millisecond);
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
      return fmt::format("a time from {} to {} with its unit (us, ms or s), e.g. {}",
                         time_text(option.minimum), time_text(option.maximum), option.example);
    case ValueKind::word: return fmt::format("one of: {}", fmt::join(option.words, ", "));
    case ValueKind::words: return fmt::format("one or more of: {}", fmt::join(option.words, ", "));
    case ValueKind::strategies:
      return fmt::format("names or tags of strategies, e.g. {}", option.example);
    case ValueKind::directory: return fmt::format("a directory, e.g. {}", option.example);
  }
  return {};
}

}  // namespace lockbench
