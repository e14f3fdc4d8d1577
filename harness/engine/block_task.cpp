#include "harness/engine/block_task.hpp"

#include <nlohmann/json.hpp>

#include "harness/errors.hpp"

namespace lockbench {

using nlohmann::json;

json to_json(const CaseParameters& point) {
  return {{"workload", point.workload},     {"threads", point.threads},
          {"producers", point.producers},   {"consumers", point.consumers},
          {"read_ratio", point.read_ratio}, {"priorities", point.priorities},
          {"prefill", point.prefill},       {"payload_bytes", point.payload_bytes},
          {"capacity", point.capacity},     {"pinning", to_string(point.pinning)}};
}

CaseParameters point_from_json(const json& object) {
  CaseParameters point;
  object.at("workload").get_to(point.workload);
  object.at("threads").get_to(point.threads);
  object.at("producers").get_to(point.producers);
  object.at("consumers").get_to(point.consumers);
  object.at("read_ratio").get_to(point.read_ratio);
  object.at("priorities").get_to(point.priorities);
  object.at("prefill").get_to(point.prefill);
  object.at("payload_bytes").get_to(point.payload_bytes);
  object.at("capacity").get_to(point.capacity);
  point.pinning = pinning_from_string(object.at("pinning").get<std::string>());
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

BlockTask block_task_from_json(const json& object) {
  BlockTask task;
  object.at("run_id").get_to(task.run_id);
  task.block.point = point_from_json(object.at("point"));
  for (const auto& label : object.at("labels")) {
    task.block.labels.push_back(
        {label.at("strategy").get<std::string>(), label.at("twin").get<bool>()});
  }
  object.at("window_s").get_to(task.block.window_s);
  object.at("warm_up_s").get_to(task.block.warm_up_s);
  object.at("oversubscribed").get_to(task.block.oversubscribed);
  object.at("process").get_to(task.process);
  object.at("windows").get_to(task.windows);
  object.at("seed").get_to(task.seed);
  object.at("cpus").get_to(task.cpus);
  object.at("unfit").get_to(task.unfit);
  return task;
}

}  // namespace lockbench
