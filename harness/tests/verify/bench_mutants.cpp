/// `bench verify --mutants`: verification against queues with planted bugs. Some check must catch each
/// bug, and none may flag the originals that these queues deviate from.
///
/// bench_mutants [SEED [SECONDS_FOR_THE_ORIGINALS [table|json]]]; exits 1 when a bug was missed or an
/// original was flagged.

#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/text/table.hpp"
#include "harness/processes/interrupt.hpp"
#include "harness/verify/rounds/disturbance.hpp"
#include "harness/verify/verification.hpp"
#include "strategies/tests/mutants/lock_free_original.hpp"
#include "strategies/tests/mutants/original.hpp"
#include "strategies/tests/mutants/registry.hpp"

namespace {

using namespace lockbench;

using Originals = StrategyList<mutants::OriginalTaskQueue, mutants::LockFreeOriginalTaskQueue>;

/// The longest time to hunt for one bug.
constexpr double longest_hunt_s = 60;

struct Hunted {
  std::string name;
  std::string mistake;
  std::string check = {};  ///< the check that caught it; empty if none did
  std::string reason = {};
  double after_s = 0;
  bool as_it_should = false;
};

Verification hunt(const verify::Subject& subject, double seconds, std::uint64_t seed) {
  mutants::set_hook(verify::disturb_roughly);
  return verify_subject(subject, {.seconds = seconds, .seed = seed}, [] {});
}

Hunted hunted(const StrategyTraits& traits, const Verification& verification) {
  Hunted row{.name = std::string(traits.name), .mistake = std::string(traits.summary)};
  if (verification.end == ChildEnd::crashed || verification.end == ChildEnd::hung) {
    row.check = verification.end == ChildEnd::crashed ? "crash" : "hang";
    row.reason = verification.what;
  } else if (const auto& violation = verification.result.violation) {
    row.check = to_string(violation->check);
    row.reason = violation->verdict.reason;
    row.after_s = violation->found_after_s;
  } else {
    row.after_s = verification.result.seconds;
  }
  return row;
}

void say(const Hunted& row) {
  fmt::print(stderr, "{:<42}{:<14}{:6.2f} s  {}\n", row.name, row.check.empty() ? "-" : row.check,
             row.after_s, row.reason);
}

void print(const std::vector<Hunted>& rows, bool as_json) {
  if (!as_json) {
    const std::vector<std::string> headers{"queue", "caught by", "after", "mistake"};
    std::vector<std::vector<std::string>> cells;
    for (const auto& row : rows) {
      cells.push_back({row.name, row.check.empty() ? "-" : row.check,
                       fmt::format("{:.2f} s", row.after_s), row.mistake});
    }
    const std::vector<Align> alignments{Align::left, Align::left, Align::right, Align::left};
    fmt::print("{}", render_table(headers, cells, alignments));
    return;
  }
  auto all = nlohmann::json::array();
  for (const auto& row : rows) {
    all.push_back({{"queue", row.name},
                   {"mistake", row.mistake},
                   {"caught_by", row.check},
                   {"reason", row.reason},
                   {"after_s", row.after_s},
                   {"as_it_should", row.as_it_should}});
  }
  fmt::print("{}\n", all.dump(2));
}

int hunt_all(std::uint64_t seed, double originals_s, bool as_json) {
  catch_interrupts();
  std::vector<Hunted> rows;
  std::size_t caught = 0;
  std::size_t beyond = 0;
  for_each_strategy(mutants::Mutants{}, [&]<TaskQueue Q>() {
    if (interrupted()) return;
    if (!Q::expected.observable_on_x86) {
      ++beyond;
      rows.push_back({.name = std::string(Q::traits.name),
                      .mistake = std::string(Q::traits.summary),
                      .check = std::string(to_string(Q::expected.caught_by)),
                      .reason = "not observable on x86-64",
                      .as_it_should = true});
      return say(rows.back());
    }
    auto row = hunted(Q::traits, hunt(verify::subject_of<Q>(), longest_hunt_s, ++seed));
    row.as_it_should = !row.check.empty();
    caught += row.as_it_should ? 1 : 0;
    say(row);
    rows.push_back(std::move(row));
  });
  const auto planted = rows.size() - beyond;
  std::size_t flagged = 0;
  for_each_strategy(Originals{}, [&]<TaskQueue Q>() {
    if (interrupted()) return;
    const auto share_s = originals_s / static_cast<double>(Originals::size);
    auto row = hunted(Q::traits, hunt(verify::subject_of<Q>(), share_s, ++seed));
    row.as_it_should = row.check.empty();
    flagged += row.as_it_should ? 0 : 1;
    say(row);
    rows.push_back(std::move(row));
  });
  print(rows, as_json);
  fmt::print(stderr,
             "{} of {} planted bugs caught, {} more are not observable on this hardware; {} "
             "of {} originals flagged\n",
             caught, planted, beyond, flagged, Originals::size);
  if (interrupted()) return static_cast<int>(ExitCode::interrupted);
  return static_cast<int>(caught == planted && flagged == 0 ? ExitCode::ok : ExitCode::failure);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  try {
    return hunt_all(words.empty() ? 1 : std::stoull(words[0]),
                    words.size() < 2 ? 10 : std::stod(words[1]),
                    words.size() > 2 && words[2] == "json");
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_mutants: {}\n", error.what());
    return static_cast<int>(ExitCode::failure);
  }
}
