#include "harness/results/process_record.hpp"

#include <array>
#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

namespace lockbench {

using Json = nlohmann::json;

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ExactFigures, min_ns, max_ns, sum_ns)
// Reasons travel as the text that files hold.
void to_json(Json& json, const Validity& validity) {
  json = validity.text();
}
void from_json(const Json& json, Validity& validity) {
  validity = Validity::from_text(json.get<std::string>());
}

// A figure that is empty travels as null.
template <std::size_t count>
Json cells(const std::array<Cell, count>& values) {
  auto array = Json::array();
  for (const auto& value : values) array.push_back(value ? Json(*value) : Json());
  return array;
}
template <std::size_t count>
void read_cells(const Json& array, std::array<Cell, count>& values) {
  for (std::size_t i = 0; i < count; ++i) {
    if (const auto& value = array.at(i); !value.is_null()) values[i] = value.get<double>();
  }
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(WindowRow, run_id, case_id, block_id, strategy, twin, process,
                                   window, ordering, point, position, seed, sample_every, window_s,
                                   warm_up_s, oversubscribed, has_critical_section, cpus, memory,
                                   validity, flags)

void ProcessRecord::append(ProcessRecord&& other) {
  const auto move_to = [](auto& list, auto& more) {
    list.insert(list.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
  };
  move_to(rows, other.rows);
  move_to(latencies, other.latencies);
  move_to(threads, other.threads);
}

ProcessRecord record_of(const BlockTask& task, const MeasuredWindow& window) {
  ProcessRecord record{.rows = {row_of(task, window)}};
  const WindowKey& key = record.rows.front();
  record.latencies = latency_rows(key, window.outcome.latencies);
  if (task.per_thread) record.threads = thread_rows(key, window);
  return record;
}

std::string to_line(const ProcessRecord& window) {
  const auto& row = window.rows.front();
  Json latencies = Json::array();
  for (const auto& latency : window.latencies) {
    latencies.push_back({latency.kind, latency.histogram.to_text(), latency.histogram.exact()});
  }
  Json threads = Json::array();
  for (const auto& thread : window.threads) threads.push_back(cells(thread.values));
  return Json{{"row", row},
              {"figures", cells(row.values)},
              {"latencies", std::move(latencies)},
              {"threads", std::move(threads)}}
      .dump();
}

ProcessRecord record_from_line(std::string_view line) {
  const auto object = Json::parse(line);
  ProcessRecord window;
  auto& row = window.rows.emplace_back();
  object.at("row").get_to(row);
  read_cells(object.at("figures"), row.values);
  const WindowKey& key = row;
  for (const auto& latency : object.at("latencies")) {
    window.latencies.push_back({key, latency.at(0).get<LatencyKind>(),
                                LatencyHistogram::from_text(latency.at(1).get<std::string>(),
                                                            latency.at(2).get<ExactFigures>())});
  }
  for (const auto& thread : object.at("threads")) {
    read_cells(thread, window.threads.emplace_back(ThreadRow{key}).values);
  }
  return window;
}

}  // namespace lockbench
