// Real paper records as records of ours, for measurements only. A PaperCorpus is immutable; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {

// Texts that differ from their original as an edited copy does: sentences in another order, other numbers of
// the same length. The same (text, seed) gives the same copy everywhere.
std::string EditedCopy(const std::string& text, uint64_t seed);

class PaperCorpus {
 public:
  // Reads records.jsonl and institutions.jsonl of `directory`. Papers without an institution that can own
  // them are left out: every evidence record votes for somebody. Only institutions that own a paper are kept.
  static absl::StatusOr<PaperCorpus> Read(const std::filesystem::path& directory);

  size_t papers() const { return papers_.size(); }
  size_t left_out() const { return left_out_; }
  const std::vector<nlohmann::ordered_json>& institutions() const { return institutions_; }  // import rows
  const std::vector<nlohmann::ordered_json>& experts() const { return experts_; }            // import rows

  // Import row number `i` of an endless list: the papers themselves, then edited copies of all of them, again
  // and again.
  nlohmann::ordered_json Evidence(size_t i) const;

  // Takes every `nth` paper out and returns them: questions whose answer is not the text itself.
  std::vector<nlohmann::ordered_json> HoldOutEvery(size_t nth);

 private:
  std::vector<nlohmann::ordered_json> papers_;  // import rows
  std::vector<nlohmann::ordered_json> institutions_;
  std::vector<nlohmann::ordered_json> experts_;
  size_t left_out_ = 0;
};

struct Converted {
  size_t institutions = 0;
  size_t experts = 0;
  size_t evidence = 0;
  size_t results = 0;
};
// Writes evidence.jsonl (`size` rows; 0: each paper once) and its owners, institutions.jsonl and
// experts.jsonl, into `out`, made if missing.
absl::StatusOr<Converted> WritePapers(const PaperCorpus& corpus, size_t size,
                                      const std::filesystem::path& out);

// Writes results.jsonl from a file of {"id", "title"}, with "abstract" where there is one. Returns how many.
absl::StatusOr<size_t> WriteResults(const std::filesystem::path& results, const std::filesystem::path& out);

}  // namespace dongxi::bench
