#include "harness/base/json_text.hpp"

#include <type_traits>

#include <nlohmann/json.hpp>

namespace lockbench {
namespace {

constexpr int on_one_line = -1;

std::string dumped(const auto& value, int indent) {
  using Json = std::remove_cvref_t<decltype(value)>;
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string json_text(const nlohmann::json& value) {
  return dumped(value, 2) + "\n";
}
std::string json_text(const nlohmann::ordered_json& value) {
  return dumped(value, 2) + "\n";
}

std::string json_line(const nlohmann::json& value) {
  return dumped(value, on_one_line);
}
std::string json_line(const nlohmann::ordered_json& value) {
  return dumped(value, on_one_line);
}

nlohmann::json parse_json(std::string_view text) {
  return nlohmann::json::parse(text);
}
nlohmann::json parse_json_if_valid(std::string_view text) {
  return nlohmann::json::parse(text, nullptr, false);
}

}  // namespace lockbench
