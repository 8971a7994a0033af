#include "report/pdf_need.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/record/field_schema.h"
#include "report/consortium.h"
#include "report/emptied.h"
#include "report/fit.h"
#include "report/html_parts.h"
#include "report/html_text.h"
#include "report/overview.h"
#include "report/pdf_parts.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

constexpr int kEvidenceShown = 3;
constexpr ParagraphStyle kBody{};
constexpr ParagraphStyle kEntryText{.size = 8.5, .indent = 14, .after = 1.5};
// Of the short form, tried in this order. Type below 0.7 of its size is hard to read on paper.
constexpr NeedForm kForms[] = {{1, false},   {0.94, false}, {0.88, false}, {0.82, false}, {0.76, false},
                               {0.88, true}, {0.82, true},  {0.76, true},  {0.7, true}};

// How many lines a text may have in the short form, where there is room and where there is little.
struct Lines {
  int loose, tight;
};
constexpr Lines kTitleLines{2, 2}, kTextLines{6, 3}, kFactLines{2, 1}, kIndicatorLines{3, 2},
    kReasonLines{3, 1}, kFitLines{2, 1};

template <typename Codes, typename Name>
std::string Names(const Codes& codes, Name name_of) {
  std::vector<std::string> names;
  for (const std::string& code : codes) names.push_back(std::string(name_of(code)));
  return absl::StrJoin(names, "、");
}

// What is known of a need besides its texts, in one line.
std::string FactsOf(const MatchReport& report, const v1::Need& need) {
  std::vector<std::string> facts = {absl::StrCat("编号 ", need.name().substr(need.name().find('/') + 1)),
                                    FullRegionName(need.region_code())};
  const auto add = [&facts](const char* label, const std::string& value) {
    if (!value.empty()) facts.push_back(label + value);
  };
  add("", InstitutionName(report, need.institution()));
  add("", absl::StrJoin(need.fields(), "、"));
  add("合作方式 ", Names(need.modes(), ModeName));
  if (need.maturity() > 0) facts.push_back(absl::StrCat("TRL ", need.maturity(), " 以上"));
  add("使用条件 ",
      Names(need.conditions(), [](const std::string& code) { return WordOf(ConditionWords(), code); }));
  if (need.has_budget_wan()) facts.push_back(absl::StrFormat("预算 %g 万元", need.budget_wan()));
  add("期限 ", need.deadline());
  add("来源 ", need.source());
  return absl::StrJoin(facts, "　");
}

// Where the runs of `text` are on a yellow ground: the intervals in code points, as the HTML marks them.
std::vector<Run> Marked(std::string_view text, std::vector<Interval> intervals) {
  // There are no more characters than bytes: clipped to these, no interval that counts is lost.
  const std::vector<Interval> merged =
      MergedIntervals(std::move(intervals), static_cast<int64_t>(text.size()));
  std::vector<Run> runs;
  int64_t at = 0;
  size_t next = 0;
  for (size_t i = 0; i < text.size(); ++at) {
    size_t end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    while (next < merged.size() && merged[next].end <= at) ++next;
    const bool mark = next < merged.size() && merged[next].begin <= at;
    if (runs.empty() || runs.back().mark != mark) runs.push_back({.mark = mark});
    runs.back().text.append(text.substr(i, end - i));
    i = end;
  }
  return runs;
}

std::string PartsText(const v1::MatchEntry& entry) {
  std::vector<std::string> parts;
  for (const v1::ScorePart& part : entry.score_parts())
    parts.push_back(absl::StrFormat("%s %.3f", ScorePartName(part.part()), part.contribution()));
  return absl::StrJoin(parts, "，");
}

// The strength of the reason and the sentence of the plan.
std::string PolicyText(const v1::MatchEntry& entry) {
  if (!entry.has_policy_reason()) return "";
  const std::string strength = StrengthName(entry.policy_reason().strength());
  const std::string& quote = entry.policy_reason().quote();
  return (strength.empty() ? "" : "（" + strength + "）") + (quote.empty() ? "" : "“" + quote + "”");
}

// Draws one need.
class NeedPage {
 public:
  NeedPage(const MatchReport& report, size_t index, const NeedForm& form, PdfDocument& pdf)
      : report_(report), index_(index), matches_(report.needs[index]), form_(form), pdf_(pdf) {}

  void Draw() {
    const v1::Need& need = matches_.need;
    const std::string heading = absl::StrCat(index_ + 1, ". ", NeedTitle(need));
    pdf_.Destination(NeedAnchor(index_), heading);
    pdf_.Paragraph({{.text = heading, .bold = true}, Badge(need.illustrative())},
                   Cut(kPdfHeading, kTitleLines));
    pdf_.Paragraph({{.text = FactsOf(report_, need), .color = kPdfGrey}}, Cut(kPdfSmall, kFactLines));
    Labelled(pdf_, "现状与问题",
             Marked(need.description(), NeedIntervals(matches_.answer, {"description", "text"})),
             Cut(kBody, kTextLines));
    Labelled(pdf_, "希望得到", Marked(need.wanted(), NeedIntervals(matches_.answer, {"wanted"})),
             Cut(kBody, kTextLines));
    Labelled(pdf_, "考核指标", absl::StrJoin(need.indicators(), "；"), Cut(kBody, kIndicatorLines));
    if (!matches_.error.empty()) {
      pdf_.Paragraph({{.text = "未能匹配：" + matches_.error, .bold = true, .color = kPdfRed}}, kBody);
      return;
    }
    Policy(matches_.answer.policy());
    if (const std::string& degraded = matches_.answer.degraded(); !degraded.empty())
      pdf_.Paragraph({{.text = "注意：" + degraded, .color = kPdfRed}}, kPdfSmall);
    for (const AnswerList& one : AskedLists(report_)) List(one.kind, (matches_.answer.*one.list)());
    Consortium();
    pdf_.Paragraph({{.text = "联系请通过组织方。匹配结果是推荐，不构成任何承诺。", .color = kPdfGrey}},
                   kPdfSmall);
  }

 private:
  ParagraphStyle Cut(ParagraphStyle style, Lines lines) const {
    if (report_.brief) style.lines_max = form_.tight ? lines.tight : lines.loose;
    return style;
  }

  void Policy(const v1::PolicyReading& policy) {
    std::vector<Run> runs = {Label("通道"), Run{.text = policy.channel_name(), .bold = true}};
    for (const v1::TaskProbability& task : policy.tasks()) {
      if (task.probability() < 0.05 || runs.size() > 5) continue;
      runs.push_back(
          {absl::StrCat("　", task.task().empty() ? "不属于各项任务" : task.task() + " " + task.title(), " ",
                        PercentText(task.probability()))});
    }
    pdf_.Paragraph(runs, Cut(kBody, kFactLines));
  }

  void List(v1::RecordKind kind, const v1::MatchList& list) {
    pdf_.Paragraph({{.text = ListName(kind), .bold = true, .color = kPdfBlue}}, kPdfSubheading);
    if (CountAdequate(list) == 0) {
      const ListNote note = NoteOver(matches_, kind, list);
      pdf_.Paragraph({{.text = note.what + note.rest, .color = kPdfRed}}, kPdfSmall);
    }
    int rank = 0;
    for (const v1::MatchEntry& entry : list.entries()) Entry(entry, ++rank, IsAside(report_, list, entry));
  }

  void Consortium() {
    ConsortiumText consortium = ConsortiumTextOf(matches_.answer);
    if (report_.brief) consortium.members.clear();
    if (!consortium.summary.empty()) {
      pdf_.Paragraph({{.text = "创新联合体", .bold = true, .color = kPdfBlue}}, kPdfSubheading);
      pdf_.Paragraph(consortium.summary + "。", kPdfSmall);
      for (const ConsortiumMemberText& member : consortium.members) {
        pdf_.Paragraph({{.text = member.title, .bold = true},
                        Badge(member.illustrative),
                        {.text = "　" + member.kind, .color = kPdfGrey}},
                       {.size = 9.5, .before = 2, .after = 1.5, .keep_with_next = true});
        Labelled(pdf_, "覆盖", member.covers, kEntryText);
      }
      Labelled(pdf_, "未覆盖", absl::StrJoin(consortium.open, "；"), Cut(kPdfSmall, kFitLines));
    }
    Labelled(pdf_, "建议向需求方提问", OwnerQuestionText(matches_.answer), Cut(kPdfSmall, kFitLines));
  }

  void EntryHeading(const v1::MatchEntry& entry, int rank) {
    const std::string region =
        entry.region_name().empty() ? FullRegionName(entry.region_code()) : entry.region_name();
    const std::string coverage =
        entry.barred().empty() ? "　覆盖 " + PercentText(entry.adequacy()) : std::string();
    pdf_.Paragraph(
        {{.text = absl::StrCat(rank, ". ", entry.title().empty() ? entry.name() : entry.title()),
          .bold = true},
         Badge(entry.illustrative()),
         {.text = absl::StrCat("　", region, "　")},
         {.text = AdequacyWord(entry), .bold = true, .color = entry.adequate() ? kPdfGreen : kPdfGrey},
         {.text = absl::StrCat(coverage, absl::StrFormat("　得分 %.3f", entry.score())), .color = kPdfGrey}},
        Cut({.size = 9.5, .before = 2, .after = 1.5, .keep_with_next = true}, kTitleLines));
  }

  void Entry(const v1::MatchEntry& entry, int rank, bool aside) {
    EntryHeading(entry, rank);
    if (entry.kind() != v1::INSTITUTION && !entry.institutions().empty() && !aside) {
      std::vector<std::string> owners;
      for (const std::string& name : entry.institutions()) owners.push_back(InstitutionName(report_, name));
      Labelled(pdf_, "所属机构", absl::StrJoin(owners, "、"), Cut(kEntryText, kFactLines));
    }
    const bool brief = report_.brief;
    if (!brief) Labelled(pdf_, "得分构成", PartsText(entry), kEntryText);
    Labelled(pdf_, "理由", absl::StrJoin(entry.reasons(), "；"), Cut(kEntryText, kReasonLines));
    const std::vector<Fit> fits = FitsOf(matches_.need, matches_.answer, entry);
    if (!aside) Labelled(pdf_, "符合", FittingText(fits), Cut(kEntryText, kFitLines));
    Labelled(pdf_, "不符合", NotFittingText(fits), Cut(kEntryText, kFitLines));
    if (!brief) Labelled(pdf_, "未说明", UnsaidText(fits), kEntryText);
    if (!brief) Labelled(pdf_, "现场条件", AdaptationText(entry), kEntryText);
    if (!aside) Labelled(pdf_, "政策依据", PolicyText(entry), Cut(kEntryText, kFitLines));
    if (!brief) Evidence(entry);
  }

  void Evidence(const v1::MatchEntry& entry) {
    std::vector<Run> runs;
    for (int i = 0; i < std::min(kEvidenceShown, entry.evidence_size()); ++i) {
      const v1::EvidenceShare& one = entry.evidence(i);
      runs.push_back({absl::StrCat(i == 0 ? "" : "；", one.title().empty() ? one.name() : one.title(), "（",
                                   PercentText(one.share()), "）")});
      if (one.illustrative()) runs.push_back(Badge(true));
    }
    Labelled(pdf_, "佐证", std::move(runs), kEntryText);
  }

  const MatchReport& report_;
  const size_t index_;
  const NeedMatches& matches_;
  const NeedForm form_;
  PdfDocument& pdf_;
};

}  // namespace

void DrawNeed(const MatchReport& report, size_t index, const NeedForm& form, PdfDocument& pdf) {
  pdf.Scale(form.scale);
  NeedPage(report, index, form, pdf).Draw();
  pdf.Scale(1);
}

NeedForm FormThatFits(const MatchReport& report, size_t index, PdfDocument& scratch) {
  NeedForm form;
  for (const NeedForm& one : kForms) {
    form = one;
    scratch.NewPage();
    const int first = scratch.page();
    DrawNeed(report, index, form, scratch);
    if (scratch.page() == first) break;
  }
  return form;
}

}  // namespace dongxi::report
