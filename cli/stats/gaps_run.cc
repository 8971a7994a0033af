#include "cli/stats/gaps_run.h"

#include <grpcpp/channel.h>

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "cli/call_service.h"
#include "cli/report_needs.h"
#include "cli/report_run.h"
#include "cli/stats/stats_words.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "report/html_text.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

using report::Cell;
using report::CellKind;
using report::EscapeHtml;
using report::Json;

constexpr int kOffersPage = 1'000;
constexpr size_t kEarlierBytesMax = size_t{256} << 20;
constexpr size_t kTopicsOnPage = 60, kIdleGroupsOnPage = 40, kNeedsOfTopic = 8;

void LowerTo(const std::string& iso_day, absl::CivilDay* last) {
  absl::CivilDay day;
  if (!iso_day.empty() && absl::ParseCivilTime(iso_day, &day)) *last = std::min(*last, day);
}

AskedNeed ToAsked(const report::NeedMatches& matched) {
  const v1::Need& need = matched.need;
  AskedNeed asked;
  asked.name = need.name();
  asked.title = need.title();
  asked.wanted = need.wanted();
  asked.region = need.region_code();
  asked.task = need.task();
  asked.fields.assign(need.fields().begin(), need.fields().end());
  if (need.has_budget_wan()) asked.budget_wan = need.budget_wan();
  asked.first_day = ChinaDay(need.create_time().seconds() * 1'000'000);
  LowerTo(need.deadline(), &asked.last_day);
  LowerTo(need.valid_until(), &asked.last_day);
  asked.illustrative = need.illustrative();
  for (const v1::MatchList* list :
       {&matched.answer.partners(), &matched.answer.experts(), &matched.answer.results()}) {
    for (const v1::MatchEntry& entry : list->entries()) {
      if (!entry.adequate()) continue;
      asked.adequate.insert(entry.name());
      asked.adequate.insert(entry.institutions().begin(), entry.institutions().end());
    }
  }
  return asked;
}

std::string TitleOf(const v1::Result& result) { return result.title(); }
std::string TitleOf(const v1::Expert& expert) { return expert.display_name(); }
std::string TitleOf(const v1::Institution& institution) { return institution.display_name(); }

const auto& RecordsOf(const v1::ListResultsResponse& page) { return page.results(); }
const auto& RecordsOf(const v1::ListExpertsResponse& page) { return page.experts(); }
const auto& RecordsOf(const v1::ListInstitutionsResponse& page) { return page.institutions(); }

// All records of one kind that are offered today, page by page: one that is over is found for no need, so
// that nobody can tell whether it would be wanted (report::IsIdle).
template <typename Request, typename Response>
absl::Status AddOffers(const Client& client,
                       grpc::Status (v1::CatalogueService::Stub::*list)(grpc::ClientContext*, const Request&,
                                                                        Response*),
                       absl::CivilDay today, std::vector<OfferedRecord>* offers) {
  Request request;
  request.set_page_size(kOffersPage);
  while (true) {
    DX_ASSIGN_OR_RETURN(const Response page, CallService<v1::CatalogueService>(client, list, request));
    for (const auto& record : RecordsOf(page)) {
      OfferedRecord offer{record.name(),
                          TitleOf(record),
                          record.region_code(),
                          {record.fields().begin(), record.fields().end()},
                          record.illustrative()};
      offer.first_day = ChinaDay(record.create_time().seconds() * 1'000'000);
      LowerTo(record.valid_until(), &offer.last_day);
      if (offer.last_day >= today) offers->push_back(std::move(offer));
    }
    if (page.next_page_token().empty() || page.next_page_token() == request.page_token())
      return absl::OkStatus();
    request.set_page_token(page.next_page_token());
  }
}

absl::StatusOr<std::vector<OfferedRecord>> AllOffers(const Client& client) {
  using Stub = v1::CatalogueService::Stub;
  const absl::CivilDay today = ChinaDay(absl::ToUnixMicros(absl::Now()));
  std::vector<OfferedRecord> offers;
  DX_RETURN_IF_ERROR((AddOffers<v1::ListResultsRequest, v1::ListResultsResponse>(client, &Stub::ListResults,
                                                                                 today, &offers)));
  DX_RETURN_IF_ERROR((AddOffers<v1::ListExpertsRequest, v1::ListExpertsResponse>(client, &Stub::ListExperts,
                                                                                 today, &offers)));
  DX_RETURN_IF_ERROR((AddOffers<v1::ListInstitutionsRequest, v1::ListInstitutionsResponse>(
      client, &Stub::ListInstitutions, today, &offers)));
  return offers;
}

// A need is there from its first entry of the ledger at the latest, as statistics have it: a catalogue may be
// filled after what came of its needs. What was only simulated makes none older.
absl::Status AgeByLedger(const Client& client, absl::CivilDay end, std::vector<AskedNeed>* needs) {
  if (needs->empty()) return absl::OkStatus();
  std::map<std::string, AskedNeed*> by_name;
  for (AskedNeed& need : *needs) by_name[need.name] = &need;
  v1::EngagementFilter filter;
  filter.mutable_end_time()->set_seconds(ChinaDayStartUs(end) / 1'000'000);
  return client.ExportEngagements(filter, [&](const v1::ExportEngagementsResponse& part) {
    for (const v1::Engagement& entry : part.engagements()) {
      const auto found = by_name.find(entry.need());
      if (found == by_name.end() || entry.simulated()) continue;
      AskedNeed& need = *found->second;
      need.first_day = std::min(need.first_day, ChinaDay(entry.event_time().seconds() * 1'000'000));
    }
  });
}

std::string KindName(OfferedKind kind) { return std::string(ChineseNameOf(kind)); }

using Counts = std::map<std::tuple<std::string, std::string, std::string>, int64_t>;

// Counts by kind, field and province of one list of an earlier JSON. Topics have no kind; idle offers of
// before there were kinds were results.
Counts CountsOf(const Json& list, const std::string& kind) {
  Counts counts;
  for (const Json& one : list) {
    if (!one.is_object()) continue;
    counts[{one.value("kind", kind), one.value("field", ""), one.value("province", "")}] +=
        one.value("count", int64_t{0});
  }
  return counts;
}

// Of an answer nothing is asked for but what ToAsked reads: there is one of every need.
v1::MatchRequest GapsQuestion(int top) {
  v1::MatchRequest question;
  question.set_page_size(top);
  question.set_view(v1::MATCH_VIEW_BASIC);  // the least that names institutions
  for (const char* path : {"name", "adequate", "institutions"}) question.mutable_read_mask()->add_paths(path);
  return question;
}

// Matches the needs; those that could be matched stand in the report in their order.
absl::Status AskAbout(const Client& client, const GapsOptions& options, const std::vector<ReportNeed>& needs,
                      const Io& io, GapsReport* report) {
  std::vector<std::optional<AskedNeed>> matched(needs.size());
  const auto take = [&](size_t need, const report::NeedMatches& matches) {
    if (matches.error.empty()) matched[need] = ToAsked(matches);
  };
  DX_ASSIGN_OR_RETURN(const MatchFailures failures,
                      MatchEachNeed(client, GapsQuestion(options.top), options.jobs, needs, take, io));
  report->failed = failures.failed;
  if (failures.failed == static_cast<int>(needs.size())) return failures.first_error;
  for (std::optional<AskedNeed>& one : matched) {
    if (one) report->needs.push_back(*std::move(one));
  }
  return absl::OkStatus();
}

std::string RegionOrAll(const std::string& code) {
  return code.empty() ? "全国" : absl::StrCat(report::FullRegionName(code), "（", code, "）");
}

// An earlier run that asked for another region or looked at more or fewer entries counted something else.
// Files of before do not say which.
absl::Status CheckSameQuestion(const Json& earlier, const GapsOptions& options, GapsReport* report) {
  if (!earlier.contains("region") || !earlier.contains("top")) {
    report->remarks.push_back("--compare 的文件没有写明地区和每类看前几条，只在两次相同时可比");
    return absl::OkStatus();
  }
  const Json &region = earlier["region"], &top = earlier["top"];
  if (!region.is_string() || region.get<std::string>() != options.region) {
    return absl::InvalidArgumentError(
        absl::StrCat("--compare ", options.compare, "：那一次的地区是",
                     region.is_string() ? RegionOrAll(region.get<std::string>()) : "不明的", "，这一次是",
                     RegionOrAll(options.region), "：两次用同样的 --region"));
  }
  if (!top.is_number_integer() || top.get<int64_t>() != options.top) {
    return absl::InvalidArgumentError(absl::StrCat("--compare ", options.compare, "：那一次每类看前 ",
                                                   top.dump(), " 条，这一次是前 ", options.top,
                                                   " 条：两次用同样的 --top"));
  }
  return absl::OkStatus();
}

// Takes the earlier figures from the JSON of an earlier run.
absl::Status Compare(const GapsOptions& options, GapsReport* report) {
  const std::string& file = options.compare;
  const absl::StatusOr<std::string> bytes = ReadFile(file, kEarlierBytesMax);
  if (!bytes.ok())
    return absl::InvalidArgumentError(
        absl::StrCat("读不了 --compare 指定的文件：", bytes.status().message()));
  const Json json = Json::parse(*bytes, nullptr, /*allow_exceptions=*/false);
  const bool ours = json.is_object() && json.contains("topics") && json.contains("idle_groups") &&
                    json["topics"].is_array() && json["idle_groups"].is_array();
  if (!ours)
    return absl::InvalidArgumentError("--compare " + file + "：不是 dongxi stats gaps --json 写的文件");
  DX_RETURN_IF_ERROR(CheckSameQuestion(json, options, report));
  const Counts topics = CountsOf(json["topics"], "");
  const Counts idle = CountsOf(json["idle_groups"], KindName(OfferedKind::kResult));
  Gaps& gaps = report->gaps;
  gaps.needs_before = json.value("needs", int64_t{0});
  gaps.unmet_before = json.value("unmet", int64_t{0});
  for (size_t kind = 0; kind < kOfferedKinds; ++kind) {
    gaps.kinds[kind].idle_before = 0;
    for (const auto& [key, count] : idle) {
      if (std::get<0>(key) == KindName(static_cast<OfferedKind>(kind))) gaps.kinds[kind].idle_before += count;
    }
  }
  const auto at = [](const Counts& counts, const std::string& kind, const std::string& field,
                     const std::string& province) {
    const auto found = counts.find({kind, field, province});
    return found == counts.end() ? 0 : found->second;
  };
  for (GuideTopic& topic : gaps.topics) topic.needs_before = at(topics, "", topic.field, topic.province);
  for (IdleGroup& group : gaps.idle_groups)
    group.idle_before = at(idle, KindName(group.kind), group.field, group.province);
  report->earlier_label = json.value("period", file);
  return absl::OkStatus();
}

std::string ProvinceOf(const std::string& code) {
  return code.empty() ? "未注明地区" : report::ProvinceName(code);
}

std::string TopicWords(const GuideTopic& topic) {
  return topic.phrases.empty() ? topic.title : absl::StrJoin(topic.phrases, "、");
}

std::string TableRow(const std::vector<std::string>& cells) {
  std::string row = "<tr>";
  for (const std::string& cell : cells) absl::StrAppend(&row, "<td>", cell, "</td>");
  return row + "</tr>\n";
}

}  // namespace

absl::StatusOr<GapsReport> RunGaps(const Client& client, const GapsOptions& options, const Io& io) {
  GapsReport report;
  report.region = options.region;
  report.top = options.top;
  report.earlier_label = options.period.earlier_label;
  // All needs, whatever the region: what one region does not need another may.
  const absl::StatusOr<std::vector<ReportNeed>> needs = NeedsOfReport(client, ReportOptions(), io);
  if (!needs.ok() && !absl::IsNotFound(needs.status())) return needs.status();
  if (needs.ok()) DX_RETURN_IF_ERROR(AskAbout(client, options, *needs, io, &report));
  DX_RETURN_IF_ERROR(AgeByLedger(client, options.period.days.end, &report.needs));
  DX_ASSIGN_OR_RETURN(report.offers, AllOffers(client));
  report.gaps =
      FindGaps(report.needs, report.offers, options.period.days, options.period.earlier, options.region);
  for (const AskedNeed& need : report.needs) report.illustrative = report.illustrative || need.illustrative;
  if (!options.compare.empty()) DX_RETURN_IF_ERROR(Compare(options, &report));
  if (report.failed > 0)
    report.remarks.push_back(absl::StrCat("有 ", report.failed, " 项需求未能匹配，没有计入"));
  if (report.gaps.needs == 0) report.remarks.push_back("本期没有有效的需求");
  if (options.compare.empty() && report.gaps.needs_before == 0 && report.gaps.needs > 0) {
    report.remarks.push_back("上期没有入库的需求，趋势无从比较；可用 --compare 给出以前的 gaps JSON");
  }
  if (report.illustrative) report.remarks.push_back("含示例数据，仅用于演示");
  return report;
}

std::vector<report::Table> GapsTables(const GapsReport& report) {
  report::Table topics{"指南方向建议",
                       "guide_topics",
                       {{"领域", CellKind::kText, 18},
                        {"省区"},
                        {"方向", CellKind::kText, 40},
                        {"需求数", CellKind::kNumber},
                        {"预算合计（万元）", CellKind::kNumber, 14},
                        {"上期同领域同省区未满足", CellKind::kNumber, 14},
                        {"需求", CellKind::kText, 60}},
                       {}};
  for (const GuideTopic& topic : report.gaps.topics) {
    std::string needs;
    for (const size_t place : topic.needs)
      absl::StrAppend(&needs, needs.empty() ? "" : "；", report.needs[place].name, " ",
                      report.needs[place].title);
    topics.rows.push_back({topic.field, ProvinceOf(topic.province), TopicWords(topic),
                           static_cast<double>(topic.needs.size()), topic.budget_wan,
                           static_cast<double>(topic.needs_before), needs});
  }
  report::Table groups{"闲置供给分布",
                       "idle_groups",
                       {{"类别"},
                        {"领域", CellKind::kText, 18},
                        {"省区"},
                        {"闲置", CellKind::kNumber},
                        {"上期闲置", CellKind::kNumber}},
                       {}};
  report::Table idle{"闲置供给",
                     "idle_offers",
                     {{"类别"},
                      {"编号", CellKind::kText, 22},
                      {"名称", CellKind::kText, 50},
                      {"省区"},
                      {"领域", CellKind::kText, 18},
                      {"示例数据"}},
                     {}};
  for (const IdleGroup& group : report.gaps.idle_groups) {
    groups.rows.push_back({KindName(group.kind), group.field, ProvinceOf(group.province),
                           static_cast<double>(group.offers.size()), static_cast<double>(group.idle_before)});
    for (const size_t place : group.offers) {
      const OfferedRecord& offer = report.offers[place];
      idle.rows.push_back({KindName(group.kind), offer.name, offer.title, ProvinceOf(offer.region),
                           group.field, offer.illustrative ? "是" : ""});
    }
  }
  return {topics, groups, idle};
}

report::Json GapsToJson(const GapsReport& report) {
  const Gaps& gaps = report.gaps;
  Json out = {{"region", report.region},
              {"top", report.top},
              {"needs", gaps.needs},
              {"unmet", gaps.unmet},
              {"offers", gaps.of(OfferedKind::kResult).offers},
              {"idle", gaps.of(OfferedKind::kResult).idle},
              {"earlier", report.earlier_label},
              {"needs_before", gaps.needs_before},
              {"unmet_before", gaps.unmet_before},
              {"idle_before", gaps.of(OfferedKind::kResult).idle_before},
              {"remarks", report.remarks}};
  for (const auto& [kind, name] :
       {std::pair{OfferedKind::kExpert, "experts"}, std::pair{OfferedKind::kInstitution, "institutions"}}) {
    const Gaps::IdleCount& count = gaps.of(kind);
    out[name] = {{"offers", count.offers}, {"idle", count.idle}, {"idle_before", count.idle_before}};
  }
  Json& topics = out["topics"] = Json::array();
  for (const GuideTopic& topic : gaps.topics) {
    Json needs = Json::array();
    for (const size_t place : topic.needs)
      needs.push_back({{"name", report.needs[place].name}, {"title", report.needs[place].title}});
    topics.push_back({{"field", topic.field},
                      {"province", topic.province},
                      {"title", topic.title},
                      {"phrases", topic.phrases},
                      {"count", topic.needs.size()},
                      {"budget_wan", topic.budget_wan},
                      {"count_before", topic.needs_before},
                      {"needs", std::move(needs)}});
  }
  Json& idle = out["idle_groups"] = Json::array();
  for (const IdleGroup& group : gaps.idle_groups) {
    Json offers = Json::array();
    for (const size_t place : group.offers) offers.push_back(report.offers[place].name);
    idle.push_back({{"kind", KindName(group.kind)},
                    {"field", group.field},
                    {"province", group.province},
                    {"count", group.offers.size()},
                    {"count_before", group.idle_before},
                    {"offers", std::move(offers)}});
  }
  return out;
}

std::string UnmetSentence(const GapsReport& report) {
  const Gaps& gaps = report.gaps;
  return absl::StrCat("目录里现有的期内有效需求 ", Count(gaps.needs), " 项，其中 ", Count(gaps.unmet),
                      " 项没有合适的成果、专家或机构（", report.earlier_label, "：", Count(gaps.needs_before),
                      " 项中 ", Count(gaps.unmet_before), " 项）。");
}

std::string IdleSentence(const GapsReport& report) {
  std::string text = "不为全国任何有效需求所需的：";
  for (const OfferedKind kind : {OfferedKind::kResult, OfferedKind::kExpert, OfferedKind::kInstitution}) {
    const Gaps::IdleCount& count = report.gaps.of(kind);
    absl::StrAppend(&text, kind == OfferedKind::kResult ? "" : "，", KindName(kind), " ", Count(count.offers),
                    " 项中 ", Count(count.idle), " 项（", report.earlier_label, "：",
                    Count(count.idle_before), " 项）");
  }
  absl::StrAppend(&text, "；每项需求看每类前 ", report.top, " 条，需求不限地区。");
  return text;
}

std::string GapsSections(const GapsReport& report) {
  const Gaps& gaps = report.gaps;
  std::string out =
      absl::StrCat("<p class=\"lead\">", EscapeHtml(UnmetSentence(report) + IdleSentence(report)), "</p>\n");
  for (const std::string& remark : report.remarks)
    absl::StrAppend(&out, "<p class=\"note\">", EscapeHtml(remark), "。</p>\n");
  if (!gaps.topics.empty()) {
    out +=
        "<h3>指南方向建议</h3>\n<div "
        "class=\"scroll\"><table><thead><tr><th>领域</th><th>省区</th><th>方向</th>"
        "<th>需求</th><th>预算（万元）</th><th>上期</th><th>所据需求</th></tr></thead><tbody>\n";
    for (size_t i = 0; i < std::min(gaps.topics.size(), kTopicsOnPage); ++i) {
      const GuideTopic& topic = gaps.topics[i];
      std::string needs;
      for (size_t n = 0; n < std::min(topic.needs.size(), kNeedsOfTopic); ++n)
        absl::StrAppend(&needs, needs.empty() ? "" : "；", EscapeHtml(report.needs[topic.needs[n]].title));
      if (topic.needs.size() > kNeedsOfTopic) needs += "等";
      out +=
          TableRow({EscapeHtml(topic.field), EscapeHtml(ProvinceOf(topic.province)),
                    EscapeHtml(TopicWords(topic)), Count(static_cast<int64_t>(topic.needs.size())),
                    topic.budget_wan > 0 ? Amount(topic.budget_wan) : "—", Count(topic.needs_before), needs});
    }
    out += "</tbody></table></div>\n";
    if (gaps.topics.size() > kTopicsOnPage)
      absl::StrAppend(&out, "<p class=\"note\">另有 ", gaps.topics.size() - kTopicsOnPage,
                      " 个方向，见电子表格。</p>\n");
  }
  if (!gaps.idle_groups.empty()) {
    out +=
        "<h3>闲置供给分布</h3>\n<div "
        "class=\"scroll\"><table><thead><tr><th>类别</th><th>领域</th><th>省区</th><th>闲置</th>"
        "<th>上期</th></tr></thead><tbody>\n";
    for (size_t i = 0; i < std::min(gaps.idle_groups.size(), kIdleGroupsOnPage); ++i) {
      const IdleGroup& group = gaps.idle_groups[i];
      out += TableRow({KindName(group.kind), EscapeHtml(group.field), EscapeHtml(ProvinceOf(group.province)),
                       Count(static_cast<int64_t>(group.offers.size())), Count(group.idle_before)});
    }
    out += "</tbody></table></div>\n";
    if (gaps.idle_groups.size() > kIdleGroupsOnPage)
      absl::StrAppend(&out, "<p class=\"note\">另有 ", gaps.idle_groups.size() - kIdleGroupsOnPage,
                      " 组，逐项见电子表格。</p>\n");
  }
  return out;
}

}  // namespace dongxi::cli
