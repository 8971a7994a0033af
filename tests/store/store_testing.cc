#include "tests/store/store_testing.h"

#include <stdlib.h>

#include <system_error>

#include "engine/base/status_macros.h"

namespace dongxi {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "dongxi-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) abort();
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Record Titled(RecordKind kind, const std::string& id, const std::string& title) {
  Record record;
  record.kind = kind;
  record.id = id;
  record.title = title;
  return record;
}

std::vector<Record> FullRecords() {
  Record institution = Titled(RecordKind::kInstitution, "i-盐湖所", "盐湖研究所");
  institution.aliases = {"盐湖所", "ISL"};
  institution.type = "research_institute";
  institution.region = "6301";
  institution.fields = {"盐湖化工", "锂"};
  institution.modes = {"joint_rd"};
  institution.text = "盐湖资源综合利用";
  institution.valid_until = "2030-12-31";
  institution.disclosure = Disclosure::kRegistered;
  institution.illustrative = true;
  institution.source = "示例";

  Record expert = Titled(RecordKind::kExpert, "e-1", "提锂专家");
  expert.institution = "i-盐湖所";
  expert.region = "63";
  expert.fields = {"吸附法"};
  expert.text = "铝系吸附剂";
  expert.availability = {"flexible_hiring", "dual_appointment"};
  expert.open_matches_max = 3;
  expert.valid_until = "2028-01-01";
  expert.disclosure = Disclosure::kOrganiser;

  Record result = Titled(RecordKind::kResult, "r-1", "老卤提锂");
  result.text = "从老卤中提取碳酸锂";
  result.type = "technology";
  result.owners = {{RecordKind::kInstitution, "i-盐湖所"}, {RecordKind::kExpert, "e-1"}};
  result.region = "6328";
  result.fields = {"化工"};
  result.keywords = {"提锂", "吸附"};
  result.maturity = 7;
  result.ip_status = "发明专利授权";
  result.modes = {"transfer", "license"};
  result.conditions = {"high_altitude", "saline"};
  result.indicators = {"收率不低于 85%"};
  result.year = 2021;
  result.valid_until = "2029-06-30";
  result.source = "成果库";

  Record need = Titled(RecordKind::kNeed, "n-1", "低品位卤水提锂");
  need.text = "镁锂比高";
  need.wanted = "低成本的分离工艺";
  need.institution = "i-盐湖所";
  need.region = "63";
  need.fields = {"盐湖"};
  need.keywords = {"提锂"};
  need.task = "3.2";
  need.modes = {"joint_rd"};
  need.maturity = 6;
  need.conditions = {"cold"};
  need.indicators = {"成本低于 3 万元/吨", "收率 90%"};
  need.budget_wan = 300.5;
  need.deadline = "2027-06-30";
  need.valid_until = "2027-12-31";

  Record evidence = Titled(RecordKind::kEvidence, "p-1", "吸附法提锂研究进展");
  evidence.text = "综述";
  evidence.type = "publication";
  evidence.owners = {{RecordKind::kExpert, "e-1"}};
  evidence.fields = {"化工"};
  evidence.keywords = {"锂"};
  evidence.valid_until = "2030-12-31";
  evidence.year = 2020;
  evidence.illustrative = true;
  return {institution, expert, result, need, evidence};
}

absl::Status WriteFixture(const std::filesystem::path& directory) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<Catalogue> catalogue, Catalogue::Open(directory));
  std::vector<Record> records = FullRecords();
  records.push_back(Titled(RecordKind::kResult, "r-removed", "已撤回的成果"));
  DX_RETURN_IF_ERROR(catalogue->Upsert(records, kFixtureTimeUs).status());
  DX_RETURN_IF_ERROR(catalogue->Flush());
  // The rest stays in the write-ahead log, so that the fixture has both kinds of files.
  records[2].title = "老卤提锂（第二版）";
  DX_RETURN_IF_ERROR(catalogue->Upsert({records[2]}, kFixtureTimeUs + 1).status());
  const RecordName removed[] = {{RecordKind::kResult, "r-removed"}};
  DX_RETURN_IF_ERROR(catalogue->Delete(removed, kFixtureTimeUs + 2).status());
  const auto put = [](const CatalogueReader&) {
    WriteBatch batch;
    batch.puts = {{Table::kSettings, "fixture", "v2"}};
    return batch;
  };
  return catalogue->Write(put, kFixtureTimeUs + 3).status();
}

std::vector<std::string> IdsOf(const CatalogueReader& reader, RecordKind kind, const std::string& after) {
  std::vector<std::string> ids;
  const absl::Status scanned = reader.Scan(kind, after, [&ids](Record record) {
    ids.push_back(std::move(record.id));
    return true;
  });
  if (!scanned.ok()) return {scanned.ToString()};
  return ids;
}

std::vector<Change> ChangesOf(const CatalogueReader& reader, uint64_t after) {
  std::vector<Change> changes;
  const absl::Status scanned = reader.ScanChanges(after, [&changes](const Change& change) {
    changes.push_back(change);
    return true;
  });
  if (!scanned.ok())
    changes.push_back({0, ChangeOperation::kDelete, {RecordKind::kResult, scanned.ToString()}});
  return changes;
}

}  // namespace dongxi
