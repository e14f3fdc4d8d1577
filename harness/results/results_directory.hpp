#pragma once

/// The one directory that a run writes, such that a kill at any moment loses at most the process
/// under way.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/base/file_descriptor.hpp"
#include "harness/results/latency_digest.hpp"
#include "harness/results/process_record.hpp"

namespace lockbench {

/// Rows of a finished process are appended to `trials.csv`, `latency.csv`, `histograms.csv` and
/// `threads.csv` and flushed to the disk; only then is the process entered, with the files' new lengths, in
/// `finished.csv`. Bytes beyond the last such lengths belong to no finished process, and are cut off
/// when the run is resumed.
///
/// Every member throws `Error` (failure) that names the file and the system's reason. Not
/// thread-safe.
class ResultsDirectory {
public:
  /// Returns the text of the first context.json of a run in that directory.
  using FirstContext = std::function<std::string(const std::filesystem::path& directory)>;

  /// Makes a new directory with its files and the first context.json. Throws a usage error when it
  /// exists and is not empty. Whatever it throws, or `context` does, nothing that it made is left.
  [[nodiscard]] static ResultsDirectory create(const std::filesystem::path& path,
                                               const FirstContext& context);
  /// As `create`, but in `path-2`, `path-3` and so on where `path` exists already: of several runs
  /// that begin at once each gets one of its own.
  [[nodiscard]] static ResultsDirectory create_numbered(const std::filesystem::path& path,
                                                        const FirstContext& context);
  /// Throws a usage error when the path exists and is no empty directory.
  static void refuse_used(const std::filesystem::path& path);
  /// Opens one that an earlier run left. Throws a usage error when it is not one of ours.
  [[nodiscard]] static ResultsDirectory reopen(const std::filesystem::path& path);

  /// Appends and flushes what one finished process recorded. After a failed write (a full disk) the
  /// files end where they ended before.
  void append(const ProcessKey& key, const ProcessRecord& record);
  /// As `replace_file`, for a file of this directory.
  void replace(const std::string& file_name, const std::string& text) const;

  [[nodiscard]] nlohmann::json read_context() const;
  [[nodiscard]] std::vector<WindowRow> read_rows() const;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const std::set<ProcessKey>& finished() const noexcept { return finished_; }
  /// Whether a lock keeps other runs out. Some network file systems have none.
  [[nodiscard]] bool locked() const noexcept { return locked_; }

private:
  class Unfinished;
  using OpenFile = std::function<FileDescriptor(const std::filesystem::path&)>;

  /// Opens the files of a directory that exists, and locks it where that is possible.
  ResultsDirectory(std::filesystem::path path, const OpenFile& open);
  /// Writes the first files of a run into a directory without any.
  [[nodiscard]] static ResultsDirectory begin(const std::filesystem::path& path,
                                              const FirstContext& context, Unfinished& made);

  /// A file that is only ever appended to.
  struct RowFile {
    std::filesystem::path path{};
    FileDescriptor descriptor{};
    std::uint64_t bytes = 0;
  };

  std::filesystem::path path_;
  std::set<ProcessKey> finished_;
  std::array<RowFile, 4> files_{};  ///< trials, latency, histograms, threads
  RowFile journal_{};
  std::uint64_t histograms_ = 0;  ///< how many there are; they are numbered from 1
  bool locked_ = false;
};

/// Replaces a whole file, so that readers see the old or the new one and never a part. Throws `Error`
/// (failure).
void replace_file(const std::filesystem::path& target, const std::string& text);

/// Reads rows of a trials.csv. Throws `Error` (failure) that names the file, the line and what does
/// not fit: no header, the header of another program or version, a cut-off line, a bad value.
[[nodiscard]] std::vector<WindowRow> read_trials(const std::filesystem::path& file);
/// The same of any version: columns are found by their names, those that this version does not know are
/// ignored, and figures that the file lacks are empty.
[[nodiscard]] std::vector<WindowRow> read_trials_by_name(const std::filesystem::path& file);

/// The latencies of the windows that count, merged by case, from the files of a run in `directory`. Throws
/// as `read_trials`.
[[nodiscard]] LatencyDigest read_latencies(const std::filesystem::path& directory,
                                           std::span<const WindowRow> rows);

}  // namespace lockbench
