// The records that Dongxi matches. One flat value type for all kinds: which fields a kind has is said in
// field_schema.h, which import, templates and checks share. Plain data: no thread-safety of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dongxi {

enum class RecordKind : uint8_t {
  kInstitution = 1,  // 机构
  kExpert = 2,       // 专家
  kResult = 3,       // 成果
  kNeed = 4,         // 需求
  kEvidence = 5,     // 佐证: votes for its owners, never offered as a transfer
};
inline constexpr RecordKind kAllRecordKinds[] = {RecordKind::kInstitution, RecordKind::kExpert,
                                                 RecordKind::kResult, RecordKind::kNeed,
                                                 RecordKind::kEvidence};

// Who may see a record in an answer.
enum class Disclosure : uint8_t {
  kPublic = 0,      // 公开
  kRegistered = 1,  // 登记用户
  kOrganiser = 2,   // 仅组织方
};

// Limits of every record, checked by ValidateRecord and stated in docs/import.md.
inline constexpr size_t kIdBytesMax = 128;
inline constexpr size_t kTitleCharactersMax = 500;
inline constexpr size_t kTextCharactersMax = 100'000;  // each of text, wanted
inline constexpr size_t kListItemsMax = 200;           // each of the lists
inline constexpr size_t kListItemCharactersMax = 500;
inline constexpr int kOpenMatchesMax = 1'000;

// How long a deleted record can be undeleted before it may be removed for good.
inline constexpr int64_t kDeletedKeptUs = int64_t{30} * 24 * 3600 * 1'000'000;

struct RecordName {
  RecordKind kind = RecordKind::kResult;
  std::string id;
  auto operator<=>(const RecordName&) const = default;
};

struct Record {
  RecordKind kind = RecordKind::kResult;
  std::string
      id;  // 1..kIdBytesMax bytes: letters and digits of any script, '-', '_', '.'; unique in its kind
  std::string title;                  // name of an institution or expert
  std::string text;                   // statement, abstract, or the situation of a need
  std::string wanted;                 // need: what is looked for
  std::string type;                   // code of the kind's `type` values: university, patent, publication …
  std::string region;                 // GB/T 2260 code of 2, 4 or 6 digits; empty if unknown
  std::string institution;            // id of the expert's institution or of the need's owner
  std::vector<RecordName> owners;     // of results and evidence: institutions and experts
  std::vector<std::string> aliases;   // institution
  std::vector<std::string> fields;    // 领域, in the sender's words
  std::vector<std::string> keywords;  // evidence, result
  std::vector<std::string> modes;     // codes of cooperation modes: transfer, joint_rd …
  std::vector<std::string> conditions;    // codes of conditions: high_altitude, arid …
  std::vector<std::string> indicators;    // 考核指标, a sentence each
  std::vector<std::string> availability;  // expert: codes of modes
  int maturity = 0;                       // TRL 1..9 offered (result) or wanted at least (need); 0 unknown
  int year = 0;                           // 1900..2100; 0 unknown
  int open_matches_max = 0;               // expert: needs he takes at a time, 1..kOpenMatchesMax; 0 not said
  std::string ip_status;                  // result, in the sender's words
  std::string task;                       // need: task of the plan as its owner names it ("3.2"), else empty
  std::optional<double> budget_wan;       // need: 万元
  std::string deadline;                   // need: ISO 8601 date
  std::string valid_until;                // ISO 8601 date; an offer is not matched after that day
  Disclosure disclosure = Disclosure::kPublic;
  bool illustrative = false;  // sample data, shown as 示例数据 wherever it appears
  std::string source;         // where the facts come from
  std::string tenant;  // who owns the record; empty: common to all. Set by the server from the caller's token
  bool shared = false;  // other tenants see it too, as far as its disclosure allows

  // Kept by the catalogue; import ignores them.
  uint64_t revision = 0;       // sequence number of the last write; the etag is made from it
  int64_t create_time_us = 0;  // since 1970 UTC
  int64_t update_time_us = 0;
  int64_t delete_time_us = 0;  // 0: not deleted. A deleted record can be undeleted for kDeletedKeptUs

  bool operator==(const Record&) const = default;
};

// "institutions", "experts", "results", "needs", "evidence": the collection of a kind in resource names.
std::string_view CollectionOf(RecordKind kind);
std::optional<RecordKind> KindOfCollection(std::string_view collection);
// 机构, 专家, 成果, 需求, 佐证.
std::string_view ChineseNameOf(RecordKind kind);

// Letters, digits and marks of any script, '-', '_' and '.'; 1..kIdBytesMax bytes of valid UTF-8.
bool IsValidRecordId(std::string_view id);

// "results/r-1" and back. Parse returns nothing if the collection or the id is not valid.
std::string ResourceName(RecordKind kind, std::string_view id);
std::optional<RecordName> ParseResourceName(std::string_view name);

}  // namespace dongxi
