#include "harness/engine/block_task.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/field_text.hpp"
#include "harness/base/parameter_list.hpp"

namespace lockbench {

double Block::measured_s(std::uint32_t windows) const noexcept {
  const double of_windows = windows_of_label(windows) * (window_s + warm_up_s);
  const double of_capacity = capacity_window_s > 0 ? capacity_window_s + warm_up_s : 0;
  return static_cast<double>(labels.size()) * (of_windows + of_capacity);
}

std::string case_id(const Label& label, const Block& block) {
  return fmt::format("{}/{}{}", label.strategy, block.id, label.twin ? "@twin" : "");
}

void to_json(nlohmann::json& object, const CaseParameters& point) {
  for_each_parameter([&](const auto& parameter) {
    object[std::string(parameter.name)] = field::write(point.*parameter.field);
  });
}

void from_json(const nlohmann::json& object, CaseParameters& point) {
  for_each_parameter([&](const auto& parameter) {
    const auto text = object.at(std::string(parameter.name)).template get<std::string>();
    if (field::read(text, point.*parameter.field)) return;
    throw failure(fmt::format("a block's {} cannot be '{}'", parameter.name, text));
  });
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Label, strategy, twin)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Block, id, point, labels, window_s, warm_up_s, oversubscribed,
                                   sample_every, capacity_window_s)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(BlockTask, run_id, machine_kind, machine, block, process, layout,
                                   windows, seed, per_thread, cpus, memory_nodes, cpu_kinds, unfit)

nlohmann::json to_json(const BlockTask& task) {
  return nlohmann::json(task);
}

BlockTask block_task_from_json(const nlohmann::json& object) {
  return object.get<BlockTask>();
}

}  // namespace lockbench
