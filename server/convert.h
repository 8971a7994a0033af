// Requests to questions and answers to responses: the only place where wire types meet the engine's. Every
// limit of a request is checked here, before any work; an error names its field. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "dongxi/v1/catalogue.pb.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/search.pb.h"
#include "engine/match/match.h"
#include "engine/match/ranking_config.h"
#include "engine/match/ranking_profiles.h"
#include "engine/record/field_schema.h"
#include "google/protobuf/field_mask.pb.h"
#include "server/page_token.h"
#include "server/serving_state.h"
#include "store/record_codec.h"

namespace dongxi {

inline constexpr size_t kQueryCharactersMax = 10'000;  // of SearchRequest.query
inline constexpr size_t kShortNeedCharactersMax = 60;  // a free text up to this is the title of the need
inline constexpr int kMatchPageSize = 10;
inline constexpr int kListPageSize = 50;
inline constexpr int kPageSizeMax = 1'000;
inline constexpr int kPerInstitutionDefault = 3;

// Where a page begins and what its successor's token is made from.
struct Cursor {
  uint64_t request_hash = 0;  // of everything but page_size, page_token and, in a match, kinds
  std::string generation;     // that the page token came from; empty on a first page
  std::string first_page;     // match_id that the next page's token names; empty: none
  std::string token_key;      // that the next page's token is signed with; empty: it is not
  int offset = 0;
  int limit = 0;
};

// Aborted if the page continues an answer of a generation other than `serving`.
absl::Status CheckGeneration(const Cursor& cursor, const std::string& serving);
// The token of the page after, of the list of `kind` (RECORD_KIND_UNSPECIFIED: the answer has one list only).
std::string NextPageToken(const Cursor& cursor, pb::RecordKind kind, const std::string& generation);

// How an answer is ranked: the profile with what the caller changed of it, and the weights that follow.
struct RankingChoice {
  RankingProfile profile;
  std::shared_ptr<const RankingConfig> config;  // null until ChooseRanking
};

struct MatchCall {
  MatchQuestion question;               // the need is empty if it is to be read from the catalogue
  std::optional<RecordName> need_name;  // then this is set
  std::string region;                   // of the owner, over the need's own; empty: the need's own
  bool free_text = false;  // the need was made from MatchRequest.text; positions are told in that text
  int title_begin = 0;     // then: the character of the text where the need's title begins
  Cursor cursor;
  pb::MatchView view = pb::MATCH_VIEW_FULL;
  google::protobuf::FieldMask read_mask;
  RankingChoice ranking;
};

struct ReverseMatchCall {
  RecordName offer_name;
  MatchSettings settings;
  Cursor cursor;
  pb::MatchView view = pb::MATCH_VIEW_FULL;
  google::protobuf::FieldMask read_mask;
  RankingChoice ranking;
};

// Of a search, and of the records similar to one.
struct SearchCall {
  SearchQuestion question;
  Cursor cursor;
  google::protobuf::FieldMask read_mask;
};

struct BatchMatchCall {
  std::vector<RecordName> needs;         // either these
  std::shared_ptr<const Filter> filter;  // or this
};
inline constexpr size_t kBatchNeedsMax = 1'000;

// `today` is the day in China. Deadlines are left for the handler.
absl::StatusOr<MatchCall> DecodeMatchRequest(const pb::MatchRequest& request,
                                             const ImportVocabulary& vocabulary, absl::CivilDay today);
absl::StatusOr<ReverseMatchCall> DecodeReverseMatchRequest(const pb::ReverseMatchRequest& request,
                                                           const ImportVocabulary& vocabulary,
                                                           absl::CivilDay today);
absl::StatusOr<SearchCall> DecodeSearchRequest(const pb::SearchRequest& request,
                                               const ImportVocabulary& vocabulary, absl::CivilDay today);
absl::StatusOr<SearchCall> DecodeSimilarRequest(const pb::SimilarNeedsRequest& request,
                                                const ImportVocabulary& vocabulary, absl::CivilDay today);
absl::StatusOr<SearchCall> DecodeSimilarRequest(const pb::SimilarResultsRequest& request,
                                                const ImportVocabulary& vocabulary, absl::CivilDay today);
// The call of `request.match`, and the candidate.
absl::StatusOr<std::pair<MatchCall, RecordName>> DecodeExplainRequest(const pb::ExplainMatchRequest& request,
                                                                      const ImportVocabulary& vocabulary,
                                                                      absl::CivilDay today);
// Checks `request.match` as well.
absl::StatusOr<BatchMatchCall> DecodeBatchRequest(const pb::BatchMatchRequest& request,
                                                  const ImportVocabulary& vocabulary, absl::CivilDay today);

// Sets `call->ranking` and what follows from it in the question: diversity and the cap. InvalidArgument names
// an unknown profile or a weight out of its bounds, with the bounds.
absl::Status ChooseRanking(const pb::MatchRequest& request, std::shared_ptr<const RankingConfig> base,
                           MatchCall* call);
absl::Status ChooseRanking(const pb::ReverseMatchRequest& request, std::shared_ptr<const RankingConfig> base,
                           ReverseMatchCall* call);

// The parts that answers share.
pb::RecordKind KindToProto(RecordKind kind);
void EncodeTime(absl::Time time, google::protobuf::Timestamp* out);
void EncodeProvenance(const Snapshot& snapshot, absl::Time now, pb::Provenance* out);
void EncodePolicyReading(const PolicyReading& reading, const Policy& policy, pb::PolicyReading* out);
// `asked_by` is the kind of the record that asked: of the two sides of a matched term, the engine tells the
// asking one first, the API the need.
void EncodeMatchEntry(const MatchEntry& entry, pb::MatchView view, RecordKind asked_by, pb::MatchEntry* out);

// Whole answers but for match_id. A list ends before its limit, and its token goes on there, where the
// entries of all lists would be longer than kPageBytesMax (catalogue_page.h); each list has an equal share of
// it and at least one entry.
void EncodeMatchAnswer(const MatchAnswer& answer, const MatchCall& call, const Snapshot& snapshot,
                       absl::Time now, pb::MatchResponse* out);
void EncodeReverseAnswer(const ReverseAnswer& answer, const ReverseMatchCall& call, const Snapshot& snapshot,
                         absl::Time now, pb::ReverseMatchResponse* out);
void EncodeSearchAnswer(const SearchAnswer& answer, const SearchCall& call, const Snapshot& snapshot,
                        absl::Time now, pb::SearchResponse* out);
void EncodeSimilarAnswer(const SearchAnswer& answer, const SearchCall& call, const Snapshot& snapshot,
                         absl::Time now, pb::SimilarNeedsResponse* out);
void EncodeSimilarAnswer(const SearchAnswer& answer, const SearchCall& call, const Snapshot& snapshot,
                         absl::Time now, pb::SimilarResultsResponse* out);
// A verdict that the candidate is hidden must have become NotFound before.
void EncodeExplanation(const MatchExplanation& explanation, const MatchCall& call, const Snapshot& snapshot,
                       absl::Time now, pb::ExplainMatchResponse* out);

// The day in China (UTC+8), in which offers expire.
absl::CivilDay DayInChina(absl::Time time);

// 0 is `when_zero`, more than kPageSizeMax is kPageSizeMax; negative is an error about page_size.
absl::StatusOr<int> DecodePageSize(int32_t page_size, int when_zero);
// An error about `filter` if it cannot be parsed.
absl::StatusOr<std::shared_ptr<const Filter>> DecodeFilter(const std::string& filter,
                                                           const ImportVocabulary& vocabulary);
// The record that `name` names; an error about `field` if it is not a name of the form "<collection of
// kind>/{id}".
absl::StatusOr<RecordName> DecodeName(const std::string& name, RecordKind kind, const std::string& field);

}  // namespace dongxi
