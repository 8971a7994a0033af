#include "engine/requirement/liveness.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "engine/requirement/claim.h"
#include "engine/requirement/scan_text.h"
#include "engine/requirement/standing.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

RequirementVerdict Make(Outcome outcome, std::string reason) {
  RequirementVerdict verdict{
      .kind = RequirementKind::kLiveness, .outcome = outcome, .requirement = "现在可以合作"};
  verdict.reason = std::move(reason);
  if (outcome == Outcome::kShort) verdict.shortfall_text = verdict.reason;
  return verdict;
}

Outcome OutcomeOf(LivenessEffect effect) {
  return effect == LivenessEffect::kBlock   ? Outcome::kContradictory
         : effect == LivenessEffect::kLower ? Outcome::kShort
                                            : Outcome::kMet;
}

void JudgeWords(const std::optional<LivenessWord>& heaviest, std::vector<RequirementVerdict>& verdicts) {
  if (!heaviest) return;
  const LivenessRow& row = *heaviest->row;
  RequirementVerdict verdict =
      Make(OutcomeOf(row.effect), absl::StrCat(row.reason, "（“", heaviest->word, "”）"));
  if (verdict.outcome == Outcome::kShort) verdict.shortfall_text = row.reason;
  verdict.offer_span = heaviest->span;
  verdicts.push_back(std::move(verdict));
}

void JudgeTerm(const Record& offer, const LivenessInput& input, std::vector<RequirementVerdict>& verdicts) {
  const int years = TermYearsOf(offer);
  if (!TermIsOver(offer.year, years, static_cast<int>(input.today.year()))) return;
  verdicts.push_back(Make(Outcome::kShort, absl::StrCat("按完成年份 ", offer.year, " 推算，专利保护期（",
                                                        years, " 年）可能已满，请核对登记簿")));
}

void JudgeValidity(const Record& offer, const LivenessInput& input,
                   std::vector<RequirementVerdict>& verdicts) {
  absl::CivilDay until;
  if (offer.valid_until.empty() || !absl::ParseLenientCivilTime(offer.valid_until, &until)) return;
  if (until < input.today) {
    verdicts.push_back(
        Make(Outcome::kContradictory, absl::StrCat("供方信息的有效期已过（", offer.valid_until, "）")));
  } else if (until - input.today < kEndsSoonDays) {
    verdicts.push_back(
        Make(Outcome::kShort, absl::StrCat("供方信息的有效期快到了（", offer.valid_until, "）")));
  }
}

void JudgeLoad(const LivenessInput& input, const RequirementTables& tables,
               std::vector<RequirementVerdict>& verdicts) {
  const LivenessRow* row = LoadRow(input.open_matches, input.open_matches_max, tables);
  if (row == nullptr) return;
  verdicts.push_back(
      Make(OutcomeOf(row->effect), absl::StrCat(row->reason, "（正在进行 ", input.open_matches, " 项，上限 ",
                                                input.open_matches_max, " 项）")));
}

// Where a record's words say how it stands, and the rows that are for them; empty: nowhere.
struct WordsOf {
  std::string_view scope, field;
  const std::string* text = nullptr;
};
WordsOf LivenessWordsOf(const Record& record) {
  switch (record.kind) {
    case RecordKind::kResult:
      return {"ip", "ip_status", &record.ip_status};
    case RecordKind::kExpert:
      return {"expert", "text", &record.text};
    case RecordKind::kInstitution:
      return {"institution", "text", &record.text};
    case RecordKind::kNeed:
    case RecordKind::kEvidence:
      break;
  }
  return {};
}

// 已退休的老工程师, 已关停盐田: the word says how something else stands. It is said of the record itself
// where nothing follows it, or a date, a place or what came next.
bool IsOfAnother(std::u32string_view text, const WordFinder::Hit& hit) {
  // 被吊销营业执照, 已注销登记, 已退休多年: what is done to the record itself.
  for (const std::u32string_view own : {U"营业执照", U"登记", U"法人", U"多年", U"手续", U"整顿", U"运营"}) {
    if (text.substr(hit.end).starts_with(own)) return false;
  }
  constexpr std::u32string_view kNext = U"于由后原且并至为入到成了，。（、； ";
  if (hit.end >= text.size()) return false;
  const char32_t next = text[hit.end];
  return IsHan(next) && kNext.find(next) == std::u32string_view::npos;
}

constexpr std::u32string_view kClauseEnds = U",，。;；:：!！?？\n\r";  // as ClaimOf cuts them

size_t ClauseBegin(std::u32string_view text, size_t at) {
  const size_t end = text.substr(0, at).find_last_of(kClauseEnds);
  return end == std::u32string_view::npos ? 0 : end + 1;
}

bool EndsClause(std::u32string_view behind) {
  return behind.empty() || kClauseEnds.find(behind.front()) != std::u32string_view::npos;
}

std::u32string_view WordAt(std::u32string_view text, const WordFinder::Hit& hit) {
  return text.substr(hit.begin, hit.end - hit.begin);
}

bool BeginsWithAny(std::u32string_view text, std::initializer_list<std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.starts_with(word); });
}

bool HasAny(std::u32string_view text, std::initializer_list<std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return text.find(word) != std::u32string_view::npos; });
}

// As FoldAscii of a text has it.
std::u32string TitleOf(const Record& record) { return FoldAscii(MakeScanText(record.title).text); }

// 更名为 the name that the record bears: how it came to be, no doubt of what it is.
bool IsItsOwnName(std::u32string_view text, const WordFinder::Hit& hit, const Record& record) {
  std::u32string_view behind = text.substr(hit.end);
  constexpr std::u32string_view kQuotes = U"“”\"「『《 ";
  while (!behind.empty() && kQuotes.find(behind.front()) != std::u32string_view::npos)
    behind.remove_prefix(1);
  if (BeginsWithAny(behind, {U"现名", U"今名", U"本名", U"现在的名称", U"现名称"})) return true;
  const std::u32string title = TitleOf(record);
  return !title.empty() && behind.starts_with(title);
}

// As a text calls the institution that it is about.
constexpr std::initializer_list<std::u32string_view> kSelf = {
    U"本校", U"我校",   U"该校",   U"本院",   U"我院",   U"该院",   U"本所",   U"我所",
    U"该所", U"本中心", U"该中心", U"本单位", U"该单位", U"本公司", U"我公司", U"该公司"};

// Whether a clause says of whom, beside when and how: 2000年湖北医科大学整体. The name of an institution has
// four characters or more and an end of its own; 2003年整体 and 学校于2003年 name none, and of 随省农科院 the
// record is a part.
bool NamesOne(std::u32string_view clause) {
  constexpr std::u32string_view kWhenAndHow =
      U"0123456789年月日初底末于在后已被经由均都也又再整体先后相继正式全部 ";
  constexpr std::u32string_view kNameEnds = U"学院所校厂站系室社心司局队馆位构等";
  const size_t first = clause.find_first_not_of(kWhenAndHow), last = clause.find_last_not_of(kWhenAndHow);
  return first != std::u32string_view::npos && last - first >= 3 && clause[first] != U'随' &&
         kNameEnds.find(clause[last]) != std::u32string_view::npos;
}

// 湖北医科大学并入本校, 湖北医科大学等并入。: others came to the record, which goes on.
bool OthersCame(std::u32string_view text, const WordFinder::Hit& hit, const Record& record) {
  if (WordAt(text, hit) != U"并入") return false;
  const size_t begin = ClauseBegin(text, hit.begin);
  const std::u32string_view clause = text.substr(begin, hit.begin - begin), behind = text.substr(hit.end);
  if (HasAny(clause, kSelf)) return false;  // 本所并入该校
  if (BeginsWithAny(behind, kSelf)) return true;
  const std::u32string title = TitleOf(record);
  const bool itself = !title.empty() && clause.find(title) != std::u32string_view::npos;
  return EndsClause(behind) && !itself && NamesOne(clause);
}

// 1998年划转教育部管理: another ministry looks after the record, which is what it was.
bool ChangedMinistry(std::u32string_view text, const WordFinder::Hit& hit) {
  if (WordAt(text, hit) != U"划转") return false;
  constexpr std::u32string_view kTo = U"至到归给由为入";
  std::u32string_view behind = text.substr(hit.end);
  behind.remove_prefix(std::min(behind.find_first_not_of(kTo), behind.size()));
  for (const std::u32string_view ministry :
       {U"教育部",     U"科技部",         U"科学技术部", U"工信部",     U"工业和信息化部", U"农业部",
        U"农业农村部", U"水利部",         U"自然资源部", U"国土资源部", U"生态环境部",     U"卫生部",
        U"国家卫健委", U"国家卫生健康委", U"交通部",     U"交通运输部", U"铁道部",         U"建设部",
        U"国资委",     U"国务院国资委",   U"国家民委"}) {
    if (!behind.starts_with(ministry)) continue;
    const std::u32string_view rest = behind.substr(ministry.size());
    if (EndsClause(rest) || BeginsWithAny(rest, {U"管理", U"主管", U"领导", U"直管", U"直属管理"}))
      return true;
  }
  return false;
}

bool IsOfRetirement(std::u32string_view text, const WordFinder::Hit& hit) {
  return WordAt(text, hit).find(U"退休") != std::u32string_view::npos;
}

// 已退休，现返聘在岗: he can be had all the same. In the clause or the next one.
bool IsBackAtWork(std::u32string_view text, const WordFinder::Hit& hit, const RequirementTables& tables) {
  if (!IsOfRetirement(text, hit)) return false;
  const size_t next = text.find_first_not_of(kClauseEnds, text.find_first_of(kClauseEnds, hit.end));
  const std::u32string_view near = text.substr(0, text.find_first_of(kClauseEnds, next));
  for (const std::u32string_view word : {U"返聘", U"仍在岗", U"继续承担", U"仍可提供"}) {
    const size_t at = near.find(word, ClauseBegin(text, hit.begin));
    if (at != std::u32string_view::npos &&
        ClaimOf(text, at, at + word.size(), ClaimSubject::kLiveness, tables) == Claim::kStated)
      return true;
  }
  return false;
}

// What stands before the word in its clause.
std::u32string_view ClauseBefore(std::u32string_view text, size_t at) {
  const size_t begin = ClauseBegin(text, at);
  return text.substr(begin, at - begin);
}

// What stands behind the word in its sentence.
std::u32string_view SentenceBehind(std::u32string_view text, const WordFinder::Hit& hit) {
  return text.substr(hit.end, std::min(text.find_first_of(U"。!！?？\n\r", hit.end), text.size()) - hit.end);
}

template <typename Rule>
bool AnyClause(std::u32string_view text, const Rule& rule) {
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(kClauseEnds), text.size());
    if (rule(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

// 曾独占许可给甲公司, 曾出国访学: so it was.
bool WasOnce(std::u32string_view text, const WordFinder::Hit& hit) {
  const std::u32string_view clause = ClauseBefore(text, hit.begin);
  return HasAny(clause, {U"曾"}) && !HasAny(clause, {U"未曾", U"不曾"});
}

// A word of the table that begins with 年, 月 or 日 counts behind a date alone: 2024年12月退休, not
// 再过5年退休.
bool IsDated(std::u32string_view text, const WordFinder::Hit& hit) {
  return std::u32string_view(U"年月日").find(text[hit.begin]) != std::u32string_view::npos;
}
bool LacksItsDate(std::u32string_view text, const WordFinder::Hit& hit) {
  if (!IsDated(text, hit)) return false;
  size_t digits = 0;
  while (digits < hit.begin && IsAsciiDigit(text[hit.begin - digits - 1])) ++digits;
  return text[hit.begin] == U'年' ? digits != 4 : digits == 0 || digits > 2;
}

// 早期合作单位乙公司已注销: it goes on without them.
bool AnotherStopped(std::u32string_view text, const WordFinder::Hit& hit, const Record& record) {
  const std::u32string_view clause = ClauseBefore(text, hit.begin);
  if (!HasAny(clause, {U"合作单位", U"合作方", U"合作伙伴", U"合作公司", U"协作单位", U"共建单位",
                       U"供应商",   U"参股",   U"控股",     U"分公司",   U"分支机构", U"关联公司",
                       U"关联企业", U"联营",   U"合资公司", U"合资企业", U"下属",     U"旗下",
                       U"原股东",   U"子公司", U"共同研发", U"合作厂",   U"项目公司"}))
    return false;
  const std::u32string title = TitleOf(record);
  return title.empty() || clause.find(title) == std::u32string_view::npos;
}

// 出国访学一年，按期回国: he is back.
bool IsBackHome(std::u32string_view text, const WordFinder::Hit& hit, const RequirementTables& tables) {
  if (!HasAny(WordAt(text, hit), {U"访学", U"休假", U"国外", U"暂停"})) return false;
  if (WasOnce(text, hit) || BeginsWithAny(text.substr(hit.end), {U"经历", U"归来", U"回国", U"后回国"}))
    return true;
  const size_t end = hit.end + SentenceBehind(text, hit).size();
  for (const std::u32string_view word :
       {U"已回国", U"按期回国", U"如期回国", U"按时回国", U"后回国", U"学成回国", U"期满回国", U"现已归国",
        U"已归国", U"回国任教", U"回国工作", U"现在岗", U"全职在岗", U"已返岗", U"已返校", U"已结束",
        U"已恢复"}) {
    const size_t at = text.substr(0, end).find(word, hit.end);
    if (at != std::u32string_view::npos &&
        ClaimOf(text, at, at + word.size(), ClaimSubject::kLiveness, tables) == Claim::kStated)
      return true;
  }
  return false;
}

// 已退休，可以顾问身份参与，须先与原单位商定: to be cleared first.
bool HelpsInRetirement(std::u32string_view text, const WordFinder::Hit& hit,
                       const RequirementTables& tables) {
  if (!IsOfRetirement(text, hit)) return false;
  const size_t end = hit.end + SentenceBehind(text, hit).size();
  for (const std::u32string_view word :
       {U"可返聘",     U"可以返聘", U"愿返聘",   U"接受返聘", U"返聘方式", U"可作顾问", U"可任顾问",
        U"可担任顾问", U"顾问身份", U"顾问方式", U"身份参与", U"方式参与", U"可参与",   U"可以参与",
        U"愿参与",     U"愿意参与", U"仍愿",     U"仍可",     U"可提供",   U"可以提供", U"可指导",
        U"可以指导",   U"可受聘",   U"可以受聘", U"可承接",   U"可以承接"}) {
    const size_t at = text.substr(0, end).find(word, hit.end);
    if (at == std::u32string_view::npos) continue;
    const bool refused = HasAny(ClauseBefore(text, at), {U"不", U"同事", U"学生", U"团队"});
    if (!refused && ClaimOf(text, at, at + word.size(), ClaimSubject::kLiveness, tables) != Claim::kDenied)
      return true;
  }
  return false;
}

bool IsOfLicence(std::u32string_view text, const WordFinder::Hit& hit) {
  return HasAny(WordAt(text, hit), {U"独占", U"独家", U"排他"});
}

// 独占许可给甲公司，许可已于2025年12月到期: nobody has it any more.
bool LicenceIsOver(std::u32string_view text, const WordFinder::Hit& hit) {
  return AnyClause(text.substr(hit.end), [](std::u32string_view clause) {
    return HasAny(clause, {U"许可", U"合同", U"协议", U"期限"}) &&
           !HasAny(clause, {U"未", U"将", U"拟", U"与", U"此前"}) &&
           HasAny(clause, {U"已到期", U"到期终止", U"已终止", U"已期满", U"期满终止", U"已届满", U"已解除",
                           U"已结束", U"已收回", U"日到期", U"月到期"}) &&
           HasAny(clause, {U"已"});
  });
}

// Of 许可期至2027年3月, 期限5年 and 到期后可对外许可 the licence ends; what is paid or protected until then
// (年费已缴至2027年) is another thing, and a licence until the patent's own end never does.
bool EndsLicence(std::u32string_view clause) {
  if (HasAny(clause,
             {U"年费", U"缴", U"保护期", U"专利", U"质押", U"出质", U"保全", U"届满", U"20年", U"二十年"}))
    return false;
  if (HasAny(clause, {U"到期后", U"期满后", U"到期不续", U"期满不续"})) return true;
  const size_t year = clause.find(U'年');
  const bool in_years =
      year != std::u32string_view::npos && year > 0 &&
      (IsAsciiDigit(clause[year - 1]) ||
       std::u32string_view(U"一二两三四五六七八九十").find(clause[year - 1]) != std::u32string_view::npos);
  const bool has_term = HasAny(clause, {U"期限", U"许可期", U"为期", U"独占期", U"排他期", U"有效期"});
  return (in_years && has_term) || HasAny(clause, {U"至20", U"到20"});
}

bool LicenceEnds(std::u32string_view text, const WordFinder::Hit& hit) {
  return WasOnce(text, hit) || AnyClause(SentenceBehind(text, hit), EndsLicence);
}

// 因未缴年费终止，2024年5月已恢复权利: it is in force again.
bool IsRestored(std::u32string_view text, const WordFinder::Hit& hit, const RequirementTables& tables) {
  if (!HasAny(WordAt(text, hit), {U"终止", U"失效", U"缴", U"撤回", U"到期", U"过期"})) return false;
  for (const std::u32string_view word :
       {U"已恢复权利", U"权利已恢复", U"已恢复有效", U"已恢复专利权", U"恢复了权利", U"获准恢复", U"准予恢复",
        U"已予恢复", U"现已恢复", U"年恢复权利", U"月恢复权利", U"日恢复权利", U"后恢复权利"}) {
    const size_t at = text.find(word, hit.end);
    if (at != std::u32string_view::npos &&
        ClaimOf(text, at, at + word.size(), ClaimSubject::kLiveness, tables) == Claim::kStated)
      return true;
  }
  return false;
}

// 美国同族专利已失效 leaves the Chinese one, 许可合同已到期 the patent.
bool IsOfAnotherRight(std::u32string_view text, const WordFinder::Hit& hit) {
  const std::u32string_view clause = ClauseBefore(text, hit.begin);
  const bool foreign =
      HasAny(clause, {U"美国", U"欧洲", U"日本", U"韩国", U"德国", U"英国", U"法国", U"俄罗斯", U"印度",
                      U"国外", U"境外", U"海外", U"外国", U"同族", U"pct"});
  if (foreign && !HasAny(clause, {U"中国", U"国内", U"均"})) return true;
  const bool lapsed = HasAny(WordAt(text, hit), {U"终止", U"到期", U"过期", U"届满", U"已失效"});
  return lapsed &&
         HasAny(clause, {U"独占", U"独家", U"排他", U"许可", U"合同", U"协议", U"质押", U"诉讼", U"保全"});
}

bool RightStands(std::u32string_view text, const WordFinder::Hit& hit, const RequirementTables& tables) {
  return IsOfAnotherRight(text, hit) || IsRestored(text, hit, tables) ||
         (IsOfLicence(text, hit) && LicenceIsOver(text, hit));
}

// The word speaks against this record, now.
bool IsSaid(std::u32string_view text, const WordFinder::Hit& hit, const LivenessRow& row,
            const Record& record, const RequirementTables& tables) {
  const bool of_result = record.kind == RecordKind::kResult;
  if (row.effect == LivenessEffect::kFine && of_result) return true;
  if (LacksItsDate(text, hit)) return false;
  if (ClaimOf(text, hit.begin, hit.end, ClaimSubject::kLiveness, tables) != Claim::kStated) return false;
  if (row.effect == LivenessEffect::kFine) return true;
  if (row.effect == LivenessEffect::kBlock) {
    if (of_result) return !RightStands(text, hit, tables);
    return !IsOfAnother(text, hit) && !IsBackAtWork(text, hit, tables) && !AnotherStopped(text, hit, record);
  }
  if (record.kind == RecordKind::kExpert) return !IsBackHome(text, hit, tables);
  return record.kind != RecordKind::kInstitution ||
         !(IsItsOwnName(text, hit, record) || OthersCame(text, hit, record) || ChangedMinistry(text, hit));
}

// The row of the table that what follows the word puts in its place: an exclusive licence that ends, a
// retired expert who takes part, are to be cleared first.
const LivenessRow& RowSaid(std::u32string_view text, const WordFinder::Hit& hit,
                           const RequirementTables& tables) {
  const LivenessRow& row = tables.liveness()[hit.id];
  if (row.effect != LivenessEffect::kBlock) return row;
  std::string_view scope;
  if (row.scope == "ip" && IsOfLicence(text, hit) && LicenceEnds(text, hit)) scope = "licence_ends";
  if (row.scope == "expert" && HelpsInRetirement(text, hit, tables)) scope = "retired_helps";
  for (const LivenessRow& other : tables.liveness()) {
    if (!scope.empty() && other.scope == scope) return other;
  }
  return row;
}

bool HasStopped(const Record& institution, const RequirementTables& tables) {
  const std::optional<LivenessWord> word = HeaviestLivenessWord(institution, tables);
  return word && word->row->effect == LivenessEffect::kBlock;
}

}  // namespace

std::optional<LivenessWord> HeaviestLivenessWord(const Record& record, const RequirementTables& tables) {
  const WordsOf words = LivenessWordsOf(record);
  if (words.text == nullptr || words.text->empty()) return std::nullopt;
  const ScanText scan = MakeScanText(*words.text);
  const LivenessRow* heaviest = nullptr;
  WordFinder::Hit place;
  const std::u32string folded = FoldAscii(scan.text);
  for (const WordFinder::Hit& hit : tables.liveness_words().FindAll(folded)) {
    const LivenessRow& written = tables.liveness()[hit.id];
    if (written.scope != words.scope) continue;
    if (heaviest != nullptr && written.effect <= heaviest->effect) continue;
    if (!IsSaid(folded, hit, written, record, tables)) continue;
    const LivenessRow& row = RowSaid(folded, hit, tables);
    if (heaviest != nullptr && row.effect <= heaviest->effect) continue;
    heaviest = &row;
    place = hit;
    if (IsDated(folded, hit)) ++place.begin;
  }
  if (heaviest == nullptr) return std::nullopt;
  const size_t begin = scan.bytes[place.begin], end = scan.EndByte(place.end);
  const auto characters = [&](size_t bytes) {
    return static_cast<uint32_t>(CountCharacters(std::string_view(*words.text).substr(0, bytes)));
  };
  return LivenessWord{heaviest, words.text->substr(begin, end - begin),
                      FieldSpan{std::string(words.field), characters(begin), characters(end)}};
}

std::vector<RequirementVerdict> JudgeLiveness(const Record& offer, const LivenessInput& input,
                                              const RequirementTables& tables) {
  return JudgeLiveness(offer, HeaviestLivenessWord(offer, tables), input, tables);
}

std::vector<RequirementVerdict> JudgeLiveness(const Record& offer,
                                              const std::optional<LivenessWord>& heaviest,
                                              const LivenessInput& input, const RequirementTables& tables) {
  std::vector<RequirementVerdict> verdicts;
  JudgeWords(heaviest, verdicts);
  JudgeTerm(offer, input, verdicts);
  JudgeValidity(offer, input, verdicts);
  if (offer.kind == RecordKind::kExpert) JudgeLoad(input, tables, verdicts);
  return verdicts;
}

std::vector<RequirementVerdict> JudgeOwners(std::span<const Record* const> institutions, absl::CivilDay today,
                                            const RequirementTables& tables) {
  const bool all_stopped =
      !institutions.empty() && std::all_of(institutions.begin(), institutions.end(),
                                           [&](const Record* one) { return HasStopped(*one, tables); });
  std::vector<RequirementVerdict> verdicts;
  for (const Record* institution : institutions) {
    for (const RequirementVerdict& own : JudgeLiveness(*institution, {.today = today}, tables)) {
      const bool ends_soon = own.outcome == Outcome::kShort && !own.offer_span;  // the institution does not
      if (own.outcome == Outcome::kMet || ends_soon) continue;
      const bool stopped = all_stopped && own.offer_span && own.outcome == Outcome::kContradictory;
      verdicts.push_back(Make(stopped ? Outcome::kContradictory : Outcome::kShort,
                              absl::StrCat("所属机构 ", institution->title, "：", own.reason)));
    }
  }
  return verdicts;
}

}  // namespace dongxi::requirement
