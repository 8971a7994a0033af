// Cooperation modes, wanted against offered, and the kind of party that a need asks for. Pure functions; any
// thread.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/record.h"
#include "engine/requirement/requirement.h"
#include "engine/requirement/scanned_record.h"

namespace dongxi::requirement {

// How a mode's code is printed: 转让.
using ModeNames = std::function<std::string(std::string_view code)>;

// What texts say beside the lists (mode_words.h).
struct ModeLimits {
  std::vector<std::string> declined;  // modes that the need refuses in words: 不接受入股
  bool only_remote = false;           // the need wants people to come, and the offer's do not
  // The offer's people go one way only (可派人挂职, 不能接收), or it offers the mode for a part alone
  // (三件专利中一件可以转让).
  std::vector<std::string> one_way;
  bool short_stay = false;  // the offer's people stay less long than the need wants
};

// One verdict a wanted mode, by the offered mode that fits best (modes.tsv): fits is met, partly is short,
// not is contradictory. kUnknown if nothing is offered, and where the table says nothing of a pair: such an
// offer rules nothing out, so it goes before one that the table calls not.
// One that is in `refused` (mode_words.h) and not among the offered is contradictory whatever the table says.
// An offered one that `limits` decline counts for no other than itself; what people do from afar alone is
// short of what is wanted on the spot, and so are people who come for a shorter time or go one way only.
std::vector<RequirementVerdict> JudgeModes(const std::vector<std::string>& wanted,
                                           const std::vector<std::string>& offered, const ModeNames& name,
                                           const RequirementTables& tables,
                                           const std::vector<std::string>& refused = {},
                                           const ModeLimits& limits = {});

// A kind of party that a need asks for: by its words, or by its modes.
struct PartyAsked {
  size_t row = 0;                 // of parties.tsv
  std::optional<FieldSpan> span;  // of the words
};
struct PartiesAsked {
  std::vector<PartyAsked> parties;
  bool only = false;  // the need asks for parties alone: an offered technology is not what it wants
};
// From title and `wanted`; where that is empty, from what the text demands. `fields` are those of
// ScanRecord(need).
PartiesAsked ReadParties(const Record& need, std::span<const ScannedField> fields,
                         const RequirementTables& tables);

// A need with these modes may ask for parties alone: what `only` can be told by without its texts. Without
// modes its task and its words decide.
bool MayAskForPartiesAlone(std::span<const std::string_view> modes, const RequirementTables& tables);

// Whether `candidate` is such a party. Where the need asks for a technology as well, one that is not is
// kUnknown.
std::vector<RequirementVerdict> JudgeParties(const PartiesAsked& asked, const Record& candidate,
                                             const RequirementTables& tables);

// A record of that kind and type is none of the parties asked for, and its type is known: JudgeParties calls
// it contradictory in each of them where parties alone are asked for.
bool IsNoneOf(const PartiesAsked& asked, RecordKind kind, std::string_view type,
              const RequirementTables& tables);

// No party of the table excludes a record of that kind and type: IsNoneOf says no whatever is asked for.
bool MayBeEveryParty(RecordKind kind, std::string_view type, const RequirementTables& tables);

}  // namespace dongxi::requirement
