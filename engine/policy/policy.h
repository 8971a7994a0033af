// The policy tables: regions and groups, channels, tasks with their topics, pairings, cooperation modes.
// Loaded from data/policy/ (format: docs/format/policy.md), validated; immutable afterwards, any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "engine/record/field_schema.h"

namespace dongxi {

enum class PairingStrength { kNamed, kGroup, kInferred };

// The days on which a row of the tables applies, both ends included.
struct Validity {
  absl::CivilDay from = absl::CivilDay::min();
  absl::CivilDay to = absl::CivilDay::max();  // max: open
  bool Contains(absl::CivilDay day) const { return from <= day && day <= to; }
  bool Overlaps(const Validity& other) const { return from <= other.to && other.from <= to; }
  bool operator==(const Validity&) const = default;
};

// How the words of an institution end are compared with a candidate's name and aliases.
enum class InstitutionMatch {
  kNone,      // no institution: the whole region
  kPrefix,    // the name begins with a word: 中国农业科学院棉花研究所
  kContains,  // the name contains a word: 北京中关村某某公司
};

struct Channel {
  std::string id;      // "keji-yuanqing"
  std::string name;    // 科技援青
  std::string region;  // province code whose needs it serves: "63"
  Validity valid;
};

struct Task {
  std::string id;       // "3.2"
  std::string channel;  // Channel::id
  std::string title;    // 盐湖产业
  std::string quote;    // sentence of the plan
  Validity valid;
};

// One western end and one other end. A row of the table that names a group is here once for each of its
// regions.
struct Pairing {
  std::string task;
  std::string west;  // code prefix of the western end ("63", "5401")
  std::string
      east;  // code prefix of the other end; an institution end has its id or name in east_institution
  std::string east_name;         // as the answer names it: 天津, 中关村, 江苏（东部省市）
  std::string east_institution;  // name of the institution or park, matched with names and aliases; empty:
                                 // the whole region
  PairingStrength strength = PairingStrength::kNamed;
  std::string quote;
  std::string group;                           // 东部, if the row named a group; else empty
  std::vector<std::string> institution_words;  // every accepted writing, the first is east_institution
  InstitutionMatch match = InstitutionMatch::kNone;
  Validity valid;
};

struct TaskProbability {
  std::string task;        // empty: none of the tasks
  double probability = 0;  // of all entries together 1
};

// Where a need stands in the plan.
struct PolicyReading {
  std::string channel;       // Channel::id, or "none"
  std::string channel_name;  // 科技援青, or 无对应通道
  std::vector<TaskProbability>
      tasks;  // every task of the channel, most probable first; includes the entry for none
};

// What the table says of one candidate for one need.
struct PolicyBoost {
  double amount = 0;  // in [0, 1]: probability of the task times strength (named 1, group 0.5, inferred
                      // 0.25), the best pairing
  std::string task;
  std::string reason;  // 通过科技援青: 青海 ↔ 天津, 盐湖产业
  std::string quote;
  PairingStrength strength = PairingStrength::kNamed;
  int pairing = -1;  // place in Policy::pairings(); -1 with amount 0
};

// The end of a candidate that pairings are compared with.
struct CandidateEnd {
  std::string_view region;  // 2..6 digits; empty if unknown
  std::string_view institution_name;
  const std::vector<std::string>* aliases = nullptr;  // may be null
};

struct CooperationMode {
  std::string code;                // "transfer"
  std::vector<std::string> words;  // the first one we print: 转让
};

class Policy : public ImportVocabulary {
 public:
  virtual const std::string& version() const = 0;  // "14-5-2022+crc32c"
  virtual const std::vector<Channel>& channels() const = 0;
  virtual const std::vector<Task>& tasks() const = 0;
  virtual const std::vector<Pairing>& pairings() const = 0;

  // Name of a region code (province, city or county listed), e.g. 青海 for 63, 海西州 for 6328; the longest
  // known prefix. The code itself if no prefix is known.
  virtual std::string RegionName(std::string_view code) const = 0;
  // Code of a region name with or without 省, 市, 自治区, 州 …; empty if unknown or ambiguous. 海南藏族自治州
  // is 6325, 海南 and 海南省 are 46. Combined names are read too: 青海省海西州 is 6328; a county that the
  // table does not list is its province or city (海南州贵德县 is 6325) if that is written with its suffix. A
  // contradiction is empty.
  std::string RegionCode(std::string_view name) const override = 0;
  virtual const std::vector<CooperationMode>& modes() const = 0;
  std::string ModeCode(std::string_view word) const override = 0;
  virtual std::string ModeName(std::string_view code) const = 0;  // the code itself if unknown
  // 东部, 沿黄河, 长江流域, 西部. Members of a group that has no end date; a city is in the group of its
  // province.
  virtual bool InGroup(std::string_view group, std::string_view code) const = 0;

  // Channel from the region, likely tasks from the text (only tasks of that channel can have a probability);
  // `declared_task`, if it is one of them, gets at least 0.9. A region outside the eight programme regions:
  // channel "none".
  virtual PolicyReading Read(std::string_view region, std::string_view declared_task, std::string_view title,
                             std::string_view text, absl::CivilDay today) const = 0;

  // The best boost of a candidate; amount 0 if no pairing valid on `today` applies. A pairing applies when
  // the need's region lies in its western end and the candidate in its other end. Tasks less probable than
  // 0.1 give nothing, so that no answer is explained by a task which the need is not of. Where the other end
  // is a park (中关村), the other institutions of its city count as a group.
  virtual PolicyBoost Boost(const PolicyReading& reading, std::string_view need_region,
                            const CandidateEnd& candidate, absl::CivilDay today) const = 0;
};

// Errors name file and line.
absl::StatusOr<std::shared_ptr<const Policy>> LoadPolicy(const std::string& directory);

}  // namespace dongxi
