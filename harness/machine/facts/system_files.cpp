#include "harness/machine/facts/system_files.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <iterator>
#include <sstream>
#include <system_error>

#include "harness/base/field_text.hpp"

namespace lockbench {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

Unknown system_error_at(std::string_view what) {
  return {fmt::format("{}: {}", what, std::strerror(errno))};
}

FileDescriptor SystemFiles::open(std::string_view path, int flags) const {
  const auto file = root / std::filesystem::path(path).relative_path();
  return FileDescriptor(::open(file.c_str(), flags | O_CLOEXEC));
}

Probed<std::string> SystemFiles::read(std::string_view path) const {
  const FileDescriptor file = open(path, O_RDONLY);
  if (!file.is_open()) return system_error_at(path);
  std::string text;
  std::array<char, 4096> piece;  // filled by read
  ssize_t got = 0;
  while ((got = ::read(file.get(), piece.data(), piece.size())) > 0) {
    text.append(piece.data(), static_cast<std::size_t>(got));
  }
  if (got < 0) return system_error_at(path);  // some files of /sys open but refuse to be read
  text.resize(text.find_last_not_of(blanks) + 1);
  // Firmware writes what it likes into the names it reports; JSON takes only valid UTF-8.
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) > 126; }, '?');
  return text;
}

Probed<double> SystemFiles::read_number(std::string_view path) const {
  return read(path).then([&](const std::string& text) -> Probed<double> {
    auto number = parse_number(text);
    if (!number.known()) return Unknown{fmt::format("{}: {}", path, number.reason())};
    return number;
  });
}

Probed<std::int64_t> SystemFiles::read_whole(std::string_view path) const {
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

std::vector<std::string> split_lines(const std::string& text, char line_end) {
  std::istringstream rest(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(rest, line, line_end);) lines.push_back(line);
  return lines;
}

std::vector<std::string> split_words(const std::string& line) {
  std::istringstream rest(line);
  return {std::istream_iterator<std::string>(rest), {}};
}

Probed<std::string> find_field(const Probed<std::string>& text, std::string_view key,
                               char separator) {
  return text.then([&](const std::string& all) -> Probed<std::string> {
    for (const std::string_view line : split_lines(all)) {
      const auto end = line.find(separator);
      if (end == std::string_view::npos || trimmed(line.substr(0, end)) != key) continue;
      return std::string(trimmed(line.substr(end + 1)));
    }
    return Unknown{fmt::format("no field '{}'", key)};
  });
}

Probed<std::int64_t> find_bytes(const Probed<std::string>& text, std::string_view key) {
  return find_field(text, key).then([&](const std::string& field) -> Probed<std::int64_t> {
    const auto words = split_words(field);
    if (words.size() != 2 || words[1] != "kB") {
      return Unknown{fmt::format("{} is '{}', not in kB", key, field)};
    }
    return whole(parse_number(words[0])).then([](std::int64_t kib) { return kib * 1024; });
  });
}

Probed<double> parse_number(std::string_view text) {
  double value = 0;
  if (!field::read(trimmed(text), value) || !std::isfinite(value)) {
    return Unknown{fmt::format("'{}' is not a number", trimmed(text))};
  }
  return value;
}

Probed<std::int64_t> whole(const Probed<double>& number) {
  return number.then([](double value) -> Probed<std::int64_t> {
    if (std::abs(value) > 9e18) return Unknown{"out of range"};
    return static_cast<std::int64_t>(value);
  });
}

std::vector<int> parse_cpu_list(const std::string& text) {
  constexpr int most = 1 << 16;  // above any kernel's NR_CPUS: a broken list must not eat memory
  std::vector<int> cpus;
  for (const std::string& part : split_lines(text, ',')) {
    const auto range = trimmed(part);
    const auto dash = range.find('-');
    int first = 0;
    int last = 0;
    // Without a dash, npos + 1 is 0: both are the whole text.
    const bool fits =
        field::read(range.substr(0, dash), first) && field::read(range.substr(dash + 1), last);
    if (!fits || first < 0 || last >= most) continue;
    for (int cpu = first; cpu <= last; ++cpu) cpus.push_back(cpu);
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

Probed<std::int64_t> count_online_cpus(const SystemFiles& files) {
  return files.read("/sys/devices/system/cpu/online").then([](const std::string& list) {
    return static_cast<std::int64_t>(parse_cpu_list(list).size());
  });
}

}  // namespace lockbench
