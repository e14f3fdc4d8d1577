#include "harness/engine/block_task.hpp"

#include <nlohmann/json.hpp>

#include "harness/errors.hpp"

namespace lockbench {

using nlohmann::json;

json to_json(const CaseParameters& point) {
  return {{"workload", point.workload},
          {"threads", point.threads},
          {"producers", point.producers},
          {"consumers", point.consumers},
          {"read_ratio", point.read_ratio},
          {"priorities", point.priorities},
          {"prefill", point.prefill},
          {"payload_bytes", point.payload_bytes},
          {"capacity", point.capacity},
          {"pinning", to_string(point.pinning)}};
}

CaseParameters point_from_json(const json& json) {
  CaseParameters point;
  json.at("workload").get_to(point.workload);
  json.at("threads").get_to(point.threads);
  json.at("producers").get_to(point.producers);
  json.at("consumers").get_to(point.consumers);
  json.at("read_ratio").get_to(point.read_ratio);
  json.at("priorities").get_to(point.priorities);
  json.at("prefill").get_to(point.prefill);
  json.at("payload_bytes").get_to(point.payload_bytes);
  json.at("capacity").get_to(point.capacity);
  point.pinning = pinning_from_string(json.at("pinning").get<std::string>());
  return point;
}

json to_json(const BlockTask& task) {
  json labels = json::array();
  for (const auto& label : task.block.labels) {
    labels.push_back({{"strategy", label.strategy}, {"twin", label.twin}});
  }
  return {{"run_id", task.run_id},
          {"point", to_json(task.block.point)},
          {"labels", std::move(labels)},
          {"window_s", task.block.window_s},
          {"warm_up_s", task.block.warm_up_s},
          {"oversubscribed", task.block.oversubscribed},
          {"process", task.process},
          {"windows", task.windows},
          {"seed", task.seed},
          {"cpus", task.cpus},
          {"unfit", task.unfit}};
}

BlockTask block_task_from_json(const json& json) {
  BlockTask task;
  json.at("run_id").get_to(task.run_id);
  task.block.point = point_from_json(json.at("point"));
  for (const auto& label : json.at("labels")) {
    task.block.labels.push_back(
        {label.at("strategy").get<std::string>(), label.at("twin").get<bool>()});
  }
  json.at("window_s").get_to(task.block.window_s);
  json.at("warm_up_s").get_to(task.block.warm_up_s);
  json.at("oversubscribed").get_to(task.block.oversubscribed);
  json.at("process").get_to(task.process);
  json.at("windows").get_to(task.windows);
  json.at("seed").get_to(task.seed);
  json.at("cpus").get_to(task.cpus);
  json.at("unfit").get_to(task.unfit);
  return task;
}

}  // namespace lockbench
