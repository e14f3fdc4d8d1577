#include "harness/verify/rounds/subjects.hpp"

#include "strategies/registry.hpp"

namespace lockbench::verify {

std::vector<Subject> registered_subjects() {
  std::vector<Subject> subjects;
  for_each_strategy(Strategies{}, [&]<TaskQueue Q>() {
    if constexpr (Q::traits.conformance != Conformance::none) subjects.push_back(subject_of<Q>());
  });
  return subjects;
}

}  // namespace lockbench::verify
