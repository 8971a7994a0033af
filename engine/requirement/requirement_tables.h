// The tables that requirements are read with: units, quantities, qualifiers, words, maturity, modes and their
// phrases, parties, conditions, claims. Files: data/requirement/*.tsv (docs/requirements.md). Immutable; any
// thread.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/requirement/dimension.h"
#include "engine/requirement/mode_phrase_table.h"
#include "engine/requirement/same_quantity.h"

namespace dongxi::requirement {

// Words of a table, found longest first. A word that begins or ends with an ASCII letter or digit stands
// alone there (li is not found in limit).
class WordFinder {
 public:
  // False if the word is there with another id.
  bool Add(std::u32string word, size_t id);
  struct Hit {
    size_t begin = 0, end = 0, id = 0;
  };
  // The longest word that begins (ends) at `at`; end == begin if none.
  // `joined`: the word may follow a letter or digit, as a unit does (85kg).
  Hit At(std::u32string_view text, size_t at, bool joined = false) const;
  Hit EndingAt(std::u32string_view text, size_t end) const;
  // Longest at each place, left to right, without overlaps.
  std::vector<Hit> FindAll(std::u32string_view text) const;
  bool Contains(std::u32string_view text) const { return !FindAll(text).empty(); }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::u32string_view word) const { return std::hash<std::u32string_view>()(word); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(std::u32string_view a, std::u32string_view b) const { return a == b; }
  };
  // The longest word that begins (ends) with a character of this slot: most places of a text need no look-up
  // at all.
  using Lengths = std::array<uint8_t, 4096>;
  static size_t Slot(char32_t c) { return c % std::tuple_size_v<Lengths>; }

  std::unordered_map<std::u32string, size_t, Hash, Equal> words_;
  Lengths longest_from_ = {}, longest_to_ = {};
};

struct UnitRow {
  std::string unit;
  Dimension dimension;
  double factor = 1;  // value in base units = number * factor + offset
  double offset = 0;
};

// Which values of a quantity serve a need that writes no comparison.
enum class Better { kNone, kHigh, kLow, kReachHigh, kReachLow };
enum class QuantityKind { kPlain, kGeneric, kCut, kRise };

// 成活率 and 死亡率 are the halves of one whole.
struct Complement {
  uint16_t whole = 0;  // line of complements.tsv; 0: none
  bool rest = false;
};

// A word that keeps names apart: both of one class (进 and 出 of "way"), with another value.
struct OppositeWord {
  uint16_t word_class = 0, value = 0;
  auto operator<=>(const OppositeWord&) const = default;
};

struct QuantityRow {
  std::string quantity;  // 强度/抗压 is a kind of 强度
  Complement complement;
  Better better = Better::kNone;
  QuantityKind kind = QuantityKind::kPlain;
};

// Units that the words of a quantity can have.
struct UnitFitRow {
  std::vector<std::string> bases;  // base quantities that the dimension may be made of
  bool ratio = false;              // plain shares as well
  double share_max = 0;            // the greatest share; 0: no limit
};

struct QualifierRow {
  std::string set;  // substance, crop, level …
  std::string value;
};

enum class WordClass {
  kSkipNumber,
  kNotUnit,
  kBaseline,
  kTarget,
  kVersus,
  kPrefix,
  kSuffix,
  kConditionAfter,
  kNegation,
  kMeasure,
  kNoun,
  kTopic,
  kStudy,
};
inline constexpr size_t kWordClasses = 13;

// What a word tells of the elements of a need (elements.tsv says what each class is for).
enum class ElementWord {
  kDemand,
  kLead,
  kSkip,
  kList,
  kJoin,
  kBreak,
  kTrim,
  kEmpty,
  kGeneric,
  kAbsent,
  kMaterialFrom,
  kMaterialVerb,
  kMaterialAfter,
  kMethodHead,
  kProductHead,
  kProductBefore,
  kEffectBefore,
  kEffectAfter,
  kEffectPair,
  kEffectInside,
  kApplicationBefore,
  kApplicationAfter,
  kApplicationEnd,
};
inline constexpr size_t kElementWords = 23;

// TRL that the words of a text say.
struct MaturityRow {
  int low = 0, high = 0;  // 1..9
  bool is_level = true;   // false: its words only hold those of a level (其中试验)
};

// Ways over a gap of maturity and who could take them.
struct RouteRow {
  std::string code;  // pilot_platform, joint_rd, offsite_conversion
  std::string name;  // 中试平台熟化
  int gap_min = 2, gap_max = 9;
  int offered_min = 1, offered_max = 9;   // TRL of the offer from which it makes sense
  std::vector<std::string> institutions;  // types of institutions that could take it
  std::string reason;
};

enum class ModeFit { kNot = 0, kPartly = 1, kFits = 2 };
struct ModeFitRow {
  ModeFit fit = ModeFit::kNot;
  std::string reason;  // Chinese
};

// A kind of party that a need asks for in words: an operator for a park, people, a platform.
struct PartyRow {
  std::string code;                // park_operator
  std::string name;                // 园区运营方
  std::vector<std::string> kinds;  // record kinds that can be it: institution, expert, result
  std::vector<std::string> types;  // institution types; empty: any
  std::vector<std::string> modes;  // modes of a need that ask for it
  std::vector<std::string> tasks;  // tasks of the plan where it is usual
};

struct ConditionRow {
  std::string code;               // of ConditionWords()
  std::string measure;            // quantity whose number says how hard it is: 海拔; empty: none
  std::string unit;               // of the measure, as printed: m, ℃, m/s; empty: none, or a plain number
  Dimension dimension;            // of the unit
  double factor = 1, offset = 0;  // base = number * factor + offset
  bool low_is_hard = false;       // of the measure: cold is harder the lower it is
  double number = 0;              // from which number (base unit) a text asks for it
  double scale = 0;               // how much may be missing (base unit) before nothing counts as validated
  std::vector<std::string> near;  // conditions that prepare for it in part

  // By how much `a` is harder than `b`, base units.
  double Harder(double a, double b) const { return low_is_hard ? b - a : a - b; }
};

// What the words around a word make of it: 有望用于高海拔 is a plan, 产业化前景 is no readiness.
enum class Claim { kStated, kPlanned, kDenied };
enum class ClaimEffect {
  kNone,  // swallows a shorter word that would count: 模拟 is no 拟
  kPlan,  // 拟, 有望, 前景: not yet so
  kDeny,  // 不适用于, 未在: said not to be so
  kSolve,  // 解决: what is denied behind it is the trouble that the offer removes; 较, 替代: others that are
           // named behind it are what the offer is compared with
  kDemand,  // 希望, 要求: a need asks for what follows
};
enum class ClaimPlace {
  kMaturityBefore,
  kAskedBefore,
  kMaturityAfter,
  kDemand,
  kConditionBefore,
  kConditionAfter,
  kLivenessBefore,
  kLivenessAfter,
  kOther,         // another thing: 上一代, 进口设备
  kMaturityOther  // the words of kOther, and parts and other times: 其中, 验收目标
};
inline constexpr size_t kClaimPlaces = 10;
struct ClaimRow {
  ClaimEffect effect = ClaimEffect::kNone;
  size_t reach = 0;  // characters that may stand between it and the word
};

// What the words of a record say of whether an offer can still be had.
enum class LivenessEffect { kFine, kLower, kBlock };
struct LivenessRow {
  // ip: a result's IP status; expert, institution: their texts (several: ip|expert); no words: load,
  // overload, licence_ends and retired_helps, which take a heavier row's place.
  std::string scope;
  LivenessEffect effect = LivenessEffect::kFine;
  std::string reason;
};

class RequirementTables {
 public:
  const std::vector<UnitRow>& units() const { return units_; }
  // Case-sensitive first, then any case: the first row with the writing. Where both cases stand in the text,
  // m and M at its beginning stay apart: Mpa is MPa, mPa is not.
  WordFinder::Hit UnitAt(std::u32string_view text, size_t at) const;
  WordFinder::Hit UnitEndingAt(std::u32string_view text, size_t end) const {
    return unit_words_.EndingAt(text, end);
  }

  const std::vector<QuantityRow>& quantities() const { return quantities_; }
  const WordFinder& quantity_words() const { return quantity_words_; }  // in lower case
  // In lower case; the id is a place in qualifiers(): the rows that have the word (羔羊 is an animal and an
  // age).
  const WordFinder& qualifier_words() const { return qualifier_words_; }
  const std::vector<std::vector<QualifierRow>>& qualifiers() const { return qualifiers_; }
  // In lower case; the id is a place in opposites(): all that the word tells.
  const WordFinder& opposite_words() const { return opposite_words_; }
  const std::vector<std::vector<OppositeWord>>& opposites() const { return opposites_; }
  // Null for words (lower case) that unit_fits.tsv does not have.
  const UnitFitRow* UnitFitOf(std::u32string_view word) const;
  const WordFinder& words(WordClass word_class) const { return words_[static_cast<size_t>(word_class)]; }

  const WordFinder& element_words(ElementWord word) const {
    return element_words_[static_cast<size_t>(word)];
  }

  // The beginnings of a quantity's name that stand for a denominator (亩产, 年处理), with the unit's row.
  const WordFinder& denominators() const { return denominators_; }

  const std::vector<MaturityRow>& maturity() const { return maturity_; }
  // Needs and offers have words of their own: 现成技术 is asked for, 投产 is told.
  const WordFinder& maturity_words(bool of_need) const { return maturity_words_[of_need ? 1 : 0]; }
  const std::vector<RouteRow>& routes() const { return routes_; }
  // Null for a pair that the table does not have: it says nothing of it.
  const ModeFitRow* FitOf(std::string_view wanted, std::string_view offered) const;
  const ModePhraseTable& mode_phrases() const { return mode_phrases_; }
  const std::vector<PartyRow>& parties() const { return parties_; }
  const WordFinder& party_words() const { return party_words_; }
  const std::vector<ConditionRow>& conditions() const { return conditions_; }
  const WordFinder& condition_words() const { return condition_words_; }
  const WordFinder& not_conditions() const { return not_conditions_; }  // 黄土高原
  // In lower case: what a condition's number stands behind (年降水, 短路比). The id is twice the place in
  // conditions(), one more for words that count beside the condition alone (含盐).
  const WordFinder& condition_names() const { return condition_names_; }
  // Ids are places in claims().
  const WordFinder& claim_words(ClaimPlace place) const { return claim_words_[static_cast<size_t>(place)]; }
  const std::vector<ClaimRow>& claims() const { return claims_; }
  const SameQuantityModel& same_quantity() const { return same_quantity_; }
  const std::vector<LivenessRow>& liveness() const { return liveness_; }
  const WordFinder& liveness_words() const { return liveness_words_; }

 private:
  friend class TableReader;
  std::vector<UnitRow> units_;
  WordFinder unit_words_, unit_words_folded_;
  std::vector<QuantityRow> quantities_;
  WordFinder quantity_words_;
  std::vector<UnitFitRow> unit_fits_;
  WordFinder unit_fit_words_;
  std::vector<std::vector<QualifierRow>> qualifiers_;
  std::vector<std::vector<OppositeWord>> opposites_;
  WordFinder qualifier_words_, opposite_words_;
  WordFinder words_[kWordClasses];
  WordFinder element_words_[kElementWords];
  WordFinder denominators_;
  std::vector<MaturityRow> maturity_;
  WordFinder maturity_words_[2];  // of offers, of needs
  std::vector<RouteRow> routes_;
  std::map<std::string, std::map<std::string, ModeFitRow, std::less<>>, std::less<>>
      modes_;  // wanted, offered
  ModePhraseTable mode_phrases_;
  std::vector<PartyRow> parties_;
  WordFinder party_words_;
  std::vector<ConditionRow> conditions_;
  WordFinder condition_words_, not_conditions_, condition_names_;
  std::vector<ClaimRow> claims_;
  WordFinder claim_words_[kClaimPlaces];
  std::vector<LivenessRow> liveness_;
  WordFinder liveness_words_;
  SameQuantityModel same_quantity_;
};

// The files of data/requirement/, by name and content.
using TableFiles = std::map<std::string, std::string, std::less<>>;

// Errors: InvalidArgument names file, line, what was found and what is expected; NotFound names the file that
// is missing.
absl::StatusOr<std::shared_ptr<const RequirementTables>> ParseRequirementTables(const TableFiles& files);
// The .tsv files of a folder. NotFound names a folder that cannot be read.
absl::StatusOr<TableFiles> ReadTableFiles(const std::string& directory);
absl::StatusOr<std::shared_ptr<const RequirementTables>> LoadRequirementTables(const std::string& directory);

// data/requirement as it was when this program was built: an answer depends on the program and the records
// alone, so that replays need no further file.
const RequirementTables& BuiltInRequirementTables();

}  // namespace dongxi::requirement
