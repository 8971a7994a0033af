// What a long report has already matched, so that an interrupted run continues where it stopped. A file of
// length-and-checksum frames; a torn last frame is dropped. Not thread-safe.
//
// Frame, integers little-endian: payload bytes u32, CRC-32C of the payload u32, payload. The payload of the
// first frame is the fingerprint; of the others: key, need (serialised dongxi.v1.Need), answer (serialised
// dongxi.v1.MatchResponse) and error text, each with its length u32 in front.
#pragma once

#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "report/model.h"

namespace dongxi::cli {

class ReportJournal {
 public:
  // Continues `file` if its fingerprint is the same, begins it anew otherwise. Errors: those of the file.
  static absl::StatusOr<std::unique_ptr<ReportJournal>> Open(const std::filesystem::path& file,
                                                             const std::string& fingerprint);
  ~ReportJournal();
  ReportJournal(const ReportJournal&) = delete;
  ReportJournal& operator=(const ReportJournal&) = delete;

  // What was matched before, by key.
  std::map<std::string, report::NeedMatches>& done() { return done_; }
  // In the file when it returns; survives the end of this program.
  absl::Status Append(const std::string& key, const report::NeedMatches& matches);
  // The report is written: nothing to continue.
  void Remove();

 private:
  explicit ReportJournal(std::filesystem::path file) : file_(std::move(file)) {}
  size_t ReadDone(const std::string& bytes, const std::string& fingerprint);
  absl::Status Write(const std::string& payload);

  const std::filesystem::path file_;
  std::FILE* out_ = nullptr;
  std::map<std::string, report::NeedMatches> done_;
};

}  // namespace dongxi::cli
