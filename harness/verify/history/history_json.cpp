#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <istream>
#include <limits>
#include <optional>
#include <ostream>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/json_text.hpp"
#include "harness/base/trait_names.hpp"
#include "harness/verify/history/history.hpp"

namespace lockbench::verify {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

constexpr std::uint64_t version = 1;
constexpr std::string_view version_key = "lockbench_history";
constexpr std::array orderings{Ordering::priority_fifo,     Ordering::priority, Ordering::fifo,
                               Ordering::fifo_per_producer, Ordering::relaxed,  Ordering::none};
constexpr std::array consistencies{Consistency::linearizable, Consistency::per_task};

/// The fields of a header in the order of the file: calls `visit` with each one's key and value.
void visit_fields(auto& header, auto&& visit) {
  visit("strategy", header.strategy);
  visit("check", header.check);
  visit("ordering", header.ordering);
  visit("consistency", header.consistency);
  visit("distinct", header.distinct);
  visit("stuck", header.stuck);
  visit("capacity", header.capacity);
  visit("threads", header.threads);
  visit("seed", header.seed);
  visit("beats_ns", header.beats);
}

[[nodiscard]] OrderedJson to_json(const HistoryHeader& header) {
  OrderedJson json{{version_key, version}};
  visit_fields(header, [&](const char* key, const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_enum_v<Value>) {
      json[key] = to_string(value);
    } else if constexpr (std::is_same_v<Value, std::vector<Instant>>) {
      if (!value.empty()) json[key] = value;
    } else {
      json[key] = value;
    }
  });
  return json;
}

[[nodiscard]] OrderedJson to_json(const Operation& operation) {
  OrderedJson json{{"thread", operation.thread}, {"call", to_string(operation.call)}};
  if (names_task(operation) || operation.id != 0) json["id"] = operation.id;
  if (operation.call == Call::add || hands_out(operation) || operation.priority != 0) {
    json["priority"] = operation.priority;
  }
  if (operation.call == Call::size || operation.size != 0) json["size"] = operation.size;
  if (operation.deadline != never) json["deadline_ns"] = operation.deadline;
  if (operation.damaged) json["damaged"] = true;
  if (operation.too_long) json["too_long"] = true;
  if (!operation.pending()) json["answer"] = to_string(operation.answer);
  json["invoked_ns"] = operation.invoked;
  if (operation.returned != never) json["returned_ns"] = operation.returned;
  return json;
}

/// One line of a file. What it throws names the line and what is wrong in it.
class Line {
public:
  Line(std::string_view name, std::size_t number, const std::string& text)
      : name_(name), number_(number), json_(parse_json_if_valid(text)) {
    if (json_.is_discarded() || !json_.is_object()) throw wrong("is not a JSON object");
  }

  [[nodiscard]] Error wrong(const std::string& what) const {
    return failure(fmt::format("{}:{}: {}", name_, number_, what));
  }

  [[nodiscard]] bool has(std::string_view key) const { return json_.contains(key); }

  /// Reads text, a flag, or a whole number that fits.
  template <class Value>
  void read(std::string_view key, Value& into) const {
    const auto& value = required(key);
    if constexpr (std::is_same_v<Value, std::string>) {
      if (!value.is_string())
        throw wrong(fmt::format("\"{}\" is {}, not text", key, json_line(value)));
    } else if constexpr (std::is_same_v<Value, bool>) {
      if (!value.is_boolean()) {
        throw wrong(fmt::format("\"{}\" is {}; allowed are true and false", key, json_line(value)));
      }
    } else if (!fits<Value>(value)) {
      using Limits = std::numeric_limits<Value>;
      throw wrong(fmt::format("\"{}\" is {}; allowed are whole numbers from {} to {}", key,
                              json_line(value), Limits::min(), Limits::max()));
    }
    value.get_to(into);
  }
  /// Leaves `into` as it is if the key is neither there nor required.
  template <class Value>
  void read_if(bool is_required, std::string_view key, Value& into) const {
    if (is_required || has(key)) read(key, into);
  }

  /// Reads one of `values` by its name.
  [[nodiscard]] auto choice(std::string_view key, const auto& values) const {
    std::string found;
    read(key, found);
    std::vector<std::string_view> allowed;
    for (const auto value : values) {
      allowed.push_back(to_string(value));
      if (allowed.back() == found) return value;
    }
    throw wrong(
        fmt::format("\"{}\" is \"{}\"; allowed are {}", key, found, fmt::join(allowed, ", ")));
  }

  /// Leaves `into` empty if the key is not there.
  void read(std::string_view key, std::vector<Instant>& into) const {
    if (!has(key)) return;
    const auto& values = required(key);
    if (!values.is_array() || !std::all_of(values.begin(), values.end(), fits<Instant>)) {
      throw wrong(fmt::format("\"{}\" is not a list of times", key));
    }
    values.get_to(into);
  }
  void read(std::string_view key, Ordering& into) const { into = choice(key, orderings); }
  void read(std::string_view key, Consistency& into) const { into = choice(key, consistencies); }

  /// Refuses other keys: a misspelt one would be a value that is silently missing.
  void expect_only(std::span<const std::string_view> keys) const {
    for (const auto& [key, value] : json_.items()) {
      if (std::ranges::find(keys, key) != keys.end()) continue;
      throw wrong(
          fmt::format("there is no \"{}\" here; allowed are {}", key, fmt::join(keys, ", ")));
    }
  }

private:
  template <class Number>
  [[nodiscard]] static bool fits(const Json& value) {
    if (value.is_number_unsigned()) return std::in_range<Number>(value.get<std::uint64_t>());
    return value.is_number_integer() && std::in_range<Number>(value.get<std::int64_t>());
  }
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
  std::uint64_t found = 0;
  line.read(version_key, found);
  if (found != version) {
    throw line.wrong(
        fmt::format("is a history of format {}; this program reads format {}", found, version));
  }
  HistoryHeader header;
  std::vector<std::string_view> keys{version_key};
  visit_fields(header, [&](std::string_view key, auto&) { keys.push_back(key); });
  line.expect_only(keys);
  visit_fields(header, [&](std::string_view key, auto& value) { line.read(key, value); });
  return header;
}

[[nodiscard]] Operation operation_from(const Line& line) {
  static constexpr std::array<std::string_view, 11> keys{
      "thread",  "call",     "id",     "priority",   "size",       "deadline_ns",
      "damaged", "too_long", "answer", "invoked_ns", "returned_ns"};
  line.expect_only(keys);
  Operation operation;
  line.read("thread", operation.thread);
  operation.call = line.choice("call", all_values<Call>);
  if (line.has("answer")) operation.answer = line.choice("answer", answers_of(operation.call));
  line.read_if(names_task(operation), "id", operation.id);
  line.read_if(operation.call == Call::add || hands_out(operation), "priority", operation.priority);
  line.read_if(operation.answer == Answer::counted, "size", operation.size);
  line.read_if(false, "damaged", operation.damaged);
  line.read_if(false, "too_long", operation.too_long);
  line.read_if(false, "deadline_ns", operation.deadline);
  line.read("invoked_ns", operation.invoked);
  line.read_if(!operation.pending(), "returned_ns", operation.returned);
  if (operation.pending() && operation.returned != never) {
    throw line.wrong("has \"returned_ns\" but no \"answer\"");
  }
  if (operation.returned < operation.invoked) throw line.wrong("returns before it is invoked");
  return operation;
}

}  // namespace

void write_history(std::ostream& out, const RecordedHistory& recorded) {
  out << json_line(to_json(recorded.header)) << '\n';
  for (const auto& operation : recorded.history) out << json_line(to_json(operation)) << '\n';
  if (!out.flush()) throw failure("cannot write the history: is the disk full?");
}

RecordedHistory read_history(std::istream& in, std::string_view name) {
  std::optional<HistoryHeader> header;
  History history;
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    if (text.empty()) continue;
    const Line line{name, number, text};
    if (!header) {
      header = header_from(line);
      continue;
    }
    const auto operation = operation_from(line);
    if (!history.empty() && operation.invoked < history.back().invoked) {
      throw line.wrong("was invoked before the call in the line above; calls are in that order");
    }
    history.push_back(operation);
  }
  if (in.bad()) throw failure(fmt::format("{}: cannot be read", name));
  if (!header) throw failure(fmt::format("{}: is empty, so it is no history", name));
  return {*std::move(header), std::move(history)};
}

}  // namespace lockbench::verify
