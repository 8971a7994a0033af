#include "engine/requirement/comparison_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/requirement/name_words.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

using Entry = std::pair<std::u32string_view, Compare>;

// Of those that end alike the longest is meant. 不低于, 不应超过, 严禁大于 are not here: DenialLength reads
// what turns a comparison round.
constexpr std::array kCompareWords = {
    Entry{U"不亚于", Compare::kAtLeast},     Entry{U"不逊于", Compare::kAtLeast},
    Entry{U"至少为", Compare::kAtLeast},     Entry{U"至少", Compare::kAtLeast},
    Entry{U"最少", Compare::kAtLeast},       Entry{U"大于等于", Compare::kAtLeast},
    Entry{U"大于或等于", Compare::kAtLeast}, Entry{U"高于等于", Compare::kAtLeast},
    Entry{U"≥", Compare::kAtLeast},          Entry{U">=", Compare::kAtLeast},
    Entry{U"=>", Compare::kAtLeast},         Entry{U"至多", Compare::kAtMost},
    Entry{U"最多", Compare::kAtMost},        Entry{U"小于等于", Compare::kAtMost},
    Entry{U"小于或等于", Compare::kAtMost},  Entry{U"低于等于", Compare::kAtMost},
    Entry{U"≤", Compare::kAtMost},           Entry{U"<=", Compare::kAtMost},
    Entry{U"=<", Compare::kAtMost},          Entry{U"大于", Compare::kMoreThan},
    Entry{U"高于", Compare::kMoreThan},      Entry{U"多于", Compare::kMoreThan},
    Entry{U"多过", Compare::kMoreThan},      Entry{U"高过", Compare::kMoreThan},
    Entry{U"长于", Compare::kMoreThan},      Entry{U"迟于", Compare::kMoreThan},
    Entry{U"晚于", Compare::kMoreThan},      Entry{U"超过", Compare::kMoreThan},
    Entry{U"突破", Compare::kMoreThan},      Entry{U"超", Compare::kMoreThan},
    Entry{U">", Compare::kMoreThan},         Entry{U"小于", Compare::kLessThan},
    Entry{U"低于", Compare::kLessThan},      Entry{U"少于", Compare::kLessThan},
    Entry{U"短于", Compare::kLessThan},      Entry{U"早于", Compare::kLessThan},
    Entry{U"不足", Compare::kLessThan},      Entry{U"不到", Compare::kLessThan},
    Entry{U"细于", Compare::kLessThan},      Entry{U"窄于", Compare::kLessThan},
    Entry{U"浅于", Compare::kLessThan},      Entry{U"薄于", Compare::kLessThan},
    Entry{U"轻于", Compare::kLessThan},      Entry{U"粗于", Compare::kMoreThan},
    Entry{U"宽于", Compare::kMoreThan},      Entry{U"深于", Compare::kMoreThan},
    Entry{U"厚于", Compare::kMoreThan},      Entry{U"重于", Compare::kMoreThan},
    Entry{U"优于", Compare::kReach},         Entry{U"好于", Compare::kReach},
    Entry{U"不劣于", Compare::kReach},       Entry{U"不差于", Compare::kReach},
    Entry{U"<", Compare::kLessThan},         Entry{U"大约", Compare::kAbout},
    Entry{U"约为", Compare::kAbout},         Entry{U"约", Compare::kAbout},
    Entry{U"接近", Compare::kAbout},         Entry{U"近", Compare::kAbout},
    Entry{U"达到了", Compare::kReach},       Entry{U"可达到", Compare::kReach},
    Entry{U"能达到", Compare::kReach},       Entry{U"达到", Compare::kReach},
    Entry{U"可达", Compare::kReach},         Entry{U"达", Compare::kReach},
    Entry{U"高达", Compare::kReach},         Entry{U"低至", Compare::kAtMost},
    Entry{U"仅为", Compare::kReach},         Entry{U"不过", Compare::kAtMost},
    Entry{U"不下", Compare::kAtLeast},       Entry{U"够", Compare::kAtLeast},
    Entry{U"用满", Compare::kAtLeast},       Entry{U"干满", Compare::kAtLeast},
    Entry{U"撑", Compare::kReach},           Entry{U"撑住", Compare::kReach},
    Entry{U"撑得住", Compare::kReach},       Entry{U"顶住", Compare::kReach},
    Entry{U"顶得住", Compare::kReach},       Entry{U"扛住", Compare::kReach},
    Entry{U"扛得住", Compare::kReach},       Entry{U"耐得住", Compare::kReach},
    Entry{U"提前到", Compare::kAtMost},      Entry{U"提前至", Compare::kAtMost},
    Entry{U"推迟到", Compare::kAtLeast},     Entry{U"推迟至", Compare::kAtLeast},
    Entry{U"延后到", Compare::kAtLeast},
};

// Between 不 and the comparison: 不应小于, 不允许超过.
constexpr std::array<std::u32string_view, 18> kModals = {U"应当", U"应该", U"允许", U"需要", U"能够", U"可以",
                                                         U"应",   U"得",   U"会",   U"要",   U"宜",   U"许",
                                                         U"准",   U"需",   U"能",   U"可",   U"必",   U"该"};
constexpr std::array<std::u32string_view, 14> kDenials = {U"别",   U"莫", U"不要", U"从不", U"绝不",
                                                          U"决不", U"不", U"严禁", U"禁止", U"从未",
                                                          U"没有", U"未", U"避免", U"勿"};

// A word that 不 turns round: not a sign, not 至少.
bool CanBeDenied(const Entry& entry) {
  return entry.first.ends_with(U"于") || entry.first.ends_with(U"等于") || entry.first == U"超过" ||
         entry.first.ends_with(U"过") || entry.first == U"突破" || entry.first == U"超" ||
         entry.first == U"不足" || entry.first == U"不到";
}

bool IsSign(const Entry& entry) { return entry.first.find_first_of(U"≤≥<>") != std::u32string_view::npos; }

// Characters of 不, 不应, 严禁, … at the end of `text`; 0 if it does not deny.
size_t DenialLength(std::u32string_view text) {
  std::u32string_view rest = text;
  const auto trim = [&] {
    while (rest.ends_with(U' ')) rest.remove_suffix(1);
  };
  trim();
  for (const std::u32string_view modal : kModals) {
    if (!rest.ends_with(modal)) continue;
    rest.remove_suffix(modal.size());
    trim();
    break;
  }
  const bool with_modal = rest.size() < text.size();
  for (const std::u32string_view denial : kDenials) {
    // 未能超过 and 没有 … 要 are negations of another kind.
    if (!rest.ends_with(denial) || (with_modal && denial != U"不" && denial != U"绝不" && denial != U"决不"))
      continue;
    return text.size() - rest.size() + denial.size();
  }
  return 0;
}

// 量程 and 可调范围 name all that is covered; 偏差范围 how far something may be off.
bool NamesSpan(std::u32string_view name) {
  if (name.ends_with(U"量程") || name.ends_with(U"测程")) return true;
  for (const std::u32string_view word : {U"可调", U"可检", U"可测", U"可加工"}) {
    if (name.size() > 2 && name.substr(0, name.size() - 2).find(word) != std::u32string_view::npos)
      return true;
  }
  if (!name.ends_with(U"范围")) return false;
  name.remove_suffix(2);
  constexpr std::array<std::u32string_view, 23> kCovering = {
      U"可调", U"调节", U"调整", U"测量", U"检测", U"监测", U"测试", U"适用",
      U"工作", U"输入", U"输出", U"调速", U"变频", U"线性", U"扫描", U"动态",
      U"适应", U"使用", U"测温", U"控温", U"量测", U"探测", U"负荷"};
  return std::any_of(kCovering.begin(), kCovering.end(),
                     [&](std::u32string_view word) { return name.ends_with(word); });
}

using Verb = std::pair<std::u32string_view, int>;
constexpr std::array kChangeVerbs = {
    Verb{U"提高率", 1},  Verb{U"提升率", 1},  Verb{U"增长率", 1},  Verb{U"增加率", 1}, Verb{U"提高", 1},
    Verb{U"提升", 1},    Verb{U"增加", 1},    Verb{U"增长", 1},    Verb{U"上升", 1},   Verb{U"升高", 1},
    Verb{U"延长", 1},    Verb{U"扩大", 1},    Verb{U"增强", 1},    Verb{U"高出", 1},   Verb{U"多出", 1},
    Verb{U"增幅", 1},    Verb{U"提增", 1},    Verb{U"提", 1},      Verb{U"增", 1},     Verb{U"升", 1},
    Verb{U"反增", 1},    Verb{U"反升", 1},    Verb{U"净增", 1},    Verb{U"反降", -1},  Verb{U"净减", -1},
    Verb{U"降低率", -1}, Verb{U"下降率", -1}, Verb{U"减少率", -1}, Verb{U"降低", -1},  Verb{U"下降", -1},
    Verb{U"减少", -1},   Verb{U"减小", -1},   Verb{U"减轻", -1},   Verb{U"缩短", -1},  Verb{U"压缩", -1},
    Verb{U"削减", -1},   Verb{U"压减", -1},   Verb{U"节约", -1},   Verb{U"节省", -1},  Verb{U"降幅", -1},
    Verb{U"减幅", -1},   Verb{U"回落", -1},   Verb{U"减量", -1},   Verb{U"降", -1},    Verb{U"减", -1},
    Verb{U"缩", -1},     Verb{U"压", -1},     Verb{U"抬升", 1},    Verb{U"抬高", 1},   Verb{U"上移", 1},
    Verb{U"下移", -1},   Verb{U"拉长", 1},    Verb{U"调高", 1},    Verb{U"调低", -1},  Verb{U"涨", 1},
    Verb{U"抬", 1},      Verb{U"跌", -1},     Verb{U"退", -1},
};
// After 比 or 较: 比现有工艺低15%.
constexpr std::array kDegreeWords = {Verb{U"高", 1},  Verb{U"多", 1},  Verb{U"长", 1},    Verb{U"快", 1},
                                     Verb{U"大", 1},  Verb{U"低", -1}, Verb{U"少", -1},   Verb{U"短", -1},
                                     Verb{U"慢", -1}, Verb{U"小", -1}, Verb{U"便宜", -1}, Verb{U"省", -1},
                                     Verb{U"贵", 1}};

constexpr std::array<std::u32string_view, 27> kFillers = {
    U"要有", U"须有", U"应有", U"需有", U"得有", U"能有", U"了",   U"能",   U"可",
    U"应",   U"须",   U"需",   U"要",   U"为",   U"是",   U"在",   U"的",   U"也",
    U"已",   U"将",   U"就",   U"=",    U"并",   U"再",   U"水平", U"幅度", U"又"};
constexpr std::array<std::u32string_view, 14> kHolding = {
    U"控制在", U"稳定在", U"保持在", U"维持在", U"限制在", U"压在", U"卡在",
    U"稳在",   U"落在",   U"控制到", U"控制",   U"稳定",   U"保持", U"维持"};
constexpr int kWordsMax = 8;

bool EndsWith(std::u32string_view text, std::u32string_view word) { return text.ends_with(word); }

class Reader {
 public:
  Reader(std::u32string_view text, const RequirementTables& tables) : text_(text), tables_(tables) {
    before_.name_end = text.size();
  }

  BeforeNumber Read() {
    for (int i = 0; i < kWordsMax; ++i) {
      Trim();
      if (!Step()) break;
      before_.anything = true;
    }
    Trim();
    if (text_.ends_with(U"的")) TakeBase();
    before_.covers = NamesSpan(Rest());
    return before_;
  }

 private:
  std::u32string_view Rest() const { return text_.substr(0, before_.name_end); }
  void Take(std::u32string_view word) { before_.name_end -= word.size(); }
  void Trim() {
    while (before_.name_end > 0 &&
           (text_[before_.name_end - 1] == U' ' || text_[before_.name_end - 1] == U'"'))
      --before_.name_end;
  }

  bool Step() {
    return TakeNegation() || TakeCompare() || TakeChange() || TakeEach() || TakeHolding() || TakePer() ||
           TakeFiller();
  }

  // 耗电不超过额定功率的3%, 用电占额定功率的2.1%: what the share is of stands between name and number.
  void TakeBase() {
    if (before_.compare != Compare::kNone || before_.change != 0) return;
    const std::u32string_view rest = Rest();
    const Entry* best = nullptr;
    size_t at = 0;
    for (const Entry& entry : kCompareWords) {
      const bool word = CanBeDenied(entry) || IsSign(entry);
      const size_t place = word ? rest.rfind(entry.first) : std::u32string_view::npos;
      if (place == std::u32string_view::npos || place == 0 || place < at) continue;
      best = &entry;
      at = place;
    }
    if (best != nullptr) {
      const size_t denial = DenialLength(rest.substr(0, at));
      before_.compare = denial > 0 ? Denied(best->second) : best->second;
      before_.name_end = at - denial;
    } else if (const size_t share = rest.rfind(U'占'); share != std::u32string_view::npos && share > 0) {
      before_.name_end = share;
    } else {
      FindMultiple(rest);
    }
  }

  // 捕获量为普通黄板的1.62倍
  void FindMultiple(std::u32string_view rest) {
    for (const std::u32string_view word : {U"相当于", U"达到", U"达", U"为", U"是"}) {
      const size_t place = rest.rfind(word);
      if (place == std::u32string_view::npos || place == 0) continue;
      before_.multiple_end = place;
      return;
    }
  }

  bool TakeNegation() {
    const WordFinder::Hit hit = tables_.words(WordClass::kNegation).EndingAt(text_, before_.name_end);
    if (hit.end == hit.begin) return false;
    before_.negated = !before_.negated;
    before_.name_end = hit.begin;
    return true;
  }

  bool TakeCompare() {
    const Entry* best = nullptr;
    for (const Entry& entry : kCompareWords) {
      if (EndsWith(Rest(), entry.first) && (best == nullptr || entry.first.size() > best->first.size()))
        best = &entry;
    }
    if (best == nullptr || EndsWith(Rest(), U"节约") || EndsWith(Rest(), U"集约")) return false;
    Compare compare = best->second;
    Take(best->first);
    const size_t denial = CanBeDenied(*best) ? DenialLength(Rest()) : 0;
    if (denial > 0) compare = Denied(compare);
    before_.name_end -= denial;
    if (before_.compare == Compare::kNone || before_.compare == Compare::kReach) before_.compare = compare;
    return true;
  }

  bool TakeChange() {
    if (before_.change != 0) return false;
    std::u32string_view rest = Rest();
    bool to = false;
    for (const std::u32string_view word : {U"到", U"至", U"为"}) {
      if (EndsWith(rest, word)) {
        rest.remove_suffix(1);
        to = true;
        break;
      }
    }
    // 降幅达, 提高了
    const bool happened = EndsWith(rest, U"了");
    while (!to && (EndsWith(rest, U"了") || EndsWith(rest, U"达"))) rest.remove_suffix(1);
    const Verb* best = nullptr;
    for (const Verb& verb : kChangeVerbs) {
      // 温升 and 压降 are names: one character is a verb only in 升到, 降至.
      if (verb.first.size() == 1 && !to) continue;
      if (EndsWith(rest, verb.first) && (best == nullptr || verb.first.size() > best->first.size()))
        best = &verb;
    }
    if (best == nullptr && !to) best = DegreeAtEnd(rest, happened);
    if (best == nullptr && !to) best = ShortVerbAtEnd(rest);
    if (best == nullptr) {
      if (!to || Rest().back() == U'为') return false;
      before_.to = true;  // 将收率提高…到 with the verb at the front
      Take(U"到");
      return true;
    }
    // 节能降 is part of a name; a verb alone is not.
    before_.change = best->second;
    before_.to = before_.to || to;
    before_.against = best->first.starts_with(U"反");
    before_.name_end = rest.size() - best->first.size();
    return true;
  }

  bool EndsInMeasure(std::u32string_view name) const {
    const WordFinder::Hit hit = tables_.words(WordClass::kMeasure).EndingAt(name, name.size());
    return hit.end > hit.begin || EndsInQuantity(name, tables_);
  }

  // 污泥量减三成; not 温升, 压降.
  const Verb* ShortVerbAtEnd(std::u32string_view text) const {
    static constexpr std::array kShort = {Verb{U"减", -1}, Verb{U"降", -1}, Verb{U"增", 1}, Verb{U"涨", 1},
                                          Verb{U"翻", 1}};
    for (const Verb& verb : kShort) {
      if (EndsWith(text, verb.first) && !EndsInQuantity(text, tables_) &&
          EndsInMeasure(text.substr(0, text.size() - 1)))
        return &verb;
    }
    return nullptr;
  }

  // 比现有工艺低15%, 反而低了2个百分点, 能耗低30%.
  const Verb* DegreeAtEnd(std::u32string_view text, bool happened) const {
    for (const Verb& degree : kDegreeWords) {
      if (!EndsWith(text, degree.first)) continue;
      const std::u32string_view name = text.substr(0, text.size() - degree.first.size());
      if (happened || Compares(text) || EndsInQuantity(name, tables_)) return &degree;
    }
    return nullptr;
  }

  static bool Compares(std::u32string_view text) {
    return text.find(U'比') != std::u32string_view::npos || text.find(U'较') != std::u32string_view::npos;
  }

  bool TakeEach() {
    for (const std::u32string_view word : {U"分别", U"均", U"都"}) {
      if (!EndsWith(Rest(), word)) continue;
      if (word == U"均" &&
          (EndsWith(Rest(), U"年均") || EndsWith(Rest(), U"平均") || EndsWith(Rest(), U"人均") ||
           EndsWith(Rest(), U"户均") || EndsWith(Rest(), U"亩均") || EndsWith(Rest(), U"日均")))
        return false;
      before_.each = true;
      before_.respectively = before_.respectively || word == U"分别";
      Take(word);
      return true;
    }
    return false;
  }

  bool TakeHolding() {
    for (const std::u32string_view word : kHolding) {
      // 保持率 and the like end in another character, so that the whole word is a verb here.
      if (EndsWith(Rest(), word) && Rest().size() > word.size()) {
        Take(word);
        return true;
      }
    }
    return false;
  }

  bool TakePer() {
    const WordFinder::Hit unit = tables_.UnitEndingAt(text_, before_.name_end);
    if (unit.end == unit.begin || unit.begin == 0 || text_[unit.begin - 1] != U'每') return false;
    before_.per = unit.id;
    before_.name_end = unit.begin - 1;
    return true;
  }

  bool TakeFiller() {
    // 产能 and 功耗 end in what is a particle elsewhere.
    constexpr size_t kWordCharacters = 12;
    const std::u32string_view rest = Rest();
    const std::u32string tail = FoldAscii(rest.substr(rest.size() - std::min(rest.size(), kWordCharacters)));
    const WordFinder::Hit word = tables_.quantity_words().EndingAt(tail, tail.size());
    if (word.end > word.begin || EndsInNoun(rest)) return false;
    if (EndsWith(rest, U"上") && EndsInQuantity(rest.substr(0, rest.size() - 1), tables_)) {
      Take(U"上");  // 转速上两万四
      if (before_.compare == Compare::kNone) before_.compare = Compare::kAtLeast;
      return true;
    }
    for (const std::u32string_view word : kFillers) {
      if (EndsWith(Rest(), word)) {
        Take(word);
        before_.must = before_.must || word == U"须";
        return true;
      }
    }
    return false;
  }

  const std::u32string_view text_;
  const RequirementTables& tables_;
  BeforeNumber before_;
};

}  // namespace

Compare Denied(Compare compare) {
  switch (compare) {
    case Compare::kMoreThan:
      return Compare::kAtMost;
    case Compare::kLessThan:
      return Compare::kAtLeast;
    case Compare::kAtLeast:
      return Compare::kLessThan;
    case Compare::kAtMost:
      return Compare::kMoreThan;
    default:
      return compare;
  }
}

BeforeNumber ReadBeforeNumber(std::u32string_view text, const RequirementTables& tables) {
  return Reader(text, tables).Read();
}

void TakeInnerBound(std::u32string& name, BeforeNumber& before) {
  for (const auto& [word, compare] : {Entry{U"至多", Compare::kAtMost}, Entry{U"最多", Compare::kAtMost},
                                      Entry{U"至少", Compare::kAtLeast}, Entry{U"最少", Compare::kAtLeast}}) {
    const size_t place = name.rfind(word);
    if (place == std::u32string::npos) continue;
    // 最多可设200处 praises.
    constexpr std::u32string_view kCapacity = U"可能支容接";
    if (kCapacity.find(name[std::min(place + word.size(), name.size() - 1)]) != std::u32string_view::npos)
      continue;
    name.erase(place, word.size());
    if (before.compare == Compare::kNone) before.compare = compare;
    before.anything = true;
    return;
  }
}

LeadingVerb ReadLeadingVerb(std::u32string_view name) {
  for (const Verb& verb : kChangeVerbs) {
    // 压缩空气 is a thing.
    if (verb.first == U"压缩") continue;
    if (verb.first.size() >= 2 && name.starts_with(verb.first)) return {verb.first.size(), verb.second};
  }
  return {};
}

}  // namespace dongxi::requirement
