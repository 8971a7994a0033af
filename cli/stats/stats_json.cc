#include "cli/stats/stats_json.h"

#include <algorithm>
#include <string>

#include "cli/stats/stats_words.h"
#include "engine/engagement/engagement.h"

namespace dongxi::cli {
namespace {

using report::Json;

std::string CodeOf(v1::EngagementStep step) { return std::string(dongxi::CodeOf(static_cast<Step>(step))); }

// FIGURE_KIND_SIGNED_RECOMMENDED is signed_recommended.
std::string CodeOf(v1::FigureKind kind) {
  std::string code = v1::FigureKind_Name(kind).substr(std::string("FIGURE_KIND_").size());
  for (char& c : code) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return code;
}

void AddIds(const google::protobuf::RepeatedPtrField<std::string>& ids, Json* out,
            const char* name = "engagements") {
  if (ids.empty()) return;
  Json& list = (*out)[name] = Json::array();
  for (const std::string& id : ids) list.push_back(id);
}

Json FiguresToJson(const google::protobuf::RepeatedPtrField<v1::Figure>& figures) {
  Json out = Json::object();
  for (const v1::Figure& figure : figures) {
    Json& one = out[CodeOf(figure.kind())] = Json::object();
    one["entries"] = figure.entries();
    one["pairs"] = figure.pairs();
    one["needs"] = figure.needs();
    if (figure.entries_with_amount() > 0) one["amount_wan"] = figure.amount_wan();
    AddIds(figure.engagements(), &one);
  }
  return out;
}

Json DurationsToJson(const v1::StatisticsGroup& group) {
  Json out = Json::array();
  for (const v1::StepDuration& duration : group.durations()) {
    Json one = {{"from", CodeOf(duration.from_step())},
                {"to", CodeOf(duration.to_step())},
                {"pairs", duration.pairs()}};
    if (duration.pairs() > 0) {
      one["lower_quartile_days"] = duration.lower_quartile_days();
      one["median_days"] = duration.median_days();
      one["upper_quartile_days"] = duration.upper_quartile_days();
    }
    AddIds(duration.engagements(), &one);
    out.push_back(std::move(one));
  }
  return out;
}

Json ConversionsToJson(const v1::StatisticsGroup& group) {
  Json out = Json::array();
  for (const v1::StepConversion& conversion : group.conversions()) {
    Json one = {{"from", CodeOf(conversion.from_step())},
                {"to", CodeOf(conversion.to_step())},
                {"began", conversion.began()},
                {"reached", conversion.reached()}};
    if (conversion.began() > 0) {
      one["low"] = conversion.low();
      one["high"] = conversion.high();
    }
    AddIds(conversion.engagements(), &one);
    AddIds(conversion.reached_engagements(), &one, "reached_engagements");
    out.push_back(std::move(one));
  }
  return out;
}

Json GroupToJson(const v1::StatisticsGroup& group) {
  Json out;
  out["key"] = group.key();
  out["label"] = group.label();
  out["needs"] = group.needs();
  out["figures"] = FiguresToJson(group.figures());
  Json& refusals = out["refusals"] = Json::array();
  for (const v1::RefusalCount& count : group.refusals()) {
    Json one = {{"reason", std::string(dongxi::CodeOf(static_cast<RefusalReason>(count.reason())))},
                {"entries", count.entries()}};
    AddIds(count.engagements(), &one);
    refusals.push_back(std::move(one));
  }
  out["durations"] = DurationsToJson(group);
  out["conversions"] = ConversionsToJson(group);
  if (group.earlier_figures_size() > 0)
    out["earlier"] = {{"needs", group.earlier_needs()}, {"figures", FiguresToJson(group.earlier_figures())}};
  return out;
}

}  // namespace

Json StatisticsToJson(const v1::Statistics& statistics) {
  Json out;
  out["entries"] = statistics.entries();
  out["illustrative_entries"] = statistics.illustrative_entries();
  out["simulated_entries"] = statistics.simulated_entries();
  out["earlier_simulated_entries"] = statistics.earlier_simulated_entries();
  out["simulated_left_out"] = statistics.simulated_left_out();
  AddIds(statistics.simulated_engagements(), &out, "simulated_engagements");
  out["deleted_need_entries"] = statistics.deleted_need_entries();
  out["remarks"] = Remarks(statistics);
  out["policy"] = statistics.policy();
  out["catalogue_sequence"] = statistics.catalogue_sequence();
  out["total"] = GroupToJson(statistics.total());
  Json& tables = out["tables"] = Json::array();
  for (const v1::StatisticsTable& table : statistics.tables()) {
    Json groups = Json::array();
    for (const v1::StatisticsGroup& group : table.groups()) groups.push_back(GroupToJson(group));
    tables.push_back({{"dimension", DimensionName(table.dimension())}, {"groups", std::move(groups)}});
  }
  Json& inactive = out["inactive_tasks"] = Json::array();
  for (const v1::PlanTask& task : statistics.inactive_tasks())
    inactive.push_back({{"id", task.id()}, {"title", task.title()}, {"channel", task.channel_name()}});
  Json& unserved = out["unserved_regions"] = Json::array();
  for (const v1::UnservedRegion& region : statistics.unserved_regions()) {
    unserved.push_back({{"region", region.region_code()},
                        {"label", region.label()},
                        {"needs", region.needs()},
                        {"entries", region.entries()}});
  }
  return out;
}

Json SigningToJson(const v1::SigningEstimate& estimate) {
  Json out;
  out["decided_pairs"] = estimate.decided_pairs();
  out["signed_pairs"] = estimate.signed_pairs();
  out["open_pairs"] = estimate.open_pairs();
  out["early_pairs"] = estimate.early_pairs();
  out["simulated_pairs"] = estimate.simulated_pairs();
  out["simulated_pairs_left_out"] = estimate.simulated_pairs_left_out();
  out["decided_pairs_min"] = estimate.decided_pairs_min();
  out["signed_pairs_min"] = estimate.signed_pairs_min();
  out["enough"] = estimate.enough();
  if (!estimate.enough()) return out;
  out["brier"] = estimate.brier();
  out["base_brier"] = estimate.base_brier();
  Json& bins = out["reliability"] = Json::array();
  for (const v1::ReliabilityBin& bin : estimate.reliability()) {
    bins.push_back({{"pairs", bin.pairs()},
                    {"mean_forecast", bin.mean_forecast()},
                    {"signed_share", bin.signed_share()}});
  }
  out["useful"] = estimate.useful();
  if (!estimate.useful()) return out;
  Json& weights = out["weights"] = Json::array();
  for (const v1::SigningWeight& weight : estimate.weights())
    weights.push_back({{"feature", weight.feature()}, {"weight", weight.weight()}});
  Json& forecasts = out["forecasts"] = Json::array();
  for (const v1::SigningForecast& one : estimate.forecasts())
    forecasts.push_back({{"need", one.need()}, {"offer", one.offer()}, {"probability", one.probability()}});
  out["forecasts_left_out"] = std::max<int64_t>(estimate.open_pairs() - estimate.forecasts_size(), 0);
  return out;
}

}  // namespace dongxi::cli
