#include "harness/results/process_record.hpp"

#include <iterator>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/json_text.hpp"
#include "harness/base/json_values.hpp"

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

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(WindowRow, run_id, case_id, block_id, strategy, twin, process,
                                   window, ordering, point, layout, position, seed, sample_every,
                                   window_s, warm_up_s, oversubscribed, has_critical_section, cpus,
                                   memory, validity, flags, machine_kind, machine, values)

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
  Json latencies = Json::array();
  for (const auto& latency : window.latencies) {
    latencies.push_back({latency.kind, latency.histogram.to_text(), latency.histogram.exact()});
  }
  Json threads = Json::array();
  for (const auto& thread : window.threads) threads.push_back(thread.values);
  return json_line({{"row", window.rows.front()},
                    {"latencies", std::move(latencies)},
                    {"threads", std::move(threads)}});
}

ProcessRecord record_from_line(std::string_view line) {
  const auto object = parse_json(line);
  ProcessRecord window;
  const WindowKey& key = window.rows.emplace_back(object.at("row").get<WindowRow>());
  for (const auto& latency : object.at("latencies")) {
    window.latencies.push_back({key, latency.at(0).get<LatencyKind>(),
                                LatencyHistogram::from_text(latency.at(1).get<std::string>(),
                                                            latency.at(2).get<ExactFigures>())});
  }
  for (const auto& thread : object.at("threads")) {
    thread.get_to(window.threads.emplace_back(ThreadRow{key}).values);
  }
  return window;
}

}  // namespace lockbench
