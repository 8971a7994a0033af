#include "bench/built_data.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>

#include "engine/base/status_macros.h"
#include "indexer/build/generation_builder.h"
#include "store/catalogue.h"

namespace dongxi::bench {

// The records where the builder expects a catalogue.
class BuiltData::Records : public CatalogueReader {
 public:
  explicit Records(std::vector<Record> records) : records_(std::move(records)) {}

  uint64_t sequence() const override { return 1; }
  RecordCounts Counts() const override {
    RecordCounts counts = {};
    for (const Record& record : records_) ++counts[static_cast<size_t>(record.kind)];
    return counts;
  }
  absl::StatusOr<Record> Get(RecordKind kind, std::string_view id) const override {
    const Record* record = Find(kind, id);
    if (record == nullptr) return absl::NotFoundError(ResourceName(kind, id));
    return *record;
  }
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    std::vector<std::optional<Record>> found;
    for (const RecordName& name : names) {
      const Record* record = Find(name.kind, name.id);
      found.push_back(record == nullptr ? std::nullopt : std::optional<Record>(*record));
    }
    return found;
  }
  absl::Status Scan(RecordKind kind, std::string_view after,
                    const std::function<bool(Record)>& visit) const override {
    for (const Record& record : records_) {
      if (record.kind == kind && record.id > after && !visit(record)) break;
    }
    return absl::OkStatus();
  }
  absl::Status ScanChanges(uint64_t, const std::function<bool(const Change&)>&) const override {
    return absl::OkStatus();
  }
  // Records that never change: one state, nothing deleted, no tables.
  absl::StatusOr<std::vector<std::optional<Record>>> GetManyAt(std::span<const RecordName> names,
                                                               uint64_t) const override {
    return GetMany(names);
  }
  uint64_t HistoryStart() const override { return sequence(); }
  absl::StatusOr<std::vector<std::optional<Record>>> GetManyDeleted(
      std::span<const RecordName> names) const override {
    return std::vector<std::optional<Record>>(names.size());
  }
  absl::Status ScanDeleted(RecordKind, std::string_view, const std::function<bool(Record)>&) const override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::optional<std::string>> GetTable(Table, std::string_view) const override {
    return std::optional<std::string>();
  }
  absl::Status ScanTable(Table, std::string_view, const TableVisitor&) const override {
    return absl::OkStatus();
  }
  absl::Status ScanVersions(const std::function<bool(Record)>&) const override { return absl::OkStatus(); }
  absl::Status CheckFiles() const override { return absl::OkStatus(); }

 private:
  const Record* Find(RecordKind kind, std::string_view id) const {
    const auto found = std::lower_bound(
        records_.begin(), records_.end(), std::pair(kind, id),
        [](const Record& record, const std::pair<RecordKind, std::string_view>& name) {
          return record.kind != name.first ? record.kind < name.first : record.id < name.second;
        });
    return found != records_.end() && found->kind == kind && found->id == id ? &*found : nullptr;
  }
  const std::vector<Record> records_;
};

class BuiltData::Folder {
 public:
  static absl::StatusOr<std::unique_ptr<const Folder>> Make() {
    std::string name = (std::filesystem::temp_directory_path() / "dongxi-quality-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      return absl::InternalError(name +
                                 ": cannot make a temporary folder; set TMPDIR to one that can be written");
    }
    return std::unique_ptr<const Folder>(new Folder(name));
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {}
  const std::filesystem::path path_;
};

namespace {

class RecordsForAnswers : public RecordSource {
 public:
  explicit RecordsForAnswers(const CatalogueReader& reader) : reader_(reader) {}
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    return reader_.GetMany(names);
  }

 private:
  const CatalogueReader& reader_;
};

}  // namespace

BuiltData::BuiltData() = default;
BuiltData::~BuiltData() = default;

absl::StatusOr<std::unique_ptr<BuiltData>> BuiltData::Build(std::vector<Record> records,
                                                            const BuiltOptions& options) {
  std::unique_ptr<BuiltData> data(new BuiltData());
  DX_ASSIGN_OR_RETURN(data->context_.policy, LoadPolicy(options.policy));
  DX_ASSIGN_OR_RETURN(data->context_.ranking, LoadRankingConfig(options.ranking));
  DX_ASSIGN_OR_RETURN(data->folder_, Folder::Make());
  data->records_ = std::make_unique<const Records>(std::move(records));
  data->source_ = std::make_unique<const RecordsForAnswers>(*data->records_);
  data->context_.records = data->source_.get();
  BuildOptions build;
  build.generations = data->folder_->path();
  build.lexicon_directory = options.lexicon;
  build.static_model = options.model;
  build.threads = options.threads;
  DX_ASSIGN_OR_RETURN(const BuildSummary summary, BuildGeneration(*data->records_, build));
  DX_ASSIGN_OR_RETURN(data->context_.generation, OpenGeneration(summary.directory, nullptr));
  return data;
}

}  // namespace dongxi::bench
