#include "harness/results/results_directory.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <fstream>
#include <functional>
#include <sstream>
#include <system_error>

#include <nlohmann/json.hpp>

#include "harness/base/errors.hpp"
#include "harness/base/json_text.hpp"
#include "harness/base/text/output.hpp"
#include "harness/base/text/quotes.hpp"
#include "harness/results/csv.hpp"

namespace lockbench {
namespace {

namespace fs = std::filesystem;

constexpr auto journal_name = "finished.csv";
constexpr auto context_name = "context.json";
constexpr auto journal_header =
    "block_id,process,trials_bytes,latency_bytes,histograms_bytes,threads_bytes";

struct RowFileKind {
  const char* name;
  std::string header;
};
const std::array<RowFileKind, 4>& row_file_kinds() {
  static const std::array<RowFileKind, 4> kinds{{{"trials.csv", trial_columns().header()},
                                                 {"latency.csv", latency_columns().header()},
                                                 {"histograms.csv", bucket_columns().header()},
                                                 {"threads.csv", thread_columns().header()}}};
  return kinds;
}

Error cannot(const std::string& what, const fs::path& path) {
  return failure(fmt::format("cannot {} '{}': {}", what, path.string(),
                             std::generic_category().message(errno)));
}

/// `how`: O_APPEND or O_TRUNC, and O_EXCL where the file must be new.
FileDescriptor opened_for_writing(const fs::path& path, int how) {
  FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0644));
  if (!file.is_open()) throw cannot("write", path);
  return file;
}

/// Writes everything and flushes it to the disk, or throws.
void write_out(const FileDescriptor& file, std::string_view text, const fs::path& path) {
  while (!text.empty()) {
    const auto written = ::write(file.get(), text.data(), text.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      throw cannot("write", path);
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  // Pipes and some file systems cannot be flushed; that loses nothing that we could save.
  if (::fdatasync(file.get()) != 0 && errno != EINVAL && errno != EROFS)
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

std::uint64_t lines_below_header(const fs::path& path) {
  const auto text = read_text(path);
  return static_cast<std::uint64_t>(std::ranges::count(text, '\n')) - 1;
}

struct Journal {
  std::set<ProcessKey> finished;
  std::array<std::uint64_t, 4> bytes{};
};

/// A last line without its line end was cut off while it was written: its process did not finish.
Journal read_journal(const fs::path& path) {
  std::istringstream text(read_text(path));
  std::string line;
  std::getline(text, line);
  if (line != journal_header || text.eof()) {
    throw usage_error(
        fmt::format("'{}' is not the journal of a run of this version", path.string()));
  }
  Journal journal;
  while (std::getline(text, line) && !text.eof()) {
    const auto fields = csv::split(line);
    const std::size_t expected = 2 + journal.bytes.size();
    if (fields.size() != expected) {
      throw failure(
          fmt::format("{}: a line has {} fields, not {}", path.string(), fields.size(), expected));
    }
    journal.finished.insert({fields[0], static_cast<std::uint32_t>(number(fields[1], path))});
    for (std::size_t i = 0; i < journal.bytes.size(); ++i) {
      journal.bytes[i] = number(fields[2 + i], path);
    }
  }
  return journal;
}

/// Calls `take(line)` for every row of a file of ours, whose header `is_ours`. Throws `Error` (failure)
/// naming the file, the line and what is wrong.
void read_file(const fs::path& file, const std::function<bool(const std::string&)>& is_ours,
               const std::function<void(const std::string&)>& take) {
  std::istringstream text(read_text(file));
  const auto name = file.filename().string();
  std::size_t number = 0;
  const auto refused = [&](const std::string& why) {
    return failure(fmt::format("{}:{}: {}", file.string(), number, why));
  };
  for (std::string line; std::getline(text, line);) {
    ++number;
    if (text.eof()) throw refused("the last line is cut off");
    if (number == 1 && !is_ours(line)) {
      throw refused(fmt::format("not the header of a {} of this version: '{}'", name,
                                std::string_view(line).substr(0, 60)));
    }
    if (number == 1) continue;
    try {
      take(line);
    } catch (const Error& error) {
      throw refused(error.what());
    }
  }
  if (number == 0) {
    throw failure(fmt::format("{}: empty; expected a {} with its header", file.string(), name));
  }
}

void read_file(const fs::path& file, const std::string& header,
               const std::function<void(const std::string&)>& take) {
  read_file(
      file, [&](const std::string& line) { return line == header; }, take);
}

bool is_empty_directory(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored) && fs::is_empty(path, ignored);
}

Error exists_already(const fs::path& path) {
  return usage_error(fmt::format("--out '{}' exists already; give a new directory, or --resume it",
                                 path.string()));
}

}  // namespace

/// Files and directories that a run has made and holds nothing in yet. They are removed with this
/// object, the last one first, unless they are kept. A directory in which somebody else has put
/// something stays.
class ResultsDirectory::Unfinished {
public:
  Unfinished() = default;
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    for (const auto& path : made_) fs::remove(path, ignored);
  }
  void keep() noexcept { made_.clear(); }

  /// Returns false when something is there already.
  bool make_directory(const fs::path& path) {
    if (::mkdir(path.c_str(), 0777) == 0) {
      made_.push_front(path);
      return true;
    }
    if (errno == EEXIST) return false;
    throw failure(
        fmt::format("{}; choose another with --out", cannot("make directory", path).what()));
  }
  /// Makes those directories above `path` that are missing.
  void make_parents(const fs::path& path) {
    const auto parent = path.parent_path();
    std::error_code ignored;
    if (parent.empty() || parent == path || fs::is_directory(parent, ignored)) return;
    make_parents(parent);
    make_directory(parent);
  }
  FileDescriptor new_file(const fs::path& path) {
    auto file = opened_for_writing(path, O_APPEND | O_EXCL);
    made_.push_front(path);
    return file;
  }

private:
  std::deque<fs::path> made_;  ///< the last one first
};

ResultsDirectory ResultsDirectory::create(const fs::path& path, const FirstContext& context) {
  // A trailing slash would make the last part of the path empty.
  const auto& plain = path.has_filename() ? path : path.parent_path();
  Unfinished made;
  if (!is_empty_directory(plain)) {
    made.make_parents(plain);
    if (!made.make_directory(plain)) throw exists_already(path);
  }
  return begin(plain, context, made);
}

void ResultsDirectory::refuse_used(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored) && !is_empty_directory(path)) throw exists_already(path);
}

ResultsDirectory ResultsDirectory::create_numbered(const fs::path& path,
                                                   const FirstContext& context) {
  Unfinished made;
  made.make_parents(path);
  fs::path unused = path;
  for (unsigned number = 2; !made.make_directory(unused); ++number) {
    unused = fmt::format("{}-{}", path.string(), number);
  }
  return begin(unused, context, made);
}

ResultsDirectory ResultsDirectory::begin(const fs::path& path, const FirstContext& context,
                                         Unfinished& made) {
  // Another run may have begun in the same empty directory since: its files are not ours.
  ResultsDirectory results(path, [&made](const fs::path& file) { return made.new_file(file); });
  for (std::size_t i = 0; i < results.files_.size(); ++i) {
    auto& file = results.files_[i];
    const auto header = row_file_kinds()[i].header + "\n";
    write_out(file.descriptor, header, file.path);
    file.bytes = header.size();
  }
  write_out(results.journal_.descriptor, std::string(journal_header) + "\n", results.journal_.path);
  results.replace(context_name, context(path));
  made.keep();
  return results;
}

ResultsDirectory ResultsDirectory::reopen(const fs::path& path) {
  const auto& kinds = row_file_kinds();
  const auto expect = [&](const char* name) {
    if (fs::is_regular_file(path / name)) return;
    throw usage_error(
        fmt::format("--resume '{}': no {} there; expected a directory that an "
                    "interrupted run wrote",
                    path.string(), name));
  };
  expect(journal_name);
  expect(context_name);
  auto [finished, kept] = read_journal(path / journal_name);
  for (const auto& kind : kinds) expect(kind.name);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (finished.empty()) kept[i] = kinds[i].header.size() + 1;
    const auto bytes = fs::file_size(path / kinds[i].name);
    if (bytes >= kept[i]) continue;
    throw failure(fmt::format("'{}' is damaged: {} bytes, but its finished processes wrote {}",
                              (path / kinds[i].name).string(), bytes, kept[i]));
  }
  ResultsDirectory results(path,
                           [](const fs::path& file) { return opened_for_writing(file, O_APPEND); });
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    auto& file = results.files_[i];
    if (::ftruncate(file.descriptor.get(), static_cast<off_t>(kept[i])) != 0) {
      throw cannot("cut off the unfinished end of", file.path);
    }
    file.bytes = kept[i];
  }
  results.finished_ = std::move(finished);
  results.histograms_ = lines_below_header(results.files_[1].path);
  return results;
}

ResultsDirectory::ResultsDirectory(fs::path path, const OpenFile& open) : path_(std::move(path)) {
  const auto opened = [&](const char* name) { return RowFile{path_ / name, open(path_ / name)}; };
  for (std::size_t i = 0; i < files_.size(); ++i) files_[i] = opened(row_file_kinds()[i].name);
  locked_ = ::flock(files_[0].descriptor.get(), LOCK_EX | LOCK_NB) == 0;
  if (!locked_ && errno == EWOULDBLOCK) {
    throw failure(fmt::format("'{}' is being written by another run", path_.string()));
  }
  journal_ = opened(journal_name);
}

void ResultsDirectory::append(const ProcessKey& key, const ProcessRecord& record) {
  std::array<std::string, 4> texts;
  for (const auto& row : record.rows) texts[0] += trial_columns().line(row) + "\n";
  auto histograms = histograms_;
  for (const auto& row : record.latencies) {
    texts[1] += to_csv(row, ++histograms) + "\n";
    texts[2] += buckets_to_csv(row.histogram, histograms);
  }
  for (const auto& row : record.threads) texts[3] += thread_columns().line(row) + "\n";
  std::string entry = fmt::format("{},{}", csv::quoted(key.block_id), key.process);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    entry += fmt::format(",{}", files_[i].bytes + texts[i].size());
  }
  try {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      write_out(files_[i].descriptor, texts[i], files_[i].path);
    }
    write_out(journal_.descriptor, entry + "\n", journal_.path);
  } catch (const Error& error) {
    for (const auto& file : files_) {
      (void)!::ftruncate(file.descriptor.get(), static_cast<off_t>(file.bytes));
    }
    throw failure(fmt::format(
        "{}; {} processes are recorded: make room, then go on by: {} --resume {}", error.what(),
        finished_.size(), program_name(), in_shell_quotes(path_.string())));
  }
  for (std::size_t i = 0; i < texts.size(); ++i) files_[i].bytes += texts[i].size();
  finished_.insert(key);
  histograms_ = histograms;
}

void ResultsDirectory::replace(const std::string& file_name, const std::string& text) const {
  replace_file(path_ / file_name, text);
}

void replace_file(const fs::path& target, const std::string& text) {
  fs::path part = target;
  part += ".part";
  const auto file = opened_for_writing(part, O_TRUNC);
  try {
    write_out(file, text, part);
    if (::rename(part.c_str(), target.c_str()) != 0) throw cannot("write", target);
  } catch (...) {
    ::unlink(part.c_str());
    throw;
  }
}

nlohmann::json ResultsDirectory::read_context() const {
  try {
    return parse_json(read_text(path_ / context_name));
  } catch (const nlohmann::json::exception& error) {
    throw failure(
        fmt::format("'{}' is damaged: {}", (path_ / context_name).string(), error.what()));
  }
}

std::vector<WindowRow> ResultsDirectory::read_rows() const {
  return read_trials(files_[0].path);
}

LatencyDigest read_latencies(const fs::path& directory, std::span<const WindowRow> rows) {
  LatencyReader reader(&LatencyDigest::keeps);
  read_file(directory / row_file_kinds()[1].name, latency_columns().header(),
            [&](const std::string& line) { reader.take_row(line); });
  read_file(directory / row_file_kinds()[2].name, bucket_columns().header(),
            [&](const std::string& line) { reader.take_bucket(line); });
  LatencyDigest digest(rows);
  reader.hand_out([&](const LatencyRow& row) { digest.add(row); });
  return digest;
}

std::vector<WindowRow> read_trials(const fs::path& file) {
  std::vector<WindowRow> rows;
  read_file(file, trial_columns().header(),
            [&](const std::string& line) { trial_columns().read_line(line, rows.emplace_back()); });
  return rows;
}

std::vector<WindowRow> read_trials_by_name(const fs::path& file) {
  std::vector<WindowRow> rows;
  std::vector<const Column<WindowRow>*> columns;
  const auto is_ours = [&](const std::string& header) {
    columns = trial_columns().named_in(header);
    const auto has = [&](std::string_view name) {
      return std::ranges::any_of(columns, [name](const Column<WindowRow>* column) {
        return column != nullptr && column->description.name == name;
      });
    };
    return has("schema_version") && has("case_id") && has("process");
  };
  read_file(file, is_ours, [&](const std::string& line) {
    trial_columns().read_line(line, rows.emplace_back(), columns);
  });
  return rows;
}

}  // namespace lockbench
