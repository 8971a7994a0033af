// Requests of the catalogue service: lists, read masks, and records that are imported. Pure functions; any
// thread.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/v1/catalogue.pb.h"
#include "engine/filter/filter.h"
#include "engine/record/field_schema.h"
#include "google/protobuf/field_mask.pb.h"
#include "store/record_codec.h"

namespace dongxi {

// What the five list requests have in common.
struct ListCall {
  std::shared_ptr<const Filter> filter;
  int limit = 0;
  std::string after;          // the page begins behind this id; empty: at the first record
  uint64_t request_hash = 0;  // of kind, filter, show_deleted and read mask
  bool show_deleted = false;
};

absl::StatusOr<ListCall> DecodeList(RecordKind kind, int32_t page_size, const std::string& page_token,
                                    const std::string& filter, const ImportVocabulary& vocabulary,
                                    bool show_deleted = false,
                                    const google::protobuf::FieldMask& read_mask = {});
// The token of the page behind the record `last_id`.
std::string NextListToken(const ListCall& call, const std::string& last_id);

// An error about read_mask that names the first path that messages of this type do not have. "*" means all
// (AIP-157).
absl::Status CheckReadMask(const google::protobuf::FieldMask& mask, const google::protobuf::Descriptor& type);
// Clears what a checked mask does not name; an empty one names all.
void ApplyReadMask(const google::protobuf::FieldMask& mask, google::protobuf::Message* message);

// Limits of one message with many records: an error about `records`.
absl::Status CheckRecordsLimits(int records, size_t bytes);
absl::Status CheckImportRequest(const pb::ImportRecordsRequest& request);
// What is wrong with a field, as the row-by-row report shows it.
void EncodeProblem(RecordKind kind, const FieldProblem& problem, pb::FieldProblem* out);
// What FromProto (store/record_codec.h) said is wrong.
void EncodeCodecProblem(const absl::Status& status, pb::FieldProblem* out);

}  // namespace dongxi
