#include "harness/verify/history/history_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <istream>
#include <limits>
#include <ostream>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/verify/history/history_names.hpp"
#include "strategies/trait_names.hpp"

namespace lockbench::verify {

namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr std::uint64_t version = 1;
constexpr std::string_view version_key = "lockbench_history";
constexpr std::array orderings{Ordering::priority_fifo,     Ordering::priority, Ordering::fifo,
                               Ordering::fifo_per_producer, Ordering::relaxed,  Ordering::none};
constexpr std::array consistencies{Consistency::linearizable, Consistency::per_task};

[[nodiscard]] OrderedJson to_json(const HistoryHeader& header) {
  return {{version_key, version},
          {"strategy", header.strategy},
          {"check", header.check},
          {"ordering", to_string(header.ordering)},
          {"consistency", to_string(header.consistency)},
          {"distinct", header.distinct},
          {"stuck", header.stuck},
          {"capacity", header.capacity},
          {"threads", header.threads},
          {"seed", header.seed}};
}

[[nodiscard]] OrderedJson to_json(const Operation& operation) {
  OrderedJson json{{"thread", operation.thread}, {"call", name_of(operation.call)}};
  if (names_task(operation) || operation.id != 0) json["id"] = operation.id;
  if (operation.call == Call::add || hands_out(operation) || operation.priority != 0) {
    json["priority"] = operation.priority;
  }
  if (operation.call == Call::size || operation.size != 0) json["size"] = operation.size;
  if (operation.deadline != never) json["deadline_ns"] = operation.deadline;
  if (operation.damaged) json["damaged"] = true;
  if (!operation.pending()) json["answer"] = name_of(operation.answer);
  json["invoked_ns"] = operation.invoked;
  if (operation.returned != never) json["returned_ns"] = operation.returned;
  return json;
}

/// One line, and what to say when something is wrong in it.
class Line {
public:
  Line(std::string_view name, std::size_t number, const std::string& text)
      : name_(name), number_(number), json_(Json::parse(text, nullptr, false)) {
    if (json_.is_discarded() || !json_.is_object()) throw wrong("is not a JSON object");
  }

  [[nodiscard]] Error wrong(const std::string& what) const {
    return failure(fmt::format("{}:{}: {}", name_, number_, what));
  }

  [[nodiscard]] bool has(std::string_view key) const { return json_.contains(key); }

  /// A whole number that fits `Number`.
  template <class Number>
  [[nodiscard]] Number number(std::string_view key) const {
    using Limits = std::numeric_limits<Number>;
    const auto& value = required(key);
    if (value.is_number_unsigned()) {
      const auto positive = value.template get<std::uint64_t>();
      if (std::in_range<Number>(positive)) return static_cast<Number>(positive);
    } else if (value.is_number_integer()) {
      const auto negative = value.template get<std::int64_t>();
      if (std::in_range<Number>(negative)) return static_cast<Number>(negative);
    }
    throw wrong(fmt::format("\"{}\" is {}; allowed are whole numbers from {} to {}", key,
                            value.dump(), Limits::min(), Limits::max()));
  }
  template <class Number>
  [[nodiscard]] Number number_or(std::string_view key, Number otherwise) const {
    return has(key) ? number<Number>(key) : otherwise;
  }

  [[nodiscard]] std::string text(std::string_view key) const {
    const auto& value = required(key);
    if (!value.is_string()) throw wrong(fmt::format("\"{}\" is {}, not text", key, value.dump()));
    return value.get<std::string>();
  }

  [[nodiscard]] bool flag(std::string_view key) const {
    const auto& value = required(key);
    if (!value.is_boolean()) {
      throw wrong(fmt::format("\"{}\" is {}; allowed are true and false", key, value.dump()));
    }
    return value.get<bool>();
  }

  /// One of `values`, by its name.
  [[nodiscard]] auto choice(std::string_view key, const auto& values, auto&& name_of_value) const {
    const auto found = text(key);
    std::string allowed;
    for (const auto value : values) {
      if (name_of_value(value) == found) return value;
      allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", name_of_value(value));
    }
    throw wrong(fmt::format("\"{}\" is \"{}\"; allowed are {}", key, found, allowed));
  }

  /// A misspelt key would be a value that silently is not there.
  void expect_only(const std::vector<std::string_view>& keys) const {
    for (const auto& [key, value] : json_.items()) {
      if (std::ranges::find(keys, key) == keys.end()) {
        throw wrong(
            fmt::format("there is no \"{}\" here; allowed are {}", key, fmt::join(keys, ", ")));
      }
    }
  }

private:
  [[nodiscard]] const Json& required(std::string_view key) const {
    const auto at = json_.find(key);
    if (at == json_.end()) throw wrong(fmt::format("\"{}\" is missing", key));
    return *at;
  }

  std::string_view name_;
  std::size_t number_;
  Json json_;
};

[[nodiscard]] HistoryHeader header_from(const Line& line) {
  if (!line.has(version_key)) throw line.wrong("is not the first line of a history");
  if (const auto found = line.number<std::uint64_t>(version_key); found != version) {
    throw line.wrong(
        fmt::format("is a history of format {}; this program reads format {}", found, version));
  }
  line.expect_only({version_key, "strategy", "check", "ordering", "consistency", "distinct",
                    "stuck", "capacity", "threads", "seed"});
  return {.strategy = line.text("strategy"),
          .check = line.text("check"),
          .ordering = line.choice("ordering", orderings,
                                  [](Ordering ordering) { return to_string(ordering); }),
          .consistency = line.choice("consistency", consistencies,
                                     [](Consistency value) { return to_string(value); }),
          .distinct = line.flag("distinct"),
          .stuck = line.flag("stuck"),
          .capacity = line.number<std::uint32_t>("capacity"),
          .threads = line.number<std::uint32_t>("threads"),
          .seed = line.number<std::uint64_t>("seed")};
}

[[nodiscard]] Operation operation_from(const Line& line) {
  line.expect_only({"thread", "call", "id", "priority", "size", "deadline_ns", "damaged", "answer",
                    "invoked_ns", "returned_ns"});
  Operation operation;
  operation.thread = line.number<std::uint16_t>("thread");
  operation.call = line.choice("call", all_calls, [](Call call) { return name_of(call); });
  if (line.has("answer")) {
    operation.answer = line.choice("answer", answers_of(operation.call),
                                   [](Answer answer) { return name_of(answer); });
  }
  const bool about_task = names_task(operation);
  operation.id = about_task ? line.number<TaskId>("id") : line.number_or<TaskId>("id", 0);
  const bool with_priority = operation.call == Call::add || hands_out(operation);
  operation.priority = with_priority ? line.number<std::int32_t>("priority")
                                     : line.number_or<std::int32_t>("priority", 0);
  operation.size = operation.answer == Answer::counted ? line.number<std::uint64_t>("size")
                                                       : line.number_or<std::uint64_t>("size", 0);
  operation.damaged = line.has("damaged") && line.flag("damaged");
  operation.deadline = line.number_or<Instant>("deadline_ns", never);
  operation.invoked = line.number<Instant>("invoked_ns");
  operation.returned = operation.pending() ? line.number_or<Instant>("returned_ns", never)
                                           : line.number<Instant>("returned_ns");
  if (operation.pending() && operation.returned != never) {
    throw line.wrong("has \"returned_ns\" but no \"answer\"");
  }
  if (operation.returned < operation.invoked) throw line.wrong("returns before it is invoked");
  return operation;
}

}  // namespace

void write_history(std::ostream& out, const RecordedHistory& recorded) {
  out << to_json(recorded.header).dump() << '\n';
  for (const auto& operation : recorded.history) out << to_json(operation).dump() << '\n';
  if (!out.flush()) throw failure("cannot write the history: is the disk full?");
}

RecordedHistory read_history(std::istream& in, std::string_view name) {
  RecordedHistory recorded;
  std::string text;
  bool has_header = false;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    if (text.empty()) continue;
    const Line line{name, number, text};
    if (!has_header) {
      recorded.header = header_from(line);
      has_header = true;
      continue;
    }
    const auto operation = operation_from(line);
    if (!recorded.history.empty() && operation.invoked < recorded.history.back().invoked) {
      throw line.wrong("was invoked before the call in the line above; calls are in that order");
    }
    recorded.history.push_back(operation);
  }
  if (in.bad()) throw failure(fmt::format("{}: cannot be read", name));
  if (!has_header) throw failure(fmt::format("{}: is empty, so it is no history", name));
  return recorded;
}

}  // namespace lockbench::verify
