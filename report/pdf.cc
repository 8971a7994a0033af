#include "report/pdf.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/base/status_macros.h"
#include "engine/record/field_schema.h"
#include "report/consortium.h"
#include "report/fit.h"
#include "report/html_parts.h"
#include "report/html_text.h"
#include "report/overview.h"
#include "report/pdf_document.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

constexpr uint32_t kGreen = 0x1B7F3B, kGrey = 0x777777, kRed = 0xB3261E, kBlue = 0x1F4E8C;
constexpr size_t kBarsMax = 12;
constexpr size_t kMatrixColumnsMax = 14;
constexpr size_t kIdleMax = 60;
constexpr size_t kChangesMax = 200;
constexpr int kEvidenceShown = 3;
constexpr char kIdleHeading[] = "附：无人问津的成果、专家和机构", kIdleAnchor[] = "idle";
constexpr ParagraphStyle kTitle{.size = 22, .after = 8};
constexpr ParagraphStyle kHeading{.size = 14, .before = 8, .after = 5, .keep_with_next = true};
constexpr ParagraphStyle kSubheading{.size = 11, .before = 6, .after = 3, .keep_with_next = true};
constexpr ParagraphStyle kBody{};
constexpr ParagraphStyle kSmall{.size = 8.5, .after = 2};
constexpr ParagraphStyle kEntryText{.size = 8.5, .indent = 14, .after = 1.5};

std::string Percent(double share) { return absl::StrFormat("%.0f%%", 100 * std::clamp(share, 0.0, 1.0)); }
Run Label(const char* text) { return {.text = absl::StrCat(text, "　"), .bold = true, .color = kGrey}; }
std::string BadgeText(bool illustrative) { return illustrative ? "［示例数据］" : ""; }
Run Badge(bool illustrative) { return {.text = BadgeText(illustrative), .bold = true, .color = kRed}; }

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
  return absl::StrJoin(facts, "　·　");
}

// Where the runs of `text` are on a yellow ground: the intervals in code points, as the HTML marks them.
std::vector<Run> Marked(std::string_view text, std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::vector<Run> runs;
  int64_t at = 0;
  size_t next = 0;
  for (size_t i = 0; i < text.size(); ++at) {
    size_t end = i + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    while (next < intervals.size() && intervals[next].end <= at) ++next;
    const bool mark = std::any_of(intervals.begin() + static_cast<std::ptrdiff_t>(next), intervals.end(),
                                  [at](const Interval& one) { return one.begin <= at && at < one.end; });
    if (runs.empty() || runs.back().mark != mark) runs.push_back({.mark = mark});
    runs.back().text.append(text.substr(i, end - i));
    i = end;
  }
  return runs;
}

void Labelled(PdfDocument& pdf, const char* label, std::vector<Run> runs, const ParagraphStyle& style) {
  if (runs.empty()) return;
  runs.insert(runs.begin(), Label(label));
  pdf.Paragraph(runs, style);
}
void Labelled(PdfDocument& pdf, const char* label, const std::string& text, const ParagraphStyle& style) {
  if (!text.empty()) Labelled(pdf, label, std::vector<Run>{Run{text}}, style);
}

class Renderer {
 public:
  Renderer(const MatchReport& report, const Overview& overview, PdfDocument& pdf,
           const std::vector<int>& pages)
      : report_(report), overview_(overview), pdf_(pdf), known_pages_(pages) {}

  // Returns on which page each need begins, and the appendix if there is one.
  std::vector<int> Render() {
    Cover();
    OverviewPages();
    Contents();
    std::vector<int> pages;
    for (size_t i = 0; i < report_.needs.size(); ++i) {
      pdf_.NewPage();
      pages.push_back(pdf_.page());
      Need(i);
    }
    if (HasIdle()) {
      pdf_.NewPage();
      pages.push_back(pdf_.page());
      IdlePart();
    }
    return pages;
  }

 private:
  void Cover() {
    pdf_.Paragraph({{.text = "东西部科技合作 · 供需匹配", .color = kBlue}}, {.size = 11, .after = 4});
    pdf_.Paragraph({{.text = report_.title.empty() ? "供需匹配报告" : report_.title, .bold = true}}, kTitle);
    Labelled(pdf_, "匹配时间", MatchTimes(report_), kSmall);
    for (const v1::Provenance& provenance : overview_.provenances) {
      Labelled(pdf_, "数据",
               absl::StrCat(provenance.generation(), "（目录序号 ", provenance.catalogue_sequence(), "）"),
               kSmall);
      Labelled(pdf_, "模型", provenance.model(), kSmall);
      Labelled(pdf_, "政策表", provenance.policy(), kSmall);
    }
    for (const std::string& option : report_.options) Labelled(pdf_, "匹配选项", option, kSmall);
    if (overview_.illustrative) {
      pdf_.Paragraph(
          {{.text = "本报告含有示例数据，仅用于演示，不代表真实的机构、成果或需求。", .color = kRed}},
          kSmall);
    }
    pdf_.Rule();
  }

  void Bars(const char* heading, const std::vector<NeedCounts>& rows) {
    if (rows.empty()) return;
    pdf_.Paragraph({{.text = heading, .bold = true}}, kSubheading);
    int most = 1;
    for (const NeedCounts& row : rows) most = std::max(most, row.needs);
    for (size_t i = 0; i < std::min(rows.size(), kBarsMax); ++i) {
      pdf_.Bar(rows[i].name.empty() ? "未注明" : rows[i].name, static_cast<double>(rows[i].needs) / most,
               absl::StrCat(rows[i].matched, "/", rows[i].needs));
    }
    if (rows.size() > kBarsMax)
      pdf_.Paragraph(absl::StrCat("另有 ", rows.size() - kBarsMax, " 项，见电子表格“分布”"), kSmall);
  }

  void OverviewPages() {
    pdf_.Destination("overview", "总览");
    pdf_.Paragraph({{.text = "总览", .bold = true}}, kHeading);
    pdf_.TableRow({Run{"需求"}, Run{"合适"}, Run{"未找到"}, Run{"未能匹配"}, Run{"有合适机构"},
                   Run{"有合适专家"}, Run{"有合适成果"}},
                  std::vector<double>(7, 1.0 / 7), 9, true);
    std::vector<Run> figures;
    for (const int value :
         {overview_.total.needs, overview_.total.matched, overview_.total.unmatched, overview_.total.failed,
          overview_.with_partner, overview_.with_expert, overview_.with_result}) {
      figures.push_back({absl::StrCat(value)});
    }
    pdf_.TableRow(figures, std::vector<double>(7, 1.0 / 7), 11, false);
    pdf_.Paragraph("以下各图的数字是“合适/需求”。", kSmall);
    Bars("按需求方地区", overview_.provinces);
    Bars("按通道", overview_.channels);
    Bars("按任务", overview_.tasks);
    Bars("按领域", overview_.fields);
    MatrixPart();
    ExposurePart();
    UnmatchedPart();
    ComparisonPart();
  }

  // Which provinces' needs found something where; as many columns side by side as a page is wide for.
  void MatrixPart() {
    const ProvincePairs& pairs = overview_.pairs;
    for (size_t begin = 0; begin < pairs.offer_provinces.size(); begin += kMatrixColumnsMax) {
      const size_t end = std::min(begin + kMatrixColumnsMax, pairs.offer_provinces.size());
      if (begin == 0) {
        pdf_.Paragraph({{.text = "省际对接", .bold = true}}, kSubheading);
        pdf_.Paragraph("格中是该地区有多少项需求在供给地区找到合适的候选。", kSmall);
      }
      PdfTable table{.header = {"需求 \\ 供给"}, .size = 7.5, .figures = true};
      const double width = 1.0 / static_cast<double>(end - begin + 2);
      table.widths.assign(end - begin + 1, width);
      table.widths[0] = 2 * width;  // names of provinces
      for (size_t i = begin; i < end; ++i) table.header.push_back(pairs.offer_provinces[i]);
      for (size_t r = 0; r < pairs.need_provinces.size(); ++r) {
        std::vector<std::string> row = {pairs.need_provinces[r]};
        for (size_t i = begin; i < end; ++i)
          row.push_back(pairs.needs[r][i] > 0 ? absl::StrCat(pairs.needs[r][i]) : "");
        table.rows.push_back(std::move(row));
      }
      pdf_.Table(table);
    }
  }

  void ExposurePart() {
    if (overview_.institutions.empty()) return;
    pdf_.Paragraph({{.text = "推荐最多的机构", .bold = true}}, kSubheading);
    const Exposure& exposure = overview_.exposure;
    pdf_.Paragraph(
        absl::StrFormat("%d 家机构共被推荐 %d 次（机构×需求）；基尼系数 %.2f，前十分之一机构占 %s。",
                        exposure.institutions, exposure.recommendations, exposure.gini,
                        Percent(exposure.top_share)),
        kSmall);
    const int most = std::max(1, overview_.institutions.front().needs);
    for (size_t i = 0; i < std::min(overview_.institutions.size(), kBarsMax); ++i) {
      const InstitutionCounts& one = overview_.institutions[i];
      pdf_.Bar(one.name + (one.illustrative ? "［示例］" : ""), static_cast<double>(one.needs) / most,
               absl::StrCat(one.needs));
    }
  }

  void UnmatchedPart() {
    if (overview_.unmatched.empty()) return;
    pdf_.Paragraph(
        {{.text = absl::StrCat("未找到合适匹配的需求（", overview_.unmatched.size(), "）"), .bold = true}},
        kSubheading);
    for (const size_t index : overview_.unmatched) {
      const NeedMatches& need = report_.needs[index];
      pdf_.Paragraph(
          {Run{absl::StrCat(index + 1, ". ", NeedTitle(need.need))}, Badge(need.need.illustrative()),
           Run{absl::StrCat("（", FullRegionName(need.need.region_code()), "）",
                            need.error.empty() ? "" : "：" + need.error)}},
          kSmall);
    }
  }

  bool HasIdle() const { return report_.idle_offers && !report_.idle_offers->empty(); }

  // Long, and asked for by few: at the end.
  void IdlePart() {
    pdf_.Destination(kIdleAnchor, kIdleHeading);
    pdf_.Paragraph({{.text = kIdleHeading, .bold = true}}, kHeading);
    for (const IdleKind& kind : kIdleKinds) {
      const std::vector<const IdleOffer*> offers = IdleOf(report_, kind);
      if (offers.empty()) continue;
      const std::string what = absl::StrCat("无人问津的", kind.noun);
      pdf_.Paragraph({{.text = absl::StrCat(what, "（", offers.size(), "）"), .bold = true}}, kSubheading);
      for (size_t i = 0; i < std::min(offers.size(), kIdleMax); ++i) {
        const std::string region =
            offers[i]->region_code.empty() ? "" : "（" + FullRegionName(offers[i]->region_code) + "）";
        pdf_.Paragraph({Run{offers[i]->title}, Badge(offers[i]->illustrative), Run{region}}, kSmall);
      }
      if (offers.size() > kIdleMax) {
        pdf_.Paragraph(absl::StrCat("另有 ", offers.size() - kIdleMax, " 项，见电子表格“", what, "”"),
                       kSmall);
      }
    }
  }

  void ComparisonPart() {
    if (!report_.comparison) return;
    const Comparison& comparison = *report_.comparison;
    pdf_.Paragraph({{.text = "与以前的报告相比", .bold = true}}, kSubheading);
    pdf_.Paragraph(
        absl::StrCat("对照：", comparison.earlier, "，", comparison.earlier_needs, " 项需求中 ",
                     comparison.earlier_matched, " 项找到合适匹配；没有变化 ", comparison.unchanged, " 项。"),
        kSmall);
    for (size_t i = 0; i < std::min(comparison.changes.size(), kChangesMax); ++i) {
      const NeedChange& change = comparison.changes[i];
      std::string text = absl::StrCat(change.title, "：", change.what);
      if (!change.gained.empty()) absl::StrAppend(&text, "；新增 ", absl::StrJoin(change.gained, "、"));
      if (!change.lost.empty()) absl::StrAppend(&text, "；减少 ", absl::StrJoin(change.lost, "、"));
      pdf_.Paragraph(text, kSmall);
    }
  }

  void Contents() {
    pdf_.NewPage();
    pdf_.Destination("contents", "目录");
    pdf_.Paragraph({{.text = "目录", .bold = true}}, kHeading);
    for (size_t i = 0; i < report_.needs.size(); ++i) {
      const v1::Need& need = report_.needs[i].need;
      pdf_.ContentsLine(
          // The mark first: a long title is cut.
          absl::StrCat(i + 1, ". ", BadgeText(need.illustrative()), NeedTitle(need), "（",
                       FullRegionName(need.region_code()), "）"),
          i < known_pages_.size() ? known_pages_[i] : 0, NeedAnchor(i));
    }
    if (HasIdle())
      pdf_.ContentsLine(kIdleHeading, known_pages_.empty() ? 0 : known_pages_.back(), kIdleAnchor);
  }

  void Need(size_t index) {
    const NeedMatches& matches = report_.needs[index];
    const v1::Need& need = matches.need;
    pdf_.Destination(NeedAnchor(index), absl::StrCat(index + 1, ". ", NeedTitle(need)));
    pdf_.Paragraph(
        {{.text = absl::StrCat(index + 1, ". ", NeedTitle(need)), .bold = true}, Badge(need.illustrative())},
        kHeading);
    pdf_.Paragraph({{.text = FactsOf(report_, need), .color = kGrey}}, kSmall);
    Labelled(pdf_, "现状与问题",
             Marked(need.description(), NeedIntervals(matches.answer, {"description", "text"})), kBody);
    Labelled(pdf_, "希望得到", Marked(need.wanted(), NeedIntervals(matches.answer, {"wanted"})), kBody);
    Labelled(pdf_, "考核指标", absl::StrJoin(need.indicators(), "；"), kBody);
    if (!matches.error.empty()) {
      pdf_.Paragraph({{.text = "未能匹配：" + matches.error, .bold = true, .color = kRed}}, kBody);
      return;
    }
    Policy(matches.answer.policy());
    List("合作机构", matches, matches.answer.partners());
    List("专家", matches, matches.answer.experts());
    List("成果", matches, matches.answer.results());
    Consortium(matches.answer);
    pdf_.Paragraph({{.text = "联系请通过组织方。匹配结果是推荐，不构成任何承诺。", .color = kGrey}}, kSmall);
  }

  void Policy(const v1::PolicyReading& policy) {
    std::vector<Run> runs = {Label("通道"), Run{.text = policy.channel_name(), .bold = true}};
    for (const v1::TaskProbability& task : policy.tasks()) {
      if (task.probability() < 0.05 || runs.size() > 5) continue;
      runs.push_back(
          {absl::StrCat("　", task.task().empty() ? "不属于各项任务" : task.task() + " " + task.title(), " ",
                        Percent(task.probability()))});
    }
    pdf_.Paragraph(runs, kBody);
  }

  void List(const char* heading, const NeedMatches& matches, const v1::MatchList& list) {
    pdf_.Paragraph({{.text = heading, .bold = true, .color = kBlue}}, kSubheading);
    if (CountAdequate(list) == 0) {
      pdf_.Paragraph({{.text = list.entries().empty() ? "未找到合适匹配，也没有接近的候选。"
                                                      : "未找到合适匹配，以下是最接近的候选，供人工研判。",
                       .color = kRed}},
                     kSmall);
    }
    int rank = 0;
    for (const v1::MatchEntry& entry : list.entries()) Entry(matches, entry, ++rank);
  }

  void Consortium(const v1::MatchResponse& answer) {
    ConsortiumText consortium = ConsortiumTextOf(answer);
    if (report_.brief) consortium.members.clear();
    if (!consortium.summary.empty()) {
      pdf_.Paragraph({{.text = "创新联合体", .bold = true, .color = kBlue}}, kSubheading);
      pdf_.Paragraph(consortium.summary + "。", kSmall);
      for (const ConsortiumMemberText& member : consortium.members) {
        pdf_.Paragraph({{.text = member.title, .bold = true},
                        Badge(member.illustrative),
                        {.text = "　" + member.kind, .color = kGrey}},
                       {.size = 9.5, .before = 2, .after = 1.5, .keep_with_next = true});
        Labelled(pdf_, "覆盖", member.covers, kEntryText);
      }
      Labelled(pdf_, "未覆盖", absl::StrJoin(consortium.open, "；"), kSmall);
    }
    Labelled(pdf_, "建议向需求方提问", OwnerQuestionText(answer), kSmall);
  }

  void Entry(const NeedMatches& matches, const v1::MatchEntry& entry, int rank) {
    const std::string region =
        entry.region_name().empty() ? FullRegionName(entry.region_code()) : entry.region_name();
    pdf_.Paragraph({{.text = absl::StrCat(rank, ". ", entry.title().empty() ? entry.name() : entry.title()),
                     .bold = true},
                    Badge(entry.illustrative()),
                    {.text = absl::StrCat("　", region, "　")},
                    {.text = AdequacyWord(entry), .bold = true, .color = entry.adequate() ? kGreen : kGrey},
                    {.text = absl::StrCat(entry.barred().empty() ? "　覆盖 " + Percent(entry.adequacy()) : "",
                                          absl::StrFormat("　得分 %.3f", entry.score())),
                     .color = kGrey}},
                   {.size = 9.5, .before = 2, .after = 1.5, .keep_with_next = true});
    if (entry.kind() != v1::INSTITUTION && !entry.institutions().empty()) {
      std::vector<std::string> owners;
      for (const std::string& name : entry.institutions()) owners.push_back(InstitutionName(report_, name));
      Labelled(pdf_, "所属机构", absl::StrJoin(owners, "、"), kEntryText);
    }
    if (!report_.brief) Labelled(pdf_, "得分构成", PartsText(entry), kEntryText);
    Labelled(pdf_, "理由", absl::StrJoin(entry.reasons(), "；"), kEntryText);
    const std::vector<Fit> fits = FitsOf(matches.need, matches.answer, entry);
    Labelled(pdf_, "符合", FittingText(fits), kEntryText);
    Labelled(pdf_, "不符合", NotFittingText(fits), kEntryText);
    if (!report_.brief) Labelled(pdf_, "未说明", UnsaidText(fits), kEntryText);
    Labelled(pdf_, "现场条件", AdaptationText(entry), kEntryText);
    Labelled(pdf_, "政策依据", PolicyText(entry), kEntryText);
    if (!report_.brief) Evidence(entry);
  }

  static std::string PartsText(const v1::MatchEntry& entry) {
    std::vector<std::string> parts;
    for (const v1::ScorePart& part : entry.score_parts())
      parts.push_back(absl::StrFormat("%s %.3f", ScorePartName(part.part()), part.contribution()));
    return absl::StrJoin(parts, "，");
  }

  // The strength of the reason and the sentence of the plan.
  static std::string PolicyText(const v1::MatchEntry& entry) {
    if (!entry.has_policy_reason()) return "";
    const std::string strength = StrengthName(entry.policy_reason().strength());
    const std::string& quote = entry.policy_reason().quote();
    return (strength.empty() ? "" : "（" + strength + "）") + (quote.empty() ? "" : "“" + quote + "”");
  }

  void Evidence(const v1::MatchEntry& entry) {
    std::vector<Run> runs;
    for (int i = 0; i < std::min(kEvidenceShown, entry.evidence_size()); ++i) {
      const v1::EvidenceShare& one = entry.evidence(i);
      runs.push_back({absl::StrCat(i == 0 ? "" : "；", one.title().empty() ? one.name() : one.title(), "（",
                                   Percent(one.share()), "）")});
      if (one.illustrative()) runs.push_back(Badge(true));
    }
    Labelled(pdf_, "佐证", std::move(runs), kEntryText);
  }

  const MatchReport& report_;
  const Overview& overview_;
  PdfDocument& pdf_;
  const std::vector<int>& known_pages_;
};

}  // namespace

absl::StatusOr<std::string> RenderPdf(const MatchReport& report, int64_t created_s) {
  const Overview overview = Summarise(report);
  PdfOptions options{.title = report.title.empty() ? "供需匹配报告" : report.title, .created_s = created_s};
  options.footer = options.title;
  // Twice: the first time tells on which page each need begins. Page numbers take no room of their own, so
  // the second time breaks the same.
  std::vector<int> pages;
  {
    DX_ASSIGN_OR_RETURN(const std::unique_ptr<PdfDocument> draft, PdfDocument::Create(options));
    pages = Renderer(report, overview, *draft, {}).Render();
    options.pages_total = draft->page();
  }
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<PdfDocument> pdf, PdfDocument::Create(options));
  Renderer(report, overview, *pdf, pages).Render();
  return pdf->Finish();
}

}  // namespace dongxi::report
