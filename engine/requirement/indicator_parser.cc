// From tokens to indicators: clause by clause, the name before (or behind) each number, the words of
// comparison around it, and whether it is asked for or only the present state.
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/requirement/comparison_words.h"
#include "engine/requirement/indicator.h"
#include "engine/requirement/quantity_scan.h"
#include "engine/requirement/scan_text.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr size_t kNameCharactersMax = 40;
constexpr size_t kAfterCharactersMax = 16;
constexpr size_t kBracketCharactersMax = 30;
constexpr double kMilligramALitre = 1e-3;  // kg/m³

bool IsSentenceEnd(char32_t c) { return c == U'。' || c == U';' || c == U'\n' || c == U'!' || c == U'?'; }
bool IsSeparator(char32_t c) {
  constexpr std::u32string_view kMarks = U",、:()[]【】「」“”\"《》<>|→";
  return IsSentenceEnd(c) || kMarks.find(c) != std::u32string_view::npos;
}

// The part of a clause before a number, without what stands in brackets.
struct Clause {
  std::u32string text;
  std::vector<size_t> places;  // of each character in the scanned text
  size_t begin = 0;
  bool after_token = false;  // it begins where the number before ends
  std::u32string aside;      // what stands in its brackets: 选择性（C5+）
};

class Parser {
 public:
  Parser(const ScanText& scan, const ParseOptions& options, const RequirementTables& tables)
      : options_(options),
        tables_(tables),
        scan_(scan),
        tokens_(ScanQuantities(scan_, tables)),
        tells_state_(!tokens_.empty() && tables.words(WordClass::kBaseline).Contains(FoldAscii(scan.text))) {}

  std::vector<Indicator> Parse() {
    for (size_t i = 0; i < tokens_.size() && indicators_.size() < kIndicatorsMax; ++i) i = Take(i);
    return std::move(indicators_);
  }

 private:
  std::u32string_view View(size_t begin, size_t end) const {
    return std::u32string_view(scan_.text).substr(begin, end - begin);
  }
  char32_t At(size_t place) const { return place < scan_.text.size() ? scan_.text[place] : 0; }

  // Handles token `i`; returns the last token that was used up.
  size_t Take(size_t i) {
    const QuantityToken& token = tokens_[i];
    ForgetAtSentence(token.begin);
    Clause clause = ClauseBefore(i, false);
    BeforeNumber before = ReadBeforeNumber(clause.text, tables_);
    if (before.each) {
      clause = ClauseBefore(i, true);
      before = ReadBeforeNumber(clause.text, tables_);
    }
    const AfterNumber after = ReadAfterNumber(scan_, token.end, token.unit.dimension == TimeDimension());
    if (before.respectively) {
      const size_t last = TakeRespectively(i, clause, before);
      if (last > i) return last;
    }
    if (IsBaselineOfNext(i, before, after)) return i;
    if (IsCircumstance(i, clause, before, after)) {
      if (IsAltitude(clause, before)) Add(i, clause, before, after);
      circumstances_.push_back({token.unit.dimension, token.high});
      return i;
    }
    Add(i, clause, before, after);
    return i;
  }

  // Circumstances and names carry over commas, not over the end of a sentence.
  void ForgetAtSentence(size_t place) {
    for (size_t at = seen_; at < place; ++at) {
      if (!IsSentenceEnd(scan_.text[at])) continue;
      sentence_ = at + 1;
      circumstances_.clear();
      baseline_.reset();
      last_name_.clear();
      substance_.clear();
    }
    seen_ = std::max(seen_, place);
  }

  // From the separator or number before to the number. `through_lists`: 铅、镉、砷均 is one clause.
  Clause ClauseBefore(size_t i, bool through_lists) const {
    const size_t stop = i == 0 ? 0 : tokens_[i - 1].end;
    const size_t end = tokens_[i].begin;
    std::vector<size_t> places;
    size_t at = end;
    bool crossed_colon = false;
    std::u32string aside;
    while (at > stop && places.size() < 4 * kNameCharactersMax) {
      const char32_t c = scan_.text[at - 1];
      if (c == U')') {
        const size_t open = OpeningBracket(at - 1, stop);
        if (open == at - 1) break;
        aside += View(open + 1, at - 1);
        at = open;
        continue;
      }
      if (c == U':' && !crossed_colon && IsBlank(at, end)) {
        crossed_colon = true;
        --at;
        continue;
      }
      const bool listed = through_lists && (c == U'、');
      if (c == U'<' || c == U'>') {
        places.push_back(--at);
        continue;
      }
      if (IsSeparator(c) && !listed) break;
      places.push_back(--at);
    }
    std::reverse(places.begin(), places.end());
    Clause clause{.places = std::move(places),
                  .begin = at,
                  .after_token = i > 0 && at <= stop,
                  .aside = std::move(aside)};
    for (const size_t place : clause.places) clause.text.push_back(scan_.text[place]);
    return clause;
  }

  size_t OpeningBracket(size_t close, size_t stop) const {
    for (size_t at = close; at > stop && close - at < kBracketCharactersMax; --at) {
      if (scan_.text[at - 1] == U'(') return at - 1;
    }
    return close;
  }
  bool IsBlank(size_t begin, size_t end) const {
    for (const char32_t c : View(begin, end)) {
      if (c != U' ' && c != U'≥' && c != U'≤' && c != U'>' && c != U'<' && c != U'=' && c != U'约')
        return false;
    }
    return true;
  }

  // No separator between two tokens.
  bool SameClause(size_t i, size_t j) const {
    if (j >= tokens_.size()) return false;
    const std::u32string_view gap = View(tokens_[i].end, std::max(tokens_[i].end, tokens_[j].begin));
    return std::none_of(gap.begin(), gap.end(),
                        [](char32_t c) { return IsSeparator(c) && c != U'<' && c != U'>'; });
  }

  // 由60%提高到85%: the first number is what the second is compared with.
  bool IsBaselineOfNext(size_t i, const BeforeNumber& before, const AfterNumber& after) {
    if (i + 1 >= tokens_.size() || !SameClause(i, i + 1)) return false;
    const std::u32string_view gap = View(after.end, std::max(after.end, tokens_[i + 1].begin));
    const BeforeNumber next = ReadBeforeNumber(gap, tables_);
    const bool only_verb = next.name_end == 0 || StripFunctionWords(gap.substr(0, next.name_end)).empty();
    if (!next.to || !only_verb) return false;
    const Clause clause = ClauseBefore(i, false);
    std::u32string name = clause.text.substr(0, before.name_end);
    while (!name.empty() && (name.ends_with(U"由") || name.ends_with(U"从") || name.ends_with(U"自")))
      name.pop_back();
    for (const std::u32string_view word :
         {U"由原来", U"从原来", U"由目前", U"从目前", U"由现在", U"从现在", U"由现有", U"从现有"}) {
      if (name.ends_with(word)) name.resize(name.size() - word.size());
    }
    const QuantityToken& first = tokens_[i];
    baseline_ =
        first.has_unit ? first.low : first.low * tokens_[i + 1].unit.factor + tokens_[i + 1].unit.offset;
    baseline_name_ = StripFunctionWords(name);
    baseline_begin_ = clause.places.empty() ? tokens_[i].begin : clause.places.front();
    return true;
  }

  // In …条件下, …后: the number says under which circumstances the next holds.
  bool IsCircumstance(size_t i, const Clause& clause, const BeforeNumber& before,
                      const AfterNumber& after) const {
    const QuantityToken& token = tokens_[i];
    if (!token.has_unit || before.negated || NegationIn(clause.text).has_value()) return false;
    const bool next_here = SameClause(i, i + 1);
    const std::u32string_view behind = View(after.end, std::min(scan_.text.size(), after.end + 8));
    const bool said = tables_.words(WordClass::kConditionAfter).At(behind, 0).end > 0;
    const bool is_time = token.unit.dimension.power("time") == 1 || token.unit.dimension.Has("times");
    const bool after_time = is_time && (behind.starts_with(U"后") || behind.starts_with(U"循环后"));
    const bool is_cold =
        token.unit.dimension.Has("temperature") && token.unit.dimension.power("temperature") == 1;
    const std::u32string name = clause.text.substr(0, before.name_end);
    if (!next_here) return (said && is_cold && NextInSentence(i)) || after_time;
    if (said || after_time) return true;
    // -35℃可用容量≥80%, 28天抗压强度
    const bool no_name = StripFunctionWords(name).empty() && !before.anything;
    return (is_cold || is_time) && no_name && !behind.empty() && IsHan(behind.front());
  }
  // 海拔4500m地区 is asked for itself too.
  bool IsAltitude(const Clause& clause, const BeforeNumber& before) const {
    return std::u32string_view(clause.text).substr(0, before.name_end).find(U"海拔") !=
           std::u32string_view::npos;
  }
  bool NextInSentence(size_t i) const {
    if (i + 1 >= tokens_.size()) return false;
    const std::u32string_view gap = View(tokens_[i].end, std::max(tokens_[i].end, tokens_[i + 1].begin));
    return std::none_of(gap.begin(), gap.end(), IsSentenceEnd) && gap.size() < kNameCharactersMax;
  }

  std::u32string StripFunctionWords(std::u32string_view name) const {
    std::u32string_view rest = name;
    for (bool again = true; again && !rest.empty();) {
      again = false;
      while (!rest.empty() && (rest.front() == U' ' || rest.front() == U'的')) rest.remove_prefix(1);
      while (!rest.empty() && rest.back() == U' ') rest.remove_suffix(1);
      const WordFinder::Hit front = tables_.words(WordClass::kPrefix).At(rest, 0);
      if (front.end > 0 && !IsHead(rest)) {
        rest.remove_prefix(front.end);
        again = true;
        continue;
      }
      const WordFinder::Hit back = tables_.words(WordClass::kSuffix).EndingAt(rest, rest.size());
      if (back.end > back.begin && !EndsInQuantity(rest)) {
        rest.remove_suffix(back.end - back.begin);
        again = true;
      }
    }
    return std::u32string(rest);
  }
  // 防风效能 ends in what is a particle elsewhere.
  bool EndsInQuantity(std::u32string_view name) const {
    const std::u32string folded = FoldAscii(name);
    const WordFinder::Hit hit = tables_.quantity_words().EndingAt(folded, folded.size());
    return hit.end > hit.begin;
  }
  bool IsHead(std::u32string_view name) const {
    const std::u32string folded = FoldAscii(name);
    const WordFinder::Hit hit = tables_.quantity_words().EndingAt(folded, folded.size());
    return hit.begin == 0 && hit.end > 0;
  }

  // The noun behind the number, up to the end of the clause: 20座冷库.
  std::u32string NameBehind(size_t i, size_t from) const {
    size_t end = from;
    const size_t stop = i + 1 < tokens_.size() ? tokens_[i + 1].begin : scan_.text.size();
    while (end < stop && !IsSeparator(scan_.text[end])) ++end;
    if (end == stop && i + 1 < tokens_.size()) return {};
    std::u32string name(View(from, std::min(end, from + kAfterCharactersMax)));
    while (!name.empty() && (name.front() == U' ' || name.front() == U'的')) name.erase(0, 1);
    return name;
  }

  // What follows the last of 将, 使, 实现 … in a clause.
  static std::u32string_view AfterMarker(std::u32string_view name) {
    size_t cut = 0;
    for (const std::u32string_view marker :
         {U"使得", U"确保", U"保证", U"实现", U"要求",   U"力争",   U"其中",   U"寻求",
          U"希望", U"并且", U"且",   U"将",   U"使",     U"并",     U"把",     U"要",
          U"测得", U"后的", U"时的", U"后,",  U"条件下", U"工况下", U"环境下", U"情况下"}) {
      const size_t place = name.rfind(marker);
      if (place != std::u32string_view::npos && place + marker.size() < name.size())
        cut = std::max(cut, place + marker.size());
    }
    return name.substr(cut);
  }

  // 不适用于海拔…, 尚不能在…: before the name, not beside the number.
  std::optional<WordFinder::Hit> NegationIn(std::u32string_view raw) const {
    const std::vector<WordFinder::Hit> hits = tables_.words(WordClass::kNegation).FindAll(raw);
    return hits.empty() ? std::nullopt : std::make_optional(hits.back());
  }

  struct Named {
    std::u32string before, after;
    size_t begin = 0;  // where the name stands
    bool inherited = false;
  };
  std::optional<Named> NameOf(size_t i, const Clause& clause, BeforeNumber& before,
                              const AfterNumber& after) {
    Named named{.begin = clause.places.empty() ? tokens_[i].begin : clause.places.front()};
    std::u32string_view raw = std::u32string_view(clause.text).substr(0, before.name_end);
    if (const std::optional<WordFinder::Hit> no = NegationIn(raw)) {
      before.negated = !before.negated;
      raw.remove_prefix(no->end);
    }
    named.before = StripFunctionWords(AfterMarker(raw));
    if (named.before.size() > kNameCharactersMax)
      named.before = named.before.substr(named.before.size() - kNameCharactersMax);
    // 三年内转产, 20℃时吸附量
    for (const char32_t word : {U'内', U'时', U'后'}) {
      if (clause.after_token && named.before.starts_with(word)) named.before.erase(0, 1);
    }
    const LeadingVerb verb = ReadLeadingVerb(named.before);
    if (verb.length > 0 && before.change == 0 && !IsHead(named.before)) {
      before.change = verb.change;
      named.before = StripFunctionWords(std::u32string_view(named.before).substr(verb.length));
    }
    TakeInnerVerb(named, before);
    named.after = NameBehind(i, after.end) + clause.aside;
    if (clause.after_token && baseline_.has_value() && named.before.empty()) {
      named.before = baseline_name_;
      named.begin = baseline_begin_;
      if (named.before.empty()) named.before = last_name_;
    } else if (named.before.empty() && !HasName(named.after)) {
      named.before = NameFromClauseBefore(clause.begin);
      named.inherited = true;
      if (named.before.empty()) return std::nullopt;
    }
    return named;
  }
  // 热棒降低地温2℃: the verb stands before the quantity, with its subject before it.
  void TakeInnerVerb(Named& named, BeforeNumber& before) const {
    if (before.change != 0 || before.to) return;
    const std::u32string folded = FoldAscii(named.before);
    const WordFinder::Hit head = tables_.quantity_words().EndingAt(folded, folded.size());
    for (size_t at = 1; at + 2 < named.before.size(); ++at) {
      const LeadingVerb verb = ReadLeadingVerb(std::u32string_view(named.before).substr(at));
      const bool beside =
          verb.length > 0 && (head.begin == at + verb.length || named.before.size() - at - verb.length <= 3);
      if (!beside || head.begin < at + verb.length) continue;
      before.change = verb.change;
      named.before.erase(at, verb.length);
      return;
    }
  }
  // A noun that can be a name: not only 的水平.
  bool HasName(std::u32string_view after) const {
    return after.size() >= 2 && !StripFunctionWords(after).empty();
  }
  // 锂回收率大幅提升，达到85%: the clause before, if it has no number of its own, else the name used last.
  std::u32string NameFromClauseBefore(size_t begin) const {
    size_t end = begin;
    while (end > sentence_ && (scan_.text[end - 1] == U',' || scan_.text[end - 1] == U' ')) --end;
    size_t start = end;
    while (start > sentence_ && !IsSeparator(scan_.text[start - 1])) --start;
    const bool has_number = std::any_of(tokens_.begin(), tokens_.end(), [&](const QuantityToken& token) {
      return token.begin >= start && token.end <= end;
    });
    if (has_number || start == end) return last_name_;
    const std::u32string folded = FoldAscii(View(start, end));
    const std::vector<WordFinder::Hit> heads = tables_.quantity_words().FindAll(folded);
    return heads.empty() ? last_name_ : folded.substr(0, heads.back().end);
  }

  void Add(size_t i, const Clause& clause, BeforeNumber before, const AfterNumber& after) {
    std::optional<Named> named = NameOf(i, clause, before, after);
    if (!named) return;
    AddNamed(i, *named, before, after);
  }

  void AddNamed(size_t i, const Named& named, const BeforeNumber& before, const AfterNumber& after) {
    const QuantityToken& token = tokens_[i];
    Indicator indicator;
    indicator.name = ReadQuantityName(named.before, named.after, tables_);
    NameByUnit(token, indicator.name);
    InheritSubstance(indicator.name);
    if (IsPresentState(i, before)) {
      last_name_ = named.before;
      baseline_.reset();
      return;
    }
    if (!IsTaken(token, indicator.name, before, after)) {
      baseline_.reset();
      return;
    }
    SetUnit(token, before, indicator);
    SetRange(token, before, after, indicator);
    if (baseline_.has_value() && !indicator.change) {
      const double scale = indicator.factor / (token.has_unit ? token.unit.factor : 1);
      indicator.baseline = *baseline_ * scale;
    }
    baseline_.reset();
    indicator.circumstances = circumstances_;
    indicator.value_span = {scan_.bytes[token.begin], scan_.EndByte(std::max(after.end, token.end))};
    indicator.span = {scan_.bytes[named.inherited ? token.begin : std::min(named.begin, token.begin)],
                      indicator.value_span.end};
    last_name_ = named.before.empty() ? named.after : named.before;
    indicators_.push_back(std::move(indicator));
  }

  // Where the unit tells what the name does not: -40℃稳定工作 is the temperature of the environment, 312例 a
  // sample, 能耗 in kWh electricity.
  void NameByUnit(const QuantityToken& token, QuantityName& name) const {
    if (token.unit.dimension.Has("energy") && name.quantity == "能耗" &&
        (token.unit.text.starts_with("度") || FoldAscii(DecodeUtf8(token.unit.text)).starts_with(U"kwh") ||
         token.unit.text.starts_with("千瓦时")))
      name.quantity = "电耗";
    if (token.unit.dimension.Has("money") && token.unit.dimension.ToString() != "money") name.generic = false;
    if (name.denominator.has_value() && name.quantity == "成本") name.generic = false;
    if (!name.quantity.empty()) return;
    if (token.unit.dimension.Has("case")) {
      name.quantity = "样本量";
      name.better = Better::kHigh;
    }
    if (!(token.unit.dimension == TemperatureDimension()) || token.symmetric) return;
    constexpr double kFreezing = 273.15;
    const bool stored =
        name.text.find(U'存') != std::u32string::npos || name.text.find(U'冻') != std::u32string::npos ||
        name.text.find(U'点') != std::u32string::npos || name.text.find(U"贮") != std::u32string::npos;
    if (token.high <= kFreezing && (!stored || name.text.find(U"不冻") != std::u32string::npos)) {
      name.quantity = "环境温度";
      name.better = Better::kReachLow;
      return;
    }
    for (const std::u32string_view word :
         {U"工作", U"运行", U"启动", U"使用", U"作业", U"放电", U"环境", U"耐", U"条件"}) {
      if (name.text.find(word) == std::u32string::npos) continue;
      name.quantity = "环境温度";
      name.better = Better::kReachLow;
      return;
    }
  }

  // 总黄酮提取率85%，纯度50%: the purity is that of the same substance.
  void InheritSubstance(QuantityName& name) {
    constexpr const char* kSubstance = "substance";
    const auto own = name.qualifiers.find(kSubstance);
    if (own != name.qualifiers.end()) {
      substance_ = own->second;
      return;
    }
    const bool of_substance = name.quantity == "收率" || name.quantity == "纯度" ||
                              name.quantity == "转化率" || name.quantity == "品位" ||
                              name.quantity == "去除率";
    if (of_substance && !substance_.empty()) name.qualifiers[kSubstance] = substance_;
  }

  // The last word about the state of things before the number, in its sentence.
  bool IsPresentState(size_t i, const BeforeNumber& before) const {
    if (!tells_state_) return false;
    const size_t begin = tokens_[i].begin;
    const std::u32string text = FoldAscii(View(sentence_, begin));
    size_t state = 0, demand = 0;
    for (const WordFinder::Hit& hit : tables_.words(WordClass::kBaseline).FindAll(text)) {
      const std::u32string_view behind = std::u32string_view(text).substr(hit.end, 4);
      if (behind.find(U"基础") != std::u32string_view::npos) continue;
      const size_t from = hit.begin > 3 ? hit.begin - 3 : 0;
      if (tables_.words(WordClass::kVersus)
              .Contains(std::u32string_view(text).substr(from, hit.begin - from)))
        continue;
      state = hit.end;
    }
    if (state == 0) return false;
    for (const WordFinder::Hit& hit : tables_.words(WordClass::kTarget).FindAll(text)) demand = hit.end;
    if (demand > state || (before.to && baseline_.has_value())) return false;
    const bool same_clause = text.find(U',', state) == std::u32string::npos;
    if (same_clause) return !before.to;
    return !(before.to || before.compare == Compare::kAtLeast || before.compare == Compare::kAtMost ||
             before.compare == Compare::kReach || before.change != 0);
  }

  bool IsTaken(const QuantityToken& token, const QuantityName& name, const BeforeNumber& before,
               const AfterNumber& after) const {
    const bool compared = before.compare != Compare::kNone || after.compare != Compare::kNone || before.to;
    const bool known = !name.quantity.empty();
    if (name.text.empty() || (!known && name.text.size() < 2)) return false;
    constexpr std::u32string_view kMeasureEnds = U"数比度值率量力分耗重长径高宽深温级";
    constexpr size_t kShortName = 8;
    const bool measure =
        name.text.size() <= kShortName && kMeasureEnds.find(name.text.back()) != std::u32string_view::npos;
    if (options_.demands_only && !Demanded(token, before, after)) return false;
    if (!token.has_unit)
      return known || compared || (measure && !token.weak) || (measure && options_.side == Side::kOffer);
    if (token.weak) return known || compared;
    return known || compared || measure || before.change != 0 || options_.indicator_list ||
           options_.side == Side::kOffer;
  }
  bool Demanded(const QuantityToken& token, const BeforeNumber& before, const AfterNumber& after) const {
    if (before.to && before.change != 0) return true;
    const std::u32string text = FoldAscii(View(sentence_, token.begin));
    const bool asked = tables_.words(WordClass::kTarget).Contains(text);
    return asked && (before.anything || after.compare != Compare::kNone);
  }

  void SetUnit(const QuantityToken& token, const BeforeNumber& before, Indicator& indicator) const {
    indicator.dimension = token.unit.dimension;
    indicator.unit = token.has_unit ? token.unit.text : "";
    // COD≤50 is in mg/L.
    const std::string& quantity = indicator.name.quantity;
    if (!token.has_unit &&
        (quantity == "cod" || quantity == "氨氮" || quantity == "总氮" || quantity == "总磷")) {
      indicator.dimension = DensityDimension();
      indicator.unit = "mg/L";
      indicator.factor = kMilligramALitre;
      indicator.tolerance = token.tolerance * kMilligramALitre;
      return;
    }
    indicator.factor = token.has_unit ? token.unit.factor : 1;
    indicator.offset = token.unit.offset;
    indicator.tolerance = token.tolerance;
    indicator.points = token.unit.dimension.Has("point");
    if (before.per.has_value()) indicator.name.denominator = before.per;
    if (!indicator.name.denominator.has_value() || indicator.dimension.is_ratio() || indicator.points) return;
    const UnitRow& per = tables_.units()[*indicator.name.denominator];
    for (const char* base : {"length", "time", "mass", "animal", "person", "household", "energy"}) {
      if (per.dimension.Has(base) && indicator.dimension.Has(base) && indicator.dimension.power(base) < 0)
        return;
    }
    if (indicator.dimension == per.dimension && per.dimension == TimeDimension()) return;
    indicator.dimension = indicator.dimension.Times(per.dimension, -1);
    indicator.factor /= per.factor;
  }

  void SetRange(const QuantityToken& token, const BeforeNumber& before, const AfterNumber& after,
                Indicator& indicator) const {
    // The name's denominator has changed the factor since the token was read.
    const double scale = indicator.factor / (token.has_unit ? token.unit.factor : 1);
    double low = token.low * scale, high = token.high * scale;
    Compare compare = before.compare;
    if (compare == Compare::kNone || compare == Compare::kReach || compare == Compare::kAbout)
      compare = after.compare == Compare::kNone ? compare : after.compare;
    int change = before.to ? 0 : before.change;
    if (change == 0 && !before.to && indicator.name.direction != 0) change = indicator.name.direction;
    indicator.change = change != 0;
    if (token.symmetric) {
      low = 0;
      compare = Compare::kAtMost;
      indicator.offset = 0;
    }
    if (indicator.change && indicator.offset != 0) {
      low -= indicator.offset;
      high -= indicator.offset;
      indicator.offset = 0;
    }
    indicator.negated = before.negated;
    if (before.negated) compare = Opposite(compare, indicator.name.better);
    Bound(compare, low, high, before, change, indicator);
    if (change < 0) {
      std::swap(indicator.low, indicator.high);
      std::swap(indicator.explicit_low, indicator.explicit_high);
      std::swap(indicator.open_low, indicator.open_high);
      indicator.low = -indicator.low;
      indicator.high = -indicator.high;
    }
  }

  // 未达到85%: below it; 不能在-20℃以下: not down to it.
  static Compare Opposite(Compare compare, Better better) {
    switch (compare) {
      case Compare::kAtMost:
      case Compare::kLessThan:
        return Compare::kMoreThan;
      case Compare::kAtLeast:
      case Compare::kMoreThan:
        return Compare::kLessThan;
      default:
        return better == Better::kLow || better == Better::kReachLow ? Compare::kMoreThan
                                                                     : Compare::kLessThan;
    }
  }

  // The bounds by the words, and for a need without such words by what serves it.
  void Bound(Compare compare, double low, double high, const BeforeNumber& before, int change,
             Indicator& indicator) const {
    const bool need = options_.side == Side::kNeed;
    bool at_least = compare == Compare::kAtLeast || compare == Compare::kMoreThan;
    bool at_most = compare == Compare::kAtMost || compare == Compare::kLessThan;
    const bool said = at_least || at_most;
    const Better better = indicator.name.better;
    // -40~60℃ must be covered, both ends.
    const bool cover = indicator.dimension.Has("temperature") && low < high;
    if (!said && need && !cover) {
      if (change != 0) {
        // Against what serves, the need bears at most that much (热效率下降0.3个百分点).
        const bool against = (change < 0 && (better == Better::kHigh || better == Better::kReachHigh)) ||
                             (change > 0 && better == Better::kLow);
        (against ? at_most : at_least) = true;
      } else if (before.to && before.change != 0) {
        (before.change > 0 ? at_least : at_most) = true;
      } else if (better == Better::kHigh || better == Better::kReachHigh) {
        at_least = true;
      } else if (better == Better::kLow || better == Better::kReachLow) {
        at_most = true;
      } else if (compare == Compare::kReach || (indicator.name.quantity.empty() && low == high)) {
        (SmallIsBetter(indicator.name.text) ? at_most : at_least) = true;
      }
    }
    indicator.low = at_most ? -kUnbounded : low;
    indicator.high = at_least ? kUnbounded : high;
    // A range that is compared (6000~8000亩以上) keeps its easier end.
    if (at_most) indicator.high = high;
    if (at_least) indicator.low = low;
    indicator.explicit_low = said && at_least;
    indicator.explicit_high = said && at_most;
    indicator.open_low = compare == Compare::kMoreThan;
    indicator.open_high = compare == Compare::kLessThan;
    if (indicator.change && at_most) indicator.low = need ? -kUnbounded : 0;
  }

  // Of a quantity that the table does not have.
  static bool SmallIsBetter(std::u32string_view name) {
    constexpr std::u32string_view kCosts = U"损耗失误差延费价污废病死漏";
    return std::any_of(name.begin(), name.end(),
                       [&](char32_t c) { return kCosts.find(c) != std::u32string_view::npos; });
  }

  // 铜、锌回收率分别达到88%和92%. Returns the last token used, `i` if the lists do not fit.
  size_t TakeRespectively(size_t i, const Clause& clause, const BeforeNumber& before) {
    std::vector<std::u32string> items(1);
    const std::u32string name =
        StripFunctionWords(std::u32string_view(clause.text).substr(0, before.name_end));
    for (const char32_t c : name) {
      if (c == U'、' || c == U'和' || c == U'与' || c == U'及') {
        items.emplace_back();
      } else {
        items.back().push_back(c);
      }
    }
    size_t last = i;
    while (last + 1 < tokens_.size() && last - i + 1 < items.size() && IsListGap(last, last + 1)) ++last;
    if (items.size() < 2 || last - i + 1 != items.size()) return i;
    const std::u32string folded = FoldAscii(items.back());
    std::u32string head;
    for (size_t end = folded.size(); end > 0 && head.empty(); --end) {
      const WordFinder::Hit hit = tables_.quantity_words().EndingAt(folded, end);
      if (hit.end > hit.begin) head = folded.substr(hit.begin);
    }
    for (size_t j = i; j <= last; ++j) {
      Named named{.before = items[j - i],
                  .begin = clause.places.empty() ? tokens_[j].begin : clause.places.front()};
      if (j < last) named.before += head;
      named.inherited = j > i;
      const AfterNumber after = ReadAfterNumber(scan_, tokens_[j].end, false);
      AddNamed(j, named, before, after);
    }
    return last;
  }
  bool IsListGap(size_t i, size_t j) const {
    const std::u32string_view gap = View(tokens_[i].end, std::max(tokens_[i].end, tokens_[j].begin));
    if (gap.empty() || gap.size() > 6) return false;
    const BeforeNumber words = ReadBeforeNumber(gap, tables_);
    const std::u32string_view rest = gap.substr(0, words.name_end);
    constexpr std::u32string_view kJoin = U"、,和与及/ 以上下内";
    return std::all_of(rest.begin(), rest.end(),
                       [&](char32_t c) { return kJoin.find(c) != std::u32string_view::npos; });
  }

  const ParseOptions options_;
  const RequirementTables& tables_;
  const ScanText& scan_;
  const std::vector<QuantityToken> tokens_;
  const bool tells_state_;  // some word of the text is about the present state
  std::vector<Indicator> indicators_;
  size_t seen_ = 0, sentence_ = 0;
  std::vector<Circumstance> circumstances_;
  std::optional<double> baseline_;  // of the next number
  std::u32string baseline_name_, last_name_;
  std::set<std::string> substance_;  // of the indicators before in the sentence
  size_t baseline_begin_ = 0;
};

}  // namespace

std::vector<Indicator> ParseIndicators(std::string_view text, const ParseOptions& options,
                                       const RequirementTables& tables) {
  const ScanText scan = MakeScanText(text);
  return Parser(scan, options, tables).Parse();
}

std::vector<Indicator> ParseIndicators(const ScanText& scan, const ParseOptions& options,
                                       const RequirementTables& tables) {
  return Parser(scan, options, tables).Parse();
}

}  // namespace dongxi::requirement
