#include "report/json.h"

#include <google/protobuf/util/time_util.h>

#include "absl/strings/str_replace.h"
#include "engine/base/status_macros.h"
#include "report/overview.h"
#include "report/words.h"

namespace dongxi::report {
namespace {

// "r-1" of "results/r-1".
std::string IdOf(const std::string& resource_name) {
  const size_t slash = resource_name.find('/');
  return slash == std::string::npos ? resource_name : resource_name.substr(slash + 1);
}

std::string KindCode(v1::RecordKind kind) {
  switch (kind) {
    case v1::INSTITUTION:
      return "institution";
    case v1::EXPERT:
      return "expert";
    case v1::RESULT:
      return "result";
    case v1::NEED:
      return "need";
    case v1::EVIDENCE:
      return "evidence";
    default:
      return "";
  }
}

const char* TitleKey(v1::RecordKind kind) {
  return kind == v1::INSTITUTION || kind == v1::EXPERT ? "name" : "title";
}

std::string StrengthCode(v1::PairingStrength strength) {
  switch (strength) {
    case v1::NAMED:
      return "named";
    case v1::GROUP:
      return "group";
    case v1::INFERRED:
      return "inferred";
    default:
      return "";
  }
}

template <typename Strings>
Json StringList(const Strings& strings) {
  Json list = Json::array();
  for (const std::string& text : strings) list.push_back(text);
  return list;
}

template <typename Items, typename ToJson>
Json ListOf(const Items& items, ToJson to_json) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return list;
}

// Null for none and for one that the type does not allow.
Json TimeToJson(bool has_time, const google::protobuf::Timestamp& time) {
  using google::protobuf::util::TimeUtil;
  const bool valid = has_time && TimeUtil::kTimestampMinSeconds <= time.seconds() &&
                     time.seconds() <= TimeUtil::kTimestampMaxSeconds && time.nanos() >= 0 &&
                     time.nanos() < 1'000'000'000;
  return valid ? Json(TimeUtil::ToString(time)) : Json(nullptr);
}

void AddUnlessEmpty(const char* key, const std::string& value, Json* json) {
  if (!value.empty()) (*json)[key] = value;
}

template <typename Strings>
void AddListUnlessEmpty(const char* key, const Strings& strings, Json* json) {
  if (!strings.empty()) (*json)[key] = StringList(strings);
}

Json SpanToJson(const v1::TextSpan& span) {
  return {{"field", span.field()}, {"begin", span.begin()}, {"end", span.end()}};
}

Json TermToJson(const v1::MatchedTerm& term) {
  return {{"term", term.term()},
          {"weight", term.weight()},
          {"need_spans", ListOf(term.need_spans(), SpanToJson)},
          {"evidence_spans", ListOf(term.evidence_spans(), SpanToJson)}};
}

Json PartToJson(const v1::ScorePart& part) {
  return {{"part", part.part()}, {"value", part.value()}, {"contribution", part.contribution()}};
}

Json EvidenceToJson(const v1::EvidenceShare& evidence) {
  return {{"id", IdOf(evidence.name())},
          {"resource_name", evidence.name()},
          {"title", evidence.title()},
          {"share", evidence.share()},
          {"illustrative", evidence.illustrative()}};
}

Json PolicyReasonToJson(const v1::MatchEntry& entry) {
  if (!entry.has_policy_reason()) return nullptr;
  const v1::PolicyReason& reason = entry.policy_reason();
  return {{"task", reason.task()},
          {"text", reason.text()},
          {"quote", reason.quote()},
          {"strength", StrengthCode(reason.strength())}};
}

Json RequirementToJson(const v1::RequirementVerdict& verdict) {
  Json json = {{"kind", v1::RequirementVerdict::Kind_Name(verdict.kind())},
               {"outcome", v1::RequirementVerdict::Outcome_Name(verdict.outcome())},
               {"requirement", verdict.requirement()},
               {"shortfall", verdict.shortfall()},
               {"shortfall_text", verdict.shortfall_text()},
               {"reason", verdict.reason()}};
  AddListUnlessEmpty("routes", verdict.routes(), &json);
  for (const v1::RouteInstitution& one : verdict.route_institutions()) {
    json["route_institutions"].push_back(
        {{"name", one.name()}, {"title", one.title()}, {"route", one.route()}});
  }
  return json;
}

Json PairHistoryToJson(const v1::PairHistory& history) {
  const bool cools = history.state() == v1::PairHistory::COOL_DOWN;
  Json json = {{"state", cools ? "cool_down" : "extend"}, {"text", history.text()}};
  json["until"] = cools ? TimeToJson(history.has_until(), history.until()) : Json(nullptr);
  json["engagements"] = StringList(history.engagements());
  return json;
}

Json PolicyReadingToJson(const v1::PolicyReading& policy) {
  return {{"channel", policy.channel()},
          {"channel_name", policy.channel_name()},
          {"tasks", ListOf(policy.tasks(), [](const v1::TaskProbability& task) {
             return Json{{"task", task.task()}, {"title", task.title()}, {"probability", task.probability()}};
           })}};
}

void AddProvenance(const v1::Provenance& provenance, const std::string* match_id, Json* json) {
  (*json)["generation"] = provenance.generation();
  (*json)["model"] = provenance.model();
  (*json)["policy"] = provenance.policy();
  (*json)["policy_version"] = provenance.policy();
  if (match_id != nullptr) (*json)["match_id"] = *match_id;
  (*json)["catalogue_sequence"] = provenance.catalogue_sequence();
  (*json)["read_time"] = TimeToJson(provenance.has_read_time(), provenance.read_time());
}

std::string ElementCode(v1::ConsortiumElement::Kind kind) {
  switch (kind) {
    case v1::ConsortiumElement::INDICATOR:
      return "indicator";
    case v1::ConsortiumElement::MATURITY:
      return "maturity";
    case v1::ConsortiumElement::PARTY:
      return "party";
    case v1::ConsortiumElement::CONDITION:
      return "condition";
    case v1::ConsortiumElement::MATERIAL:
      return "material";
    case v1::ConsortiumElement::METHOD:
      return "method";
    case v1::ConsortiumElement::EFFECT:
      return "effect";
    case v1::ConsortiumElement::PRODUCT:
      return "product";
    case v1::ConsortiumElement::APPLICATION:
      return "application";
    default:
      return "";
  }
}

// Null where the answer has none.
Json ConsortiumToJson(const v1::MatchResponse& answer) {
  if (!answer.has_consortium()) return nullptr;
  const v1::Consortium& consortium = answer.consortium();
  const auto element = [](const v1::ConsortiumElement& one) {
    return Json{{"kind", ElementCode(one.kind())},
                {"text", one.text()},
                {"covered_by", StringList(one.covered_by())}};
  };
  const auto member = [](const v1::ConsortiumMember& one) {
    Json elements = Json::array();
    for (const int32_t place : one.elements()) elements.push_back(place);
    return Json{{"id", IdOf(one.name())},          {"resource_name", one.name()},
                {"kind", KindCode(one.kind())},    {TitleKey(one.kind()), one.title()},
                {"elements", std::move(elements)}, {"illustrative", one.illustrative()}};
  };
  return {
      {"members", ListOf(consortium.members(), member)}, {"elements", ListOf(consortium.elements(), element)},
      {"open_count", consortium.open_count()},           {"cost", consortium.cost()},
      {"lower_bound", consortium.lower_bound()},         {"exact", consortium.exact()}};
}

Json OwnerQuestionToJson(const v1::MatchResponse& answer) {
  if (!answer.has_owner_question()) return nullptr;
  return {{"text", answer.owner_question().text()}, {"bits", answer.owner_question().bits()}};
}

Json CountsToJson(const NeedCounts& counts) {
  return {{"name", counts.name},
          {"needs", counts.needs},
          {"matched", counts.matched},
          {"no_adequate_match", counts.unmatched},
          {"unmatched_by_limit", counts.unmatched_by_limit},
          {"failed", counts.failed}};
}

// Null where the list was not asked for: 0 would say that nothing was found.
Json IfAsked(const MatchReport& report, v1::RecordKind kind, int count) {
  return IsAsked(report, kind) ? Json(count) : Json(nullptr);
}

Json InstitutionCountsToJson(const MatchReport& report, const InstitutionCounts& counts) {
  return {{"name", counts.name},
          {"region_name", counts.region},
          {"needs", counts.needs},
          {"as_partner", IfAsked(report, v1::INSTITUTION, counts.as_partner)},
          {"by_expert", IfAsked(report, v1::EXPERT, counts.by_expert)},
          {"by_result", IfAsked(report, v1::RESULT, counts.by_result)},
          {"illustrative", counts.illustrative}};
}

Json OverviewToJson(const MatchReport& report, const Overview& overview) {
  return {{"needs", overview.total.needs},
          {"matched", overview.total.matched},
          {"no_adequate_match", overview.total.unmatched},
          {"unmatched_by_limit", overview.total.unmatched_by_limit},
          {"failed", overview.total.failed},
          {"with_partner", IfAsked(report, v1::INSTITUTION, overview.with_partner)},
          {"with_expert", IfAsked(report, v1::EXPERT, overview.with_expert)},
          {"with_result", IfAsked(report, v1::RESULT, overview.with_result)},
          {"channels", ListOf(overview.channels, CountsToJson)},
          {"provinces", ListOf(overview.provinces, CountsToJson)},
          {"tasks", ListOf(overview.tasks, CountsToJson)},
          {"fields", ListOf(overview.fields, CountsToJson)},
          {"province_pairs",
           {{"need_provinces", StringList(overview.pairs.need_provinces)},
            {"offer_provinces", StringList(overview.pairs.offer_provinces)},
            {"needs", Json(overview.pairs.needs)}}},
          {"exposure",
           {{"institutions", overview.exposure.institutions},
            {"recommendations", overview.exposure.recommendations},
            {"gini", overview.exposure.gini},
            {"top_share", overview.exposure.top_share}}},
          {"illustrative", overview.illustrative},
          {"degraded", StringList(overview.degraded)},
          {"institutions", ListOf(overview.institutions, [&report](const InstitutionCounts& counts) {
             return InstitutionCountsToJson(report, counts);
           })}};
}

Json IdsToJson(const MatchReport& report, const std::vector<size_t>& places) {
  return ListOf(places, [&](size_t index) { return Json(IdOf(report.needs[index].need.name())); });
}

Json IdleOfferToJson(const IdleOffer& offer) {
  return {{"id", IdOf(offer.name)},
          {"resource_name", offer.name},
          {"title", offer.title},
          {"region", offer.region_code},
          {"region_name", offer.region_code.empty() ? "" : FullRegionName(offer.region_code)},
          {"illustrative", offer.illustrative}};
}

Json ComparisonToJson(const Comparison& comparison) {
  const auto change = [](const NeedChange& one) {
    return Json{{"need", IdOf(one.need)},
                {"title", one.title},
                {"what", one.what},
                {"gained", StringList(one.gained)},
                {"lost", StringList(one.lost)}};
  };
  return {{"earlier", comparison.earlier},
          {"earlier_needs", comparison.earlier_needs},
          {"earlier_matched", comparison.earlier_matched},
          {"unchanged", comparison.unchanged},
          {"note", comparison.note},
          {"changes", ListOf(comparison.changes, change)}};
}

// All but the needs.
Json HeadToJson(const MatchReport& report) {
  Json json;
  json["title"] = report.title;
  json["options"] = StringList(report.options);
  json["lists"] = ListOf(AskedLists(report), [](const AnswerList& one) { return Json(ListKey(one.kind)); });
  json["top"] = report.top > 0 ? Json(report.top) : Json(nullptr);
  const Overview overview = Summarise(report);
  json["summary"] = OverviewToJson(report, overview);
  json["unmatched"] = IdsToJson(report, overview.unmatched);
  json["unmatched_by_limit"] = IdsToJson(report, overview.unmatched_by_limit);
  json["idle_offers"] = report.idle_offers ? ListOf(*report.idle_offers, IdleOfferToJson) : Json(nullptr);
  json["comparison"] = report.comparison ? ComparisonToJson(*report.comparison) : Json(nullptr);
  return json;
}

Json NeedMatchesToJson(const MatchReport& report, const NeedMatches& need) {
  Json item;
  item["need"] = NeedToJson(need.need);
  if (const auto name = report.institution_names.find(need.need.institution());
      name != report.institution_names.end())
    item["need"]["institution_name"] = name->second;
  if (!need.error.empty()) {
    item["error"] = need.error;
    return item;
  }
  item.update(MatchToJson(need.answer));
  for (const EmptiedList& list : need.emptied)
    item[kEmptiedKey][ListKey(list.kind)] = StringList(list.limits);
  return item;
}

}  // namespace

const char* ListKey(v1::RecordKind kind) {
  if (kind == v1::INSTITUTION) return "partners";
  return kind == v1::EXPERT ? "experts" : "results";
}

Json EntryToJson(const v1::MatchEntry& entry) {
  Json json = {{"id", IdOf(entry.name())},
               {"resource_name", entry.name()},
               {"kind", KindCode(entry.kind())},
               {TitleKey(entry.kind()), entry.title()},
               {"region", entry.region_code()},
               {"region_name", entry.region_name()},
               {"score", entry.score()},
               {"adequacy", entry.adequacy()},
               {"adequate", entry.adequate()},
               {"illustrative", entry.illustrative()},
               {"institutions", StringList(entry.institutions())},
               {"reasons", StringList(entry.reasons())},
               {"score_parts", ListOf(entry.score_parts(), PartToJson)},
               {"matched_terms", ListOf(entry.matched_terms(), TermToJson)},
               {"evidence", ListOf(entry.evidence(), EvidenceToJson)},
               {"policy_reason", PolicyReasonToJson(entry)}};
  if (!entry.requirements().empty()) json["requirements"] = ListOf(entry.requirements(), RequirementToJson);
  if (entry.has_adaptation())
    json["adaptation"] = {{"value", entry.adaptation().value()}, {"reason", entry.adaptation().reason()}};
  if (!entry.barred().empty()) json["barred"] = entry.barred();
  if (entry.has_pair_history()) json["pair_history"] = PairHistoryToJson(entry.pair_history());
  return json;
}

Json MatchToJson(const v1::MatchResponse& answer) {
  Json json;
  json["partners"] = ListOf(answer.partners().entries(), EntryToJson);
  json["experts"] = ListOf(answer.experts().entries(), EntryToJson);
  json["results"] = ListOf(answer.results().entries(), EntryToJson);
  json["no_adequate_match"] = {{"partners", answer.partners().no_adequate_match()},
                               {"experts", answer.experts().no_adequate_match()},
                               {"results", answer.results().no_adequate_match()}};
  json["policy_reading"] = PolicyReadingToJson(answer.policy());
  json["consortium"] = ConsortiumToJson(answer);
  json["owner_question"] = OwnerQuestionToJson(answer);
  json["policy_boost_max"] = answer.policy_boost_max();
  json["next_page_token"] = {{"partners", answer.partners().next_page_token()},
                             {"experts", answer.experts().next_page_token()},
                             {"results", answer.results().next_page_token()}};
  AddUnlessEmpty("degraded", answer.degraded(), &json);
  AddProvenance(answer.provenance(), &answer.match_id(), &json);
  return json;
}

Json ReverseMatchToJson(const v1::ReverseMatchResponse& answer) {
  Json json;
  json["needs"] = ListOf(answer.needs().entries(), EntryToJson);
  json["no_adequate_match"] = {{"needs", answer.needs().no_adequate_match()}};
  json["policy_boost_max"] = answer.policy_boost_max();
  json["next_page_token"] = {{"needs", answer.needs().next_page_token()}};
  AddProvenance(answer.provenance(), &answer.match_id(), &json);
  return json;
}

Json SearchToJson(const v1::SearchResponse& answer) {
  Json json;
  json["hits"] = ListOf(answer.hits(), [](const v1::SearchHit& hit) {
    return Json{{"id", IdOf(hit.name())},       {"resource_name", hit.name()},
                {"kind", KindCode(hit.kind())}, {TitleKey(hit.kind()), hit.title()},
                {"region", hit.region_code()},  {"region_name", hit.region_name()},
                {"score", hit.score()},         {"illustrative", hit.illustrative()},
                {"snippet", hit.snippet()},     {"snippet_spans", ListOf(hit.snippet_spans(), SpanToJson)}};
  });
  json["next_page_token"] = answer.next_page_token();
  AddProvenance(answer.provenance(), nullptr, &json);
  return json;
}

Json NeedToJson(const v1::Need& need) {
  Json json;
  json["id"] = IdOf(need.name());
  AddUnlessEmpty("title", need.title(), &json);
  AddUnlessEmpty("description", need.description(), &json);
  AddUnlessEmpty("wanted", need.wanted(), &json);
  AddUnlessEmpty("institution", IdOf(need.institution()), &json);
  AddUnlessEmpty("region", need.region_code(), &json);
  if (!need.region_code().empty()) json["region_name"] = FullRegionName(need.region_code());
  AddListUnlessEmpty("fields", need.fields(), &json);
  AddUnlessEmpty("task", need.task(), &json);
  AddListUnlessEmpty("modes", need.modes(), &json);
  if (need.maturity() != 0) json["maturity"] = need.maturity();
  AddListUnlessEmpty("conditions", need.conditions(), &json);
  AddListUnlessEmpty("indicators", need.indicators(), &json);
  if (need.has_budget_wan()) json["budget_wan"] = need.budget_wan();
  AddUnlessEmpty("deadline", need.deadline(), &json);
  AddUnlessEmpty("valid_until", need.valid_until(), &json);
  json["illustrative"] = need.illustrative();
  AddUnlessEmpty("source", need.source(), &json);
  return json;
}

Json ReportToJson(const MatchReport& report, const std::function<bool()>& stop) {
  Json json = HeadToJson(report);
  json["needs"] = Json::array();
  for (const NeedMatches& need : report.needs) {
    if (stop && stop()) return nullptr;
    json["needs"].push_back(NeedMatchesToJson(report, need));
  }
  return json;
}

absl::Status WriteReportJson(const MatchReport& report, const std::function<bool()>& stop,
                             const std::function<absl::Status(std::string_view)>& write) {
  constexpr std::string_view kEnd = "\n}\n";
  std::string text = JsonText(HeadToJson(report));
  text.resize(text.size() - kEnd.size());
  text += ",\n  \"needs\": [";
  DX_RETURN_IF_ERROR(write(text));
  for (size_t i = 0; i < report.needs.size(); ++i) {
    if (stop && stop()) return absl::CancelledError("the writing of the report was cancelled");
    // Its own line breaks are those between values: in a text they are escaped.
    text = JsonText(NeedMatchesToJson(report, report.needs[i]));
    text.pop_back();
    DX_RETURN_IF_ERROR(
        write((i == 0 ? "\n    " : ",\n    ") + absl::StrReplaceAll(text, {{"\n", "\n    "}})));
  }
  return write(report.needs.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

std::string JsonText(const Json& json) {
  return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

}  // namespace dongxi::report
