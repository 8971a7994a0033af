// Encoding of answers.
#include <algorithm>
#include <functional>

#include "server/catalogue_page.h"
#include "server/convert_parts.h"

namespace dongxi {
namespace {

pb::PairingStrength StrengthToProto(PairingStrength strength) {
  switch (strength) {
    case PairingStrength::kNamed:
      return pb::NAMED;
    case PairingStrength::kGroup:
      return pb::GROUP;
    case PairingStrength::kInferred:
      return pb::INFERRED;
  }
  return pb::PAIRING_STRENGTH_UNSPECIFIED;
}

// Text fields as the API calls them: the `text` of a record is a need's description, an abstract or a
// statement.
std::string SpanField(const std::string& field, RecordKind kind) {
  if (field != "text") return field;
  if (kind == RecordKind::kNeed) return "description";
  return kind == RecordKind::kResult || kind == RecordKind::kEvidence ? "abstract" : "statement";
}

void EncodeSpans(const std::vector<TextSpan>& spans, RecordKind kind,
                 google::protobuf::RepeatedPtrField<pb::TextSpan>* out) {
  for (const TextSpan& span : spans) {
    pb::TextSpan* message = out->Add();
    message->set_field(SpanField(span.field, kind));
    message->set_begin(static_cast<int32_t>(span.begin));
    message->set_end(static_cast<int32_t>(span.end));
  }
}

void EncodeTerm(const MatchedTerm& term, RecordKind asked_by, RecordKind found, pb::MatchedTerm* out) {
  out->set_term(term.term);
  out->set_weight(term.weight);
  EncodeSpans(term.need_spans, asked_by, out->mutable_need_spans());
  EncodeSpans(term.evidence_spans, found, out->mutable_evidence_spans());
  if (asked_by != RecordKind::kNeed) out->mutable_need_spans()->Swap(out->mutable_evidence_spans());
}

void EncodePolicyReason(const PolicyBoost& boost, pb::PolicyReason* out) {
  out->set_task(boost.task);
  out->set_text(boost.reason);
  out->set_quote(boost.quote);
  out->set_strength(StrengthToProto(boost.strength));
}

void EncodePairMemory(const PairMemory& memory, pb::PairHistory* out) {
  const bool cools = memory.past == PairPast::kCoolDown;
  out->set_state(cools ? pb::PairHistory::COOL_DOWN : pb::PairHistory::EXTEND);
  out->set_text(memory.text);
  if (cools)
    EncodeTime(absl::FromCivil(memory.until, absl::FixedTimeZone(8 * 60 * 60)), out->mutable_until());
  for (const std::string& entry : memory.entries) out->add_engagements(entry);
}

void EncodeBasics(const MatchEntry& entry, pb::MatchEntry* out) {
  out->set_title(entry.title);
  out->set_region_code(entry.region);
  out->set_region_name(entry.region_name);
  for (const ScorePart& part : entry.parts) {
    pb::ScorePart* message = out->add_score_parts();
    message->set_part(part.part);
    message->set_value(part.value);
    message->set_contribution(part.contribution);
  }
  for (const std::string& reason : entry.reasons) out->add_reasons(reason);
  for (const std::string& institution : entry.institutions) out->add_institutions(institution);
  if (entry.policy) EncodePolicyReason(*entry.policy, out->mutable_policy_reason());
  if (entry.memory) EncodePairMemory(*entry.memory, out->mutable_pair_history());
  if (entry.load) {
    out->mutable_expert_load()->set_open_matches(entry.load->open);
    out->mutable_expert_load()->set_open_matches_max(entry.load->max);
    out->mutable_expert_load()->set_with_this_need(entry.load->with_this_need);
  }
  out->set_barred(entry.barred);
}

void EncodeSpan(const requirement::FieldSpan& span, RecordKind kind, pb::TextSpan* out) {
  out->set_field(SpanField(span.field, kind));
  out->set_begin(static_cast<int32_t>(span.begin));
  out->set_end(static_cast<int32_t>(span.end));
}

pb::RequirementVerdict::Outcome OutcomeToProto(requirement::Outcome outcome) {
  switch (outcome) {
    case requirement::Outcome::kUnknown:
      return pb::RequirementVerdict::UNKNOWN;
    case requirement::Outcome::kMet:
      return pb::RequirementVerdict::MET;
    case requirement::Outcome::kShort:
      return pb::RequirementVerdict::SHORT;
    case requirement::Outcome::kContradictory:
      return pb::RequirementVerdict::CONTRADICTORY;
  }
  return pb::RequirementVerdict::OUTCOME_UNSPECIFIED;
}

pb::RequirementVerdict::Kind KindToProto(requirement::RequirementKind kind) {
  switch (kind) {
    case requirement::RequirementKind::kIndicator:
      return pb::RequirementVerdict::INDICATOR;
    case requirement::RequirementKind::kMaturity:
      return pb::RequirementVerdict::MATURITY;
    case requirement::RequirementKind::kMode:
      return pb::RequirementVerdict::MODE;
    case requirement::RequirementKind::kParty:
      return pb::RequirementVerdict::PARTY;
    case requirement::RequirementKind::kCondition:
      return pb::RequirementVerdict::CONDITION;
    case requirement::RequirementKind::kLiveness:
      return pb::RequirementVerdict::LIVENESS;
  }
  return pb::RequirementVerdict::KIND_UNSPECIFIED;
}

// `offer` is the kind of the record that answers: the first evidence, for liveness the entry itself.
void EncodeRequirement(const requirement::RequirementVerdict& verdict, RecordKind offer,
                       pb::RequirementVerdict* out) {
  out->set_kind(KindToProto(verdict.kind));
  out->set_outcome(OutcomeToProto(verdict.outcome));
  out->set_requirement(verdict.requirement);
  if (verdict.need_span) EncodeSpan(*verdict.need_span, RecordKind::kNeed, out->mutable_need_span());
  if (verdict.offer_span) EncodeSpan(*verdict.offer_span, offer, out->mutable_offer_span());
  out->set_shortfall(verdict.shortfall);
  out->set_shortfall_text(verdict.shortfall_text);
  out->set_reason(verdict.reason);
  for (const std::string& route : verdict.routes) out->add_routes(route);
  for (const requirement::RouteInstitution& one : verdict.route_institutions) {
    pb::RouteInstitution* message = out->add_route_institutions();
    message->set_name(ResourceName(one.name.kind, one.name.id));
    message->set_title(one.title);
    message->set_route(one.route);
  }
}

void EncodeRequirements(const MatchEntry& entry, RecordKind asked_by, RecordKind found, pb::MatchEntry* out) {
  for (const requirement::RequirementVerdict& verdict : entry.requirements) {
    const bool own = verdict.kind == requirement::RequirementKind::kLiveness;
    const RecordKind offer = asked_by != RecordKind::kNeed ? asked_by : own ? entry.name.kind : found;
    EncodeRequirement(verdict, offer, out->add_requirements());
  }
  if (entry.adaptation) {
    out->mutable_adaptation()->set_value(entry.adaptation->value);
    out->mutable_adaptation()->set_reason(entry.adaptation->reason);
  }
}

// What lists of every direction share.
struct ListCoding {
  const Cursor& cursor;
  pb::MatchView view;
  RecordKind asked_by;
  const Snapshot& snapshot;
  std::function<void(pb::MatchEntry*)> finish;  // what is done to every entry after it is encoded
  size_t bytes_max;                             // of the entries of a list, unless the first is longer
};

// Entries until the list has no room for another. How many places of the page they take: all, or those before
// the first entry that has no room.
int EncodeEntries(const MatchList& list, const ListCoding& coding, pb::MatchList* out) {
  size_t bytes = 0;
  for (const MatchEntry& entry : list.entries) {
    pb::MatchEntry* message = out->add_entries();
    EncodeMatchEntry(entry, coding.view, coding.asked_by, message);
    if (entry.broadened > 0) message->set_broadened(out->broadening(entry.broadened - 1).text());
    coding.finish(message);
    bytes += message->ByteSizeLong();
    if (bytes > coding.bytes_max && out->entries_size() > 1) {
      out->mutable_entries()->RemoveLast();
      return static_cast<int>(entry.place);
    }
  }
  return coding.cursor.limit;
}

void EncodeList(const MatchList& list, const ListCoding& coding, pb::RecordKind kind, pb::MatchList* out) {
  for (const BroadeningStep& step : list.broadening) {
    pb::Broadening* message = out->add_broadening();
    message->set_condition(step.condition);
    message->set_text(step.words);
  }
  Cursor page = coding.cursor;
  page.limit = EncodeEntries(list, coding, out);
  out->set_no_adequate_match(list.no_adequate_match);
  if (list.more || page.limit < coding.cursor.limit)
    out->set_next_page_token(NextPageToken(page, kind, coding.snapshot.generation->manifest.generation));
  EncodeFacets(list.facets, *coding.snapshot.policy, out->mutable_facets());
  out->set_adequate_count(static_cast<int64_t>(list.adequate));
}

// What is asked for shares the bytes of an answer.
size_t BytesOfAList(const MatchQuestion& question) {
  const int lists = int{question.partners} + int{question.experts} + int{question.results};
  return kPageBytesMax / static_cast<size_t>(std::max(1, lists));
}

}  // namespace

void TellInFreeText(const MatchCall& call, pb::MatchEntry* entry) {
  if (!call.free_text) return;
  const auto key = [](const pb::TextSpan& span) { return std::pair(span.begin(), span.end()); };
  const auto shift = [&call](pb::TextSpan& span) {
    const int by = span.field() == "title" ? call.title_begin : 0;
    span.set_begin(span.begin() + by);
    span.set_end(span.end() + by);
    span.set_field("text");
  };
  for (pb::RequirementVerdict& verdict : *entry->mutable_requirements()) {
    if (verdict.has_need_span()) shift(*verdict.mutable_need_span());
  }
  for (pb::MatchedTerm& term : *entry->mutable_matched_terms()) {
    auto& spans = *term.mutable_need_spans();
    for (pb::TextSpan& span : spans) shift(span);
    std::sort(spans.begin(), spans.end(), [&key](const auto& a, const auto& b) { return key(a) < key(b); });
    const auto same = [&key](const auto& a, const auto& b) { return key(a) == key(b); };
    const auto kept = std::unique(spans.begin(), spans.end(), same);
    spans.erase(kept, spans.end());
  }
}

absl::CivilDay DayInChina(absl::Time time) {
  return absl::ToCivilDay(time, absl::FixedTimeZone(8 * 60 * 60));
}

pb::RecordKind KindToProto(RecordKind kind) { return static_cast<pb::RecordKind>(kind); }  // the same numbers

void EncodeTime(absl::Time time, google::protobuf::Timestamp* out) {
  const int64_t seconds = absl::ToUnixSeconds(time);  // rounds down
  out->set_seconds(seconds);
  out->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void EncodeProvenance(const Snapshot& snapshot, absl::Time now, pb::Provenance* out) {
  const Manifest& manifest = snapshot.generation->manifest;
  out->set_generation("generations/" + manifest.generation);
  out->set_catalogue_sequence(static_cast<int64_t>(snapshot.sequence));
  EncodeTime(now, out->mutable_read_time());
  out->set_model(manifest.model);
  out->set_policy(snapshot.policy->version());
}

void EncodePolicyReading(const PolicyReading& reading, const Policy& policy, pb::PolicyReading* out) {
  out->set_channel(reading.channel);
  out->set_channel_name(reading.channel_name);
  for (const TaskProbability& likely : reading.tasks) {
    pb::TaskProbability* message = out->add_tasks();
    message->set_task(likely.task);
    message->set_probability(likely.probability);
    const std::vector<Task>& tasks = policy.tasks();
    const auto task =
        std::find_if(tasks.begin(), tasks.end(), [&likely](const Task& t) { return t.id == likely.task; });
    if (task != tasks.end()) message->set_title(task->title);
  }
}

void EncodeMatchEntry(const MatchEntry& entry, pb::MatchView view, RecordKind asked_by, pb::MatchEntry* out) {
  out->set_name(ResourceName(entry.name.kind, entry.name.id));
  out->set_kind(KindToProto(entry.name.kind));
  out->set_score(entry.score);
  out->set_adequacy(entry.adequacy);
  out->set_adequate(entry.adequate);
  out->set_illustrative(entry.illustrative);  // in every view: sample data is named wherever it appears
  if (view == pb::MATCH_VIEW_ID_ONLY) return;
  EncodeBasics(entry, out);
  if (view == pb::MATCH_VIEW_BASIC) return;
  // Spans lie in the first evidence record; without one, in the entry itself (a need found for an offer).
  const RecordKind found = entry.evidence.empty() ? entry.name.kind : entry.evidence.front().name.kind;
  for (const MatchedTerm& term : entry.terms) EncodeTerm(term, asked_by, found, out->add_matched_terms());
  for (const EvidenceShare& share : entry.evidence) {
    pb::EvidenceShare* message = out->add_evidence();
    message->set_name(ResourceName(share.name.kind, share.name.id));
    message->set_title(share.title);
    message->set_share(share.share);
    message->set_illustrative(share.illustrative);
  }
  EncodeRequirements(entry, asked_by, found, out);
}

void EncodeMatchAnswer(const MatchAnswer& answer, const MatchCall& call, const Snapshot& snapshot,
                       absl::Time now, pb::MatchResponse* out) {
  EncodeProvenance(snapshot, now, out->mutable_provenance());
  EncodePolicyReading(answer.policy, *snapshot.policy, out->mutable_policy());
  out->set_policy_boost_max(answer.policy_boost_max);
  EncodeRanking(call.ranking, out->mutable_ranking());
  out->set_degraded(answer.degraded);
  const auto finish = [&call](pb::MatchEntry* entry) {
    TellInFreeText(call, entry);
    TrimTo(call.read_mask, entry);
  };
  const MatchQuestion& asked = call.question;
  const ListCoding coding{call.cursor, call.view, RecordKind::kNeed, snapshot, finish, BytesOfAList(asked)};
  if (asked.partners) EncodeList(answer.partners, coding, pb::INSTITUTION, out->mutable_partners());
  if (asked.experts) EncodeList(answer.experts, coding, pb::EXPERT, out->mutable_experts());
  if (asked.results) EncodeList(answer.results, coding, pb::RESULT, out->mutable_results());
  EncodeConsortium(answer, out);
}

void EncodeReverseAnswer(const ReverseAnswer& answer, const ReverseMatchCall& call, const Snapshot& snapshot,
                         absl::Time now, pb::ReverseMatchResponse* out) {
  EncodeProvenance(snapshot, now, out->mutable_provenance());
  out->set_policy_boost_max(answer.policy_boost_max);
  EncodeRanking(call.ranking, out->mutable_ranking());
  out->set_degraded(answer.degraded);
  const auto finish = [&call](pb::MatchEntry* entry) { TrimTo(call.read_mask, entry); };
  const ListCoding coding{call.cursor, call.view, call.offer_name.kind, snapshot, finish, kPageBytesMax};
  EncodeList(answer.needs, coding, pb::NEED, out->mutable_needs());
}

void EncodeSearchAnswer(const SearchAnswer& answer, const SearchCall& call, const Snapshot& snapshot,
                        absl::Time now, pb::SearchResponse* out) {
  EncodeProvenance(snapshot, now, out->mutable_provenance());
  for (const SearchHit& hit : answer.hits) {
    pb::SearchHit* message = out->add_hits();
    message->set_name(ResourceName(hit.name.kind, hit.name.id));
    message->set_kind(KindToProto(hit.name.kind));
    message->set_title(hit.title);
    message->set_region_code(hit.region);
    message->set_region_name(hit.region_name);
    message->set_score(hit.score);
    message->set_snippet(hit.snippet);
    EncodeSpans(hit.spans, hit.name.kind, message->mutable_snippet_spans());
    message->set_illustrative(hit.illustrative);
    TrimTo(call.read_mask, message);
  }
  EncodeFacets(answer.facets, *snapshot.policy, out->mutable_facets());
  out->set_adequate_count(static_cast<int64_t>(answer.adequate));
  out->set_degraded(answer.degraded);
  if (answer.more) {
    out->set_next_page_token(
        NextPageToken(call.cursor, pb::RECORD_KIND_UNSPECIFIED, snapshot.generation->manifest.generation));
  }
}

}  // namespace dongxi
