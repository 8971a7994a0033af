// Phrases that offer or refuse a cooperation mode without naming it, and the words that they are read with
// (data/requirement/mode_phrases.tsv; mode_phrases.h reads texts with them). Private to engine/requirement.
// Immutable; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace dongxi {
struct TableRow;
}

namespace dongxi::requirement {

// 专利…过户: `first` stands before `rest` in the same clause. Without … all is in `first`.
struct ModePhrase {
  std::string first, rest;
  uint16_t first_slot = 0, rest_slot = 0;  // of how they begin, for ModePhraseTable::Within
};

// What a mode is offered or refused with, or what is done in it.
struct PhrasesOfMode {
  std::string mode;  // its code
  std::vector<ModePhrase> phrases;
};

// Words that belong to no mode; the table's head says what each class is for.
enum class PhraseClass {
  kOthers,
  kOthersNot,
  kPartner,
  kPast,
  kUnless,
  kNow,
  kBut,
  kParts,
  kDenial,
  kNoDenial,
  kGoods,
  kRight,
  kCue,
  kWish,
  kBetween,
  kYes,
  kCannotCome,
  kWay,
  kSends,
  kSendsNot,
  kTakes,
  kTakesNot,
  kOneWay,
};
inline constexpr size_t kPhraseClasses = 23;

class ModePhraseTable {
 public:
  // From the rows of mode_phrases.tsv: mode, says, phrases. Errors name file and line: a mode that
  // data/policy/modes.tsv does not have, a word in `says` that the table's head does not name, one that goes
  // with a mode without a mode or the other way round, a phrase that begins or ends with …, has two of them,
  // or has one where the head allows none, a phrase that the mode (without a mode, the class) has already.
  static absl::StatusOr<ModePhraseTable> FromRows(std::string_view file, const std::vector<TableRow>& rows);

  // Those phrases alone that may stand in `text`, in the same order: reading it with them gives the same.
  ModePhraseTable Within(std::string_view text) const;

  // Each mode once, in the order of the table.
  const std::vector<PhrasesOfMode>& offers() const { return offers_; }
  const std::vector<PhrasesOfMode>& refusals() const { return refusals_; }
  const std::vector<PhrasesOfMode>& acts() const { return acts_; }
  const std::vector<ModePhrase>& words(PhraseClass phrase_class) const {
    return words_[static_cast<size_t>(phrase_class)];
  }

 private:
  std::vector<ModePhrase>* ListOf(std::string_view mode, std::string_view says);

  std::vector<PhrasesOfMode> offers_, refusals_, acts_;
  std::vector<ModePhrase> words_[kPhraseClasses];
};

}  // namespace dongxi::requirement
