// Records to and from the messages of proto/dongxi/v1/records.proto, for the catalogue's files and for the
// API. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "dongxi/v1/records.pb.h"
#include "engine/record/record.h"

namespace dongxi {

namespace pb = ::dongxi::v1;

// The etag of a revision: its plain lower-case hexadecimal number; empty for revision 0 (never written).
std::string EtagOf(uint64_t revision);

// Overwrites `message` with what its kind keeps of `record`; fields of other kinds are not carried. A time of
// 0 is left unset, and so is the name of a record without an id. REQUIRES: record.kind is the kind of the
// message.
void ToProto(const Record& record, pb::Institution* message);
void ToProto(const Record& record, pb::Expert* message);
void ToProto(const Record& record, pb::Result* message);
void ToProto(const Record& record, pb::Need* message);
void ToProto(const Record& record, pb::Evidence* message);
// Sets the member of the oneof that belongs to record.kind.
void ToProto(const Record& record, pb::Record* message);

// The inverse: FromProto(ToProto(r)) == r for every record without fields of other kinds, with times of whole
// microseconds. Limits are not checked (ValidateRecord does that), only what cannot be represented.
// InvalidArgument names the field, what was found and what is expected: a resource name of another
// collection, an unknown disclosure, an etag that is not ours, a pb::Record without a kind. An empty name
// gives an empty id (inline needs).
absl::StatusOr<Record> FromProto(const pb::Institution& message);
absl::StatusOr<Record> FromProto(const pb::Expert& message);
absl::StatusOr<Record> FromProto(const pb::Result& message);
absl::StatusOr<Record> FromProto(const pb::Need& message);
absl::StatusOr<Record> FromProto(const pb::Evidence& message);
absl::StatusOr<Record> FromProto(const pb::Record& message);

}  // namespace dongxi
