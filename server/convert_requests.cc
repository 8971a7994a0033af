// Decoding of requests.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/text/letters.h"
#include "engine/text/normalize.h"
#include "server/catalogue_convert.h"
#include "server/convert_parts.h"
#include "server/grpc_status.h"
#include "server/record_check.h"

namespace dongxi {
namespace {

uint64_t ListHash(uint64_t request_hash, pb::RecordKind kind) {
  const char byte = static_cast<char>(kind);
  return HashBytes({&byte, 1}, request_hash);
}

absl::StatusOr<double> DecodePolicyWeight(bool given, double weight) {
  if (!given) return 1.0;
  if (weight >= 0 && weight <= 1) return weight;  // Written so that NaN fails.
  return FieldError("policy_weight", "found " + std::to_string(weight) + ", expected a number from 0 to 1");
}

absl::StatusOr<pb::MatchView> DecodeView(pb::MatchView view) {
  if (view == pb::MATCH_VIEW_UNSPECIFIED) return pb::MATCH_VIEW_FULL;
  if (pb::MatchView_IsValid(view)) return view;
  return FieldError("view", "found " + std::to_string(view) +
                                ", expected MATCH_VIEW_ID_ONLY, MATCH_VIEW_BASIC or MATCH_VIEW_FULL");
}

// A name of the API for a field of a need.
std::string ApiFieldOf(FieldId id) {
  if (id == FieldId::kId) return "name";
  if (id == FieldId::kText) return "description";
  if (id == FieldId::kRegion) return "region_code";
  for (const FieldSpec& spec : FieldsOf(RecordKind::kNeed)) {
    if (spec.id == id) return std::string(spec.json);
  }
  return "need";
}

absl::Status CheckTextLength(const std::string& field, const std::string& text, size_t characters_max) {
  // A character has at most 4 bytes: most texts need no count.
  if (text.size() <= characters_max) return absl::OkStatus();
  const size_t characters = CountCharacters(text);
  if (characters <= characters_max) return absl::OkStatus();
  return WithReason(FieldError(field, "has " + std::to_string(characters) + " characters, at most " +
                                          std::to_string(characters_max) + "; send the essential part"),
                    "TEXT_TOO_LONG");
}

bool IsBlank(const std::string& text) {
  const std::u32string normal = NormalizeToUtf32(text);
  return std::all_of(normal.begin(), normal.end(), [](char32_t c) { return c == U' '; });
}

// 630000 and 6300 are 63: codes are compared by prefix.
std::string WithoutFillingZeros(std::string code) {
  while (code.size() > 2 && code.size() % 2 == 0 && code.compare(code.size() - 2, 2, "00") == 0)
    code.resize(code.size() - 2);
  return code;
}

absl::StatusOr<std::string> DecodeRegion(const std::string& code) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::string expected = ", expected a GB/T 2260 code of 2 to 6 digits such as 63 or 6328";
  if (code.empty()) return code;
  if (code.size() < 2 || code.size() > 6 || !std::all_of(code.begin(), code.end(), is_digit)) {
    return FieldError("region_code", "found " + Shown(code) + expected);
  }
  Record probe;  // The record's own check knows which codes exist; of 3 and 5 digits only the whole levels
                 // count.
  probe.kind = RecordKind::kInstitution;
  probe.region = WithoutFillingZeros(code.substr(0, code.size() / 2 * 2));
  for (const FieldProblem& problem : ValidateRecord(probe)) {
    if (problem.field == FieldId::kRegion)
      return FieldError("region_code", "found " + Shown(code) + expected);
  }
  return probe.region;
}

absl::Status NeedWithoutText(const std::string& field) {
  return WithReason(FieldError(field,
                               "the need has no text, or one without a letter or Chinese character; give a "
                               "title, a description or what is wanted in words"),
                    "NEED_WITHOUT_TEXT");
}

bool HasWords(const Record& need) {
  const EmbedInput text = TextOf(need);
  return HasLetter(text.title) || HasLetter(text.text);
}

absl::StatusOr<Record> DecodeInlineNeed(pb::Need message, const ImportVocabulary& vocabulary) {
  // Output only (AIP-203): whatever a client sends back in them is passed over.
  message.clear_etag();
  message.clear_create_time();
  message.clear_update_time();
  message.set_region_code(WithoutFillingZeros(message.region_code()));
  absl::StatusOr<Record> need = FromProto(message);
  if (!need.ok()) {
    const std::string text(need.status().message());
    return WithField(absl::InvalidArgumentError("need." + text), "need." + text.substr(0, text.find(':')));
  }
  for (const FieldProblem& problem : CheckRecord(*need, vocabulary)) {
    // A need that is not in the catalogue needs no id, and one text of the three is enough.
    if (problem.field == FieldId::kId && need->id.empty()) continue;
    if (problem.field == FieldId::kTitle && need->title.empty()) continue;
    if (problem.field == FieldId::kText && need->text.empty()) continue;
    return FieldError("need." + ApiFieldOf(problem.field),
                      "found " + problem.found + ", expected " + problem.expected + "; " + problem.remedy);
  }
  const bool blank = IsBlank(need->title) && IsBlank(need->text) && IsBlank(need->wanted);
  if (blank || !HasWords(*need)) return NeedWithoutText("need");
  return need;
}

// The first sentence of a long text, at most kShortNeedCharactersMax characters from the first that is no
// space.
std::u32string FirstSentence(const std::u32string& text, size_t begin) {
  static constexpr std::u32string_view kEnds = U"。！？；!?;\n\r";
  const size_t end = std::min(text.find_first_of(kEnds, begin), text.size());
  return text.substr(begin, std::min(end - begin, kShortNeedCharactersMax));
}

absl::Status DecodeFreeText(const std::string& text, MatchCall* call) {
  DX_RETURN_IF_ERROR(CheckTextLength("text", text, kTextCharactersMax));
  if (!HasLetter(text)) return NeedWithoutText("text");
  call->free_text = true;
  Record& need = call->question.need;
  need.kind = RecordKind::kNeed;
  const std::u32string characters = DecodeUtf8(text);
  if (characters.size() <= kShortNeedCharactersMax) {
    need.title = text;
    return absl::OkStatus();
  }
  const size_t begin = std::min(characters.find_first_not_of(U" \t\n\r\u3000"), characters.size());
  need.title = EncodeUtf8(FirstSentence(characters, begin));
  need.text = text;
  call->title_begin = static_cast<int>(begin);
  return absl::OkStatus();
}

absl::Status DecodeQuery(const pb::MatchRequest& request, const ImportVocabulary& vocabulary,
                         MatchCall* call) {
  switch (request.query_case()) {
    case pb::MatchRequest::kNeedName: {
      DX_ASSIGN_OR_RETURN(call->need_name, DecodeName(request.need_name(), RecordKind::kNeed, "need_name"));
      return absl::OkStatus();
    }
    case pb::MatchRequest::kNeed: {
      DX_ASSIGN_OR_RETURN(call->question.need, DecodeInlineNeed(request.need(), vocabulary));
      return absl::OkStatus();
    }
    case pb::MatchRequest::kText:
      return DecodeFreeText(request.text(), call);
    case pb::MatchRequest::QUERY_NOT_SET:
      break;
  }
  return WithReason(FieldError("query", "nothing to match; set need_name, need or text"),
                    "NEED_WITHOUT_TEXT");
}

absl::Status DecodeLists(const pb::MatchRequest& request, MatchQuestion* question) {
  const auto has = [&request](pb::RecordKind kind) {
    return request.kinds().empty() ||
           std::find(request.kinds().begin(), request.kinds().end(), kind) != request.kinds().end();
  };
  for (const int kind : request.kinds()) {
    if (kind == pb::INSTITUTION || kind == pb::EXPERT || kind == pb::RESULT) continue;
    const std::string found = pb::RecordKind_IsValid(kind) ? pb::RecordKind_Name(kind) : std::to_string(kind);
    return FieldError("kinds", "found " + found + ", expected INSTITUTION, EXPERT or RESULT");
  }
  question->partners = has(pb::INSTITUTION);
  question->experts = has(pb::EXPERT);
  question->results = has(pb::RESULT);
  return absl::OkStatus();
}

absl::StatusOr<int> DecodePerInstitution(int32_t most) {
  if (most == 0) return kPerInstitutionDefault;
  if (most > 0 && most <= kMatchEntriesMax) return most;
  return FieldError("per_institution_max", "found " + std::to_string(most) +
                                               ", expected 1 to 1000, or 0 for " +
                                               std::to_string(kPerInstitutionDefault));
}

absl::Status DecodeMatchCursor(const pb::MatchRequest& request, Cursor* cursor) {
  DX_ASSIGN_OR_RETURN(cursor->limit, DecodePageSize(request.page_size(), kMatchPageSize));
  if (!request.page_token().empty() && request.kinds_size() != 1) {
    return FieldError("kinds", "name the one list that page_token continues");
  }
  pb::MatchRequest rest = request;
  rest.clear_page_size();
  rest.clear_page_token();
  rest.clear_kinds();
  cursor->request_hash = RequestHash("Match", rest);
  return ContinueFrom(request.page_token(),
                      request.kinds_size() == 1 ? request.kinds(0) : pb::RECORD_KIND_UNSPECIFIED, cursor);
}

}  // namespace

std::string Shown(const std::string& value) { return "'" + CutCharacters(value, 80) + "'"; }

Detail DetailOf(pb::MatchView view) {
  if (view == pb::MATCH_VIEW_ID_ONLY) return Detail::kNamesOnly;
  return view == pb::MATCH_VIEW_BASIC ? Detail::kBasic : Detail::kFull;
}

absl::Status ContinueFrom(const std::string& page_token, pb::RecordKind kind, Cursor* cursor) {
  if (page_token.empty()) return absl::OkStatus();
  DX_ASSIGN_OR_RETURN(PageToken token, DecodePageToken(page_token, ListHash(cursor->request_hash, kind)));
  // Only we write offsets, but the checksum is no secret: whatever comes must stay a number that the engine
  // can add to.
  if (token.offset > static_cast<uint64_t>(std::numeric_limits<int>::max() - kPageSizeMax)) {
    return FieldError("page_token", "lies beyond the last entry; begin with an empty one");
  }
  cursor->offset = static_cast<int>(token.offset);
  cursor->generation = std::move(token.generation);
  return absl::OkStatus();
}

absl::StatusOr<int> DecodePageSize(int32_t page_size, int when_zero) {
  if (page_size < 0) {
    return FieldError("page_size", "found " + std::to_string(page_size) + ", expected 1 to 1000, or 0 for " +
                                       std::to_string(when_zero));
  }
  return page_size == 0 ? when_zero : std::min<int>(page_size, kPageSizeMax);
}

absl::StatusOr<std::shared_ptr<const Filter>> DecodeFilter(const std::string& filter,
                                                           const ImportVocabulary& vocabulary) {
  absl::StatusOr<std::shared_ptr<const Filter>> parsed = ParseFilter(filter, vocabulary);
  if (!parsed.ok()) return WithReason(WithField(parsed.status(), "filter"), "FILTER_INVALID");
  return parsed;
}

absl::StatusOr<RecordName> DecodeName(const std::string& name, RecordKind kind, const std::string& field) {
  std::optional<RecordName> parsed = ParseResourceName(name);
  if (parsed && parsed->kind == kind) return *std::move(parsed);
  return FieldError(field, "found " + Shown(name) + ", expected " + std::string(CollectionOf(kind)) +
                               "/{id}, an id of letters, digits, '-', '_' and '.'");
}

absl::Status CheckGeneration(const Cursor& cursor, const std::string& serving) {
  if (cursor.generation.empty() || cursor.generation == serving) return absl::OkStatus();
  return WithReason(WithField(absl::AbortedError("page_token: continues an answer of generation " +
                                                 cursor.generation + ", now " + serving +
                                                 " is served and the other is not kept any more; begin again "
                                                 "without page_token"),
                              "page_token"),
                    "GENERATION_CHANGED");
}

std::string NextPageToken(const Cursor& cursor, pb::RecordKind kind, const std::string& generation) {
  PageToken token;
  token.request_hash = ListHash(cursor.request_hash, kind);
  token.offset = static_cast<uint64_t>(cursor.offset) + static_cast<uint64_t>(cursor.limit);
  token.generation = generation;
  token.match_id = cursor.first_page;
  if (!cursor.token_key.empty()) token.signature = PageTokenSignature(token, cursor.token_key);
  return EncodePageToken(token);
}

absl::StatusOr<MatchCall> DecodeMatchRequest(const pb::MatchRequest& request,
                                             const ImportVocabulary& vocabulary, absl::CivilDay today) {
  MatchCall call;
  DX_RETURN_IF_ERROR(DecodeQuery(request, vocabulary, &call));
  DX_RETURN_IF_ERROR(DecodeLists(request, &call.question));
  DX_ASSIGN_OR_RETURN(call.region, DecodeRegion(request.region_code()));
  DX_RETURN_IF_ERROR(DecodeMatchCursor(request, &call.cursor));
  DX_ASSIGN_OR_RETURN(call.view, DecodeView(request.view()));
  MatchSettings& settings = call.question.settings;
  DX_ASSIGN_OR_RETURN(settings.filter, DecodeFilter(request.filter(), vocabulary));
  DX_ASSIGN_OR_RETURN(settings.policy_weight,
                      DecodePolicyWeight(request.has_policy_weight(), request.policy_weight()));
  DX_ASSIGN_OR_RETURN(settings.per_institution_max, DecodePerInstitution(request.per_institution_max()));
  settings.offset = call.cursor.offset;
  settings.limit = call.cursor.limit;
  settings.detail = DetailOf(call.view);
  settings.today = today;
  settings.broaden = request.enable_broadening();
  DX_ASSIGN_OR_RETURN(settings.facets, DecodeFacets(request.facets()));
  DX_RETURN_IF_ERROR(CheckReadMask(request.read_mask(), *pb::MatchEntry::descriptor()));
  call.read_mask = request.read_mask();
  return call;
}

absl::StatusOr<ReverseMatchCall> DecodeReverseMatchRequest(const pb::ReverseMatchRequest& request,
                                                           const ImportVocabulary& vocabulary,
                                                           absl::CivilDay today) {
  ReverseMatchCall call;
  std::optional<RecordName> name = ParseResourceName(request.offer_name());
  if (!name || name->kind == RecordKind::kNeed || name->kind == RecordKind::kEvidence) {
    return FieldError("offer_name", "found " + Shown(request.offer_name()) +
                                        ", expected institutions/{id}, experts/{id} or results/{id}");
  }
  call.offer_name = *std::move(name);
  DX_ASSIGN_OR_RETURN(call.cursor.limit, DecodePageSize(request.page_size(), kMatchPageSize));
  pb::ReverseMatchRequest rest = request;
  rest.clear_page_size();
  rest.clear_page_token();
  call.cursor.request_hash = RequestHash("ReverseMatch", rest);
  DX_RETURN_IF_ERROR(ContinueFrom(request.page_token(), pb::NEED, &call.cursor));
  DX_ASSIGN_OR_RETURN(call.view, DecodeView(request.view()));
  DX_ASSIGN_OR_RETURN(call.settings.filter, DecodeFilter(request.filter(), vocabulary));
  DX_ASSIGN_OR_RETURN(call.settings.policy_weight,
                      DecodePolicyWeight(request.has_policy_weight(), request.policy_weight()));
  call.settings.offset = call.cursor.offset;
  call.settings.limit = call.cursor.limit;
  call.settings.detail = DetailOf(call.view);
  call.settings.today = today;
  DX_ASSIGN_OR_RETURN(call.settings.facets, DecodeFacets(request.facets()));
  DX_RETURN_IF_ERROR(CheckReadMask(request.read_mask(), *pb::MatchEntry::descriptor()));
  call.read_mask = request.read_mask();
  return call;
}

absl::StatusOr<SearchCall> DecodeSearchRequest(const pb::SearchRequest& request,
                                               const ImportVocabulary& vocabulary, absl::CivilDay today) {
  SearchCall call;
  DX_RETURN_IF_ERROR(CheckTextLength("query", request.query(), kQueryCharactersMax));
  if (IsBlank(request.query())) return FieldError("query", "empty; write what is looked for");
  call.question.text = request.query();
  for (const int kind : request.kinds()) {
    if (kind < pb::INSTITUTION || kind > pb::EVIDENCE) {
      return FieldError("kinds", "found " + std::to_string(kind) +
                                     ", expected INSTITUTION, EXPERT, RESULT, NEED or EVIDENCE");
    }
    call.question.kinds.push_back(static_cast<RecordKind>(kind));
  }
  DX_ASSIGN_OR_RETURN(call.cursor.limit, DecodePageSize(request.page_size(), kMatchPageSize));
  pb::SearchRequest rest = request;
  rest.clear_page_size();
  rest.clear_page_token();
  call.cursor.request_hash = RequestHash("Search", rest);
  DX_RETURN_IF_ERROR(ContinueFrom(request.page_token(), pb::RECORD_KIND_UNSPECIFIED, &call.cursor));
  DX_ASSIGN_OR_RETURN(call.question.filter, DecodeFilter(request.filter(), vocabulary));
  call.question.offset = call.cursor.offset;
  call.question.limit = call.cursor.limit;
  call.question.today = today;
  DX_ASSIGN_OR_RETURN(call.question.facets, DecodeFacets(request.facets()));
  DX_RETURN_IF_ERROR(CheckReadMask(request.read_mask(), *pb::SearchHit::descriptor()));
  call.read_mask = request.read_mask();
  return call;
}

}  // namespace dongxi
