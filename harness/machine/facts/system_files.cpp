#include "harness/machine/facts/system_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <system_error>

namespace lockbench {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<int> parse_int(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Measured<std::string> SystemFiles::read(std::string_view path) const {
  const auto file = root / std::filesystem::path(path).relative_path();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(
      std::fopen(file.c_str(), "r"), [](std::FILE* f) { return std::fclose(f); });
  if (!stream) return Unknown{fmt::format("{}: {}", path, std::strerror(errno))};
  std::string text;
  std::array<char, 4096> piece{};
  for (std::size_t got = 0; (got = std::fread(piece.data(), 1, piece.size(), stream.get())) > 0;) {
    text.append(piece.data(), got);
  }
  // Some files of /sys open but refuse to be read.
  if (std::ferror(stream.get()) != 0) {
    return Unknown{fmt::format("{}: {}", path, std::strerror(errno))};
  }
  const auto last = text.find_last_not_of(blanks);
  text.resize(last == std::string::npos ? 0 : last + 1);
  // Firmware writes what it likes into the names it reports; JSON takes only valid UTF-8.
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) > 126; }, '?');
  return text;
}

Measured<double> SystemFiles::read_number(std::string_view path) const {
  const auto text = read(path);
  if (!text.known()) return Unknown{text.reason()};
  auto number = parse_number(text.value());
  if (!number.known()) return Unknown{fmt::format("{}: {}", path, number.reason())};
  return number;
}

Measured<std::int64_t> SystemFiles::read_whole(std::string_view path) const {
  return whole(read_number(path));
}

std::vector<std::string> SystemFiles::list(std::string_view path) const {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(root / std::filesystem::path(path).relative_path(),
                                            error);
  for (; !error && entry != std::filesystem::directory_iterator{}; entry.increment(error)) {
    names.push_back(entry->path().filename().string());
  }
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  for (line = trimmed(line); !line.empty(); line = trimmed(line)) {
    const auto end = std::min(line.find_first_of(blanks), line.size());
    words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

Measured<std::string> find_field(const Measured<std::string>& text, std::string_view key) {
  if (!text.known()) return Unknown{text.reason()};
  for (const std::string& line : split_lines(text.value())) {
    const auto colon = line.find(':');
    if (colon == std::string::npos || trimmed(std::string_view(line).substr(0, colon)) != key) {
      continue;
    }
    return std::string(trimmed(std::string_view(line).substr(colon + 1)));
  }
  return Unknown{fmt::format("no field '{}'", key)};
}

Measured<double> parse_number(std::string_view text) {
  text = trimmed(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return Unknown{fmt::format("'{}' is not a number", text)};
  }
  return value;
}

Measured<std::int64_t> whole(const Measured<double>& number) {
  constexpr double most = 9e18;
  if (number.known() && std::abs(number.value()) > most) return Unknown{"out of range"};
  return number.then([](double value) { return static_cast<std::int64_t>(value); });
}

std::vector<int> parse_cpu_list(std::string_view text) {
  constexpr int most =
      1 << 16;  // far above any kernel's NR_CPUS: a broken list must not eat memory
  std::vector<int> cpus;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto range = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto dash = range.find('-');
    const auto first = parse_int(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_int(range.substr(dash + 1));
    if (!first || !last || *first < 0 || *last >= most) continue;
    for (int cpu = *first; cpu <= *last; ++cpu) cpus.push_back(cpu);
  }
  return cpus;
}

std::string format_cpu_list(std::vector<int> cpus) {
  std::ranges::sort(cpus);
  std::string text;
  for (std::size_t first = 0; first < cpus.size();) {
    std::size_t last = first;
    while (last + 1 < cpus.size() && cpus[last + 1] == cpus[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += first == last ? fmt::format("{}", cpus[first])
                          : fmt::format("{}-{}", cpus[first], cpus[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace lockbench
