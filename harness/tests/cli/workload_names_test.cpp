#include <gtest/gtest.h>

#include "harness/workloads/names.hpp"
#include "harness/workloads/registry.hpp"

namespace lockbench {
namespace {

TEST(WorkloadNames, are_those_of_the_registry_in_its_order) {
  std::vector<std::string_view> registered;
  for_each_workload(Workloads{}, [&]<Workload W>() { registered.push_back(W::name); });
  std::vector<std::string_view> named;
  for (const auto& workload : workload_names) named.push_back(workload.name);
  EXPECT_EQ(named, registered);
}

}  // namespace
}  // namespace lockbench
