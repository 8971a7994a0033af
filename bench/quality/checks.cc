#include "bench/quality/checks.h"

#include "bench/quality/trec_lines.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr size_t kBytesMax = size_t{4} << 30;

// `field`: the place of the id in a line of four or six fields; in a line of three (a short run) it is the
// one before.
absl::Status CheckField(const std::filesystem::path& file, size_t field, const Ids& known,
                        const std::string& what, const std::string& remedy) {
  DX_ASSIGN_OR_RETURN(const std::string content, ReadFile(file, kBytesMax));
  return VisitTrecLines(file.string(), content, [&](const TrecWords& words, size_t) -> absl::Status {
    const size_t place = words.size() == 3 && field > 0 ? field - 1 : field;
    if (place >= words.size() || known.contains(std::string(words[place]))) return absl::OkStatus();
    return absl::InvalidArgumentError(what + " " + Quoted(words[place]) + " is not among the " +
                                      std::to_string(known.size()) + " known; " + remedy);
  });
}

}  // namespace

absl::Status CheckRunDocuments(const std::filesystem::path& run_file, const Ids& documents) {
  return CheckField(run_file, 2, documents, "document", "is this the run of another collection?");
}

absl::Status CheckQrelsQueries(const std::filesystem::path& qrels_file, const Ids& queries) {
  return CheckField(qrels_file, 0, queries, "query", "add it to the queries or leave its judgements out");
}

absl::Status CheckQrelsDocuments(const std::filesystem::path& qrels_file, const Ids& documents) {
  return CheckField(qrels_file, 2, documents, "document",
                    "add it to the documents or leave its judgements out");
}

}  // namespace dongxi::bench
