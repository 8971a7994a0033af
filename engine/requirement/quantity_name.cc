#include "engine/requirement/quantity_name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/requirement/scan_text.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

// Likeness of names whose quantity agrees. Ordered: a shared word tells more than silence on one side.
constexpr double kSameQuantity = 0.6;       // one side does not say of what
constexpr double kOtherWords = 0.4;         // both say of what, in other words; only for plain quantities
constexpr double kSharedQualifier = 0.8;    // 锂 and 碳酸锂
constexpr double kSharedCharacters = 0.65;  // 毒杂草 and 毒害草
constexpr double kSharedMin = 0.6;          // of the characters of the longer
constexpr double kUnknownContained = 0.55;
constexpr double kEndAlike = 0.5;
constexpr double kBroader = 0.55;       // at most, of a quantity and a kind of it or its complement
constexpr double kContainedMin = 0.75;  // share of the shorter name's pairs of characters found in the longer

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

size_t Common(const Grams& a, const Grams& b) {
  size_t common = 0;
  for (auto left = a.begin(), right = b.begin(); left != a.end() && right != b.end();) {
    if (*left == *right) ++common;
    const bool advance_left = *left <= *right, advance_right = *right <= *left;
    left += advance_left;
    right += advance_right;
  }
  return common;
}

double Containment(const Grams& a, const Grams& b) {
  const size_t smaller = std::min(a.size(), b.size());
  return smaller == 0 ? 0 : static_cast<double>(Common(a, b)) / static_cast<double>(smaller);
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

bool ShareQualifier(const QuantityName& a, const QuantityName& b) {
  for (const auto& [set, values] : a.qualifiers) {
    const auto other = b.qualifiers.find(set);
    if (other == b.qualifiers.end()) continue;
    for (const std::string& value : values) {
      if (other->second.contains(value)) return true;
    }
  }
  return false;
}

// 语音识别字错误率, 方言字错误率: the word for what is measured is the same, and of what it is stands before.
// A shorter one says too little: 灌溉均匀度 and 播种均匀度 are two things.
bool EndAlike(std::u32string_view a, std::u32string_view b) {
  constexpr size_t kCharactersMin = 4;
  constexpr std::u32string_view kMeasures = U"率度比量值数性";
  if (a.empty() || kMeasures.find(a.back()) == std::u32string_view::npos) return false;
  size_t same = 0;
  while (same < a.size() && same < b.size() && a[a.size() - 1 - same] == b[b.size() - 1 - same]) ++same;
  return same >= kCharactersMin;
}

// Names without a known quantity: by their words alone.
double UnknownLikeness(const QuantityName& need, const QuantityName& offer) {
  if (need.text_grams.empty() || offer.text_grams.empty())
    return need.text == offer.text && !need.text.empty() ? 1 : 0;
  if (need.text_grams == offer.text_grams) return 1;
  if (NamesAreOpposite(need, offer)) return 0;
  const double contained = Containment(need.text_grams, offer.text_grams);
  if (contained >= kContainedMin) return kUnknownContained + 0.3 * contained;
  return EndAlike(need.text, offer.text) ? kEndAlike : 0;
}

// 强度 and 强度/抗压, not 强度/抗压 and 强度/抗拉.
bool IsKindOf(const std::string& kind, const std::string& quantity) {
  return kind.size() > quantity.size() && kind[quantity.size()] == '/' && kind.starts_with(quantity);
}

double KnownLikeness(const QuantityName& need, const QuantityName& offer) {
  // 识别准确率 says of what by itself.
  constexpr size_t kTellingCharacters = 4;
  const bool telling = need.head == offer.head && need.head.size() >= kTellingCharacters;
  const bool generic = (need.generic || offer.generic) && !telling;
  if (generic && !ShareQualifier(need, offer) && !need.object.empty() && !offer.object.empty() &&
      Common(need.object_grams, offer.object_grams) == 0 && need.object != offer.object)
    return 0;
  if (need.rest.empty() && offer.rest.empty()) return 1;
  if (need.rest.empty() || offer.rest.empty())
    return generic && !ShareQualifier(need, offer) ? 0 : kSameQuantity;
  const Grams &a = need.rest_grams, &b = offer.rest_grams;
  const size_t common = Common(a, b);
  if (common > 0 || need.rest == offer.rest) {
    const double share =
        static_cast<double>(common) / static_cast<double>(std::max<size_t>(1, std::min(a.size(), b.size())));
    return 0.7 + 0.3 * std::min(1.0, std::max(share, need.rest == offer.rest ? 1.0 : 0.0));
  }
  if (ShareQualifier(need, offer)) return kSharedQualifier;
  if (SharedCharacters(need.rest, offer.rest) >= kSharedMin) return kSharedCharacters;
  return generic ? 0 : kOtherWords;
}

}  // namespace

double SharedCharacters(std::u32string a, std::u32string b) {
  if (a.empty() || b.empty()) return 0;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::u32string common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return static_cast<double>(common.size()) / static_cast<double>(std::max(a.size(), b.size()));
}

std::u32string WithoutParticles(std::u32string_view text) {
  std::u32string kept;
  for (const char32_t c : text) {
    if (c != U' ' && kParticles.find(c) == std::u32string_view::npos) kept.push_back(c);
  }
  return kept;
}

namespace {

// D90 and D50, WLTC and NEDC; 草酸二甲酯 and DMO may be one thing.
bool CodesDiffer(const std::vector<std::u32string>& a, const std::vector<std::u32string>& b) {
  return !a.empty() && !b.empty() && std::none_of(a.begin(), a.end(), [&](const std::u32string& code) {
    return std::find(b.begin(), b.end(), code) != b.end();
  });
}

}  // namespace

bool NamesConflict(const QuantityName& a, const QuantityName& b) {
  for (const auto& [set, values] : a.qualifiers) {
    const auto other = b.qualifiers.find(set);
    // "!season": the need says winter and the offer nothing; "=form": an increase is not the level.
    if (other == b.qualifiers.end() && (set[0] == '!' || set[0] == '=')) return true;
    if (other == b.qualifiers.end()) continue;
    const bool common = std::any_of(values.begin(), values.end(),
                                    [&](const std::string& value) { return other->second.contains(value); });
    if (!common) return true;
  }
  const bool other_form = std::any_of(b.qualifiers.begin(), b.qualifiers.end(), [&](const auto& one) {
    return one.first[0] == '=' && !a.qualifiers.contains(one.first);
  });
  return other_form || CodesDiffer(a.codes, b.codes);
}

bool NamesAreOpposite(const QuantityName& need, const QuantityName& offer) {
  return std::any_of(need.opposites.begin(), need.opposites.end(), [&](const OppositeWord& one) {
    const auto same_class = [&](const OppositeWord& other) { return other.word_class == one.word_class; };
    return std::any_of(offer.opposites.begin(), offer.opposites.end(), same_class) &&
           std::find(offer.opposites.begin(), offer.opposites.end(), one) == offer.opposites.end();
  });
}

bool AreComplements(const QuantityName& need, const QuantityName& offer) {
  if (need.complement.whole == 0 || need.complement.whole != offer.complement.whole ||
      need.complement.rest == offer.complement.rest)
    return false;
  // 容量保持率 80 % is said of a life, 年衰减率 2 % of a year.
  const auto yearly = [](const QuantityName& name) { return name.text.find(U'年') != std::u32string::npos; };
  return yearly(need) == yearly(offer);
}

namespace {

// Those whose words reach into the head, too: 多糖含量, 金回收率.
void AddSubstances(const std::u32string& text, const RequirementTables& tables, QuantityName& name) {
  for (const WordFinder::Hit& hit : tables.qualifier_words().FindAll(text)) {
    for (const QualifierRow& row : tables.qualifiers()[hit.id]) {
      if (row.set == "substance") name.qualifiers[row.set].insert(row.value);
    }
  }
}

}  // namespace

QuantityName ReadQuantityName(std::u32string_view before, std::u32string_view after,
                              const RequirementTables& tables) {
  QuantityName name;
  name.text = std::u32string(before);
  name.text += after;
  std::u32string front = FoldAscii(before);
  const std::u32string back = FoldAscii(after);
  std::u32string denominator_word;
  for (size_t at = 0; at < front.size(); ++at) {
    const WordFinder::Hit hit = tables.denominators().At(front, at);
    if (hit.end == hit.begin) continue;
    name.denominator = hit.id;
    denominator_word = front.substr(hit.begin, hit.end - hit.begin);
    break;
  }
  if (const std::u32string whole = WholeMeasure(front); !whole.empty()) front = whole;
  WordFinder::Hit head = FindHead(front, tables);
  // 发电量损失较未处理机组: what it is compared with has a head too.
  if (const size_t versus = FindVersus(front);
      versus != std::u32string::npos && head.begin > versus && head.end < front.size()) {
    const WordFinder::Hit own = FindHead(std::u32string_view(front).substr(0, versus), tables);
    if (own.end > own.begin) head = own;
  }
  std::u32string rest;
  std::u32string* home = &front;
  std::u32string tail = back;
  if (head.end == head.begin) {
    head = FindHead(back, tables);
    home = &tail;
  }
  if (head.end > head.begin) {
    head = NarrowHead(*home, head, tables);
    const QuantityRow& row = tables.quantities()[head.id];
    name.quantity = row.quantity;
    name.complement = row.complement;
    name.better = row.better;
    name.generic = row.kind == QuantityKind::kGeneric;
    name.direction = row.kind == QuantityKind::kCut ? -1 : row.kind == QuantityKind::kRise ? 1 : 0;
    std::u32string lead = home->substr(0, head.begin);
    std::u32string follow = home->substr(head.end);
    // 能耗比现有工艺, 较常规滴灌节水: what it is compared with is not part of the name.
    if (const size_t versus = FindVersus(follow); versus != std::u32string::npos) follow.resize(versus);
    if (const size_t versus = FindVersus(lead); versus != std::u32string::npos) lead.resize(versus);
    name.head = home->substr(head.begin, head.end - head.begin);
    constexpr size_t kObjectCharacters = 4;
    name.object = WithoutParticles(lead);
    if (name.object.size() > kObjectCharacters)
      name.object = name.object.substr(name.object.size() - kObjectCharacters);
    *home = lead + U" " + home->substr(head.begin, head.end - head.begin) + U" " + follow;
    rest = lead + U" " + follow;
    rest += home == &front ? tail : front;
  } else {
    if (const size_t versus = FindVersus(front); versus != std::u32string::npos && versus > 0)
      front.resize(versus);
    rest = front + U" " + tail;
  }
  // 母液含硼: the content of what follows.
  const size_t contains = name.text.rfind(U'含');
  if (name.quantity.empty() && contains != std::u32string::npos && contains + 1 < name.text.size()) {
    name.quantity = "含量";
    name.generic = true;
    name.object = FoldAscii(std::u32string_view(name.text).substr(contains + 1));
  }
  // 亩均治理成本 is 治理 成本 per 亩.
  const size_t said = denominator_word.empty() ? std::u32string::npos : rest.find(denominator_word);
  if (said != std::u32string::npos) rest.erase(said, denominator_word.size());
  name.rest = WithoutParticles(rest);
  name.codes = CodesOf(FoldAscii(name.text), name.head, tables);
  name.text_grams = GramsOf(WithoutParticles(FoldAscii(name.text)));
  name.rest_grams = GramsOf(name.rest);
  name.object_grams = GramsOf(name.object);
  for (const WordFinder::Hit& hit : tables.opposite_words().FindAll(FoldAscii(name.text))) {
    const auto& told = tables.opposites()[hit.id];
    name.opposites.insert(name.opposites.end(), told.begin(), told.end());
  }
  std::sort(name.opposites.begin(), name.opposites.end());
  name.opposites.erase(std::unique(name.opposites.begin(), name.opposites.end()), name.opposites.end());
  AddSubstances(FoldAscii(name.text), tables, name);
  for (const WordFinder::Hit& hit : tables.qualifier_words().FindAll(front + U" " + tail)) {
    for (const QualifierRow& row : tables.qualifiers()[hit.id]) {
      name.qualifiers[row.set].insert(row.value);
      name.substance = name.substance || (row.set == "substance" && hit.end - hit.begin == name.text.size());
    }
  }
  return name;
}

namespace {

double UnlessConflicting(double likeness, const QuantityName& need, const QuantityName& offer) {
  return likeness > 0 && NamesConflict(need, offer) ? 0 : likeness;
}

}  // namespace

double NameLikeness(const QuantityName& need, const QuantityName& offer) {
  if (need.quantity.empty() != offer.quantity.empty() || need.quantity.empty())
    return UnlessConflicting(UnknownLikeness(need, offer), need, offer);
  const bool same = need.quantity == offer.quantity;
  const bool near = same || IsKindOf(need.quantity, offer.quantity) ||
                    IsKindOf(offer.quantity, need.quantity) || AreComplements(need, offer);
  if (!near) return 0;
  const double likeness = KnownLikeness(need, offer);
  return UnlessConflicting(same ? likeness : std::min(kBroader, likeness), need, offer);
}

}  // namespace dongxi::requirement
