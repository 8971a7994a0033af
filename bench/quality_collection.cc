#include "bench/quality_collection.h"

#include <algorithm>
#include <set>
#include <utility>

#include "bench/json_lines.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

class CollectionReader {
 public:
  CollectionReader(QualityTarget target, const DocumentFields& fields) : target_(target), fields_(fields) {}

  absl::Status Add(const nlohmann::json& object) {
    const std::string id = StringOf(object, "id");
    if (id.empty()) return absl::InvalidArgumentError("document without \"id\"; give every line one");
    if (!ids_.insert(id).second) return absl::InvalidArgumentError("document id " + id + " stands twice");
    const auto papers = object.find("papers");
    if (target_ != QualityTarget::kResult && papers != object.end() && papers->is_array()) {
      return AddPapers(id, *papers);
    }
    Record record = NewDocument(id);
    Fill(object, fields_, &record);
    for (const std::string& owner : StringsOf(object, "owners")) AddOwner(owner, &record);
    records_.push_back(std::move(record));
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Record>> Take(const std::filesystem::path& file) {
    if (records_.empty()) {
      return absl::InvalidArgumentError(file.string() + ": no document; expected lines with \"id\"");
    }
    if (target_ != QualityTarget::kResult && owners_.empty()) {
      return absl::InvalidArgumentError(
          file.string() +
          ": no document has \"owners\"; partners and experts are ranked by what "
          "they own");
    }
    for (const std::string& owner : owners_) records_.push_back({.kind = KindOf(target_), .id = owner});
    std::sort(records_.begin(), records_.end(), [](const Record& a, const Record& b) {
      return a.kind != b.kind ? a.kind < b.kind : a.id < b.id;
    });
    return std::move(records_);
  }

 private:
  Record NewDocument(const std::string& id) const {
    return {.kind = target_ == QualityTarget::kResult ? RecordKind::kResult : RecordKind::kEvidence,
            .id = id};
  }

  static void Fill(const nlohmann::json& object, const DocumentFields& fields, Record* record) {
    for (const std::string& key : fields.keys) {
      const std::string value = StringOf(object, key.c_str());
      if (key == "title") {
        record->title = value;
      } else if (!value.empty()) {
        record->text += (record->text.empty() ? "" : "\n") + value;
      }
    }
  }

  void AddOwner(const std::string& owner, Record* record) {
    if (target_ == QualityTarget::kResult) return;  // nobody votes
    owners_.insert(owner);
    record->owners.push_back({KindOf(target_), owner});
  }

  absl::Status AddPapers(const std::string& owner, const nlohmann::json& papers) {
    for (size_t i = 0; i < papers.size(); ++i) {
      Record record = NewDocument(owner + "-" + std::to_string(i));
      Fill(papers[i], {{"title", "abstract"}}, &record);
      AddOwner(owner, &record);
      records_.push_back(std::move(record));
    }
    return absl::OkStatus();
  }

  QualityTarget target_;
  const DocumentFields& fields_;
  std::set<std::string> ids_, owners_;
  std::vector<Record> records_;
};

}  // namespace

RecordKind KindOf(QualityTarget target) {
  switch (target) {
    case QualityTarget::kPartner:
      return RecordKind::kInstitution;
    case QualityTarget::kExpert:
      return RecordKind::kExpert;
    case QualityTarget::kResult:
      break;
  }
  return RecordKind::kResult;
}

absl::StatusOr<std::vector<Record>> ReadCollection(const std::filesystem::path& file, QualityTarget target,
                                                   const DocumentFields& fields) {
  CollectionReader reader(target, fields);
  DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) { return reader.Add(object); }));
  return reader.Take(file);
}

}  // namespace dongxi::bench
