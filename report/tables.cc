#include "report/tables.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "engine/record/field_schema.h"
#include "report/consortium.h"
#include "report/emptied.h"
#include "report/fit.h"
#include "report/html_parts.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

constexpr char kChangesFile[] = "changes";
constexpr const char* kParts[] = {"lexical", "semantic", "feedback",  "learned", "policy",
                                  "mode",    "maturity", "condition", "history", "standing"};

std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }
std::string YesNo(bool value) { return value ? "是" : "否"; }
std::string RegionOf(const v1::MatchEntry& entry) {
  return entry.region_name().empty() ? FullRegionName(entry.region_code()) : entry.region_name();
}

std::string TermsText(const v1::MatchEntry& entry) {
  std::vector<std::string> terms;
  for (const v1::MatchedTerm& term : entry.matched_terms()) terms.push_back(term.term());
  return absl::StrJoin(terms, "、");
}

std::string OwnersText(const MatchReport& report, const v1::MatchEntry& entry) {
  std::vector<std::string> names;
  for (const std::string& name : entry.institutions()) names.push_back(InstitutionName(report, name));
  return absl::StrJoin(names, "、");
}

// What the beginning of a row says of the need.
void AddNeed(const NeedMatches& need, std::vector<Cell>* row) {
  row->insert(row->end(),
              {IdOf(need.need.name()), NeedTitle(need.need), FullRegionName(need.need.region_code()),
               need.answer.policy().channel_name(), LikelyTask(need.answer.policy())});
}

std::vector<Column> NeedColumns() {
  return {{"需求编号", CellKind::kText, 14},
          {"需求", CellKind::kText, 36},
          {"需求地区", CellKind::kText, 14},
          {"通道", CellKind::kText, 12},
          {"可能任务", CellKind::kText, 20}};
}

Table EntryTable(const char* name, const char* file, bool owners) {
  Table table{name, file, NeedColumns(), {}};
  for (const Column& column : std::vector<Column>{{"名次", CellKind::kNumber, 6},
                                                  {"名称", CellKind::kText, 36},
                                                  {"编号", CellKind::kText, 14},
                                                  {"地区", CellKind::kText, 10}}) {
    table.columns.push_back(column);
  }
  if (owners) table.columns.push_back({"所属机构", CellKind::kText, 28});
  table.columns.push_back({"结论", CellKind::kText, 8});
  table.columns.push_back({"需求覆盖度", CellKind::kShare, 10});
  table.columns.push_back({"得分", CellKind::kNumber, 9});
  for (const char* part : kParts) table.columns.push_back({ScorePartName(part) + "分", CellKind::kNumber, 8});
  for (const Column& column : std::vector<Column>{{"共同要点", CellKind::kText, 40},
                                                  {"理由", CellKind::kText, 60},
                                                  {"符合", CellKind::kText, 40},
                                                  {"不符合", CellKind::kText, 40},
                                                  {"未说明", CellKind::kText, 40},
                                                  {"政策依据", CellKind::kText, 40},
                                                  {"示例数据", CellKind::kText, 8}}) {
    table.columns.push_back(column);
  }
  return table;
}

double ContributionOf(const v1::MatchEntry& entry, std::string_view part) {
  double sum = 0;
  for (const v1::ScorePart& one : entry.score_parts()) {
    if (one.part() == part) sum += one.contribution();
  }
  return sum;
}

std::vector<Cell> EntryRow(const MatchReport& report, const NeedMatches& need, const v1::MatchEntry& entry,
                           int rank, bool owners) {
  std::vector<Cell> row;
  AddNeed(need, &row);
  row.insert(row.end(), {rank, entry.title(), IdOf(entry.name()), RegionOf(entry)});
  if (owners) row.emplace_back(OwnersText(report, entry));
  row.insert(row.end(), {AdequacyWord(entry), entry.adequacy(), entry.score()});
  for (const char* part : kParts) row.emplace_back(ContributionOf(entry, part));
  const std::vector<Fit> fits = FitsOf(need.need, need.answer, entry);
  row.insert(row.end(),
             {TermsText(entry), absl::StrJoin(entry.reasons(), "；"), FittingText(fits), NotFittingText(fits),
              UnsaidText(fits), entry.has_policy_reason() ? entry.policy_reason().text() : "",
              YesNo(entry.illustrative())});
  return row;
}

struct ListKind {
  v1::RecordKind kind;
  const char* name;
  const char* file;
  const v1::MatchList& (v1::MatchResponse::*list)() const;
  bool owners;
};
constexpr ListKind kLists[] = {{v1::INSTITUTION, "合作机构", "partners", &v1::MatchResponse::partners, false},
                               {v1::EXPERT, "专家", "experts", &v1::MatchResponse::experts, true},
                               {v1::RESULT, "成果", "results", &v1::MatchResponse::results, true}};

Table ListTable(const MatchReport& report, const ListKind& kind) {
  Table table = EntryTable(kind.name, kind.file, kind.owners);
  for (const NeedMatches& need : report.needs) {
    if (!need.error.empty()) continue;
    int rank = 0;
    for (const v1::MatchEntry& entry : (need.answer.*kind.list)().entries()) {
      table.rows.push_back(EntryRow(report, need, entry, ++rank, kind.owners));
    }
  }
  return table;
}

// What is asked, a row a need.
Table NeedTable(const MatchReport& report) {
  Table table{"需求",
              "needs",
              {{"需求编号", CellKind::kText, 14},
               {"需求", CellKind::kText, 36},
               {"需求方", CellKind::kText, 28},
               {"需求地区", CellKind::kText, 14},
               {"领域", CellKind::kText, 20},
               {"现状与问题", CellKind::kText, 60},
               {"希望得到", CellKind::kText, 60},
               {"考核指标", CellKind::kText, 40},
               {"合作方式", CellKind::kText, 16},
               {"成熟度（TRL 以上）", CellKind::kNumber, 10},
               {"使用条件", CellKind::kText, 20},
               {"预算（万元）", CellKind::kNumber, 10},
               {"期限", CellKind::kDate, 12},
               {"有效期至", CellKind::kDate, 12},
               {"来源", CellKind::kText, 24},
               {"匹配时间", CellKind::kDate, 17},
               {"示例数据", CellKind::kText, 8},
               {"因限额未列出合适候选的名单", CellKind::kText, 40},
               {"匹配说明", CellKind::kText, 40}},
              {}};
  for (const NeedMatches& matches : report.needs) {
    const v1::Need& need = matches.need;
    std::vector<std::string> modes, conditions;
    for (const std::string& code : need.modes()) modes.push_back(ModeName(code));
    for (const std::string& code : need.conditions()) conditions.emplace_back(WordOf(ConditionWords(), code));
    table.rows.push_back(
        {IdOf(need.name()), NeedTitle(need), InstitutionName(report, need.institution()),
         FullRegionName(need.region_code()), absl::StrJoin(need.fields(), "、"), need.description(),
         need.wanted(), absl::StrJoin(need.indicators(), "；"), absl::StrJoin(modes, "、"),
         need.maturity() > 0 ? Cell(need.maturity()) : Cell(), absl::StrJoin(conditions, "、"),
         need.has_budget_wan() ? Cell(need.budget_wan()) : Cell(), need.deadline(), need.valid_until(),
         need.source(), BeijingTime(matches.answer.provenance().read_time()), YesNo(need.illustrative()),
         EmptiedText(matches.emptied), matches.answer.degraded()});
  }
  return table;
}

Table EvidenceTable(const MatchReport& report) {
  Table table{"佐证",
              "evidence",
              {{"需求编号", CellKind::kText, 14},
               {"列表", CellKind::kText, 10},
               {"名次", CellKind::kNumber, 6},
               {"候选", CellKind::kText, 36},
               {"佐证编号", CellKind::kText, 20},
               {"佐证", CellKind::kText, 48},
               {"份额", CellKind::kShare, 8},
               {"示例数据", CellKind::kText, 8}},
              {}};
  for (const NeedMatches& need : report.needs) {
    if (!need.error.empty()) continue;
    for (const ListKind& kind : kLists) {
      int rank = 0;
      for (const v1::MatchEntry& entry : (need.answer.*kind.list)().entries()) {
        ++rank;
        for (const v1::EvidenceShare& evidence : entry.evidence()) {
          table.rows.push_back({IdOf(need.need.name()), kind.name, rank, entry.title(), evidence.name(),
                                evidence.title(), evidence.share(), YesNo(evidence.illustrative())});
        }
      }
    }
  }
  return table;
}

// A row a member, one more for what stays open and one for the question, if there are any.
Table ConsortiumTable(const MatchReport& report) {
  Table table{"创新联合体", "consortium", NeedColumns(), {}};
  for (const Column& column : std::vector<Column>{{"角色", CellKind::kText, 16},
                                                  {"名称", CellKind::kText, 36},
                                                  {"编号", CellKind::kText, 20},
                                                  {"覆盖的要素", CellKind::kText, 60},
                                                  {"说明", CellKind::kText, 40},
                                                  {"示例数据", CellKind::kText, 8}}) {
    table.columns.push_back(column);
  }
  for (const NeedMatches& need : report.needs) {
    if (!need.error.empty()) continue;
    const auto add = [&](std::vector<Cell> cells) {
      std::vector<Cell> row;
      AddNeed(need, &row);
      row.insert(row.end(), cells.begin(), cells.end());
      table.rows.push_back(std::move(row));
    };
    const ConsortiumText consortium = ConsortiumTextOf(need.answer);
    for (const ConsortiumMemberText& member : consortium.members) {
      add({member.kind, member.title, member.name, member.covers, consortium.summary,
           YesNo(member.illustrative)});
    }
    if (!consortium.open.empty())
      add({"未覆盖", Cell(), Cell(), absl::StrJoin(consortium.open, "；"), consortium.summary, Cell()});
    if (const std::string question = OwnerQuestionText(need.answer); !question.empty())
      add({"建议向需求方提问", Cell(), Cell(), Cell(), question, Cell()});
  }
  return table;
}

Table UnmatchedTable(const MatchReport& report, const Overview& overview) {
  Table table{"未匹配需求", "unmatched", NeedColumns(), {}};
  table.columns.push_back({"领域", CellKind::kText, 20});
  table.columns.push_back({"原因", CellKind::kText, 40});
  for (const ListKind& kind : kLists) {
    if (!IsAsked(report, kind.kind)) continue;
    table.columns.push_back({absl::StrCat("最接近的", kind.name), CellKind::kText, 30});
    table.columns.push_back({"覆盖度", CellKind::kShare, 8});
  }
  std::vector<size_t> places = overview.unmatched;
  places.insert(places.end(), overview.unmatched_by_limit.begin(), overview.unmatched_by_limit.end());
  for (const size_t index : places) {
    const NeedMatches& need = report.needs[index];
    std::vector<Cell> row;
    AddNeed(need, &row);
    row.emplace_back(absl::StrJoin(need.need.fields(), "、"));
    row.emplace_back(WhyUnmatched(need));
    for (const ListKind& kind : kLists) {
      if (!IsAsked(report, kind.kind)) continue;
      const v1::MatchList& list = (need.answer.*kind.list)();
      const v1::MatchEntry* const first =
          need.error.empty() && !list.entries().empty() ? &list.entries(0) : nullptr;
      const bool barred = first != nullptr && !first->barred().empty();
      row.push_back(first == nullptr
                        ? Cell()
                        : Cell(first->title() + (barred ? "［" + AdequacyWord(*first) + "］" : "")));
      row.push_back(first == nullptr || barred ? Cell() : Cell(first->adequacy()));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

// A wide cell would show a share with all its digits.
double Rounded(double share) { return std::round(share * 1000) / 1000; }

std::vector<Cell> Fact(const std::string& name, Cell value) { return {name, std::move(value)}; }

// How many needs found something in each list that was asked for.
void AddFound(const MatchReport& report, const Overview& overview, Table* table) {
  if (IsAsked(report, v1::INSTITUTION)) table->rows.push_back(Fact("有合适机构", overview.with_partner));
  if (IsAsked(report, v1::EXPERT)) table->rows.push_back(Fact("有合适专家", overview.with_expert));
  if (IsAsked(report, v1::RESULT)) table->rows.push_back(Fact("有合适成果", overview.with_result));
}

void AddNotes(const MatchReport& report, const Overview& overview, Table* table) {
  for (const std::string& line : overview.degraded) table->rows.push_back(Fact("注意", line));
  if (report.comparison && !report.comparison->note.empty())
    table->rows.push_back(Fact("与以前的报告相比", report.comparison->note));
  if (overview.illustrative) table->rows.push_back(Fact("提示", "本报告含有示例数据，仅用于演示"));
}

// Results are told even where there are none, if they were looked for.
bool TellsIdle(const MatchReport& report, const IdleKind& kind, size_t count) {
  return report.idle_offers && (count > 0 || (&kind == &kIdleKinds[0] && IsAsked(report, v1::RESULT)));
}

Table OverviewTable(const MatchReport& report, const Overview& overview) {
  Table table{"总览", "overview", {{"项目", CellKind::kText, 30}, {"数值", CellKind::kNumber, 60}}, {}};
  table.rows = {Fact("报告", report.title.empty() ? "供需匹配报告" : report.title),
                Fact("需求数", overview.total.needs), Fact("找到合适匹配", overview.total.matched),
                Fact("未找到合适匹配", overview.total.unmatched), Fact("未能匹配", overview.total.failed)};
  AddFound(report, overview, &table);
  table.rows.insert(table.rows.end(),
                    {Fact("被推荐的机构数", overview.exposure.institutions),
                     Fact("推荐次数（机构×需求）", overview.exposure.recommendations),
                     Fact("机构曝光基尼系数", Rounded(overview.exposure.gini)),
                     Fact("前十分之一机构占推荐的份额", Rounded(overview.exposure.top_share))});
  if (overview.total.unmatched_by_limit > 0)
    table.rows.push_back(Fact("有合适候选、因限额未列出", overview.total.unmatched_by_limit));
  for (const IdleKind& kind : kIdleKinds) {
    const size_t count = IdleOf(report, kind).size();
    if (TellsIdle(report, kind, count))
      table.rows.push_back(Fact(absl::StrCat("无人问津的", kind.noun), static_cast<int>(count)));
  }
  if (const std::string times = MatchTimes(report); !times.empty())
    table.rows.push_back(Fact("匹配时间", times));
  for (const std::string& option : report.options) table.rows.push_back(Fact("匹配选项", option));
  for (const v1::Provenance& provenance : overview.provenances) {
    table.rows.push_back(
        Fact("数据", absl::StrCat(provenance.generation(), "，目录序号 ", provenance.catalogue_sequence())));
    table.rows.push_back(Fact("模型", provenance.model()));
    table.rows.push_back(Fact("政策表", provenance.policy()));
  }
  AddNotes(report, overview, &table);
  return table;
}

Table DistributionTable(const Overview& overview) {
  Table table{"分布",
              "coverage",
              {{"按", CellKind::kText, 10},
               {"名称", CellKind::kText, 30},
               {"需求", CellKind::kNumber, 8},
               {"合适", CellKind::kNumber, 8},
               {"未找到", CellKind::kNumber, 8},
               {"未能匹配", CellKind::kNumber, 8},
               {"覆盖率", CellKind::kShare, 8},
               {"因限额未列出", CellKind::kNumber, 8}},
              {}};
  const auto add = [&](const char* by, const std::vector<NeedCounts>& rows) {
    for (const NeedCounts& row : rows) {
      table.rows.push_back({by, row.name.empty() ? "未注明" : row.name, row.needs, row.matched, row.unmatched,
                            row.failed, row.needs > 0 ? static_cast<double>(row.matched) / row.needs : 0.0,
                            row.unmatched_by_limit});
    }
  };
  add("地区", overview.provinces);
  add("通道", overview.channels);
  add("任务", overview.tasks);
  add("领域", overview.fields);
  return table;
}

Table PairsTable(const ProvincePairs& pairs) {
  Table table{"省际对接", "province_pairs", {{"需求地区 \\ 供给地区", CellKind::kText, 20}}, {}};
  for (const std::string& name : pairs.offer_provinces) table.columns.push_back({name, CellKind::kNumber, 8});
  for (size_t r = 0; r < pairs.need_provinces.size(); ++r) {
    std::vector<Cell> row = {pairs.need_provinces[r]};
    for (const int count : pairs.needs[r]) row.push_back(count > 0 ? Cell(count) : Cell());
    table.rows.push_back(std::move(row));
  }
  return table;
}

// Lists that were not asked for have no column: 0 would say that nothing was found. Whether an institution is
// sample data only a list of partners says.
Table ExposureTable(const MatchReport& report, const Overview& overview) {
  Table table{
      "机构曝光",
      "exposure",
      {{"机构", CellKind::kText, 36}, {"地区", CellKind::kText, 10}, {"涉及需求", CellKind::kNumber, 10}},
      {}};
  for (const RecommendationWay& way : kRecommendationWays) {
    if (IsAsked(report, way.kind)) table.columns.push_back({way.name, CellKind::kNumber, 12});
  }
  table.columns.push_back({"示例数据", CellKind::kText, 8});
  for (const InstitutionCounts& one : overview.institutions) {
    std::vector<Cell> row = {one.name, one.region, one.needs};
    for (const RecommendationWay& way : kRecommendationWays) {
      if (IsAsked(report, way.kind)) row.emplace_back(one.*way.needs);
    }
    row.push_back(one.as_partner > 0 ? Cell(YesNo(one.illustrative)) : Cell());
    table.rows.push_back(std::move(row));
  }
  return table;
}

Table IdleTable(const IdleKind& kind, const std::vector<const IdleOffer*>& offers) {
  Table table{absl::StrCat("无人问津的", kind.noun),
              kind.file,
              {{"编号", CellKind::kText, 16},
               {kind.noun, CellKind::kText, 60},
               {"地区", CellKind::kText, 14},
               {"示例数据", CellKind::kText, 8}},
              {}};
  for (const IdleOffer* offer : offers) {
    const std::string region = offer->region_code.empty() ? "" : FullRegionName(offer->region_code);
    table.rows.push_back({IdOf(offer->name), offer->title, region, YesNo(offer->illustrative)});
  }
  return table;
}

Table ChangesTable(const Comparison& comparison) {
  Table table{"变化",
              kChangesFile,
              {{"需求编号", CellKind::kText, 14},
               {"需求", CellKind::kText, 36},
               {"变化", CellKind::kText, 24},
               {"新增的合适候选", CellKind::kText, 60},
               {"不再列为合适的候选", CellKind::kText, 60}},
              {}};
  for (const NeedChange& change : comparison.changes) {
    table.rows.push_back({IdOf(change.need), change.title, change.what, absl::StrJoin(change.gained, "；"),
                          absl::StrJoin(change.lost, "；")});
  }
  return table;
}

}  // namespace

std::vector<Table> TablesOf(const MatchReport& report, const Overview& overview) {
  std::vector<Table> tables = {OverviewTable(report, overview), NeedTable(report)};
  for (const ListKind& kind : kLists) {
    if (IsAsked(report, kind.kind)) tables.push_back(ListTable(report, kind));
  }
  tables.push_back(EvidenceTable(report));
  tables.push_back(ConsortiumTable(report));
  tables.push_back(UnmatchedTable(report, overview));
  tables.push_back(DistributionTable(overview));
  tables.push_back(PairsTable(overview.pairs));
  tables.push_back(ExposureTable(report, overview));
  for (const IdleKind& kind : kIdleKinds) {
    const std::vector<const IdleOffer*> offers = IdleOf(report, kind);
    if (TellsIdle(report, kind, offers.size())) tables.push_back(IdleTable(kind, offers));
  }
  if (report.comparison) tables.push_back(ChangesTable(*report.comparison));
  return tables;
}

std::vector<std::string> OccasionalTableFiles() {
  std::vector<std::string> files = {kChangesFile};
  for (const IdleKind& kind : kIdleKinds) files.emplace_back(kind.file);
  for (const ListKind& kind : kLists) files.emplace_back(kind.file);
  return files;
}

}  // namespace dongxi::report
