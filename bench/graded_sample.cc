#include "bench/graded_sample.h"

#include <algorithm>
#include <utility>

#include "bench/quality/checks.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr absl::CivilDay kSampleDay(2026, 1, 1);

absl::Status ReadJudgements(const std::filesystem::path& directory, const Sample& sample,
                            GradedSample& graded) {
  Ids needs;
  for (const auto& [id, need] : graded.needs) needs.insert(id);
  for (const NeedLabel& label : sample.labels) {
    if (!needs.contains(label.need))
      return absl::InvalidArgumentError("labels.jsonl names the unknown need " + label.need);
  }
  for (size_t list = 0; list < kLists; ++list) {
    const std::filesystem::path file = directory / kListNames[list].qrels;
    Ids candidates;
    for (const Record& record : sample.records.at(kListNames[list].kind)) candidates.insert(record.id);
    DX_ASSIGN_OR_RETURN(graded.qrels[list], ReadQrels(file));
    DX_RETURN_IF_ERROR(CheckQrelsQueries(file, needs));
    DX_RETURN_IF_ERROR(CheckQrelsDocuments(file, candidates));
  }
  return absl::OkStatus();
}

// In order of kind, then id.
std::vector<Record> AllRecords(Sample sample) {
  std::vector<Record> all;
  for (auto& [kind, records] : sample.records) {
    std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) { return a.id < b.id; });
    std::move(records.begin(), records.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

absl::StatusOr<GradedSample> OpenGradedSample(const std::filesystem::path& directory,
                                              const ProgramTables& tables, int threads) {
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Policy> policy, LoadPolicy(tables.policy));
  DX_ASSIGN_OR_RETURN(Sample sample, ReadSample(directory, *policy));
  GradedSample graded;
  for (const Record& need : sample.records.at(RecordKind::kNeed)) graded.needs.emplace(need.id, need);
  graded.labels = sample.labels;
  DX_RETURN_IF_ERROR(ReadJudgements(directory, sample, graded));
  const BuiltOptions options = {.policy = tables.policy,
                                .ranking = tables.ranking,
                                .lexicon = tables.lexicon,
                                .model = tables.model,
                                .threads = threads};
  DX_ASSIGN_OR_RETURN(graded.data, BuiltData::Build(AllRecords(std::move(sample)), options));
  return graded;
}

MatchQuestion SampleQuestion(Record need) {
  MatchQuestion question = QuestionOf(std::move(need));
  question.settings.today = kSampleDay;
  question.settings.limit = kMatchEntriesMax;
  question.settings.detail = Detail::kNamesOnly;
  return question;
}

}  // namespace dongxi::bench
