#include "indexer/build/corpus.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <utility>

#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr uint64_t kRecordsPerReport = 1000;
constexpr size_t kStampRecordsMax =
    1000;  // of the last change: enough to tell two catalogues apart, read at once
constexpr size_t kLexiconFileBytesMax = size_t{64} << 20;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string Hex(uint32_t value) { return absl::StrFormat("%08x", value); }

uint64_t TotalOf(const RecordCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

absl::Status ReadKind(const CatalogueReader& catalogue, RecordKind kind, const BuildContext& context,
                      uint64_t total, Corpus& corpus) {
  DocumentTableBuilder& table = kind == RecordKind::kNeed ? corpus.need_table : corpus.offer_table;
  bool stopped = false;
  DX_RETURN_IF_ERROR(catalogue.Scan(kind, "", [&](const Record& record) {
    table.Add(record);
    corpus.texts.push_back(TextOf(record));
    if (corpus.texts.size() % kRecordsPerReport != 0) return true;
    context.Report("read", std::min<uint64_t>(corpus.texts.size(), total), total);
    stopped = context.Stopped();
    return !stopped;
  }));
  return stopped ? context.CheckCancelled() : absl::OkStatus();
}

}  // namespace

absl::StatusOr<Corpus> ReadCorpus(const CatalogueReader& catalogue, const BuildContext& context) {
  Corpus corpus;
  corpus.sequence = catalogue.sequence();
  const uint64_t total = TotalOf(catalogue.Counts());
  if (total == 0) {
    return absl::FailedPreconditionError(
        "the catalogue holds no record; import some first: dongxi-indexer import --data DIR FILE");
  }
  corpus.texts.reserve(total);
  context.Report("read", 0, total);
  for (const RecordKind kind : kAllRecordKinds) {
    if (kind != RecordKind::kNeed) DX_RETURN_IF_ERROR(ReadKind(catalogue, kind, context, total, corpus));
  }
  corpus.offers = corpus.texts.size();
  DX_RETURN_IF_ERROR(ReadKind(catalogue, RecordKind::kNeed, context, total, corpus));
  if (catalogue.sequence() != corpus.sequence || corpus.texts.size() != total) {
    return absl::AbortedError("the catalogue changed while it was read (" +
                              std::to_string(corpus.texts.size()) + " records read, " +
                              std::to_string(total) +
                              " expected); build from a snapshot or a view, not from the open catalogue");
  }
  context.Report("read", total, total);
  return corpus;
}

absl::StatusOr<LexiconCopy> CopyLexicon(const std::string& directory) {
  if (directory.empty()) return LexiconCopy{EmptyLexicon(), ""};
  // Loaded for its error messages, which name the right file and line; the copy must then mean the same.
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Lexicon> loaded, LoadLexicon(directory));
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    if (it->path().extension() == ".tsv") files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  LexiconCopy copy;
  for (const std::filesystem::path& file : files) {
    DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kLexiconFileBytesMax));
    std::string_view content = bytes;
    if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
    copy.content += content;
    if (!content.ends_with('\n')) copy.content += '\n';
  }
  DX_ASSIGN_OR_RETURN(copy.lexicon, ParseLexicon(directory, copy.content));
  if (copy.lexicon->crc32c() != loaded->crc32c()) {
    return absl::AbortedError(directory + ": the lexicon changed while it was read; run the command again");
  }
  return copy;
}

absl::StatusOr<std::map<std::string, std::string>> CatalogueStamp(const CatalogueReader& catalogue) {
  std::map<std::string, std::string> stamp;
  const RecordCounts counts = catalogue.Counts();
  std::string text;
  for (const RecordKind kind : kAllRecordKinds) {
    text += (text.empty() ? "" : " ") + std::to_string(counts[static_cast<size_t>(kind)]);
  }
  stamp["catalogue_counts"] = text;

  uint32_t crc = 0;
  std::vector<RecordName> changed;
  const uint64_t sequence = catalogue.sequence();
  DX_RETURN_IF_ERROR(catalogue.ScanChanges(sequence == 0 ? 0 : sequence - 1, [&](const Change& change) {
    crc = Crc32c(
        std::to_string(static_cast<int>(change.operation)) + ResourceName(change.name.kind, change.name.id),
        crc);
    changed.push_back(change.name);
    return changed.size() < kStampRecordsMax;
  }));
  DX_ASSIGN_OR_RETURN(const std::vector<std::optional<Record>> records, catalogue.GetMany(changed));
  for (std::optional<Record> record : records) {
    if (!record) continue;
    record->create_time_us = record->update_time_us =
        0;  // the same content imported at another time is the same
    pb::Record message;
    ToProto(*record, &message);
    crc = Crc32c(message.SerializeAsString(), crc);
  }
  stamp["catalogue_last_change"] = Hex(crc);
  return stamp;
}

}  // namespace dongxi
