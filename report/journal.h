// What a long report has already matched, so that an interrupted one continues where it stopped, and so that
// the answers need not be in memory until the report is written. A file of length-and-checksum frames; a torn
// last frame is dropped. Not thread-safe.
//
// Frame, integers little-endian: payload bytes u32, CRC-32C of the payload u32, payload. The payload of the
// first frame is the fingerprint; of the others: key, need (serialised dongxi.v1.Need), answer (serialised
// dongxi.v1.MatchResponse) and error text, each with its length u32 in front.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "report/model.h"

namespace dongxi::report {

class Journal {
 public:
  // Continues `file` if its fingerprint is the same, begins it anew otherwise. Errors: those of the file,
  // with the remedy; ResourceExhausted if the disk is full.
  static absl::StatusOr<std::unique_ptr<Journal>> Open(const std::filesystem::path& file,
                                                       const std::string& fingerprint);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // How many needs it holds, and how large the file is.
  size_t size() const { return places_.size(); }
  uint64_t bytes() const { return end_; }
  // True if Open found answers under another fingerprint and gave them up.
  bool began_anew() const { return began_anew_; }
  bool Has(const std::string& key) const { return places_.contains(key); }
  // NotFound without an entry of that key; DataLoss if the file was changed since it was opened.
  absl::StatusOr<NeedMatches> Read(const std::string& key);
  // In the file when it returns; survives the end of this program. An earlier entry of that key is forgotten.
  // After an error the journal is as it was.
  absl::Status Append(const std::string& key, const NeedMatches& matches);
  // The report is written: nothing to continue. No call may follow.
  void Remove();

 private:
  struct Place {
    uint64_t offset = 0;  // of the payload
    uint32_t bytes = 0;
  };

  explicit Journal(std::filesystem::path file) : file_(std::move(file)) {}
  absl::Status ReadPlaces(const std::string& fingerprint);
  absl::Status Write(const std::string& payload);

  const std::filesystem::path file_;
  std::FILE* stream_ = nullptr;
  uint64_t end_ = 0;  // of what is whole
  bool began_anew_ = false;
  std::map<std::string, Place> places_;
};

}  // namespace dongxi::report
