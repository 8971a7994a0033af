// What the parts of convert.h share among themselves and with the runner of matches.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/util/field_mask_util.h"
#include "server/convert.h"
#include "server/page_token.h"

namespace dongxi {

// What a value is shown as in a message.
std::string Shown(const std::string& value);

// Of a message whose page fields (and kinds, where it has lists) are cleared; `method` keeps the tokens of
// methods apart.
template <typename Message>
uint64_t RequestHash(const std::string& method, Message cleared) {
  // As the match log keeps it, for a replay that is the same bit for bit.
  cleared.DiscardUnknownFields();
  return HashBytes(cleared.SerializeAsString(), HashBytes(method));
}
// Sets the cursor's place from the token; `kind` is that of the list it continues.
absl::Status ContinueFrom(const std::string& page_token, pb::RecordKind kind, Cursor* cursor);

Detail DetailOf(pb::MatchView view);

// InvalidArgument about a field of a match as one about match.field, where the request has the match within;
// any other status, and one without a field, as it is.
absl::Status WithinMatch(const absl::Status& status);

// Leaves of each message the fields that a mask names that CheckReadMask (catalogue_convert.h) has taken; an
// empty mask and "*" leave all.
void TrimTo(const google::protobuf::FieldMask& mask, google::protobuf::Message* message);

absl::StatusOr<std::vector<FacetKind>> DecodeFacets(const google::protobuf::RepeatedField<int>& facets);
void EncodeFacets(const std::vector<Facet>& facets, const Policy& policy,
                  google::protobuf::RepeatedPtrField<pb::Facet>* out);
void EncodeRanking(const RankingChoice& choice, pb::Ranking* out);
// Positions in the need that was made from a free text become positions in that text, where its title and its
// description overlap. Leaves the entries of other calls as they are.
void TellInFreeText(const MatchCall& call, pb::MatchEntry* entry);
// Consortium and question, where the answer has them.
void EncodeConsortium(const MatchAnswer& answer, pb::MatchResponse* out);

}  // namespace dongxi
