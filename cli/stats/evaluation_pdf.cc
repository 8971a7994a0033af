#include "cli/stats/evaluation_pdf.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/engagement_words.h"
#include "cli/stats/stats_words.h"
#include "engine/base/status_macros.h"
#include "report/pdf_document.h"

namespace dongxi::cli {
namespace {

using report::ParagraphStyle;
using report::PdfDocument;
using report::PdfTable;
using report::Run;

constexpr uint32_t kBlue = 0x1F4E79, kGrey = 0x5B6670, kRed = 0x9B2C2C;
constexpr size_t kItemsMax = 20;  // of a problem
constexpr size_t kBarsMax = 24;
constexpr size_t kGapRowsMax = 40;
constexpr int kForecastsOnPaper = 100;
constexpr double kClosingIndent = 300;
constexpr double kHeadingRoom = 160;  // a heading is not left alone at the foot of a page
constexpr ParagraphStyle kTitle{.size = 22, .after = 14};
constexpr ParagraphStyle kHeading{.size = 15, .before = 12, .after = 6};
constexpr ParagraphStyle kSubheading{.size = 11.5, .before = 8, .after = 4, .keep_with_next = true};
constexpr ParagraphStyle kBody{.size = 10.5, .after = 4};
constexpr ParagraphStyle kSmall{.size = 9, .after = 3};
constexpr ParagraphStyle kItem{.size = 9, .indent = 22, .after = 2};
constexpr const char* kNumerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};

std::string CountCell(int64_t count) { return count == 0 ? "—" : Count(count); }
std::string AmountCell(const v1::Figure& figure) {
  return figure.entries_with_amount() == 0 ? "—" : Amount(figure.amount_wan());
}
// A table that is copied out of the paper still says what it counts.
PdfTable MarkedTable(PdfTable table, bool simulated) {
  table.header[0] = Marked(table.header[0], simulated);
  return table;
}
std::string Lead(const std::string& sentence) { return "　　" + sentence; }

std::vector<std::string> HeadingsOf(const Evaluation& evaluation) {
  std::vector<std::string> headings = {"一、总体情况", "二、逐项任务", "三、逐对结对", "四、典型案例",
                                       "五、存在问题"};
  if (evaluation.gaps) headings.emplace_back("六、未满足的需求与闲置供给");
  if (evaluation.signing) headings.emplace_back("附：签约概率");
  headings.emplace_back("附：口径");
  return headings;
}

PdfTable TotalTable(const v1::Statistics& statistics, const Period& period) {
  const v1::StatisticsGroup& total = statistics.total();
  const bool compared = total.earlier_figures_size() > 0;
  PdfTable table{.header = {"指标", period.label, "涉及对数", "涉及需求", "金额（万元）"},
                 .rows = {{"期内有效需求", CountCell(total.needs()), "", "", ""}},
                 .widths = {0.23, 0.11, 0.11, 0.11, 0.14},
                 .size = 9,
                 .figures = true};
  if (compared) {
    table.header.insert(table.header.end(), {period.earlier_label, "同比", "金额同比"});
    table.widths.insert(table.widths.end(), {0.1, 0.1, 0.1});
    table.rows[0].insert(
        table.rows[0].end(),
        {CountCell(total.earlier_needs()),
         Change(static_cast<double>(total.needs()), static_cast<double>(total.earlier_needs())), ""});
  }
  for (const v1::Figure& figure : total.figures()) {
    std::vector<std::string> row = {FigureName(figure.kind()), CountCell(figure.entries()),
                                    CountCell(figure.pairs()), CountCell(figure.needs()), AmountCell(figure)};
    if (compared) {
      const v1::Figure& before = EarlierFigureOf(total, figure.kind());
      row.insert(row.end(),
                 {CountCell(before.entries()),
                  Change(static_cast<double>(figure.entries()), static_cast<double>(before.entries())),
                  Change(figure.amount_wan(), before.amount_wan())});
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

PdfTable WaysTable(const v1::StatisticsGroup& group) {
  PdfTable table{.header = {"步骤", "期内进入（对）", "期末前到达（对）", "转化率", "95% 区间",
                            "用时中位数（四分位），天"},
                 .widths = {0.24, 0.13, 0.15, 0.1, 0.17, 0.21},
                 .size = 9,
                 .figures = true};
  for (int i = 0; i < std::min(group.durations_size(), group.conversions_size()); ++i) {
    const v1::StepConversion& way = group.conversions(i);
    const v1::StepDuration& duration = group.durations(i);
    if (way.began() == 0 && duration.pairs() == 0) continue;  // on paper what did not happen only takes room
    std::vector<std::string> row = {StepName(way.from_step()) + " → " + StepName(way.to_step()),
                                    CountCell(way.began()),
                                    CountCell(way.reached()),
                                    "—",
                                    "—",
                                    "—"};
    if (way.began() > 0) {
      row[3] = Share(ReachedShare(way));
      row[4] = Share(way.low()) + " – " + Share(way.high());
    }
    if (duration.pairs() > 0) {
      row[5] = DaysWords(duration);
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

PdfTable GroupTable(const v1::StatisticsTable& groups) {
  PdfTable table{.header = {DimensionName(groups.dimension()), "需求", "得到推荐", "会谈", "签约", "经推荐",
                            "签约额（万元）", "登记", "到账（万元）", "验收", "拒绝", "签约额同比"},
                 .widths = {0.2, 0.055, 0.09, 0.055, 0.055, 0.075, 0.105, 0.055, 0.1, 0.055, 0.055, 0.1},
                 .size = 8,
                 .figures = true};
  for (const v1::StatisticsGroup& group : groups.groups()) {
    const v1::Figure& contracts = FigureOf(group, v1::FIGURE_KIND_SIGNED);
    const auto entries = [&](v1::FigureKind kind) { return CountCell(FigureOf(group, kind).entries()); };
    table.rows.push_back(
        {group.label(), CountCell(group.needs()), CountCell(FigureOf(group, v1::FIGURE_KIND_MATCHED).needs()),
         entries(v1::FIGURE_KIND_MET), entries(v1::FIGURE_KIND_SIGNED),
         entries(v1::FIGURE_KIND_SIGNED_RECOMMENDED), AmountCell(contracts),
         entries(v1::FIGURE_KIND_REGISTERED), AmountCell(FigureOf(group, v1::FIGURE_KIND_PAID)),
         entries(v1::FIGURE_KIND_DELIVERED), entries(v1::FIGURE_KIND_REFUSED),
         group.earlier_figures_size() == 0
             ? "—"
             : Change(contracts.amount_wan(), EarlierFigureOf(group, v1::FIGURE_KIND_SIGNED).amount_wan())});
  }
  return table;
}

// The first rows of a sheet, with its columns' widths.
PdfTable SheetTable(const report::Table& sheet) {
  PdfTable table;
  double width = 0;
  for (const report::Column& column : sheet.columns) width += column.width;
  for (const report::Column& column : sheet.columns) {
    table.header.push_back(column.name);
    table.widths.push_back(column.width / width);
  }
  for (size_t r = 0; r < std::min(sheet.rows.size(), kGapRowsMax); ++r) {
    std::vector<std::string> row;
    for (const report::Cell& cell : sheet.rows[r])
      row.push_back(!cell.filled ? "—" : cell.text.empty() ? Amount(cell.number) : cell.text);
    table.rows.push_back(std::move(row));
  }
  return table;
}

class Renderer {
 public:
  Renderer(const Evaluation& evaluation, PdfDocument& pdf, const std::vector<int>& pages)
      : evaluation_(evaluation),
        simulated_(HasSimulated(evaluation.statistics)),
        pdf_(pdf),
        known_pages_(pages),
        headings_(HeadingsOf(evaluation)) {}

  // Returns on which page each heading stands.
  std::vector<int> Render() {
    Cover();
    pdf_.NewPage();
    Overview();
    Tasks();
    Pairings();
    Cases();
    Problems();
    if (evaluation_.gaps) Gaps();
    if (evaluation_.signing) Signing();
    Heading();
    pdf_.Paragraph(absl::StrCat(kCountingNote, "每个数字对应的台账编号见电子表格“明细”。"), kSmall);
    Closing();
    return pages_;
  }

 private:
  // 落款, in the right half of the page.
  void Closing() {
    pdf_.Reserve(kHeadingRoom);
    bool first = true;
    for (const std::string& line : ClosingLines(evaluation_)) {
      pdf_.Paragraph(line, {.size = 11, .indent = kClosingIndent, .before = first ? 30.0 : 0.0, .after = 5});
      first = false;
    }
  }

  void Cover() {
    pdf_.Paragraph({{.text = "东西部科技合作 · 绩效评估", .color = kGrey}}, {.size = 11, .after = 60});
    pdf_.Paragraph({{.text = EvaluationTitle(evaluation_), .bold = true, .color = kBlue}}, kTitle);
    for (const std::string& line : HeadLines(evaluation_)) pdf_.Paragraph(line, {.size = 11, .after = 5});
    for (const std::string& remark : Remarks(evaluation_.statistics))
      pdf_.Paragraph({{.text = remark + "。", .bold = true, .color = kRed}}, kBody);
    if (const std::string none = NoDataText(evaluation_); !none.empty())
      pdf_.Paragraph({{.text = none, .bold = true, .color = kRed}}, kBody);
    pdf_.Rule();
    pdf_.Paragraph({{.text = "目录", .bold = true, .color = kBlue}}, {.size = 14, .before = 24, .after = 8});
    for (size_t i = 0; i < headings_.size(); ++i)
      pdf_.ContentsLine(headings_[i], i < known_pages_.size() ? known_pages_[i] : 0, Anchor(i));
  }

  static std::string Anchor(size_t heading) { return absl::StrCat("part-", heading + 1); }

  // The next heading of the contents.
  void Heading() {
    pdf_.Reserve(kHeadingRoom);
    const size_t i = pages_.size();
    pages_.push_back(pdf_.page());
    pdf_.Destination(Anchor(i), headings_[i]);
    pdf_.Paragraph({{.text = headings_[i], .bold = true, .color = kBlue}}, kHeading);
  }

  void Subheading(const std::string& text) {
    pdf_.Reserve(kHeadingRoom);
    pdf_.Paragraph({{.text = text, .bold = true}}, kSubheading);
  }

  void Overview() {
    Heading();
    for (const std::string& sentence : OverviewSentences(evaluation_)) pdf_.Paragraph(Lead(sentence), kBody);
    Subheading("（一）主要指标");
    pdf_.Table(MarkedTable(TotalTable(evaluation_.statistics, evaluation_.period), simulated_));
    size_t numeral = 1;
    if (const PdfTable ways = WaysTable(evaluation_.statistics.total()); !ways.rows.empty()) {
      Subheading(absl::StrCat("（", kNumerals[numeral++], "）步骤转化与用时"));
      pdf_.Table(MarkedTable(ways, simulated_));
    }
    for (const auto& [table, heading] : OverviewTables(evaluation_)) {
      Subheading(absl::StrCat("（", kNumerals[numeral++], "）", heading));
      pdf_.Table(MarkedTable(GroupTable(*table), simulated_));
    }
  }

  // Contracts by task, as bars; tasks without any are left to the table.
  void AmountBars(const v1::StatisticsTable& table) {
    double most = 0;
    for (const v1::StatisticsGroup& group : table.groups())
      most = std::max(most, FigureOf(group, v1::FIGURE_KIND_SIGNED).amount_wan());
    if (most <= 0) return;
    Subheading(Marked("签约额", simulated_));
    size_t shown = 0;
    for (const v1::StatisticsGroup& group : table.groups()) {
      const v1::Figure& contracts = FigureOf(group, v1::FIGURE_KIND_SIGNED);
      if (contracts.entries() == 0 || shown++ == kBarsMax) continue;
      pdf_.Bar(group.label(), contracts.amount_wan() / most,
               absl::StrCat(Count(contracts.entries()), " 项，", Amount(contracts.amount_wan()), " 万元"));
    }
  }

  void Tasks() {
    Heading();
    const v1::StatisticsTable* const table = TableOf(evaluation_, v1::STATISTICS_DIMENSION_TASK);
    if (table == nullptr || table->groups().empty()) return pdf_.Paragraph("没有数据。", kBody);
    pdf_.Table(MarkedTable(GroupTable(*table), simulated_));
    pdf_.Paragraph({{.text = kJudgementNote, .color = kGrey}}, kSmall);
    AmountBars(*table);
    for (const v1::StatisticsGroup& group : table->groups()) {
      Subheading(group.label());
      for (const std::string& sentence : TaskSentences(evaluation_, group))
        pdf_.Paragraph(Lead(sentence), kBody);
      if (!group.refusals().empty())
        pdf_.Paragraph(Lead("拒绝原因（条）：" + RefusalWords(group) + "。"), kBody);
    }
  }

  void Pairings() {
    Heading();
    pdf_.Paragraph({{.text = kPairingNote, .color = kGrey}}, kSmall);
    const v1::StatisticsTable* const table = TableOf(evaluation_, v1::STATISTICS_DIMENSION_PAIRING);
    if (table == nullptr || table->groups().empty()) return pdf_.Paragraph("没有数据。", kBody);
    pdf_.Table(MarkedTable(GroupTable(*table), simulated_));
    for (const NamedSentence& one : PairingSentences(evaluation_))
      pdf_.Paragraph({{.text = Lead(one.name), .bold = true}, {.text = "：" + one.text}}, kBody);
  }

  void Cases() {
    Heading();
    pdf_.Paragraph({{.text = kCaseNote, .color = kGrey}}, kSmall);
    if (evaluation_.cases.empty()) pdf_.Paragraph("期内没有符合规则的案例。", kBody);
    for (size_t i = 0; i < evaluation_.cases.size(); ++i) {
      const EvaluationCase& one = evaluation_.cases[i];
      Subheading(absl::StrCat("案例 ", i + 1, "：", CaseTitle(one)));
      pdf_.Paragraph(Lead(CaseSummary(one)), kBody);
      for (const std::string& line : CaseLines(one)) pdf_.Paragraph("· " + line, kItem);
    }
    if (evaluation_.cases_found > evaluation_.cases.size()) {
      pdf_.Paragraph(
          absl::StrCat("另有 ", evaluation_.cases_found - evaluation_.cases.size(), " 个符合规则。"), kSmall);
    }
  }

  void Problems() {
    Heading();
    if (evaluation_.problems.empty()) pdf_.Paragraph("没有发现需要说明的问题。", kBody);
    for (size_t i = 0; i < evaluation_.problems.size(); ++i) {
      const EvaluationProblem& problem = evaluation_.problems[i];
      pdf_.Paragraph(
          {{.text = absl::StrCat(i + 1, ". ", problem.heading, "。"), .bold = true}, {.text = problem.text}},
          {.size = 10.5, .before = 3, .after = 2, .keep_with_next = true});
      std::string items;
      for (size_t n = 0; n < std::min(problem.items.size(), kItemsMax); ++n)
        absl::StrAppend(&items, n == 0 ? "" : "；", problem.items[n]);
      if (problem.items.size() > kItemsMax)
        absl::StrAppend(&items, "；等 ", problem.items.size(), " 项，见电子表格“存在问题”");
      pdf_.Paragraph({{.text = items, .color = kGrey}}, kItem);
    }
  }

  void Gaps() {
    Heading();
    pdf_.Paragraph(Lead(UnmetSentence(*evaluation_.gaps) + IdleSentence(*evaluation_.gaps)), kBody);
    for (const std::string& remark : evaluation_.gaps->remarks) pdf_.Paragraph(remark + "。", kSmall);
    for (const report::Table& sheet : GapsTables(*evaluation_.gaps)) {
      if (sheet.rows.empty() || sheet.file == "idle_offers") continue;  // the list is for the workbook
      Subheading(sheet.name);
      pdf_.Table(SheetTable(sheet));
      if (sheet.rows.size() > kGapRowsMax) {
        pdf_.Paragraph(
            absl::StrCat("另有 ", sheet.rows.size() - kGapRowsMax, " 行，见电子表格“", sheet.name, "”"),
            kSmall);
      }
    }
  }

  // The curve, and its points as figures.
  void Reliability(const v1::SigningEstimate& estimate) {
    std::vector<report::CurvePoint> points;
    PdfTable table{.header = {"组", "对数", "平均预测", "实际签约"},
                   .widths = {0.25, 0.25, 0.25, 0.25},
                   .size = 9,
                   .figures = true};
    for (const v1::ReliabilityBin& bin : estimate.reliability()) {
      points.push_back({bin.mean_forecast(), bin.signed_share()});
      table.rows.push_back({absl::StrCat("第 ", points.size(), " 组"), Count(bin.pairs()),
                            Share(bin.mean_forecast()), Share(bin.signed_share())});
    }
    const bool simulated = SigningIsSimulated(evaluation_);
    Subheading(Marked("可靠性", simulated) +
               "（交叉验证；横轴预测的概率，纵轴实际签约的比例，斜线为完全相符）");
    pdf_.Curve(points);
    pdf_.Table(MarkedTable(std::move(table), simulated));
  }

  void Signing() {
    Heading();
    const v1::SigningEstimate& estimate = *evaluation_.signing;
    for (const std::string& sentence : SigningSentences(estimate, kForecastsOnPaper))
      pdf_.Paragraph(Lead(sentence), kBody);
    if (!estimate.enough()) return;
    Reliability(estimate);
    if (!estimate.useful() || estimate.forecasts().empty()) return;
    PdfTable table{.header = {"进行中的需求", "供给方", "签约概率"}, .widths = {0.42, 0.42, 0.16}};
    for (int i = 0; i < std::min(estimate.forecasts_size(), kForecastsOnPaper); ++i) {
      const v1::SigningForecast& one = estimate.forecasts(i);
      table.rows.push_back(
          {TitleOf(evaluation_, one.need()), TitleOf(evaluation_, one.offer()), Share(one.probability())});
    }
    pdf_.Table(MarkedTable(std::move(table), SigningIsSimulated(evaluation_)));
    if (estimate.forecasts_size() > kForecastsOnPaper)
      pdf_.Paragraph(absl::StrCat("前 ", Count(estimate.forecasts_size()), " 对见电子表格“签约概率”"),
                     kSmall);
  }

  const Evaluation& evaluation_;
  const bool simulated_;
  PdfDocument& pdf_;
  const std::vector<int>& known_pages_;
  const std::vector<std::string> headings_;
  std::vector<int> pages_;
};

}  // namespace

absl::StatusOr<std::string> EvaluationPdf(const Evaluation& evaluation, int64_t created_s) {
  report::PdfOptions options{.title = EvaluationTitle(evaluation), .created_s = created_s};
  options.footer = Marked(options.title, HasSimulated(evaluation.statistics));
  // Twice: the first time tells on which page each part begins, and numbers take no room of their own.
  std::vector<int> pages;
  {
    DX_ASSIGN_OR_RETURN(const std::unique_ptr<PdfDocument> draft, PdfDocument::Create(options));
    pages = Renderer(evaluation, *draft, {}).Render();
    options.pages_total = draft->page();
  }
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<PdfDocument> pdf, PdfDocument::Create(options));
  Renderer(evaluation, *pdf, pages).Render();
  return pdf->Finish();
}

}  // namespace dongxi::cli
