#include "report/pdf.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "engine/base/status_macros.h"
#include "report/emptied.h"
#include "report/html_parts.h"
#include "report/overview.h"
#include "report/pdf_document.h"
#include "report/pdf_need.h"
#include "report/pdf_parts.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

constexpr size_t kBarsMax = 12;
constexpr size_t kMatrixColumnsMax = 14;
constexpr size_t kIdleMax = 60;
constexpr size_t kChangesMax = 200;
constexpr char kIdleHeading[] = "附：无人问津的成果、专家和机构", kIdleAnchor[] = "idle";
constexpr ParagraphStyle kTitle{.size = 22, .after = 8};

using Stop = std::function<bool()>;

absl::Status GoesOn(const Stop& stop) {
  return stop && stop() ? absl::CancelledError("the drawing of the PDF was cancelled") : absl::OkStatus();
}

class Renderer {
 public:
  // What is settled before the pages are drawn: how each need is, and (the second time) where it begins.
  struct Known {
    std::vector<NeedForm> forms;
    std::vector<int> pages;
  };
  Renderer(const MatchReport& report, const Overview& overview, const Known& known, const Stop& stop,
           PdfDocument& pdf)
      : report_(report), overview_(overview), known_(known), stop_(stop), pdf_(pdf) {}

  // Returns on which page each need begins, and the appendix if there is one.
  absl::StatusOr<std::vector<int>> Render() {
    Cover();
    OverviewPages();
    Contents();
    std::vector<int> pages;
    for (size_t i = 0; i < report_.needs.size(); ++i) {
      DX_RETURN_IF_ERROR(GoesOn(stop_));
      pdf_.NewPage();
      pages.push_back(pdf_.page());
      DrawNeed(report_, i, known_.forms[i], pdf_);
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
    pdf_.Paragraph({{.text = "东西部科技合作 · 供需匹配", .color = kPdfBlue}}, {.size = 11, .after = 4});
    pdf_.Paragraph({{.text = report_.title.empty() ? "供需匹配报告" : report_.title, .bold = true}}, kTitle);
    Labelled(pdf_, "匹配时间", MatchTimes(report_), kPdfSmall);
    for (const v1::Provenance& provenance : overview_.provenances) {
      Labelled(pdf_, "数据",
               absl::StrCat(provenance.generation(), "（目录序号 ", provenance.catalogue_sequence(), "）"),
               kPdfSmall);
      Labelled(pdf_, "模型", provenance.model(), kPdfSmall);
      Labelled(pdf_, "政策表", provenance.policy(), kPdfSmall);
    }
    for (const std::string& option : report_.options) Labelled(pdf_, "匹配选项", option, kPdfSmall);
    if (overview_.illustrative) {
      pdf_.Paragraph(
          {{.text = "本报告含有示例数据，仅用于演示，不代表真实的机构、成果或需求。", .color = kPdfRed}},
          kPdfSmall);
    }
    pdf_.Rule();
  }

  void Bars(const char* heading, const std::vector<NeedCounts>& rows) {
    if (rows.empty()) return;
    pdf_.Paragraph({{.text = heading, .bold = true}}, kPdfSubheading);
    int most = 1;
    for (const NeedCounts& row : rows) most = std::max(most, row.needs);
    for (size_t i = 0; i < std::min(rows.size(), kBarsMax); ++i) {
      pdf_.Bar(rows[i].name.empty() ? "未注明" : rows[i].name, static_cast<double>(rows[i].needs) / most,
               absl::StrCat(rows[i].matched, "/", rows[i].needs));
    }
    if (rows.size() > kBarsMax)
      pdf_.Paragraph(absl::StrCat("另有 ", rows.size() - kBarsMax, " 项，见电子表格“分布”"), kPdfSmall);
  }

  void OverviewPages() {
    pdf_.Destination("overview", "总览");
    pdf_.Paragraph({{.text = "总览", .bold = true}}, kPdfHeading);
    Figures();
    for (const std::string& line : overview_.degraded)
      pdf_.Paragraph({{.text = "注意：" + line, .color = kPdfRed}}, kPdfSmall);
    pdf_.Paragraph("以下各图的数字是“合适/需求”。", kPdfSmall);
    Bars("按需求方地区", overview_.provinces);
    Bars("按通道", overview_.channels);
    Bars("按任务", overview_.tasks);
    Bars("按领域", overview_.fields);
    MatrixPart();
    ExposurePart();
    UnmatchedPart("未找到合适匹配的需求", overview_.unmatched);
    UnmatchedPart("有合适候选、因限额未列出的需求", overview_.unmatched_by_limit);
    ComparisonPart();
  }

  void Figures() {
    struct Figure {
      const char* name;
      int value;
      bool shown = true;
    };
    const NeedCounts& total = overview_.total;
    const Figure figures[] = {{"需求", total.needs},
                              {"合适", total.matched},
                              {"未找到", total.unmatched},
                              {"因限额未列出", total.unmatched_by_limit, total.unmatched_by_limit > 0},
                              {"未能匹配", total.failed},
                              {"有合适机构", overview_.with_partner, IsAsked(report_, v1::INSTITUTION)},
                              {"有合适专家", overview_.with_expert, IsAsked(report_, v1::EXPERT)},
                              {"有合适成果", overview_.with_result, IsAsked(report_, v1::RESULT)}};
    std::vector<Run> names, values;
    for (const Figure& figure : figures) {
      if (!figure.shown) continue;
      names.push_back({figure.name});
      values.push_back({absl::StrCat(figure.value)});
    }
    const std::vector<double> widths(names.size(), 1.0 / static_cast<double>(names.size()));
    pdf_.TableRow(names, widths, 9, true);
    pdf_.TableRow(values, widths, 11, false);
  }

  // Which provinces' needs found something where. More columns than a page is wide for stand in tables of
  // about the same width, each with the rows that have something in it.
  void MatrixPart() {
    const ProvincePairs& pairs = overview_.pairs;
    const size_t columns = pairs.offer_provinces.size();
    const size_t tables = (columns + kMatrixColumnsMax - 1) / kMatrixColumnsMax;
    const size_t step = tables == 0 ? 0 : (columns + tables - 1) / tables;
    for (size_t begin = 0; begin < columns; begin += step) {
      const size_t end = std::min(begin + step, columns);
      if (begin == 0) {
        pdf_.Paragraph({{.text = "省际对接", .bold = true}}, kPdfSubheading);
        pdf_.Paragraph("格中是该地区有多少项需求在供给地区找到合适的候选。", kPdfSmall);
      }
      PdfTable table{.header = {"需求 \\ 供给"}, .size = 7.5, .figures = true};
      const double width = 1.0 / static_cast<double>(end - begin + 2);
      table.widths.assign(end - begin + 1, width);
      table.widths[0] = 2 * width;  // names of provinces
      for (size_t i = begin; i < end; ++i) table.header.push_back(pairs.offer_provinces[i]);
      for (size_t r = 0; r < pairs.need_provinces.size(); ++r) {
        std::vector<std::string> row = {pairs.need_provinces[r]};
        bool any = false;
        for (size_t i = begin; i < end; ++i) {
          any |= pairs.needs[r][i] > 0;
          row.push_back(pairs.needs[r][i] > 0 ? absl::StrCat(pairs.needs[r][i]) : "");
        }
        if (any) table.rows.push_back(std::move(row));
      }
      pdf_.Table(table);
    }
  }

  void ExposurePart() {
    if (overview_.institutions.empty()) return;
    pdf_.Paragraph({{.text = "推荐最多的机构", .bold = true}}, kPdfSubheading);
    const Exposure& exposure = overview_.exposure;
    pdf_.Paragraph(
        absl::StrFormat("%d 家机构共被推荐 %d 次（机构×需求）；基尼系数 %.2f，前十分之一机构占 %s。",
                        exposure.institutions, exposure.recommendations, exposure.gini,
                        PercentText(exposure.top_share)),
        kPdfSmall);
    const int most = std::max(1, overview_.institutions.front().needs);
    for (size_t i = 0; i < std::min(overview_.institutions.size(), kBarsMax); ++i) {
      const InstitutionCounts& one = overview_.institutions[i];
      pdf_.Bar(one.name + (one.illustrative ? "［示例］" : ""), static_cast<double>(one.needs) / most,
               absl::StrCat(one.needs));
    }
  }

  // Those that failed with their error, those that limits emptied with the limits.
  void UnmatchedPart(const char* heading, const std::vector<size_t>& places) {
    if (places.empty()) return;
    pdf_.Paragraph({{.text = absl::StrCat(heading, "（", places.size(), "）"), .bold = true}},
                   kPdfSubheading);
    for (const size_t index : places) {
      const NeedMatches& need = report_.needs[index];
      const std::string why = need.error + EmptiedText(need.emptied);
      pdf_.Paragraph(
          {Run{absl::StrCat(index + 1, ". ", NeedTitle(need.need))}, Badge(need.need.illustrative()),
           Run{absl::StrCat("（", FullRegionName(need.need.region_code()), "）",
                            why.empty() ? "" : "：" + why)}},
          kPdfSmall);
    }
  }

  bool HasIdle() const { return report_.idle_offers && !report_.idle_offers->empty(); }

  // Long, and asked for by few: at the end.
  void IdlePart() {
    pdf_.Destination(kIdleAnchor, kIdleHeading);
    pdf_.Paragraph({{.text = kIdleHeading, .bold = true}}, kPdfHeading);
    for (const IdleKind& kind : kIdleKinds) {
      const std::vector<const IdleOffer*> offers = IdleOf(report_, kind);
      if (offers.empty()) continue;
      const std::string what = absl::StrCat("无人问津的", kind.noun);
      pdf_.Paragraph({{.text = absl::StrCat(what, "（", offers.size(), "）"), .bold = true}}, kPdfSubheading);
      for (size_t i = 0; i < std::min(offers.size(), kIdleMax); ++i) {
        const std::string region =
            offers[i]->region_code.empty() ? "" : "（" + FullRegionName(offers[i]->region_code) + "）";
        pdf_.Paragraph({Run{offers[i]->title}, Badge(offers[i]->illustrative), Run{region}}, kPdfSmall);
      }
      if (offers.size() > kIdleMax) {
        pdf_.Paragraph(absl::StrCat("另有 ", offers.size() - kIdleMax, " 项，见电子表格“", what, "”"),
                       kPdfSmall);
      }
    }
  }

  void ComparisonPart() {
    if (!report_.comparison) return;
    const Comparison& comparison = *report_.comparison;
    pdf_.Paragraph({{.text = "与以前的报告相比", .bold = true}}, kPdfSubheading);
    pdf_.Paragraph(absl::StrCat("对照：", comparison.earlier, "，", comparison.earlier_needs, " 项需求中 ",
                                comparison.earlier_matched, " 项找到合适匹配；没有变化 ",
                                comparison.unchanged, " 项。", comparison.note),
                   kPdfSmall);
    for (size_t i = 0; i < std::min(comparison.changes.size(), kChangesMax); ++i) {
      const NeedChange& change = comparison.changes[i];
      std::string text = absl::StrCat(change.title, "：", change.what);
      if (!change.gained.empty()) absl::StrAppend(&text, "；新增 ", absl::StrJoin(change.gained, "、"));
      if (!change.lost.empty()) absl::StrAppend(&text, "；不再列为合适 ", absl::StrJoin(change.lost, "、"));
      pdf_.Paragraph(text, kPdfSmall);
    }
  }

  void Contents() {
    pdf_.NewPage();
    pdf_.Destination("contents", "目录");
    pdf_.Paragraph({{.text = "目录", .bold = true}}, kPdfHeading);
    for (size_t i = 0; i < report_.needs.size(); ++i) {
      const v1::Need& need = report_.needs[i].need;
      pdf_.ContentsLine(
          // The mark first: a long title is cut.
          absl::StrCat(i + 1, ". ", BadgeText(need.illustrative()), NeedTitle(need), "（",
                       FullRegionName(need.region_code()), "）"),
          i < known_.pages.size() ? known_.pages[i] : 0, NeedAnchor(i));
    }
    if (HasIdle())
      pdf_.ContentsLine(kIdleHeading, known_.pages.empty() ? 0 : known_.pages.back(), kIdleAnchor);
  }

  const MatchReport& report_;
  const Overview& overview_;
  const Known& known_;
  const Stop& stop_;
  PdfDocument& pdf_;
};

// In the short form a need that is too long for its page is drawn smaller, which is tried out on pages that
// nobody sees.
absl::StatusOr<std::vector<NeedForm>> FormsOf(const MatchReport& report, const PdfOptions& options,
                                              const Stop& stop) {
  std::vector<NeedForm> forms(report.needs.size());
  if (!report.brief) return forms;
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<PdfDocument> scratch, PdfDocument::Create(options));
  for (size_t i = 0; i < forms.size(); ++i) {
    DX_RETURN_IF_ERROR(GoesOn(stop));
    forms[i] = FormThatFits(report, i, *scratch);
  }
  return forms;
}

}  // namespace

absl::StatusOr<std::string> RenderPdf(const MatchReport& report, int64_t created_s, const Stop& stop) {
  const Overview overview = Summarise(report);
  PdfOptions options{.title = report.title.empty() ? "供需匹配报告" : report.title, .created_s = created_s};
  options.footer = options.title;
  // Twice: the first time tells on which page each need begins. Page numbers take no room of their own, so
  // the second time breaks the same.
  Renderer::Known known;
  DX_ASSIGN_OR_RETURN(known.forms, FormsOf(report, options, stop));
  {
    DX_ASSIGN_OR_RETURN(const std::unique_ptr<PdfDocument> draft, PdfDocument::Create(options));
    DX_ASSIGN_OR_RETURN(known.pages, Renderer(report, overview, known, stop, *draft).Render());
    options.pages_total = draft->page();
  }
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<PdfDocument> pdf, PdfDocument::Create(options));
  DX_RETURN_IF_ERROR(Renderer(report, overview, known, stop, *pdf).Render().status());
  return pdf->Finish();
}

}  // namespace dongxi::report
