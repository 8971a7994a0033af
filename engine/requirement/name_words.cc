// The words around a quantity's name in its clause.
#include "engine/requirement/name_words.h"

#include <algorithm>
#include <array>
#include <vector>

#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

bool EndsInQuantity(std::u32string_view name, const RequirementTables& tables) {
  const std::u32string folded = FoldAscii(name);
  const WordFinder::Hit hit = tables.quantity_words().EndingAt(folded, folded.size());
  return hit.end > hit.begin;
}

bool IsQuantityWord(std::u32string_view name, const RequirementTables& tables) {
  const std::u32string folded = FoldAscii(name);
  const WordFinder::Hit hit = tables.quantity_words().EndingAt(folded, folded.size());
  return hit.begin == 0 && hit.end > 0;
}

bool EndsInNoun(std::u32string_view name) {
  constexpr std::array<std::u32string_view, 8> kNouns = {U"反应", U"响应", U"效应", U"供应",
                                                         U"对应", U"性能", U"功能", U"智能"};
  return std::any_of(kNouns.begin(), kNouns.end(),
                     [&](std::u32string_view noun) { return name.ends_with(noun); });
}

namespace {

// 有效容积, 可溶性固形物: no particle before a noun.
bool BeginsNoun(std::u32string_view name, const RequirementTables& tables) {
  if (tables.words(WordClass::kNoun).At(name, 0).end > 0) return true;
  // 装置效率, not 装置年处理能力: of a thing alone.
  for (const std::u32string_view thing : {U"装置", U"设备", U"产品", U"系统"}) {
    if (name.starts_with(thing) && IsQuantityWord(name.substr(thing.size()), tables)) return true;
  }
  return name.starts_with(U"可用") && !name.starts_with(U"可用于");
}

}  // namespace

std::u32string StripFunctionWords(std::u32string_view name, const RequirementTables& tables) {
  std::u32string_view rest = name;
  for (bool again = true; again && !rest.empty();) {
    again = false;
    constexpr std::u32string_view kMarks = U" 的.·";
    while (!rest.empty() && kMarks.find(rest.front()) != std::u32string_view::npos) rest.remove_prefix(1);
    while (!rest.empty() && rest.back() == U' ') rest.remove_suffix(1);
    const WordFinder::Hit front = tables.words(WordClass::kPrefix).At(rest, 0);
    if (front.end > 0 && !BeginsNoun(rest, tables) && !IsQuantityWord(rest, tables)) {
      rest.remove_prefix(front.end);
      again = true;
      continue;
    }
    const WordFinder::Hit back = tables.words(WordClass::kSuffix).EndingAt(rest, rest.size());
    if (back.end > back.begin && !EndsInQuantity(rest, tables) && !EndsInNoun(rest)) {
      rest.remove_suffix(back.end - back.begin);
      again = true;
    }
  }
  return std::u32string(rest);
}

std::u32string_view WithoutOrigin(std::u32string_view name) {
  for (const std::u32string_view from : {U"由", U"从", U"自"}) {
    const size_t place = name.rfind(from);
    if (place == std::u32string_view::npos) continue;
    const std::u32string_view when = name.substr(place + 1);
    for (const std::u32string_view word :
         {U"", U"现", U"现在", U"现在的", U"原来", U"原来的", U"原先", U"原有", U"目前", U"目前的", U"当前",
          U"当前的", U"现有", U"现有的", U"现行"}) {
      if (when == word) return name.substr(0, place);
    }
  }
  return name;
}

bool HasName(std::u32string_view after, const RequirementTables& tables) {
  return after.size() >= 2 && !StripFunctionWords(after, tables).empty();
}

namespace {

// 使用温度, 并发用户, 并网电压, 太阳能保证率: no 使, no 并 and no 保证.
bool BeginsOtherWord(std::u32string_view name, size_t place) {
  for (const std::u32string_view word :
       {U"使用", U"并发", U"并网", U"并行", U"并联", U"保证率", U"实现率", U"要求值"}) {
    if (place != std::u32string_view::npos && name.substr(place).starts_with(word)) return true;
  }
  return false;
}

}  // namespace

std::u32string_view AfterMarker(std::u32string_view name) {
  size_t cut = 0;
  for (const std::u32string_view marker :
       {U"使得", U"确保", U"保证", U"实现", U"要求",   U"力争",   U"其中",   U"寻求",
        U"希望", U"并且", U"且",   U"将",   U"使",     U"并",     U"把",     U"要",
        U"测得", U"后的", U"时的", U"后,",  U"条件下", U"工况下", U"环境下", U"情况下"}) {
    const size_t place = name.rfind(marker);
    if (BeginsOtherWord(name, place)) continue;
    if (place != std::u32string_view::npos && place + marker.size() < name.size())
      cut = std::max(cut, place + marker.size());
  }
  return name.substr(cut);
}

std::optional<WordFinder::Hit> NegationIn(std::u32string_view raw, const RequirementTables& tables) {
  std::vector<WordFinder::Hit> hits = tables.words(WordClass::kNegation).FindAll(raw);
  // 较未处理机组: what it is compared with.
  std::erase_if(hits, [&](const WordFinder::Hit& hit) {
    return hit.begin > 0 && (raw[hit.begin - 1] == U'较' || raw[hit.begin - 1] == U'比');
  });
  return hits.empty() ? std::nullopt : std::make_optional(hits.back());
}

void TakeInnerVerb(std::u32string& name, BeforeNumber& before, const RequirementTables& tables) {
  if (before.change != 0 || before.to) return;
  const std::u32string folded = FoldAscii(name);
  const WordFinder::Hit head = tables.quantity_words().EndingAt(folded, folded.size());
  for (size_t at = 1; at + 2 < name.size(); ++at) {
    LeadingVerb verb = ReadLeadingVerb(std::u32string_view(name).substr(at));
    if (name[at - 1] == U'最') continue;  // 最高出水温度
    // 比清洁前多发电4.7%
    const bool compares = name.substr(0, at).find_first_of(U"比较") != std::u32string::npos;
    if (compares && (name[at] == U'多' || name[at] == U'少')) verb = {1, name[at] == U'多' ? 1 : -1};
    const bool beside =
        verb.length > 0 && (head.begin == at + verb.length || name.size() - at - verb.length <= 3);
    if (!beside || head.begin < at + verb.length) continue;
    before.change = verb.change;
    name.erase(at, verb.length);
    return;
  }
}

std::vector<std::u32string> LeadingSubstances(const std::u32string& name, const RequirementTables& tables) {
  const std::u32string folded = FoldAscii(name);
  std::vector<std::u32string> items;
  size_t at = 0;
  while (true) {
    const WordFinder::Hit hit = tables.qualifier_words().At(folded, at);
    if (hit.end <= at) break;
    const auto& rows = tables.qualifiers()[hit.id];
    const bool substance =
        std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.set == "substance"; });
    if (!substance) break;
    items.push_back(name.substr(at, hit.end - at));
    at = hit.end;
  }
  if (items.size() < 2) return {name};
  items.back() += name.substr(at);
  return items;
}

}  // namespace dongxi::requirement
