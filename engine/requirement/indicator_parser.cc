// From tokens to indicators: clause by clause, the name before (or behind) each number, the words of
// comparison around it, and whether it is asked for or only the present state.
#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/requirement/after_number.h"
#include "engine/requirement/clause.h"
#include "engine/requirement/comparison_chain.h"
#include "engine/requirement/comparison_words.h"
#include "engine/requirement/indicator.h"
#include "engine/requirement/indicator_value.h"
#include "engine/requirement/name_words.h"
#include "engine/requirement/per_value.h"
#include "engine/requirement/present_state.h"
#include "engine/requirement/quantity_name.h"
#include "engine/requirement/quantity_scan.h"
#include "engine/requirement/scan_text.h"
#include "engine/requirement/spoken_forms.h"
#include "engine/requirement/trl_mention.h"
#include "engine/requirement/unit_fit.h"
#include "engine/requirement/worth_taking.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

class Parser {
 public:
  Parser(const ScanText& scan, const ParseOptions& options, const RequirementTables& tables)
      : options_(options),
        tables_(tables),
        scan_(scan),
        tokens_(ScanQuantities(scan_, tables)),
        clauses_(scan_, tokens_, tables),
        levels_(tokens_.empty() ? std::vector<TrlMention>() : FindTrlMentions(FoldAscii(scan.text))),
        tells_state_(!tokens_.empty() && tables.words(WordClass::kBaseline).Contains(FoldAscii(scan.text))) {}

  Parser(const Parser&) = delete;  // clauses_ refers to tokens_
  Parser& operator=(const Parser&) = delete;

  std::vector<Indicator> Parse() {
    for (size_t i = 0; i < tokens_.size() && indicators_.size() < kIndicatorsMax; ++i) {
      if (!IsLevel(tokens_[i])) i = Take(i);
    }
    return std::move(indicators_);
  }

 private:
  static NumberIs KindOf(const QuantityToken& token) {
    if (token.unit.dimension == TimeDimension()) return NumberIs::kTime;
    return token.has_unit ? NumberIs::kPlain : NumberIs::kWithoutUnit;
  }

  // TRL≥7, 成熟度7级: a requirement of another kind (maturity.h).
  bool IsLevel(const QuantityToken& token) const {
    return std::any_of(levels_.begin(), levels_.end(), [&](const TrlMention& level) {
      return level.begin <= token.begin && token.begin < level.end;
    });
  }

  // Handles token `i`; returns the last token that was used up.
  size_t Take(size_t i) {
    const QuantityToken& token = tokens_[i];
    ForgetAtSentence(token.begin);
    if (here_only_ > 0 && !clauses_.SameClause(i - 1, i)) {
      circumstances_.resize(circumstances_.size() - here_only_);
      here_only_ = 0;
    }
    if (per_.has_value() && !clauses_.SameClause(i - 1, i)) per_.reset();
    if (TakeAge(token) || TakePerValue(i)) return i;
    if (const std::optional<size_t> last = TakeChain(i)) return *last;
    Clause clause = clauses_.Before(i, false);
    BeforeNumber before = ReadBeforeNumber(clause.text, tables_);
    if (before.multiple_end > 0 && token.unit.text == "倍" && !token.range) {
      before.name_end = before.multiple_end;
      before.change = 1;
      before.multiple = true;
    }
    if (before.each) {
      clause = clauses_.Before(i, true);
      before = ReadBeforeNumber(clause.text, tables_);
    }
    const AfterNumber after = ReadAfterNumber(scan_, token.end, KindOf(token));
    if (after.compare == Compare::kNone && DeniesUseBehind(scan_, after.end)) before.negated = true;
    if (before.respectively) {
      const size_t last = TakeRespectively(i, clause, before);
      if (last > i) return last;
    }
    if (IsBaselineOfNext(i, before, after) || IsAttributeOfNext(i, clause, after)) return i;
    if (const Holds holds = HoldsAsCircumstance(i, clause, before, after); holds != Holds::kNot) {
      if (IsAltitude(clause, before)) Add(i, clause, before, after);
      const bool here = holds == Holds::kHere;
      // Those of one clause stay the last.
      circumstances_.insert(
          here ? circumstances_.end() : circumstances_.end() - static_cast<std::ptrdiff_t>(here_only_),
          {token.unit.dimension, token.high});
      if (here) ++here_only_;
      return i;
    }
    if (before.compare == Compare::kNone && clauses_.IsAside(i)) {
      last_name_ = StripFunctionWords(AfterMarker(clauses_.NameOfAside(i)), tables_);
      return i;
    }
    Add(i, clause, before, after);
    return i;
  }

  // 抗压强度28天≥30MPa, 抗折强度（28d）: the age at which a strength is measured, never how long it lasts.
  bool TakeAge(const QuantityToken& token) {
    if (!token.has_unit || !(token.unit.dimension == TimeDimension())) return false;
    constexpr std::u32string_view kBetween = U" (:";
    size_t end = token.begin;
    while (end > sentence_ && kBetween.find(scan_.text[end - 1]) != std::u32string_view::npos) --end;
    if (!clauses_.View(sentence_, end).ends_with(U"强度")) return false;
    size_t begin = end;
    while (begin > sentence_ && !IsSeparator(scan_.text[begin - 1])) --begin;
    const std::u32string_view name = clauses_.View(begin, end);
    last_name_ = StripFunctionWords(AfterMarker(name), tables_);
    SetAge(token);
    return true;
  }
  // Each age holds for what follows it: 3天≥20MPa，28天≥50MPa.
  void SetAge(const QuantityToken& token) {
    const auto is_age = [](const Circumstance& one) { return one.dimension == TimeDimension(); };
    here_only_ -= static_cast<size_t>(std::count_if(
        circumstances_.end() - static_cast<std::ptrdiff_t>(here_only_), circumstances_.end(), is_age));
    std::erase_if(circumstances_, is_age);
    circumstances_.insert(circumstances_.end() - static_cast<std::ptrdiff_t>(here_only_),
                          {token.unit.dimension, token.high});
  }

  // 每处理1 m³耗电2.6 kWh, 一天可测60公里: the first number is what the second is counted on.
  bool TakePerValue(size_t i) {
    const QuantityToken& token = tokens_[i];
    if (!token.has_unit || token.range || token.symmetric || token.low <= 0 || token.unit.offset != 0 ||
        !clauses_.SameClause(i, i + 1))
      return false;
    const std::u32string_view behind = clauses_.ViewUpTo(token.end, i + 1);
    const Clause clause = clauses_.Before(i, false);
    if (!IsCountedOn(clause.text, clauses_.View(token.begin, token.end), token, behind, tables_))
      return false;
    const std::u32string_view ahead = std::u32string_view(clause.text).substr(0, clause.text.rfind(U'每'));
    PerValue per{token.unit.dimension, token.low, StripFunctionWords(AfterMarker(ahead), tables_)};
    // 一趟最多跑160 km is a distance.
    per.turn = token.unit.dimension.Has("item") || token.unit.dimension.Has("times");
    // 一方池容一天产气: of both.
    if (per_.has_value() && !per_->turn && !per.turn) {
      per.dimension = per_->dimension.Times(per.dimension);
      per.value *= per_->value;
      per.name.insert(0, per_->name);
    }
    per_ = std::move(per);
    return true;
  }

  // 90%≤纯度≤99%, 85%≤收率: the name stands behind its first number. Returns the last token used.
  std::optional<size_t> TakeChain(size_t i) {
    const bool more = i + 1 < tokens_.size();
    QuantityToken token = tokens_[i];
    if (token.range || token.symmetric) return std::nullopt;
    const std::optional<ComparisonChain> chain =
        ReadComparisonChain(scan_, token.end, more ? tokens_[i + 1].begin : scan_.text.size());
    if (!chain || (chain->closed && !JoinEnds(tokens_[i + 1], token))) return std::nullopt;
    BeforeNumber before{.anything = true};
    if (!chain->closed) before.compare = chain->compare;
    Named named{.before = StripFunctionWords(chain->name, tables_), .begin = token.begin};
    // 箱内温度20℃≤T≤25℃: the letter says nothing.
    const Clause clause = clauses_.Before(i, false);
    const std::u32string own = StripFunctionWords(AfterMarker(clause.text), tables_);
    if (named.before.size() < 2 && !own.empty()) named.before = own;
    token.end = std::max(token.end, chain->end);
    AddNamed(token, named, before, ReadAfterNumber(scan_, token.end, NumberIs::kPlain));
    return chain->closed ? i + 1 : i;
  }

  // Circumstances and names carry over commas, not over the end of a sentence.
  void ForgetAtSentence(size_t place) {
    for (size_t at = seen_; at < place; ++at) {
      if (!IsSentenceEnd(scan_.text[at])) continue;
      sentence_ = at + 1;
      circumstances_.clear();
      here_only_ = 0;
      baseline_.reset();
      last_name_.clear();
      substance_.clear();
    }
    seen_ = std::max(seen_, place);
  }

  // 由60%提高到85%: the first number is what the second is compared with.
  bool IsBaselineOfNext(size_t i, const BeforeNumber& before, const AfterNumber& after) {
    if (i + 1 >= tokens_.size()) return false;
    std::u32string_view gap = clauses_.ViewUpTo(after.end, i + 1);
    const bool cell = gap.starts_with(U'|');
    if (!clauses_.SameClause(i, i + 1)) {
      // 含铀约2 mg/L，须降到0.05 mg/L以下; 锂收率|65%|≥80%: of a need, what it has and what it wants.
      const bool states = before.compare == Compare::kNone || before.compare == Compare::kAbout ||
                          before.compare == Compare::kReach;
      if (options_.side != Side::kNeed || !states || !(cell || gap.starts_with(U','))) return false;
      gap.remove_prefix(1);
      if (std::any_of(gap.begin(), gap.end(), IsSeparator)) return false;
    }
    const BeforeNumber next = ReadBeforeNumber(gap, tables_);
    // 由1220℃调至1185℃, 由70分钟延至150分钟
    constexpr std::u32string_view kVerbs = U"调延变改缩扩拉放";
    const std::u32string between = StripFunctionWords(gap.substr(0, next.name_end), tables_);
    const bool only_verb =
        between.empty() || (between.size() == 1 && kVerbs.find(between.front()) != std::u32string_view::npos);
    if (!(next.to || (cell && next.compare != Compare::kNone)) || !only_verb) return false;
    const Clause clause = clauses_.Before(i, false);
    std::u32string name = clause.text.substr(0, before.name_end);
    name.resize(WithoutOrigin(name).size());
    const QuantityToken& first = tokens_[i];
    baseline_ =
        first.has_unit ? first.low : first.low * tokens_[i + 1].unit.factor + tokens_[i + 1].unit.offset;
    baseline_name_ = StripFunctionWords(name, tables_);
    baseline_begin_ = clause.places.empty() ? tokens_[i].begin : clause.places.front();
    return true;
  }

  // 4 mm以上结节检出灵敏度不低于95%: which nodules, not what is asked for.
  bool IsAttributeOfNext(size_t i, const Clause& clause, const AfterNumber& after) const {
    if (after.compare == Compare::kNone || !clauses_.SameClause(i, i + 1) || !clause.text.empty())
      return false;
    const std::u32string_view gap = clauses_.ViewUpTo(after.end, i + 1);
    const BeforeNumber next = ReadBeforeNumber(gap, tables_);
    return next.compare != Compare::kNone && EndsInQuantity(gap.substr(0, next.name_end), tables_);
  }

  // In …条件下, …后: the number says under which circumstances what follows holds (kOn, to the end of the
  // sentence), or the quantity right behind it alone (kHere: -35℃可用容量≥80%，寿命≥6000次).
  enum class Holds { kNot, kHere, kOn };
  Holds HoldsAsCircumstance(size_t i, const Clause& clause, const BeforeNumber& before,
                            const AfterNumber& after) const {
    const QuantityToken& token = tokens_[i];
    if (!token.has_unit || before.negated || NegationIn(clause.text, tables_).has_value() ||
        IsUsedThere(i, after))
      return Holds::kNot;
    const bool next_here = clauses_.SameClause(i, i + 1);
    const std::u32string_view behind = clauses_.View(after.end, std::min(scan_.text.size(), after.end + 8));
    const bool said = tables_.words(WordClass::kConditionAfter).At(behind, 0).end > 0;
    const bool is_time = token.unit.dimension.power("time") == 1 || token.unit.dimension.Has("times");
    const bool after_time = is_time && (behind.starts_with(U"后") || behind.starts_with(U"循环后"));
    const bool is_cold =
        token.unit.dimension.Has("temperature") && token.unit.dimension.power("temperature") == 1;
    const std::u32string name = clause.text.substr(0, before.name_end);
    if (!next_here)
      return (is_cold ? said : after_time) && clauses_.NextInSentence(i) ? Holds::kOn : Holds::kNot;
    if (said) return Holds::kOn;
    if (after_time || IsLoad(token, behind) || (is_time && BeginsStrength(behind))) return Holds::kHere;
    // -35℃可用容量≥80%, 28天抗压强度; 桥墩混凝土：28d抗压强度
    const std::u32string own_name = StripFunctionWords(name, tables_);
    const bool heading =
        token.begin > 0 && scan_.text[token.begin - 1] == U':' && !EndsInQuantity(own_name, tables_);
    const bool no_name = (own_name.empty() && !before.anything) || heading;
    return (is_cold || is_time) && no_name && !behind.empty() && IsHan(behind.front()) ? Holds::kHere
                                                                                       : Holds::kNot;
  }
  // 海拔4500m地区 is asked for itself too.
  bool IsAltitude(const Clause& clause, const BeforeNumber& before) const {
    return std::u32string_view(clause.text).substr(0, before.name_end).find(U"海拔") !=
           std::u32string_view::npos;
  }

  // 可在-40~125℃下工作，零点温漂0.03%: the temperature is stated for itself.
  bool IsUsedThere(size_t i, const AfterNumber& after) const {
    const bool degrees = tokens_[i].unit.dimension == TemperatureDimension();
    return degrees && !clauses_.SameClause(i, i + 1) && SpeaksOfUse(clauses_.NameBehind(i, after.end));
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
    if (const std::optional<WordFinder::Hit> no = NegationIn(raw, tables_)) {
      before.negated = !before.negated;
      raw.remove_prefix(no->end);
    }
    // 可调范围 keeps its last word: it is what tells it from a value.
    named.before =
        before.covers ? std::u32string(AfterMarker(raw)) : StripFunctionWords(AfterMarker(raw), tables_);
    // 呕吐毒素要降掉七成: the verb alone does not name it.
    const size_t verb_length = ShareVerbLength(named.before), asked = raw.rfind(U'要');
    const bool verb_alone = named.before.size() == std::max<size_t>(verb_length, 1);  // 存够, 占
    if (verb_alone && asked != std::u32string_view::npos)
      named.before.insert(0, StripFunctionWords(raw.substr(0, asked), tables_));
    if (named.before.size() > kNameCharactersMax)
      named.before = named.before.substr(named.before.size() - kNameCharactersMax);
    // 三年内转产, 20℃时吸附量
    if (clause.after_token) named.before.erase(0, BoundOfTokenBefore(named.before));
    TakeInnerBound(named.before, before);
    const LeadingVerb verb = ReadLeadingVerb(named.before);
    if (verb.length > 0 && before.change == 0 && !IsQuantityWord(named.before, tables_)) {
      before.change = verb.change;
      named.before = StripFunctionWords(std::u32string_view(named.before).substr(verb.length), tables_);
    }
    TakeInnerVerb(named.before, before, tables_);
    if (tokens_[i].has_unit && tokens_[i].unit.dimension.is_ratio()) NameShareByVerb(named.before);
    if (tokens_[i].unit.dimension == TimeDimension()) {
      const bool of_degrees = clause.after_token && tokens_[i - 1].unit.dimension == TemperatureDimension();
      NameTimeByVerb(raw, of_degrees, named.before);
    }
    NameElementBySymbol(tokens_[i], named.before);
    if (per_.has_value() && clause.after_token && !baseline_.has_value() &&
        !EndsInQuantity(named.before, tables_) && (!per_->turn || named.before.size() < 2))
      named.before.insert(0, per_->name);
    named.after = clauses_.NameBehind(i, after.end) + clause.aside;
    if (baseline_.has_value() && named.before.size() == 1) named.before.clear();  // 由1220℃调至1185℃
    if (baseline_.has_value() && named.before.empty()) {
      named.before = baseline_name_;
      named.begin = baseline_begin_;
      if (named.before.empty()) named.before = last_name_;
    } else if (named.before.empty() && !HasName(named.after, tables_)) {
      named.before = NameFromClauseBefore(clause.begin);
      named.inherited = true;
      if (named.before.empty()) return std::nullopt;
    }
    return named;
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
    const std::u32string folded = FoldAscii(clauses_.View(start, end));
    const std::vector<WordFinder::Hit> heads = tables_.quantity_words().FindAll(folded);
    return heads.empty() ? last_name_ : folded.substr(0, heads.back().end);
  }

  void Add(size_t i, const Clause& clause, BeforeNumber before, const AfterNumber& after) {
    std::optional<Named> named = NameOf(i, clause, before, after);
    if (!named) return;
    AddNamed(tokens_[i], *named, before, after);
  }

  void AddNamed(const QuantityToken& token, const Named& named, const BeforeNumber& before,
                const AfterNumber& after) {
    Indicator indicator;
    indicator.name = ReadQuantityName(named.before, named.after, tables_);
    NameByUnit(token, indicator.name);
    if (indicator.name.quantity.starts_with("强度") && token.has_unit &&
        token.unit.dimension == TimeDimension()) {
      SetAge(token);
      return;
    }
    InheritSubstance(indicator.name);
    if (IsPresentState(token.begin, before, after)) {
      last_name_ = named.before;
      baseline_.reset();
      return;
    }
    const NumberInText number{.scan = scan_,
                              .token = token,
                              .name = indicator.name,
                              .before = before,
                              .after = after,
                              .sentence = clauses_.View(sentence_, token.begin),
                              .clause = clauses_.View(std::min(named.begin, token.begin), token.begin),
                              .counted = per_.has_value(),
                              .divided = per_.has_value() && !per_->turn};
    if (!IsWorthTaking(number, options_, tables_)) {
      baseline_.reset();
      // 吨碳酸锂淡水 | 120 m³ | ≤80 m³
      if (token.end < scan_.text.size() && scan_.text[token.end] == U'|') last_name_ = named.before;
      return;
    }
    SetUnit(token, before, tables_, indicator);
    if (per_.has_value() && !per_->turn) DivideBy(per_->dimension, per_->value, indicator);
    SetRange(token, before, after, options_.side, indicator);
    if (baseline_.has_value() && !indicator.change) {
      const double scale = indicator.factor / (token.has_unit ? token.unit.factor : 1);
      indicator.baseline = *baseline_ * scale;
    }
    baseline_.reset();
    indicator.misfit = !UnitFits(indicator, tables_);
    indicator.circumstances = circumstances_;
    indicator.value_span = {scan_.bytes[token.begin], scan_.EndByte(std::max(after.end, token.end))};
    indicator.span = {scan_.bytes[named.inherited ? token.begin : std::min(named.begin, token.begin)],
                      indicator.value_span.end};
    last_name_ = named.before.empty() ? named.after : named.before;
    indicators_.push_back(std::move(indicator));
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

  bool IsPresentState(size_t begin, const BeforeNumber& before, const AfterNumber& after) const {
    const bool bounded_behind = after.compare == Compare::kAtLeast || after.compare == Compare::kAtMost;
    return tells_state_ && !before.multiple &&
           TellsPresentState(FoldAscii(clauses_.View(sentence_, begin)), before, baseline_.has_value(),
                             bounded_behind, options_.side, tables_);
  }

  // 铜、锌回收率分别达到88%和92%. Returns the last token used, `i` if the lists do not fit.
  size_t TakeRespectively(size_t i, const Clause& clause, const BeforeNumber& before) {
    std::vector<std::u32string> items(1);
    const std::u32string name =
        StripFunctionWords(std::u32string_view(clause.text).substr(0, before.name_end), tables_);
    for (const char32_t c : name) {
      if (c == U'、' || c == U'和' || c == U'与' || c == U'及') {
        items.emplace_back();
      } else {
        items.back().push_back(c);
      }
    }
    if (items.size() == 1) items = LeadingSubstances(name, tables_);
    size_t last = i;
    while (last + 1 < tokens_.size() && last - i + 1 < items.size() && IsListGap(last, last + 1)) ++last;
    if (items.size() < 2 || last - i + 1 != items.size()) return i;
    const std::u32string folded = FoldAscii(items.back());
    std::u32string head;
    for (size_t end = folded.size(); end > 0 && head.empty(); --end) {
      const WordFinder::Hit hit = tables_.quantity_words().EndingAt(folded, end);
      if (hit.end > hit.begin) head = folded.substr(hit.begin);
    }
    // COD、氨氮、总氮分别为: each is a quantity by itself, the last lends no head.
    const bool own_heads = head == folded;
    for (size_t j = i; j <= last; ++j) {
      Named named{.before = items[j - i],
                  .begin = clause.places.empty() ? tokens_[j].begin : clause.places.front()};
      if (j < last && !(own_heads && EndsInQuantity(named.before, tables_))) named.before += head;
      named.inherited = j > i;
      const AfterNumber after = ReadAfterNumber(scan_, tokens_[j].end, NumberIs::kPlain);
      AddNamed(tokens_[j], named, before, after);
    }
    return last;
  }
  bool IsListGap(size_t i, size_t j) const {
    const std::u32string_view gap = clauses_.Gap(i, j);
    if (gap.empty() || gap.size() > 6) return false;
    const BeforeNumber words = ReadBeforeNumber(gap, tables_);
    const std::u32string_view rest = gap.substr(0, words.name_end);
    return rest.find_first_not_of(U"、,和与及/ 以上下内") == std::u32string_view::npos;
  }

  const ParseOptions options_;
  const RequirementTables& tables_;
  const ScanText& scan_;
  const std::vector<QuantityToken> tokens_;
  const ClauseReader clauses_;
  const std::vector<TrlMention> levels_;
  const bool tells_state_;  // some word of the text is about the present state
  std::vector<Indicator> indicators_;
  size_t seen_ = 0, sentence_ = 0;
  std::vector<Circumstance> circumstances_;
  size_t here_only_ = 0;  // the last of them, in the clause that they stand in
  struct PerValue {
    Dimension dimension;
    double value = 1;
    std::u32string name;  // what stands before it in the clause: 补播机一天能干45亩
    bool turn = false;    // 一趟, 一回: says how often, divides nothing
  };
  std::optional<PerValue> per_;     // of the numbers behind it in the clause
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
