#include "harness/recorder/row.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "harness/errors.hpp"
#include "harness/recorder/csv.hpp"

namespace lockbench {
namespace {

// --- one overload a type: how a field becomes text, and text a field ---------------------------

std::string write(const std::string& value) {
  return value;
}
std::string write(bool value) {
  return value ? "1" : "0";
}
std::string write(std::uint64_t value) {
  return fmt::format("{}", value);
}
std::string write(std::uint32_t value) {
  return fmt::format("{}", value);
}
std::string write(int value) {
  return fmt::format("{}", value);
}
std::string write(double value) {
  return fmt::format("{:.9g}", value);
}
std::string write(const Cell& value) {
  return value ? write(*value) : std::string();
}
std::string write(Pinning value) {
  return std::string(to_string(value));
}

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

bool read(std::string_view text, std::string& value) {
  value = text;
  return true;
}
bool read(std::string_view text, bool& value) {
  value = text == "1";
  return text == "0" || text == "1";
}
bool read(std::string_view text, std::uint64_t& value) {
  return read_number(text, value);
}
bool read(std::string_view text, std::uint32_t& value) {
  return read_number(text, value);
}
bool read(std::string_view text, int& value) {
  return read_number(text, value);
}
bool read(std::string_view text, double& value) {
  return read_number(text, value);
}
bool read(std::string_view text, Cell& value) {
  value.reset();
  return text.empty() || read_number(text, value.emplace());
}
bool read(std::string_view text, Pinning& value) {
  value = pinning_from_string(text);
  return true;
}

struct Column {
  ColumnDescription description;
  std::string (*get)(const WindowRow&);
  bool (*set)(WindowRow&, std::string_view);
};

template <auto Field>
constexpr Column row_column(std::string_view name, std::string_view unit,
                            std::string_view meaning) {
  return {{name, unit, meaning},
          [](const WindowRow& row) { return write(row.*Field); },
          [](WindowRow& row, std::string_view text) { return read(text, row.*Field); }};
}

template <auto Field>
constexpr Column point_column(std::string_view name, std::string_view unit,
                              std::string_view meaning) {
  return {{name, unit, meaning},
          [](const WindowRow& row) { return write(row.point.*Field); },
          [](WindowRow& row, std::string_view text) { return read(text, row.point.*Field); }};
}

using Row = WindowRow;
using Point = CaseParameters;

constexpr std::array columns{
    row_column<&Row::schema_version>("schema_version", "", "Version of this list of columns"),
    row_column<&Row::run_id>("run_id", "", "The run: UTC time, commit and machine"),
    row_column<&Row::case_id>("case_id", "", "Strategy and parameter point; twins end in `@twin`"),
    row_column<&Row::block_id>("block_id", "",
                               "Parameter point: all rows of one block_id and process were "
                               "measured together in one process"),
    row_column<&Row::strategy>("strategy", "", "Strategy, as in `bench list`"),
    row_column<&Row::ordering>("ordering", "", "The order in which it hands out tasks"),
    point_column<&Point::workload>("workload", "", "What the threads did to the queue"),
    point_column<&Point::threads>("threads", "threads", "Size of the team"),
    point_column<&Point::producers>("producers", "threads", "`producer_consumer`: adding threads"),
    point_column<&Point::consumers>("consumers", "threads", "`producer_consumer`: taking threads"),
    point_column<&Point::read_ratio>("read_ratio", "share",
                                     "`mixed`: probability that an operation reads"),
    point_column<&Point::priorities>("priorities", "levels", "Priorities drawn uniformly"),
    point_column<&Point::prefill>("prefill", "tasks", "Tasks queued before the window"),
    point_column<&Point::payload_bytes>("payload_bytes", "bytes", "Payload copied in by add_task"),
    point_column<&Point::capacity>("capacity", "tasks", "Bound on the tasks the queue knows"),
    point_column<&Point::pinning>("pinning", "",
                                  "Placement of threads: none, compact, scatter, same_cpu"),
    row_column<&Row::process>("process", "", "Number of the fresh process: the statistical unit"),
    row_column<&Row::window>("window", "", "Number of the window within its process"),
    row_column<&Row::duration_s>("duration_s", "s",
                                 "First worker's start to last worker's end, by their own clocks"),
    row_column<&Row::operations>("operations", "operations",
                                 "Successful calls of all threads within the window"),
    row_column<&Row::reads>("reads", "operations", "Successful get_status calls"),
    row_column<&Row::writes>("writes", "operations", "Successful calls that changed the queue"),
    row_column<&Row::empty_takes>("empty_takes", "calls", "Takes that found nothing"),
    row_column<&Row::throughput_ops_s>("throughput_ops_s", "operations/s",
                                       "operations / duration_s"),
    row_column<&Row::fairness_jain>("fairness_jain", "index",
                                    "Jain's index over the operations of the threads of one role, "
                                    "the lowest of the roles: 1 = equal, 1/n = one did it all"),
    row_column<&Row::min_thread_share>("min_thread_share", "share",
                                       "Least operations of a thread / mean of its role"),
    row_column<&Row::cpu_s>("cpu_s", "s", "CPU time of the team within the window"),
    row_column<&Row::voluntary_switches>("voluntary_switches", "switches",
                                         "Times a thread of the team gave up its CPU to wait"),
    row_column<&Row::involuntary_switches>("involuntary_switches", "switches",
                                           "Times a thread of the team was preempted"),
    row_column<&Row::overlap>("overlap", "share", "Share of the window in which all threads ran"),
    row_column<&Row::line_roundtrip_ns>("line_roundtrip_ns", "ns",
                                        "Cache-line round trip between two of the team's CPUs, "
                                        "mean of before and after"),
    row_column<&Row::spin_loop_ns>("spin_loop_ns", "ns",
                                   "A fixed single-thread loop of 1,000 dependent steps, mean of "
                                   "before and after"),
    row_column<&Row::oversubscribed>("oversubscribed", "", "1 = more threads than usable CPUs"),
    row_column<&Row::valid>("valid", "", "1 = may be used in a comparison"),
    row_column<&Row::invalid_reason>("invalid_reason", "", "Why not; empty when valid"),
    row_column<&Row::twin>("twin", "",
                           "1 = second label of the same strategy (A/A), for the noise floor"),
    row_column<&Row::position>("position", "", "Place in the random order within its process"),
    row_column<&Row::full_adds>("full_adds", "calls", "Adds refused because the queue was full"),
    row_column<&Row::size_start>("size_start", "tasks", "Tasks queued when the team started"),
    row_column<&Row::size_end>("size_end", "tasks", "Tasks still queued when the team had stopped"),
    row_column<&Row::window_s>("window_s", "s", "Asked-for length of the window"),
    row_column<&Row::warm_up_s>("warm_up_s", "s", "Discarded before the window"),
    row_column<&Row::seed>("seed", "", "Seed of this window's random streams"),
    row_column<&Row::takes>("takes", "operations", "Takes among the writes"),
};

constexpr auto descriptions = [] {
  std::array<ColumnDescription, columns.size()> list{};
  for (std::size_t i = 0; i < columns.size(); ++i) list[i] = columns[i].description;
  return list;
}();

}  // namespace

std::span<const ColumnDescription> trial_columns() {
  return descriptions;
}

std::string trials_header() {
  std::vector<std::string> names;
  for (const auto& column : columns) names.emplace_back(column.description.name);
  return csv::join(names);
}

std::string to_csv(const WindowRow& row) {
  std::vector<std::string> fields;
  for (const auto& column : columns) fields.push_back(column.get(row));
  return csv::join(fields);
}

WindowRow row_from_csv(std::string_view line) {
  const auto fields = csv::split(line);
  if (fields.size() != columns.size()) {
    throw failure(fmt::format("a row of trials.csv has {} fields, not {}: '{}'", fields.size(),
                              columns.size(), line.substr(0, 80)));
  }
  WindowRow row;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].set(row, fields[i])) continue;
    throw failure(fmt::format("trials.csv: column {} cannot hold '{}'", columns[i].description.name,
                              fields[i]));
  }
  return row;
}

}  // namespace lockbench
