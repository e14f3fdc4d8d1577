#include "harness/plan/catalogue.hpp"

#include <algorithm>

#include "strategies/registry.hpp"

namespace lockbench {

std::vector<StrategyTraits> strategy_catalogue() {
  std::vector<StrategyTraits> catalogue;
  catalogue.reserve(Strategies::size);
  for_each_strategy(Strategies{}, [&]<TaskQueue Queue>() { catalogue.push_back(Queue::traits); });
  return catalogue;
}

bool keeps_whole_contract(std::string_view strategy) {
  static const auto catalogue = strategy_catalogue();
  const auto known = std::ranges::find(catalogue, strategy, &StrategyTraits::name);
  return known == catalogue.end() || known->conformance == Conformance::full;
}

}  // namespace lockbench
