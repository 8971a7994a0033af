// One need of the report: what it says, where it stands in the plan, and its three lists.
#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/record/field_schema.h"
#include "report/consortium.h"
#include "report/emptied.h"
#include "report/fit.h"
#include "report/html_parts.h"
#include "report/html_text.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

constexpr int kEvidenceShown = 3;
constexpr int kTasksShown = 3;
constexpr double kTaskProbabilityShown = 0.005;  // what would be printed as 0 % says nothing
constexpr double kBarWidth = 240;

std::string Percent(double share) { return absl::StrFormat("%.0f%%", 100 * std::clamp(share, 0.0, 1.0)); }

// The colour of a part; parts that this build does not know share one.
std::string PartClass(std::string_view part) {
  for (const std::string_view known :
       {"lexical", "semantic", "feedback", "learned", "policy", "mode", "maturity", "condition"}) {
    if (part == known) return "part-" + std::string(part);
  }
  return "part-other";
}

void AppendFact(const char* label, const std::string& value, std::string* out) {
  if (value.empty()) return;
  absl::StrAppend(out, "<div><dt>", label, "</dt><dd>", EscapeHtml(value), "</dd></div>\n");
}

template <typename List, typename Name>
std::string JoinNames(const List& codes, Name name_of) {
  std::vector<std::string> names;
  for (const std::string& code : codes) names.push_back(name_of(code));
  return absl::StrJoin(names, "、");
}

std::string BudgetText(const v1::Need& need) {
  return need.has_budget_wan() ? absl::StrFormat("%g 万元", need.budget_wan()) : "";
}

void AppendFacts(const MatchReport& report, const v1::Need& need, std::string* out) {
  *out += "<dl class=\"facts\">\n";
  AppendFact("编号", need.name().substr(need.name().find('/') + 1), out);  // "n-1" of "needs/n-1"
  AppendFact("需求方", InstitutionName(report, need.institution()), out);
  AppendFact("地区", FullRegionName(need.region_code()), out);
  AppendFact("领域", absl::StrJoin(need.fields(), "、"), out);
  AppendFact("合作方式", JoinNames(need.modes(), [](const std::string& code) { return ModeName(code); }),
             out);
  AppendFact("成熟度", need.maturity() > 0 ? absl::StrCat("TRL ", need.maturity(), " 以上") : "", out);
  AppendFact("使用条件",
             JoinNames(need.conditions(),
                       [](const std::string& code) { return std::string(WordOf(ConditionWords(), code)); }),
             out);
  AppendFact("预算", BudgetText(need), out);
  AppendFact("期限", need.deadline(), out);
  AppendFact("来源", need.source(), out);
  *out += "</dl>\n";
}

void AppendText(const char* label, const std::string& marked, std::string* out) {
  if (marked.empty()) return;
  absl::StrAppend(out, "<p class=\"text\"><span class=\"label\">", label, "</span>", marked, "</p>\n");
}

void AppendNeedText(const NeedMatches& matches, std::string* out) {
  const v1::Need& need = matches.need;
  AppendText("现状与问题",
             MarkIntervals(need.description(), NeedIntervals(matches.answer, {"description", "text"})), out);
  AppendText("希望得到", MarkIntervals(need.wanted(), NeedIntervals(matches.answer, {"wanted"})), out);
  if (need.indicators().empty()) return;
  *out += "<div class=\"text\"><span class=\"label\">考核指标</span><ul class=\"inline\">";
  for (const std::string& indicator : need.indicators()) {
    absl::StrAppend(out, "<li>", EscapeHtml(indicator), "</li>");
  }
  *out += "</ul></div>\n";
}

void AppendPolicy(const v1::PolicyReading& policy, std::string* out) {
  absl::StrAppend(out, "<p class=\"plan\"><span class=\"label\">通道</span><b>",
                  EscapeHtml(policy.channel_name()), "</b>");
  int shown = 0;
  for (const v1::TaskProbability& task : policy.tasks()) {
    if (shown == kTasksShown || task.probability() < kTaskProbabilityShown) continue;
    if (shown++ == 0) *out += "<span class=\"label later\">可能任务</span>";
    const std::string name = task.task().empty() ? "不属于各项任务" : task.task() + " " + task.title();
    absl::StrAppend(out, "<span class=\"task\">", EscapeHtml(name), " <i>", Percent(task.probability()),
                    "</i></span>");
  }
  *out += "</p>\n";
}

// Parts side by side, as wide as they add to the score; parts that take from it are only in the text below.
void AppendScoreBar(const v1::MatchEntry& entry, double score_max, std::string* out) {
  if (entry.score_parts().empty()) return;
  absl::StrAppend(out,
                  "<div class=\"made\"><svg class=\"bar\" viewBox=\"0 0 240 6\" preserveAspectRatio=\"none\" "
                  "role=\"img\" aria-label=\"得分构成\">"
                  "<rect class=\"ground\" x=\"0\" y=\"0\" width=\"240\" height=\"6\"/>");
  double x = 0;
  for (const v1::ScorePart& part : entry.score_parts()) {
    if (!(part.contribution() > 0) || !(score_max > 0)) continue;
    const double width = std::min(kBarWidth * part.contribution() / score_max, kBarWidth - x);
    if (width <= 0) continue;
    absl::StrAppend(out,
                    absl::StrFormat("<rect class=\"%s\" x=\"%.2f\" y=\"0\" width=\"%.2f\" height=\"6\"/>",
                                    PartClass(part.part()), x, width));
    x += width;
  }
  *out += "</svg><p class=\"parts\">";
  for (const v1::ScorePart& part : entry.score_parts()) {
    if (std::abs(part.contribution()) < 0.0005) continue;
    absl::StrAppend(out, "<span class=\"", PartClass(part.part()), "\">",
                    EscapeHtml(ScorePartName(part.part())), " ", absl::StrFormat("%.3f", part.contribution()),
                    "</span>");
  }
  *out += "</p></div>\n";
}

double PositiveSum(const v1::MatchEntry& entry) {
  double sum = 0;
  for (const v1::ScorePart& part : entry.score_parts()) sum += std::max(part.contribution(), 0.0);
  return sum;
}

void AppendReasons(const v1::MatchEntry& entry, std::string* out) {
  if (entry.reasons().empty()) return;
  const std::vector<std::string> terms = TermsOf(entry);
  *out += "<div class=\"why\"><span class=\"label\">理由</span><ul class=\"inline\">";
  for (const std::string& reason : entry.reasons())
    absl::StrAppend(out, "<li>", MarkTerms(reason, terms), "</li>");
  *out += "</ul></div>\n";
}

// Sentences of the plan that the need's page has quoted; each is printed once a need.
using Quoted = std::set<std::string>;

void AppendPolicyReason(const v1::MatchEntry& entry, Quoted* quoted, std::string* out) {
  if (!entry.has_policy_reason()) return;
  const v1::PolicyReason& reason = entry.policy_reason();
  // The reasons usually say it already; then only the source is added.
  const bool said = std::any_of(entry.reasons().begin(), entry.reasons().end(), [&](const std::string& text) {
    return text.find(reason.text()) != std::string::npos;
  });
  absl::StrAppend(out, "<p class=\"policy\"><span class=\"label\">政策依据</span>",
                  said ? "" : EscapeHtml(reason.text()));
  const std::string strength = StrengthName(reason.strength());
  if (!strength.empty()) absl::StrAppend(out, "（", strength, "）");
  if (!reason.quote().empty() && !quoted->insert(reason.quote()).second) {
    *out += "原文同上";
  } else if (!reason.quote().empty()) {
    absl::StrAppend(out, "<q>", EscapeHtml(reason.quote()), "</q>");
  }
  *out += "</p>\n";
}

void AppendEvidence(const v1::MatchEntry& entry, std::string* out) {
  if (entry.evidence().empty()) return;
  *out += "<p class=\"evidence\"><span class=\"label\">佐证</span>";
  const int shown = std::min(entry.evidence_size(), kEvidenceShown);
  const std::vector<std::string> terms = TermsOf(entry);
  for (int i = 0; i < shown; ++i) {
    const v1::EvidenceShare& evidence = entry.evidence(i);
    absl::StrAppend(out, i == 0 ? "" : "；",
                    MarkTerms(evidence.title().empty() ? evidence.name() : evidence.title(), terms), "（",
                    Percent(evidence.share()), "）");
    out->append(IllustrativeBadge(evidence.illustrative()));
  }
  if (entry.evidence_size() > shown) absl::StrAppend(out, "；另有 ", entry.evidence_size() - shown, " 项");
  *out += "</p>\n";
}

// How much of an entry is told: all, what the short form has, or what it has of an aside.
enum class Telling { kAll, kShort, kAside };

void AppendFits(const NeedMatches& matches, const v1::MatchEntry& entry, Telling telling, std::string* out) {
  const std::vector<Fit> fits = FitsOf(matches.need, matches.answer, entry);
  const bool all = telling == Telling::kAll;
  for (const auto& [label, text] :
       {std::pair{"符合", telling == Telling::kAside ? "" : FittingText(fits)},
        std::pair{"不符合", NotFittingText(fits)}, std::pair{"未说明", all ? UnsaidText(fits) : ""},
        std::pair{"现场条件", all ? AdaptationText(entry) : ""}}) {
    if (text.empty()) continue;
    absl::StrAppend(out, "<p class=\"fits\"><span class=\"label\">", label, "</span>", EscapeHtml(text),
                    "</p>\n");
  }
}

// What the entries of one need's page share.
struct NeedPage {
  const MatchReport& report;
  const NeedMatches& matches;
  Quoted quoted;
};

void AppendEntry(NeedPage& page, const v1::MatchEntry& entry, int rank, double score_max, Telling telling,
                 std::string* out) {
  const MatchReport& report = page.report;
  const bool all = telling == Telling::kAll, aside = telling == Telling::kAside;
  absl::StrAppend(out, "<li class=\"entry\"><p class=\"line\"><span class=\"rank\">", rank,
                  "</span><b class=\"name\">",
                  EscapeHtml(entry.title().empty() ? entry.name() : entry.title()), "</b>");
  out->append(IllustrativeBadge(entry.illustrative()));
  absl::StrAppend(
      out, "<span class=\"region\">",
      EscapeHtml(entry.region_name().empty() ? FullRegionName(entry.region_code()) : entry.region_name()),
      "</span>", "<b class=\"", entry.adequate() ? "ok" : "near", "\">", AdequacyWord(entry),
      "</b><span class=\"score\">得分 ", absl::StrFormat("%.3f", entry.score()),
      entry.barred().empty() ? " · 需求覆盖度 " + Percent(entry.adequacy()) : "", "</span></p>\n");
  if (entry.kind() != v1::INSTITUTION && !entry.institutions().empty() && !aside) {
    const std::string owners = JoinNames(
        entry.institutions(), [&](const std::string& name) { return InstitutionName(report, name); });
    absl::StrAppend(out, "<p class=\"owners\"><span class=\"label\">所属机构</span>", EscapeHtml(owners),
                    "</p>\n");
  }
  if (all) AppendScoreBar(entry, score_max, out);
  AppendReasons(entry, out);
  AppendFits(page.matches, entry, telling, out);
  if (!aside) AppendPolicyReason(entry, &page.quoted, out);
  if (all) AppendEvidence(entry, out);
  *out += "</li>\n";
}

void AppendList(NeedPage& page, v1::RecordKind kind, const v1::MatchList& list, std::string* out) {
  absl::StrAppend(out, "<section class=\"list\"><h3>", ListName(kind), "</h3>\n");
  if (CountAdequate(list) == 0) {
    const ListNote note = NoteOver(page.matches, kind, list);
    absl::StrAppend(out, "<p class=\"nomatch\"><b>", EscapeHtml(note.what), "</b>", EscapeHtml(note.rest),
                    "</p>\n");
  }
  double score_max = 0;
  for (const v1::MatchEntry& entry : list.entries()) score_max = std::max(score_max, PositiveSum(entry));
  if (!list.entries().empty()) *out += "<ol>\n";
  int rank = 0;
  for (const v1::MatchEntry& entry : list.entries()) {
    const Telling telling = IsAside(page.report, list, entry) ? Telling::kAside
                            : page.report.brief               ? Telling::kShort
                                                              : Telling::kAll;
    AppendEntry(page, entry, ++rank, score_max, telling, out);
  }
  if (!list.entries().empty()) *out += "</ol>\n";
  *out += "</section>\n";
}

// 创新联合体 and 建议向需求方提问; nothing for an answer without either.
void AppendConsortium(const v1::MatchResponse& answer, bool brief, std::string* out) {
  ConsortiumText consortium = ConsortiumTextOf(answer);
  if (brief) consortium.members.clear();
  if (!consortium.summary.empty()) {
    absl::StrAppend(out, "<section class=\"list consortium\"><h3>创新联合体</h3>\n<p>",
                    EscapeHtml(consortium.summary), "。</p>\n");
    if (!consortium.members.empty()) *out += "<ol>\n";
    for (const ConsortiumMemberText& member : consortium.members) {
      absl::StrAppend(out, "<li class=\"entry\"><p class=\"line\"><b class=\"name\">",
                      EscapeHtml(member.title), "</b>");
      out->append(IllustrativeBadge(member.illustrative));
      absl::StrAppend(out, "<span class=\"region\">", member.kind,
                      "</span></p>\n<p><span class=\"label\">覆盖</span>", EscapeHtml(member.covers),
                      "</p></li>\n");
    }
    if (!consortium.members.empty()) *out += "</ol>\n";
    AppendText("未覆盖", EscapeHtml(absl::StrJoin(consortium.open, "；")), out);
    *out += "</section>\n";
  }
  AppendText("建议向需求方提问", EscapeHtml(OwnerQuestionText(answer)), out);
}

}  // namespace

void AppendNeed(const MatchReport& report, size_t index, std::string* out) {
  const NeedMatches& matches = report.needs[index];
  const v1::Need& need = matches.need;
  absl::StrAppend(out, "<article class=\"need\" id=\"", NeedAnchor(index), "\"><h2><span class=\"no\">",
                  index + 1, "</span>");
  *out += need.title().empty() ? EscapeHtml(NeedTitle(need))
                               : MarkIntervals(need.title(), NeedIntervals(matches.answer, {"title"}));
  out->append(IllustrativeBadge(need.illustrative()));
  *out += "</h2>\n";
  AppendFacts(report, need, out);
  AppendNeedText(matches, out);
  if (!matches.error.empty()) {
    absl::StrAppend(out, "<p class=\"nomatch\"><b>未能匹配</b>：", EscapeHtml(matches.error), "</p>\n");
  } else {
    NeedPage page{report, matches, {}};
    AppendPolicy(matches.answer.policy(), out);
    if (const std::string& degraded = matches.answer.degraded(); !degraded.empty())
      absl::StrAppend(out, "<p class=\"nomatch\"><b>注意</b>：", EscapeHtml(degraded), "</p>\n");
    for (const AnswerList& one : AskedLists(report))
      AppendList(page, one.kind, (matches.answer.*one.list)(), out);
    AppendConsortium(matches.answer, report.brief, out);
    absl::StrAppend(out, "<p class=\"trace\">匹配编号 ", EscapeHtml(matches.answer.match_id()), " · ",
                    EscapeHtml(matches.answer.provenance().generation()));
    *out += " · <a href=\"#contents\">回目录</a></p>\n";
  }
  *out += "</article>\n";
}

}  // namespace dongxi::report
