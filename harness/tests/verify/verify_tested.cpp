/// Verifies the queues that LOCKBENCH_TESTED_QUEUES lists, as scripts/mutate compiles them:
///
/// verify_tested SECONDS; prints what was found and after how long, and exits as `bench verify` does.

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <string>

#include "harness/processes/interrupt.hpp"
#include "harness/verify/verification.hpp"
#include "strategies/tests/conformance/conformance.hpp"

int main(int argc, char** argv) {
  using namespace lockbench;
  catch_interrupts();
  int worst = 0;
  try {
    const double seconds = argc > 1 ? std::stod(argv[1]) : 30;
    for_each_strategy(testing_support::TestedQueues{}, [&]<TaskQueue Q>() {
      const auto found = verify_subject(verify::subject_of<Q>(), {.seconds = seconds}, [] {});
      worst = std::max(worst, static_cast<int>(exit_code_of(found)));
      if (const auto& violation = found.result.violation) {
        fmt::print("{} after {:.2f} s: {}\n", to_string(violation->check), violation->found_after_s,
                   violation->verdict.reason);
      } else if (!found.what.empty()) {
        fmt::print("the queue's process: {}\n", found.what);
      }
    });
  } catch (const std::exception& error) {
    fmt::print(stderr, "verify_tested: {}\n", error.what());
    return static_cast<int>(ExitCode::failure);
  }
  return worst;
}
