#include "engine/requirement/liveness_place.h"

#include "engine/requirement/claim.h"
#include "engine/requirement/scan_text.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr std::u32string_view kSentenceEnds = U"。!！?？\n\r";
constexpr std::u32string_view kPartEnds = U"。;；!！?？\n\r";
constexpr size_t kNone = std::u32string_view::npos;

// What a form may write behind what it asks for: 质押情况：无.
constexpr WordList kFormWords = {U"情况", U"状态", U"状况", U"记录", U"登记", U"信息", U"纠纷", U"争议",
                                 U"诉讼", U"风险", U"限制", U"事项", U"情形", U"冻结", U"许可", U"问题"};

size_t EndAt(std::u32string_view text, size_t from, std::u32string_view ends) {
  return std::min(text.find_first_of(ends, from), text.size());
}

size_t BeginAt(std::u32string_view text, size_t at, std::u32string_view ends) {
  const size_t end = text.substr(0, at).find_last_of(ends);
  return end == kNone ? 0 : end + 1;
}

bool IsStatedAt(const LivenessPlace& at, size_t begin, size_t end) {
  if (begin > 0 && IsOneOf(at.text[begin - 1], U"不未没难")) return false;
  return ClaimOf(at.text, begin, end, ClaimSubject::kLiveness, *at.tables) == Claim::kStated;
}

// Four digits that stand alone and are a year; 0: none there.
int YearAt(std::u32string_view text, size_t at) {
  if (at > 0 && IsAsciiDigit(text[at - 1])) return 0;
  int year = 0;
  size_t digits = 0;
  for (; at + digits < text.size() && IsAsciiDigit(text[at + digits]) && digits < 5; ++digits)
    year = year * 10 + static_cast<int>(text[at + digits] - U'0');
  return digits == 4 && year >= 1900 && year < 2100 ? year : 0;
}

}  // namespace

size_t LivenessPlace::clause_begin() const { return BeginAt(text, begin, kClauseEnds); }
size_t LivenessPlace::clause_end() const { return EndAt(text, end, kClauseEnds); }

std::u32string_view LivenessPlace::sentence_before() const {
  const size_t from = BeginAt(text, begin, kPartEnds);
  return text.substr(from, begin - from);
}

std::u32string_view LivenessPlace::sentence_behind() const {
  return text.substr(end, EndAt(text, end, kSentenceEnds) - end);
}

bool StatesAny(const LivenessPlace& at, size_t from, size_t to, WordList words, WordList unless_before) {
  for (const std::u32string_view word : words) {
    for (size_t place = at.text.find(word, from); place != kNone && place + word.size() <= to;
         place = at.text.find(word, place + 1)) {
      const size_t begin = BeginAt(at.text, place, kClauseEnds);
      if (ContainsAny(at.text.substr(begin, place - begin), unless_before)) continue;
      if (IsStatedAt(at, place, place + word.size())) return true;
    }
  }
  return false;
}

const LivenessRow* RowWith(std::u32string_view word, const RequirementTables& tables) {
  const WordFinder::Hit hit = tables.liveness_words().At(word, 0);
  return hit.end > 0 && hit.end == word.size() ? &tables.liveness()[hit.id] : nullptr;
}

const LivenessRow* RowInPlace(std::string_view scope, const RequirementTables& tables) {
  const auto& rows = tables.liveness();
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const LivenessRow& one) { return one.scope == scope; });
  return row == rows.end() ? nullptr : &*row;
}

bool WasOnce(const LivenessPlace& at) {
  return ContainsAny(at.before(), {U"曾"}) && !ContainsAny(at.before(), {U"未曾", U"不曾"});
}

int LatestYear(std::u32string_view text) {
  int latest = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (IsAsciiDigit(text[at])) latest = std::max(latest, YearAt(text, at));
  }
  return latest;
}

bool HappenedSince(const LivenessPlace& at) {
  const int year = LatestYear(at.clause());
  if (year == 0) return false;
  const auto tells = [&](std::u32string_view clause) {
    return LatestYear(clause) > year && !ContainsAny(clause, {U"预计", U"预期", U"将", U"拟", U"计划", U"起",
                                                              U"至", U"到", U"回国", U"返回", U"期满"});
  };
  return AnyClause(at.text.substr(0, at.clause_begin()), tells) ||
         AnyClause(at.text.substr(at.clause_end()), tells);
}

bool IsDated(const LivenessPlace& at) { return IsOneOf(at.text[at.begin], U"年月日"); }

bool LacksItsDate(const LivenessPlace& at) {
  if (!IsDated(at)) return false;
  size_t digits = 0;
  while (digits < at.begin && IsAsciiDigit(at.text[at.begin - digits - 1])) ++digits;
  return at.text[at.begin] == U'年' ? digits != 4 : digits == 0 || digits > 2;
}

bool IsAnsweredNo(const LivenessPlace& at) {
  std::u32string_view text = at.rest();
  for (bool again = true; again;) {
    const auto* const word = std::find_if(kFormWords.begin(), kFormWords.end(),
                                          [&](std::u32string_view one) { return text.starts_with(one); });
    again = word != kFormWords.end();
    if (again) text.remove_prefix(word->size());
  }
  std::u32string_view answer = TrimLeft(text, U": |/");
  if (answer.starts_with(U'为')) answer = TrimLeft(answer, U"为");
  if (answer.size() == text.size()) return false;
  if (StartsWithAny(answer, {U"没有", U"不存在", U"暂无", U"未"})) return true;
  return StartsWithAny(answer, {U"无", U"否"}) && (answer.size() == 1 || !IsHan(answer[1]));
}

bool IsDeniedInList(const LivenessPlace& at) {
  const std::u32string_view before = at.before();
  size_t behind = 0;
  for (const std::u32string_view no : {U"无", U"不存在", U"没有", U"未发生", U"未涉及", U"不涉及", U"未设"}) {
    const size_t place = before.rfind(no);
    if (place == kNone) continue;
    const size_t end = place + no.size();
    const bool inside = no == U"无" && end < before.size() && IsOneOf(before[end], U"锡人线偿形机损害法力论");
    if (!inside) behind = std::max(behind, end);
  }
  if (behind == 0) return false;
  const std::u32string_view listed = before.substr(behind);
  return listed.find_first_of(U"、和或及与") != kNone && listed.find_first_of(U"的但因后已而却") == kNone;
}

bool SaysHowAnotherStands(const LivenessPlace& at, WordList own) {
  constexpr std::u32string_view kNext =
      U"于由后原且并至为入到成了和及以与但时已现正多近满一二两三四五六七八九十不";
  const std::u32string_view rest = at.rest();
  if (rest.empty() || StartsWithAny(rest, own)) return false;
  // 五年里退休了十一个老师傅.
  if (rest[0] == U'了' && rest.size() > 1 && (IsNumeral(rest[1]) || IsOneOf(rest[1], U"几多数"))) return true;
  return IsHan(rest[0]) && !IsOneOf(rest[0], kNext);
}

bool IsSignedAsDone(const LivenessPlace& at) {
  constexpr size_t kSignsReach = 12, kAheadReach = 6;  // characters
  const auto last = [&](size_t reach) {
    const std::u32string_view before = at.before();
    return before.substr(before.size() - std::min(reach, before.size()));
  };
  return ContainsAny(last(kSignsReach), {U"已", U"于", U"被", U"经", U"从", U"刚", U"早", U"年", U"月", U"日",
                                         U"现", U"处于", U"改革", U"至今", U"因"}) &&
         !ContainsAny(last(kAheadReach), {U"临近", U"快", U"将", U"距", U"离", U"拟", U"到"});
}

bool IsConsentGiven(const LivenessPlace& at) {
  return EndsInAny(at.before(), {U"无", U"不"}) ||
         StatesAny(at, at.end, at.text.size(),
                   {U"已同意", U"均同意", U"已征得", U"已取得同意", U"已获同意", U"已获批准", U"已批准",
                    U"已批复", U"已办妥", U"已办结", U"已审批", U"已备案"});
}

bool ComesLater(const LivenessPlace& at) {
  const std::u32string_view before = at.before();
  return EndsInAny(TrimRight(before, U"都也即就便方才再又 "), {U"后", U"起"}) &&
         ContainsAny(before, {U"明年", U"后年", U"下半年", U"年底", U"春节", U"开春", U"节后", U"五一",
                              U"国庆", U"结题", U"毕业后", U"期满后"}) &&
         !ContainsAny(before, {U"已", U"曾"});
}

bool NeedsConsent(const LivenessPlace& at, WordList givers) {
  const std::u32string_view asked = at.text.substr(at.begin, at.clause_end() - at.begin);
  if (!ContainsAny(asked, {U"同意", U"批准", U"审批", U"核准", U"商定", U"协商", U"许可", U"授权", U"批复",
                           U"确认", U"认可"}))
    return false;
  // 未经共有人许可不得转让.
  const bool forbidden = at.word() == U"未经";
  const bool asks =
      forbidden ? ContainsAny(asked, {U"不得", U"不可", U"不能", U"无权"}) : ContainsAny(asked, givers);
  return asks && !IsConsentGiven(at);
}

}  // namespace dongxi::requirement
