#include "indexer/train/catalogue_texts.h"

#include <numeric>
#include <utility>

#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"
#include "engine/embed/train/random.h"

namespace dongxi {
namespace {

constexpr uint32_t kHeldOutOneIn = 10;
constexpr uint64_t kRecordsPerReport = 1000;

bool HasTitleText(RecordKind kind) {
  return kind == RecordKind::kResult || kind == RecordKind::kNeed || kind == RecordKind::kEvidence;
}

bool IsHeldOut(const std::string& name) { return Random(Crc32c(name)).Below(kHeldOutOneIn) == 0; }

// Adds each line that is not blank.
void AddLines(std::string_view text, std::vector<std::string>* paragraphs) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) paragraphs->emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

TrainingText TextOfRecord(const Record& record) {
  TrainingText text;
  if (HasTitleText(record.kind)) text.title = record.title;
  AddLines(record.text, &text.paragraphs);
  AddLines(record.wanted, &text.paragraphs);
  std::string indicators;
  for (const std::string& indicator : record.indicators) indicators += indicator + "；";
  AddLines(indicators, &text.paragraphs);
  text.keywords = record.keywords;
  text.keywords.insert(text.keywords.end(), record.fields.begin(), record.fields.end());
  return text;
}

// Without queries or document if the record has too little text.
HeldOutRecord HeldOut(std::string name, const TrainingText& text) {
  HeldOutRecord record{std::move(name), {}, {}};
  std::string_view first_sentence;
  for (const std::string& paragraph : text.paragraphs) {
    for (const std::string_view sentence : SplitSentences(paragraph)) {
      if (first_sentence.empty()) {
        first_sentence = sentence;
      } else {
        record.document += sentence;
      }
    }
  }
  if (!text.title.empty()) record.queries.push_back(text.title);
  if (record.document.empty()) {
    record.document = first_sentence;  // a single sentence: the title alone must find it
  } else {
    record.queries.emplace_back(first_sentence);
  }
  return record;
}

}  // namespace

absl::StatusOr<CatalogueTexts> ReadCatalogueTexts(const CatalogueReader& catalogue,
                                                  std::shared_ptr<const Lexicon> lexicon,
                                                  const std::function<bool(uint64_t, uint64_t)>& go_on) {
  const RecordCounts counts = catalogue.Counts();
  const uint64_t total = std::accumulate(counts.begin(), counts.end(), uint64_t{0});
  if (total == 0) {
    return absl::FailedPreconditionError(
        "the catalogue holds no record; import some first: dongxi-indexer import --data DIR FILE");
  }
  CatalogueTexts texts;
  texts.training.synonyms = LexiconPairs(*lexicon);
  texts.training.lexicon = std::move(lexicon);
  bool stopped = false;
  for (const RecordKind kind : kAllRecordKinds) {
    DX_RETURN_IF_ERROR(catalogue.Scan(kind, "", [&](const Record& record) {
      std::string name = ResourceName(kind, record.id);
      TrainingText text = TextOfRecord(record);
      if (IsHeldOut(name)) {
        HeldOutRecord held_out = HeldOut(std::move(name), text);
        if (!held_out.queries.empty() && !held_out.document.empty())
          texts.held_out.push_back(std::move(held_out));
      } else {
        texts.training.texts.push_back(std::move(text));
      }
      if (++texts.records % kRecordsPerReport == 0) stopped = go_on && !go_on(texts.records, total);
      return !stopped;
    }));
    if (stopped) return absl::CancelledError("training cancelled");
  }
  return texts;
}

}  // namespace dongxi
