#include "harness/recorder/results_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "harness/errors.hpp"
#include "harness/recorder/csv.hpp"

namespace lockbench {
namespace {

namespace fs = std::filesystem;

constexpr auto trials_name = "trials.csv";
constexpr auto journal_name = "finished.csv";
constexpr auto context_name = "context.json";
constexpr auto journal_header = "block_id,process,trials_bytes\n";

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
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw failure(fmt::format("{}: '{}' is no whole number", path.string(), text));
  }
  return value;
}

struct Journal {
  std::set<ProcessKey> finished;
  std::uint64_t trials_bytes = 0;
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
    if (fields.size() != 3) {
      throw failure(fmt::format("{}: a line has {} fields, not 3", path.string(), fields.size()));
    }
    journal.finished.insert({fields[0], static_cast<std::uint32_t>(number(fields[1], path))});
    journal.trials_bytes = number(fields[2], path);
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
  const std::string header = trials_header() + "\n";
  write_all(results.trials_, header, path / trials_name);
  results.trials_bytes_ = header.size();
  write_all(results.journal_, journal_header, path / journal_name);
  return results;
}

ResultsDirectory ResultsDirectory::reopen(const fs::path& path) {
  for (const auto* name : {trials_name, journal_name, context_name}) {
    if (fs::is_regular_file(path / name)) continue;
    throw usage_error(
        fmt::format("--resume '{}': no {} there; expected a directory that an "
                    "interrupted run wrote",
                    path.string(), name));
  }
  const auto journal = read_journal(path / journal_name);
  const auto bytes = fs::file_size(path / trials_name);
  const auto header_bytes = trials_header().size() + 1;
  const auto kept = journal.finished.empty() ? header_bytes : journal.trials_bytes;
  if (bytes < kept) {
    throw failure(fmt::format("'{}' is damaged: {} bytes, but its finished processes wrote {}",
                              (path / trials_name).string(), bytes, kept));
  }
  ResultsDirectory results(path);
  results.open_files();
  if (::ftruncate(results.trials_, static_cast<off_t>(kept)) != 0) {
    throw cannot("cut off the unfinished end of", path / trials_name);
  }
  results.finished_ = journal.finished;
  results.trials_bytes_ = kept;
  (void)results.read_rows();  // a foreign or damaged file is refused before anything is measured
  return results;
}

ResultsDirectory::ResultsDirectory(ResultsDirectory&& other) noexcept
    : path_(std::move(other.path_)),
      finished_(std::move(other.finished_)),
      trials_(std::exchange(other.trials_, -1)),
      journal_(std::exchange(other.journal_, -1)),
      trials_bytes_(other.trials_bytes_) {}

ResultsDirectory::~ResultsDirectory() {
  if (trials_ >= 0) ::close(trials_);
  if (journal_ >= 0) ::close(journal_);
}

void ResultsDirectory::open_files() {
  constexpr int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
  constexpr mode_t mode = 0644;
  trials_ = ::open((path_ / trials_name).c_str(), flags, mode);
  if (trials_ < 0) throw cannot("write", path_ / trials_name);
  if (::flock(trials_, LOCK_EX | LOCK_NB) != 0) {
    throw failure(fmt::format("'{}' is being written by another run", path_.string()));
  }
  journal_ = ::open((path_ / journal_name).c_str(), flags, mode);
  if (journal_ < 0) throw cannot("write", path_ / journal_name);
}

void ResultsDirectory::append(const ProcessKey& key, const std::vector<WindowRow>& rows) {
  std::string text;
  for (const auto& row : rows) text += to_csv(row) + "\n";
  const std::string entry = fmt::format("{},{},{}\n", csv::quoted(key.block_id), key.process,
                                        trials_bytes_ + text.size());
  try {
    write_all(trials_, text, path_ / trials_name);
    flush(trials_, path_ / trials_name);
    write_all(journal_, entry, path_ / journal_name);
    flush(journal_, path_ / journal_name);
  } catch (const Error& error) {
    (void)!::ftruncate(trials_, static_cast<off_t>(trials_bytes_));
    throw failure(
        fmt::format("{}; {} processes are recorded: make room, then go on with --resume '{}'",
                    error.what(), finished_.size(), path_.string()));
  }
  trials_bytes_ += text.size();
  finished_.insert(key);
}

void ResultsDirectory::replace(const std::string& file_name, const std::string& text) const {
  const fs::path target = path_ / file_name;
  fs::path part = target;
  part += ".part";
  const int descriptor = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor < 0) throw cannot("write", part);
  try {
    write_all(descriptor, text, part);
    flush(descriptor, part);
  } catch (...) {
    ::close(descriptor);
    ::unlink(part.c_str());
    throw;
  }
  ::close(descriptor);
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

std::vector<WindowRow> read_trials(const fs::path& file) {
  const std::string text = read_text(file);
  const auto at = [&](std::size_t line) { return fmt::format("{}:{}", file.string(), line); };
  std::vector<WindowRow> rows;
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    ++line;
    const auto end = text.find('\n', begin);
    if (end == std::string::npos) throw failure(at(line) + ": the last line is cut off");
    const auto content = std::string_view(text).substr(begin, end - begin);
    begin = end + 1;
    if (line == 1) {
      if (content == trials_header()) continue;
      throw failure(fmt::format("{}: not the header of a trials.csv of this version: '{}'",
                                at(line), content.substr(0, 60)));
    }
    try {
      rows.push_back(row_from_csv(content));
    } catch (const Error& error) {
      throw failure(fmt::format("{}: {}", at(line), error.what()));
    }
  }
  if (line == 0) throw failure(file.string() + ": empty; expected a trials.csv with its header");
  return rows;
}

}  // namespace lockbench
