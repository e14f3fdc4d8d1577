#include "harness/results/results_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/results/csv.hpp"

namespace lockbench {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 3> row_file_names{"trials.csv", "latency.csv", "threads.csv"};
constexpr auto trials_name = row_file_names[0];
constexpr auto latency_name = row_file_names[1];
constexpr auto journal_name = "finished.csv";
constexpr auto context_name = "context.json";
constexpr auto journal_header = "block_id,process,trials_bytes,latency_bytes,threads_bytes\n";

std::array<std::string, row_file_names.size()> row_file_headers() {
  return {trial_columns().header() + "\n", latency_header() + "\n",
          thread_columns().header() + "\n"};
}

std::string reason() {
  return std::generic_category().message(errno);
}

Error cannot(const std::string& what, const fs::path& path) {
  return failure(fmt::format("cannot {} '{}': {}", what, path.string(), reason()));
}

/// Writes everything or throws.
void write_all(int descriptor, std::string_view text, const fs::path& path) {
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw cannot("write", path);
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void flush(int descriptor, const fs::path& path) {
  // Pipes and some file systems cannot be flushed; that loses nothing that we could save.
  if (::fdatasync(descriptor) != 0 && errno != EINVAL && errno != EROFS)
    throw cannot("flush", path);
}

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw cannot("read", path);
  return text.str();
}

std::uint64_t number(const std::string& text, const fs::path& path) {
  std::uint64_t value = 0;
  if (field::read(text, value)) return value;
  throw failure(fmt::format("{}: '{}' is no whole number", path.string(), text));
}

struct Journal {
  std::set<ProcessKey> finished;
  std::array<std::uint64_t, row_file_names.size()> bytes{};
};

/// A last line without its line end was cut off while it was written: its process did not finish.
Journal read_journal(const fs::path& path) {
  const std::string text = read_text(path);
  if (!text.starts_with(journal_header)) {
    throw usage_error(fmt::format("'{}' is not the journal of a lockbench run", path.string()));
  }
  Journal journal;
  std::size_t begin = std::string_view(journal_header).size();
  for (auto end = text.find('\n', begin); end != std::string::npos; end = text.find('\n', begin)) {
    const auto fields = csv::split(std::string_view(text).substr(begin, end - begin));
    constexpr std::size_t expected = 2 + row_file_names.size();
    if (fields.size() != expected) {
      throw failure(
          fmt::format("{}: a line has {} fields, not {}", path.string(), fields.size(), expected));
    }
    journal.finished.insert({fields[0], static_cast<std::uint32_t>(number(fields[1], path))});
    for (std::size_t i = 0; i < journal.bytes.size(); ++i) {
      journal.bytes[i] = number(fields[2 + i], path);
    }
    begin = end + 1;
  }
  return journal;
}

}  // namespace

ResultsDirectory ResultsDirectory::create(const fs::path& path) {
  std::error_code error;
  if (fs::exists(path, error) && !(fs::is_directory(path, error) && fs::is_empty(path, error))) {
    throw usage_error(fmt::format("--out '{}' exists already; give a new directory, or --resume it",
                                  path.string()));
  }
  fs::create_directories(path, error);
  if (error) {
    throw failure(fmt::format("cannot make directory '{}': {}; choose another with --out",
                              path.string(), error.message()));
  }
  ResultsDirectory results(path);
  results.open_files();
  const auto headers = row_file_headers();
  for (std::size_t i = 0; i < row_files; ++i) {
    auto& file = results.files_[i];
    write_all(file.descriptor.get(), headers[i], path / row_file_names[i]);
    file.bytes = headers[i].size();
  }
  write_all(results.journal_.get(), journal_header, path / journal_name);
  return results;
}

ResultsDirectory ResultsDirectory::reopen(const fs::path& path) {
  for (const auto* name :
       {journal_name, context_name, row_file_names[0], row_file_names[1], row_file_names[2]}) {
    if (fs::is_regular_file(path / name)) continue;
    throw usage_error(
        fmt::format("--resume '{}': no {} there; expected a directory that an "
                    "interrupted run wrote",
                    path.string(), name));
  }
  const auto journal = read_journal(path / journal_name);
  auto kept = journal.bytes;
  const auto headers = row_file_headers();
  for (std::size_t i = 0; i < row_files; ++i) {
    if (journal.finished.empty()) kept[i] = headers[i].size();
    const auto bytes = fs::file_size(path / row_file_names[i]);
    if (bytes >= kept[i]) continue;
    throw failure(fmt::format("'{}' is damaged: {} bytes, but its finished processes wrote {}",
                              (path / row_file_names[i]).string(), bytes, kept[i]));
  }
  ResultsDirectory results(path);
  results.open_files();
  for (std::size_t i = 0; i < row_files; ++i) {
    if (::ftruncate(results.files_[i].descriptor.get(), static_cast<off_t>(kept[i])) != 0) {
      throw cannot("cut off the unfinished end of", path / row_file_names[i]);
    }
    results.files_[i].bytes = kept[i];
  }
  results.finished_ = journal.finished;
  return results;
}

void ResultsDirectory::open_files() {
  const auto opened = [this](const char* name) {
    const auto path = path_ / name;
    FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file.is_open()) throw cannot("write", path);
    return file;
  };
  for (std::size_t i = 0; i < row_files; ++i) files_[i].descriptor = opened(row_file_names[i]);
  if (::flock(files_[0].descriptor.get(), LOCK_EX | LOCK_NB) != 0) {
    throw failure(fmt::format("'{}' is being written by another run", path_.string()));
  }
  journal_ = opened(journal_name);
}

void ResultsDirectory::append(const ProcessKey& key, const ProcessRecord& record) {
  std::array<std::string, row_files> texts;
  for (const auto& row : record.rows) texts[0] += trial_columns().line(row) + "\n";
  for (const auto& row : record.latencies) texts[1] += to_csv(row) + "\n";
  for (const auto& row : record.threads) texts[2] += thread_columns().line(row) + "\n";
  std::string entry = fmt::format("{},{}", csv::quoted(key.block_id), key.process);
  for (std::size_t i = 0; i < row_files; ++i) {
    entry += fmt::format(",{}", files_[i].bytes + texts[i].size());
  }
  try {
    for (std::size_t i = 0; i < row_files; ++i) {
      write_all(files_[i].descriptor.get(), texts[i], path_ / row_file_names[i]);
      flush(files_[i].descriptor.get(), path_ / row_file_names[i]);
    }
    write_all(journal_.get(), entry + "\n", path_ / journal_name);
    flush(journal_.get(), path_ / journal_name);
  } catch (const Error& error) {
    for (const auto& file : files_) {
      (void)!::ftruncate(file.descriptor.get(), static_cast<off_t>(file.bytes));
    }
    throw failure(
        fmt::format("{}; {} processes are recorded: make room, then go on with --resume '{}'",
                    error.what(), finished_.size(), path_.string()));
  }
  for (std::size_t i = 0; i < row_files; ++i) files_[i].bytes += texts[i].size();
  finished_.insert(key);
}

void ResultsDirectory::replace(const std::string& file_name, const std::string& text) const {
  const fs::path target = path_ / file_name;
  fs::path part = target;
  part += ".part";
  FileDescriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.is_open()) throw cannot("write", part);
  try {
    write_all(file.get(), text, part);
    flush(file.get(), part);
  } catch (...) {
    ::unlink(part.c_str());
    throw;
  }
  if (::rename(part.c_str(), target.c_str()) != 0) throw cannot("write", target);
}

nlohmann::json ResultsDirectory::read_context() const {
  try {
    return nlohmann::json::parse(read_text(path_ / context_name));
  } catch (const nlohmann::json::exception& error) {
    throw failure(
        fmt::format("'{}' is damaged: {}", (path_ / context_name).string(), error.what()));
  }
}

std::vector<WindowRow> ResultsDirectory::read_rows() const {
  return read_trials(path_ / trials_name);
}

LatencyDigest ResultsDirectory::read_latencies(std::span<const WindowRow> rows) const {
  return read_latency_digest(path_ / latency_name, rows);
}

namespace {

/// Calls `take(line)` for every row of a file of ours. Throws `Error` (failure) naming the file, the
/// line and what is wrong.
template <class Take>
void read_file(const fs::path& file, const std::string& header, Take&& take) {
  const std::string text = read_text(file);
  const auto name = file.filename().string();
  const auto at = [&](std::size_t line) { return fmt::format("{}:{}", file.string(), line); };
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++line;
    const auto end = text.find('\n', begin);
    if (end == std::string::npos) throw failure(at(line) + ": the last line is cut off");
    const auto content = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    if (line == 1) {
      if (content == header) continue;
      throw failure(fmt::format("{}: not the header of a {} of this version: '{}'", at(line), name,
                                content.substr(0, 60)));
    }
    try {
      take(content);
    } catch (const Error& error) {
      throw failure(fmt::format("{}: {}", at(line), error.what()));
    }
  }
  if (line == 0) {
    throw failure(fmt::format("{}: empty; expected a {} with its header", file.string(), name));
  }
}

}  // namespace

std::vector<WindowRow> read_trials(const fs::path& file) {
  std::vector<WindowRow> rows;
  read_file(file, trial_columns().header(),
            [&](std::string_view line) { trial_columns().read_line(line, rows.emplace_back()); });
  return rows;
}

LatencyDigest read_latency_digest(const fs::path& file, std::span<const WindowRow> rows) {
  LatencyDigest digest(rows);
  read_file(file, latency_header(), [&](std::string_view line) {
    if (const auto row = latency_row_from_csv(line, &LatencyDigest::keeps)) digest.add(*row);
  });
  return digest;
}

}  // namespace lockbench
