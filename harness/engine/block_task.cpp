#include "harness/engine/block_task.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/field_text.hpp"
#include "harness/base/parameter_list.hpp"

namespace lockbench {

using Json = nlohmann::json;

Json to_json(const CaseParameters& point) {
  Json object = Json::object();
  for_each_parameter([&](const auto& parameter) {
    object[std::string(parameter.name)] = field::write(point.*parameter.field);
  });
  return object;
}

CaseParameters point_from_json(const Json& object) {
  CaseParameters point;
  for_each_parameter([&](const auto& parameter) {
    const auto text = object.at(std::string(parameter.name)).template get<std::string>();
    if (field::read(text, point.*parameter.field)) return;
    throw failure(fmt::format("a block's {} cannot be '{}'", parameter.name, text));
  });
  return point;
}

Json to_json(const BlockTask& task) {
  Json labels = Json::array();
  for (const auto& label : task.block.labels) {
    labels.push_back({{"strategy", label.strategy}, {"twin", label.twin}});
  }
  return {{"run_id", task.run_id},
          {"point", to_json(task.block.point)},
          {"labels", std::move(labels)},
          {"window_s", task.block.window_s},
          {"warm_up_s", task.block.warm_up_s},
          {"oversubscribed", task.block.oversubscribed},
          {"sample_every", task.block.sample_every},
          {"capacity_window_s", task.block.capacity_window_s},
          {"per_thread", task.per_thread},
          {"process", task.process},
          {"windows", task.windows},
          {"seed", task.seed},
          {"cpus", task.cpus},
          {"memory_nodes", task.memory_nodes},
          {"unfit", task.unfit}};
}

BlockTask block_task_from_json(const Json& object) {
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
  object.at("sample_every").get_to(task.block.sample_every);
  object.at("capacity_window_s").get_to(task.block.capacity_window_s);
  object.at("per_thread").get_to(task.per_thread);
  object.at("process").get_to(task.process);
  object.at("windows").get_to(task.windows);
  object.at("seed").get_to(task.seed);
  object.at("cpus").get_to(task.cpus);
  object.at("memory_nodes").get_to(task.memory_nodes);
  object.at("unfit").get_to(task.unfit);
  return task;
}

}  // namespace lockbench
