#include "harness/plan/catalogue.hpp"

#include "strategies/registry.hpp"

namespace lockbench {

std::vector<StrategyTraits> strategy_catalogue() {
  std::vector<StrategyTraits> catalogue;
  catalogue.reserve(Strategies::size);
  for_each_strategy(Strategies{}, [&]<TaskQueue Queue>() { catalogue.push_back(Queue::traits); });
  return catalogue;
}

}  // namespace lockbench
