#include "engine/requirement/mode_phrases.h"

#include <algorithm>

#include "engine/requirement/mode_names.h"

namespace dongxi::requirement {
namespace {

using Phrases = std::vector<ModePhrase>;

constexpr size_t kNone = std::string_view::npos;
constexpr size_t kCharacter = 3;  // bytes

// As a whole: one with … does not count.
bool SaysWhole(std::string_view text, const Phrases& phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [&](const ModePhrase& phrase) {
    return phrase.rest.empty() && text.find(phrase.first) != kNone;
  });
}

bool IsOfPeople(std::string_view code) {
  return code == "flexible_hiring" || code == "dual_appointment" || code == "mutual_secondment";
}

void Add(std::string_view code, std::vector<std::string>& codes) {
  if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.emplace_back(code);
}

void Remove(std::string_view code, std::vector<std::string>& codes) { std::erase(codes, code); }

bool Has(const std::vector<std::string>& codes, std::string_view code) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// Those of `all` that are asked about.
std::vector<const PhrasesOfMode*> Chosen(const std::vector<PhrasesOfMode>& all, bool people,
                                         const std::vector<std::string>& codes) {
  std::vector<const PhrasesOfMode*> chosen;
  for (const PhrasesOfMode& one : all) {
    if (Has(codes, one.mode) && (people || !IsOfPeople(one.mode))) chosen.push_back(&one);
  }
  return chosen;
}

// A clause, with what its sentence says of all its clauses.
struct PhraseClause {
  std::string_view text;
  bool unless = false;  // 未经学校同意，不得转让
  bool but = false;     // 发明人愿意转让，但学校尚未批准
  bool goods = false;   // it speaks of goods, not of rights
};

// The modes that the clause itself refuses.
std::vector<std::string> ReadRefusals(const PhraseClause& clause,
                                      const std::vector<const PhrasesOfMode*>& refusals,
                                      const ModePhraseTable& table, ModePhrases& said) {
  std::vector<std::string> refused;
  // 过去不卖, 登记时注明不转让.
  if (clause.unless || SaysOneOf(clause.text, table.words(PhraseClass::kPast))) return refused;
  for (const PhrasesOfMode* one : refusals) {
    if (!SaysOneOf(clause.text, one->phrases) || (one->mode == "transfer" && clause.goods)) continue;
    refused.push_back(one->mode);
    Add(one->mode, said.refused);
    Add(one->mode, said.ever_refused);
    Remove(one->mode, said.offered);
  }
  return refused;
}

void ReadOffers(const PhraseClause& clause, const std::vector<const PhrasesOfMode*>& offers,
                const std::vector<std::string>& refused_here, const ModePhraseTable& table,
                ModePhrases& said) {
  const bool now = SaysOneOf(clause.text, table.words(PhraseClass::kNow));
  if (clause.but || (!now && SaysOneOf(clause.text, table.words(PhraseClass::kPast)))) return;
  for (const PhrasesOfMode* one : offers) {
    const size_t at = FirstOf(clause.text, one->phrases);
    if (at == kNone || Has(refused_here, one->mode) || (one->mode == "transfer" && clause.goods)) continue;
    const std::string_view before = clause.text.substr(0, at);
    if (IsDeniedBefore(before, table) || SaysOneOf(before, table.words(PhraseClass::kPartner))) continue;
    Add(one->mode, said.ever_offered);
    if (Has(said.refused, one->mode) && !now) continue;
    Remove(one->mode, said.refused);
    Add(one->mode, said.offered);
  }
}

// Which ways people may go: 可派两人去挂职, 对方来院挂职办不了.
void ReadWays(std::string_view text, const ModePhraseTable& table, ModePhrases& said) {
  const auto says = [&](std::string_view where, PhraseClass what) {
    return SaysOneOf(where, table.words(what));
  };
  if (!says(text, PhraseClass::kWay)) return;
  bool out = false, in = false, no_out = false, no_in = false, one_way = false;
  ForEachPart(text, kClauseMarks, [&](std::string_view clause) {
    if (SaysNothing(clause, table)) return;
    const bool denies_in = says(clause, PhraseClass::kTakesNot);
    const bool denies_out = says(clause, PhraseClass::kSendsNot);
    no_in |= denies_in;
    no_out |= denies_out;
    one_way |= says(clause, PhraseClass::kOneWay);
    in |= !denies_in && says(clause, PhraseClass::kTakes);
    out |= !denies_out && says(clause, PhraseClass::kSends);
  });
  if (Has(said.refused, "mutual_secondment")) return;
  // One way is denied: in parts of a phrase (来…办不了) only where the other one is said to be open.
  const auto open = [&](bool other, PhraseClass denied) {
    return other || SaysWhole(text, table.words(denied));
  };
  if (one_way ||
      (no_in != no_out && (no_in ? open(out, PhraseClass::kTakesNot) : open(in, PhraseClass::kSendsNot)))) {
    Remove("mutual_secondment", said.offered);
    Add("mutual_secondment", said.one_way);
  } else if (out && in) {
    Add("mutual_secondment", said.offered);
  }
}

// The number that ends where `text` ends: 六, 四十, 15, 半; the last of 三四 counts. 0 if there is none.
int NumberBefore(std::string_view text) {
  constexpr std::string_view kDigits[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  int digits = 0, scale = 1;
  for (; !text.empty() && text.back() >= '0' && text.back() <= '9'; text.remove_suffix(1)) {
    if (scale > 1000) return 0;
    digits += (text.back() - '0') * scale;
    scale *= 10;
  }
  if (scale > 1) return digits;
  const auto digit = [&] {
    if (text.ends_with("两")) return 2;
    for (int i = 0; i < 10; ++i) {
      if (text.ends_with(kDigits[i])) return i;
    }
    return 0;
  };
  const int ones = digit();
  if (ones > 0) text.remove_suffix(kCharacter);
  if (!text.ends_with("十")) return ones;
  text.remove_suffix(kCharacter);
  const int tens = digit();
  return (tens > 0 ? tens : 1) * 10 + ones;
}

}  // namespace

ModePhrases ReadModePhrases(std::string_view text, RecordKind kind, const std::vector<std::string>& codes,
                            const ModePhraseTable& table) {
  ModePhrases said;
  const bool people = kind == RecordKind::kExpert || kind == RecordKind::kInstitution;
  const std::vector<const PhrasesOfMode*> refusals = Chosen(table.refusals(), people, codes);
  const std::vector<const PhrasesOfMode*> offers = Chosen(table.offers(), people, codes);
  ForEachPart(text, kSentenceMarks, [&](std::string_view sentence) {
    PhraseClause clause{.unless = SaysOneOf(sentence, table.words(PhraseClass::kUnless))};
    ForEachPart(sentence, kClauseMarks, [&](std::string_view part) {
      clause.but = clause.but || SaysOneOf(part, table.words(PhraseClass::kBut));
    });
    ForEachPart(sentence, kClauseMarks, [&](std::string_view part) {
      if (SaysNothing(part, table)) return;
      clause.text = part;
      clause.goods = IsGoodsOnly(part, table);
      ReadOffers(clause, offers, ReadRefusals(clause, refusals, table, said), table, said);
    });
  });
  if (people && Has(codes, "mutual_secondment")) ReadWays(text, table, said);
  return said;
}

int StayDays(std::string_view text) {
  struct Unit {
    std::string_view word;
    int days, more;
  };
  constexpr Unit kUnits[] = {{"个月", 30, 0}, {"个半月", 30, 15}, {"周", 7, 0},      {"星期", 7, 0},
                             {"天", 1, 0},    {"日", 1, 0},       {"个工作日", 1, 0}};
  constexpr std::string_view kStays[] = {"每年", "一年", "在岗", "到岗", "年均"};
  constexpr std::string_view kOften[] = {"每月", "每个月", "季度", "每季", "每周"};
  int longest = 0;
  ForEachPart(text, kClauseMarks, [&](std::string_view clause) {
    if (!HasAny(clause, kStays) || HasAny(clause, kOften)) return;
    if (clause.find("半年") != kNone) longest = std::max(longest, 180);
    for (const Unit& unit : kUnits) {
      for (size_t at = clause.find(unit.word); at != kNone;
           at = clause.find(unit.word, at + unit.word.size())) {
        const int number = NumberBefore(clause.substr(0, at));
        if (number > 0) longest = std::max(longest, number * unit.days + unit.more);
      }
    }
  });
  return longest;
}

bool CannotCome(std::string_view text, const ModePhraseTable& table) {
  return SaysOneOf(text, table.words(PhraseClass::kCannotCome));
}

}  // namespace dongxi::requirement
