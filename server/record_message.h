// Records as messages of the API, whatever their kind: what a client may set, and what is wrong with it. Pure
// functions; any thread.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/record/field_schema.h"
#include "google/protobuf/field_mask.pb.h"
#include "store/record_codec.h"

namespace dongxi {

// The message of the record's kind; null if the record is empty.
google::protobuf::Message* InnerOf(pb::Record* record);

// The resource name that the message has; empty if none.
std::string NameIn(const google::protobuf::Message& inner);

// Clears the fields that only the server sets (AIP-203): what a client sends back in them is passed over.
void ClearOutputOnly(google::protobuf::Message* inner);

// Takes the fields of `update` that `mask` names into `inner`, of the same type: an unset one is cleared
// there. An empty mask names the fields that are set, "*" all. Output-only fields and the name stay. An error
// about `update_mask` names the first path that is no field.
absl::Status MergeFields(const google::protobuf::FieldMask& mask, const google::protobuf::Message& update,
                         google::protobuf::Message* inner);

// The record, checked. An error names the field below `field` ("need.title"), what was found and the remedy.
absl::StatusOr<Record> DecodeRecord(const pb::Record& message, const ImportVocabulary& vocabulary,
                                    const std::string& field);

}  // namespace dongxi
