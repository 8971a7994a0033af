#include "cli/match_table.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/table.h"
#include "google/protobuf/util/json_util.h"
#include "report/consortium.h"
#include "report/overview.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

constexpr int kReasonsShown = 2;
constexpr int kTasksShown = 3;
constexpr int kFacetValuesShown = 8;
constexpr char kIllustrativeMark[] = "[示例数据]";

std::string Percent(double share) { return absl::StrFormat("%.0f%%", 100 * share); }

std::string TitleOf(const std::string& title, const std::string& name, bool illustrative) {
  // In front: at the end it would be the first to be cut.
  return (illustrative ? kIllustrativeMark : std::string()) + (title.empty() ? name : title);
}

std::string RegionOf(const std::string& name, const std::string& code) {
  return name.empty() ? report::FullRegionName(code) : name;
}

std::string FirstReasons(const v1::MatchEntry& entry) {
  std::string text;
  for (int i = 0; i < std::min(entry.reasons_size(), kReasonsShown); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : "；", entry.reasons(i));
  }
  // The last of the reasons, and what a reader must not miss.
  if (entry.has_pair_history() && entry.reasons_size() > kReasonsShown)
    absl::StrAppend(&text, "；", entry.pair_history().text());
  return text;
}

const char* RequirementMark(v1::RequirementVerdict::Outcome outcome) {
  switch (outcome) {
    case v1::RequirementVerdict::MET:
      return "✓";
    case v1::RequirementVerdict::SHORT:
      return "△";
    case v1::RequirementVerdict::CONTRADICTORY:
      return "✗";
    default:
      return "?";
  }
}

// ✓3 △1 ?2 距0.35: how many requirements of each kind, and how far it is from the site; empty for an entry
// without any.
std::string RequirementCounts(const v1::MatchEntry& entry) {
  std::string text;
  for (const auto outcome : {v1::RequirementVerdict::MET, v1::RequirementVerdict::SHORT,
                             v1::RequirementVerdict::CONTRADICTORY, v1::RequirementVerdict::UNKNOWN}) {
    const auto count = std::count_if(entry.requirements().begin(), entry.requirements().end(),
                                     [outcome](const auto& one) { return one.outcome() == outcome; });
    if (count > 0) absl::StrAppend(&text, text.empty() ? "" : " ", RequirementMark(outcome), count);
  }
  if (entry.has_adaptation()) absl::StrAppend(&text, absl::StrFormat(" 距%.2f", entry.adaptation().value()));
  return text;
}

const char* FacetWord(v1::FacetField field) {
  switch (field) {
    case v1::FACET_FIELD_KIND:
      return "类别";
    case v1::FACET_FIELD_TYPE:
      return "类型";
    case v1::FACET_FIELD_REGION:
      return "地区";
    case v1::FACET_FIELD_FIELD:
      return "领域";
    case v1::FACET_FIELD_MATURITY:
      return "成熟度";
    case v1::FACET_FIELD_MODE:
      return "合作方式";
    default:
      return "分类";
  }
}

void PrintFacets(const v1::MatchList& list, const Io& io) {
  if (list.facets().empty()) return;
  io.out << "合适的候选共 " << list.adequate_count() << " 个\n";
  for (const v1::Facet& facet : list.facets()) {
    std::string line = absl::StrCat("  ", FacetWord(facet.field()), "：");
    for (int i = 0; i < std::min(facet.values_size(), kFacetValuesShown); ++i) {
      absl::StrAppend(&line, i == 0 ? "" : "、", facet.values(i).label(), " ", facet.values(i).count());
    }
    if (facet.distinct() > kFacetValuesShown) absl::StrAppend(&line, " 等 ", facet.distinct(), " 种");
    io.out << Printable(line) << "\n";
  }
}

std::string MarkOf(const v1::MatchEntry& entry) {
  if (!entry.barred().empty()) return "不宜推荐";
  const std::string mark = absl::StrCat(entry.adequate() ? "合适 " : "接近 ", Percent(entry.adequacy()));
  return entry.broadened().empty() ? mark : mark + "*";
}

void PrintList(const char* heading, const v1::MatchList& list, const Io& io) {
  io.out << "\n" << heading;
  if (report::CountAdequate(list) == 0) {
    io.out << "：未找到合适匹配" << (list.entries().empty() ? "\n" : "，以下是最接近的候选\n");
  } else {
    io.out << "\n";
  }
  for (const v1::Broadening& step : list.broadening()) io.out << "已放宽：" << Printable(step.text()) << "\n";
  PrintFacets(list, io);
  if (list.entries().empty()) return;
  Table table({{"#", 4, Align::kRight},
               {"得分", 8, Align::kRight},
               {"名称", 44},
               {"地区", 12},
               {"匹配", 10},
               {"逐项", 20},
               {"主要理由", 0}});
  int rank = 0;
  for (const v1::MatchEntry& entry : list.entries()) {
    table.AddRow({std::to_string(++rank), absl::StrFormat("%.3f", entry.score()),
                  TitleOf(entry.title(), entry.name(), entry.illustrative()),
                  RegionOf(entry.region_name(), entry.region_code()), MarkOf(entry), RequirementCounts(entry),
                  FirstReasons(entry)});
  }
  table.Print(io.out, io.columns);
  const bool assessed = std::any_of(list.entries().begin(), list.entries().end(),
                                    [](const auto& entry) { return !entry.requirements().empty(); });
  if (assessed) {
    io.out << "逐项：✓ 满足  △ 差  ✗ 不满足  ? 未说明；距 与现场条件的适应距离（0 都已验证，1 都没有）；"
              "各项的说明见 dongxi explain\n";
  }
  if (!list.broadening().empty()) io.out << "带 * 的是放宽条件后才列入的\n";
}

void PrintPolicy(const v1::PolicyReading& policy, const Io& io) {
  if (policy.channel_name().empty()) return;
  std::string line = "通道：" + policy.channel_name();
  int shown = 0;
  for (const v1::TaskProbability& task : policy.tasks()) {
    if (shown == kTasksShown || task.probability() < 0.005) continue;
    absl::StrAppend(&line, shown++ == 0 ? "    可能任务：" : "、",
                    task.task().empty() ? "不属于各项任务" : task.task() + " " + task.title(), " ",
                    Percent(task.probability()));
  }
  io.out << Printable(line) << "\n";
}

void PrintProvenance(const v1::Provenance& provenance, const std::string& match_id, const Io& io) {
  io.out << "\n"
         << Printable("数据 " + provenance.generation() + "    模型 " + provenance.model() + "    政策 " +
                      provenance.policy());
  if (!match_id.empty()) io.out << Printable("    匹配编号 " + match_id);
  io.out << "\n";
}

void PrintConsortium(const v1::MatchResponse& answer, const Io& io) {
  const report::ConsortiumText consortium = report::ConsortiumTextOf(answer);
  if (!consortium.summary.empty()) {
    io.out << "\n创新联合体：" << Printable(consortium.summary) << "\n";
    for (const report::ConsortiumMemberText& member : consortium.members) {
      io.out << "  " << member.kind << " "
             << Printable(TitleOf(member.title, member.name, member.illustrative) + "（" + member.name +
                          "）覆盖 " + member.covers)
             << "\n";
    }
    if (!consortium.open.empty())
      io.out << "  未覆盖 " << Printable(absl::StrJoin(consortium.open, "；")) << "\n";
  }
  const std::string question = report::OwnerQuestionText(answer);
  if (!question.empty()) io.out << "\n建议向需求方提问：" << Printable(question) << "\n";
}

bool Asked(const v1::MatchRequest& request, v1::RecordKind kind) {
  return request.kinds().empty() ||
         std::find(request.kinds().begin(), request.kinds().end(), kind) != request.kinds().end();
}

}  // namespace

void PrintRequirements(const v1::MatchEntry& entry, const Io& io) {
  if (entry.requirements().empty()) return;
  io.out << "逐项（✓ 满足  △ 差  ✗ 不满足  ? 未说明）：\n";
  for (const v1::RequirementVerdict& verdict : entry.requirements())
    io.out << "  " << RequirementMark(verdict.outcome()) << " " << Printable(verdict.reason()) << "\n";
  if (entry.has_adaptation()) io.out << "  " << Printable(entry.adaptation().reason()) << "\n";
}

void PrintMatch(const v1::MatchRequest& request, const v1::MatchResponse& answer, const Io& io) {
  if (!answer.degraded().empty()) io.out << "注意：" << Printable(answer.degraded()) << "\n";
  PrintPolicy(answer.policy(), io);
  if (Asked(request, v1::INSTITUTION)) PrintList("合作机构", answer.partners(), io);
  if (Asked(request, v1::EXPERT)) PrintList("专家", answer.experts(), io);
  if (Asked(request, v1::RESULT)) PrintList("成果", answer.results(), io);
  PrintConsortium(answer, io);
  if (answer.ranking().profile() != "default" && !answer.ranking().profile_title().empty())
    io.out << "\n排序方案：" << Printable(answer.ranking().profile_title()) << "\n";
  PrintProvenance(answer.provenance(), answer.match_id(), io);
}

void AddMatchExtras(const v1::MatchResponse& answer, report::Json* json) {
  const std::pair<const char*, const v1::MatchList*> lists[] = {
      {"partners", &answer.partners()}, {"experts", &answer.experts()}, {"results", &answer.results()}};
  for (const auto& [name, list] : lists) {
    for (const v1::Broadening& step : list->broadening()) (*json)["broadening"][name].push_back(step.text());
    for (int i = 0; i < list->entries_size(); ++i) {
      if (!list->entries(i).broadened().empty())
        (*json)[name][static_cast<size_t>(i)]["broadened"] = list->entries(i).broadened();
    }
    for (const v1::Facet& facet : list->facets()) {
      report::Json& values = (*json)["facets"][name][FacetWord(facet.field())];
      values = report::Json::array();
      for (const v1::FacetValue& value : facet.values())
        values.push_back({{"value", value.value()}, {"label", value.label()}, {"count", value.count()}});
    }
  }
  (*json)["ranking"] = {{"profile", answer.ranking().profile()},
                        {"diversity", answer.ranking().diversity().lambda()}};
}

void PrintMessage(const google::protobuf::Message& message, const Io& io) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  // A message that came over the wire can be written; only unknown Any types cannot, and there are none.
  (void)google::protobuf::util::MessageToJsonString(message, &json, options);
  io.out << json;
}

void PrintReverseMatch(const v1::ReverseMatchResponse& answer, const Io& io) {
  PrintList("需求", answer.needs(), io);
  PrintProvenance(answer.provenance(), answer.match_id(), io);
}

void PrintSearch(const v1::SearchResponse& answer, const Io& io) {
  if (answer.hits().empty()) {
    io.out << "没有找到。可以换个说法，或放宽 --kinds 和 --filter。\n";
  } else {
    Table table({{"#", 4, Align::kRight},
                 {"得分", 8, Align::kRight},
                 {"类别", 4},
                 {"编号", 32},
                 {"名称", 44},
                 {"地区", 12},
                 {"摘录", 0}});
    int rank = 0;
    for (const v1::SearchHit& hit : answer.hits()) {
      table.AddRow({std::to_string(++rank), absl::StrFormat("%.3f", hit.score()),
                    report::KindName(hit.kind()), hit.name(),
                    TitleOf(hit.title(), hit.name(), hit.illustrative()),
                    RegionOf(hit.region_name(), hit.region_code()), hit.snippet()});
    }
    table.Print(io.out, io.columns);
  }
  PrintProvenance(answer.provenance(), "", io);
}

}  // namespace dongxi::cli
