#include "engine/requirement/quantity_name.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "engine/requirement/scan_text.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr std::u32string_view kParticles = U"的了在对为是与和及以后时每个其将使被按从由到至于中内所各约达";

using Grams = std::vector<uint64_t>;  // ascending, each once

Grams GramsOf(std::u32string_view text) {
  constexpr uint64_t kLatin = uint64_t{1} << 63;
  Grams grams;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsAsciiLetter(text[i]) || IsAsciiDigit(text[i])) {
      size_t end = i;
      while (end < text.size() && (IsAsciiLetter(text[end]) || IsAsciiDigit(text[end]))) ++end;
      grams.push_back(kLatin | std::hash<std::u32string_view>()(text.substr(i, end - i)));
      i = end - 1;
    } else if (i + 1 < text.size() && IsHan(text[i]) && IsHan(text[i + 1])) {
      grams.push_back(uint64_t{text[i]} << 32 | text[i + 1]);
    }
  }
  std::sort(grams.begin(), grams.end());
  grams.erase(std::unique(grams.begin(), grams.end()), grams.end());
  return grams;
}

// 比 that begins a comparison, not the end of 镁锂比 or the beginning of 比例.
size_t FindVersus(std::u32string_view text) {
  constexpr std::u32string_view kNotAfter = U"例重表率值能容强";
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == U'较') return i;
    if (text[i] == U'比' &&
        (i + 1 >= text.size() || kNotAfter.find(text[i + 1]) == std::u32string_view::npos))
      return i;
  }
  return std::u32string_view::npos;
}

// The word that ends last, of those the longest; a name's head stands at its end.
WordFinder::Hit FindHead(std::u32string_view text, const RequirementTables& tables) {
  for (size_t end = text.size(); end > 0; --end) {
    const WordFinder::Hit hit = tables.quantity_words().EndingAt(text, end);
    if (hit.end > hit.begin) return hit;
  }
  return {};
}

// NOx排放浓度, 氨氮含量: what is emitted or contained is the quantity.
WordFinder::Hit NarrowHead(std::u32string_view text, const WordFinder::Hit& head,
                           const RequirementTables& tables) {
  if (tables.quantities()[head.id].kind != QuantityKind::kGeneric) return head;
  const WordFinder::Hit inner = tables.quantity_words().EndingAt(text, head.begin);
  if (inner.end == inner.begin || tables.quantities()[inner.id].kind != QuantityKind::kPlain) return head;
  return {inner.begin, head.end, inner.id};
}

// 厚0.01mm, 重5kg: the whole name is one character. Empty: it is not.
std::u32string WholeMeasure(std::u32string_view front) {
  constexpr std::u32string_view kOne = U"厚重长宽高深";
  constexpr std::array<std::u32string_view, kOne.size()> kWhole = {U"厚度", U"重量", U"长度",
                                                                   U"宽度", U"高度", U"深度"};
  const size_t place = front.size() == 1 ? kOne.find(front.front()) : std::u32string_view::npos;
  return place == std::u32string_view::npos ? std::u32string() : std::u32string(kWhole[place]);
}

bool IsGreek(char32_t c) { return c >= U'α' && c <= U'ω'; }

// WLTC, D90, β; not what a quantity (pH, PUE), a substance or a unit (%FS, /15mm) is called by.
std::vector<std::u32string> CodesOf(std::u32string_view text, std::u32string_view head,
                                    const RequirementTables& tables) {
  const auto in_code = [](char32_t c) { return IsAsciiLetter(c) || IsAsciiDigit(c) || IsGreek(c); };
  std::vector<std::u32string> codes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!in_code(text[i])) continue;
    size_t end = i;
    while (end < text.size() && in_code(text[end])) ++end;
    const std::u32string code(text.substr(i, end - i));
    const bool letters = std::any_of(code.begin(), code.end(), [](char32_t c) { return !IsAsciiDigit(c); });
    const bool digits = std::any_of(code.begin(), code.end(), IsAsciiDigit);
    const bool of_unit = i > 0 && (text[i - 1] == U'/' || text[i - 1] == U'·' || text[i - 1] == U'%');
    const WordFinder::Hit known = tables.qualifier_words().At(code, 0);
    if (letters && !of_unit && (code.size() > 1 || IsGreek(code[0])) && code != U"fs" &&
        known.end < code.size() && (digits || head.find(code) == std::u32string_view::npos))
      codes.push_back(code);
    i = end;
  }
  return codes;
}

// 吨渣, 日补饲, 年灌水: the unit is what the rest is counted on. Not 吨位, 日粮, 年限.
bool BeginsPer(std::u32string_view text) {
  constexpr std::array<std::pair<char32_t, std::u32string_view>, 4> kPer = {{{U'吨', U"位级数袋桶包每"},
                                                                             {U'日', U"光粮照期常志本间均"},
                                                                             {U'月', U"龄球均季"},
                                                                             {U'年', U"限龄轮份度代级均"}}};
  if (text.size() < 2 || !IsHan(text[1])) return false;
  return std::any_of(kPer.begin(), kPer.end(), [&](const auto& per) {
    return text[0] == per.first && per.second.find(text[1]) == std::u32string_view::npos;
  });
}

// 干物质损失: what is lost of a quantity is another.
bool BeginsLoss(std::u32string_view follow) {
  constexpr std::array<std::u32string_view, 5> kLosses = {U"损失", U"损耗", U"流失", U"散失", U"衰减"};
  return std::any_of(kLosses.begin(), kLosses.end(),
                     [&](std::u32string_view loss) { return follow.starts_with(loss); });
}

// A name as it is taken apart: what stands before the number and what stands behind it, lower case.
class NameReader {
 public:
  NameReader(std::u32string_view before, std::u32string_view after, const RequirementTables& tables)
      : tables_(tables), front_(FoldAscii(before)), back_(FoldAscii(after)) {
    name_.text = std::u32string(before);
    name_.text += after;
  }

  QuantityName Read() && {
    const std::vector<std::u32string> per = FindDenominators();
    if (const std::u32string whole = WholeMeasure(front_); !whole.empty()) front_ = whole;
    std::u32string rest = SplitAtHead();
    // 母液含硼: the content of what follows.
    const size_t contains = name_.text.rfind(U'含');
    if (name_.quantity.empty() && contains != std::u32string::npos && contains + 1 < name_.text.size()) {
      name_.quantity = "含量";
      name_.generic = true;
      name_.object = FoldAscii(std::u32string_view(name_.text).substr(contains + 1));
    }
    // 亩均治理成本 is 治理 成本 per 亩.
    for (const std::u32string& word : per) {
      if (const size_t said = rest.find(word); said != std::u32string::npos) rest.erase(said, word.size());
    }
    name_.rest = WithoutParticles(rest);
    AddWords();
    return std::move(name_);
  }

 private:
  // The words of the units that the name implies: 每亩 and 年均 of 每亩年均用水.
  std::vector<std::u32string> FindDenominators() {
    std::vector<std::u32string> words;
    bool begins = true;
    for (size_t at = 0; at < front_.size(); ++at) {
      WordFinder::Hit hit = tables_.denominators().At(front_, at);
      if (hit.end == hit.begin) hit = DenominatorAt(at, begins);
      begins = hit.end > hit.begin;
      if (!begins) continue;
      name_.denominators.push_back(hit.id);
      words.push_back(front_.substr(hit.begin, hit.end - hit.begin));
      at = hit.end - 1;
    }
    return words;
  }

  // 每枝, 每克: 每 before any unit but what goes in turns (每批, 每班). Where a name begins, or goes on
  // behind another of these words: 吨渣, 吨灰, 日补饲, 年灌水.
  WordFinder::Hit DenominatorAt(size_t at, bool begins) const {
    const bool each = front_[at] == U'每';
    if (!each && !(begins && BeginsPer(std::u32string_view(front_).substr(at)))) return {};
    const WordFinder::Hit unit = tables_.UnitAt(front_, each ? at + 1 : at);
    const bool other_word = tables_.words(WordClass::kNotUnit).At(front_, unit.begin).end > unit.begin;
    if (unit.end == unit.begin || other_word || tables_.units()[unit.id].dimension.Has("issue")) return {};
    return {at, each ? unit.end : at + 1, unit.id};
  }

  WordFinder::Hit HeadOfFront() const {
    const WordFinder::Hit head = FindHead(front_, tables_);
    // 发电量损失较未处理机组: what it is compared with has a head too.
    const size_t versus = FindVersus(front_);
    if (versus == std::u32string::npos || head.begin <= versus || head.end >= front_.size()) return head;
    const WordFinder::Hit own = FindHead(std::u32string_view(front_).substr(0, versus), tables_);
    return own.end > own.begin ? own : head;
  }

  // Finds the quantity; what else the name says.
  std::u32string SplitAtHead() {
    WordFinder::Hit head = HeadOfFront();
    const bool in_front = head.end > head.begin;
    if (!in_front) head = FindHead(back_, tables_);
    if (head.end == head.begin) {
      if (const size_t versus = FindVersus(front_); versus != std::u32string::npos && versus > 0)
        front_.resize(versus);
      return front_ + U" " + back_;
    }
    std::u32string& home = in_front ? front_ : back_;
    const std::u32string others = SplitPart(NarrowHead(home, head, tables_), home);
    return others + (in_front ? back_ : front_);
  }

  // What stands before and behind the head in its part, which loses what the quantity is compared with:
  // 能耗比现有工艺, 较常规滴灌节水.
  std::u32string SplitPart(const WordFinder::Hit& head, std::u32string& home) {
    SetQuantity(tables_.quantities()[head.id]);
    std::u32string lead = home.substr(0, head.begin);
    std::u32string follow = home.substr(head.end);
    for (std::u32string* part : {&lead, &follow}) {
      if (const size_t versus = FindVersus(*part); versus != std::u32string::npos) part->resize(versus);
    }
    if (BeginsLoss(follow) && name_.better != Better::kLow) {
      name_.quantity = "损失率/" + name_.quantity;
      name_.complement = {};
      name_.better = Better::kLow;
    }
    name_.head = home.substr(head.begin, head.end - head.begin);
    constexpr size_t kObjectCharacters = 4;
    name_.object = WithoutParticles(lead);
    if (name_.object.size() > kObjectCharacters)
      name_.object = name_.object.substr(name_.object.size() - kObjectCharacters);
    home = lead + U" " + name_.head + U" " + follow;
    return lead + U" " + follow;
  }

  void SetQuantity(const QuantityRow& row) {
    name_.quantity = row.quantity;
    name_.complement = row.complement;
    name_.better = row.better;
    name_.generic = row.kind == QuantityKind::kGeneric;
    name_.direction = row.kind == QuantityKind::kCut ? -1 : row.kind == QuantityKind::kRise ? 1 : 0;
  }

  // What the comparison of names looks at.
  void AddWords() {
    const std::u32string text = FoldAscii(name_.text);
    name_.codes = CodesOf(text, name_.head, tables_);
    name_.text_grams = GramsOf(WithoutParticles(text));
    name_.rest_grams = GramsOf(name_.rest);
    name_.object_grams = GramsOf(name_.object);
    for (const WordFinder::Hit& hit : tables_.opposite_words().FindAll(text)) {
      const auto& told = tables_.opposites()[hit.id];
      name_.opposites.insert(name_.opposites.end(), told.begin(), told.end());
    }
    std::sort(name_.opposites.begin(), name_.opposites.end());
    name_.opposites.erase(std::unique(name_.opposites.begin(), name_.opposites.end()), name_.opposites.end());
    AddSubstances(text);
    AddQualifiers();
  }

  // Those whose words reach into the head, too: 多糖含量, 金回收率.
  void AddSubstances(std::u32string_view text) {
    for (const WordFinder::Hit& hit : tables_.qualifier_words().FindAll(text)) {
      for (const QualifierRow& row : tables_.qualifiers()[hit.id]) {
        if (row.set == "substance") name_.qualifiers[row.set].insert(row.value);
      }
    }
  }

  void AddQualifiers() {
    for (const WordFinder::Hit& hit : tables_.qualifier_words().FindAll(front_ + U" " + back_)) {
      const bool whole = hit.end - hit.begin == name_.text.size();
      for (const QualifierRow& row : tables_.qualifiers()[hit.id]) {
        name_.qualifiers[row.set].insert(row.value);
        name_.substance = name_.substance || (row.set == "substance" && whole);
      }
    }
  }

  const RequirementTables& tables_;
  QuantityName name_;
  std::u32string front_, back_;
};

}  // namespace

std::u32string WithoutParticles(std::u32string_view text) {
  std::u32string kept;
  for (const char32_t c : text) {
    if (c != U' ' && kParticles.find(c) == std::u32string_view::npos) kept.push_back(c);
  }
  return kept;
}

QuantityName ReadQuantityName(std::u32string_view before, std::u32string_view after,
                              const RequirementTables& tables) {
  return NameReader(before, after, tables).Read();
}

}  // namespace dongxi::requirement
