#include "server/catalogue_convert.h"

#include <algorithm>

#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"
#include "google/protobuf/util/field_mask_util.h"
#include "server/convert.h"
#include "server/grpc_status.h"
#include "server/page_token.h"

namespace dongxi {
namespace {

using google::protobuf::util::FieldMaskUtil;

constexpr int kImportRecordsMax = 1'000;
constexpr size_t kImportBytesMax = size_t{4} << 20;
constexpr size_t kFoundCharactersMax = 80;
constexpr char kWholeMask[] = "*";

bool IsWhole(const google::protobuf::FieldMask& mask) {
  return mask.paths().empty() ||
         std::find(mask.paths().begin(), mask.paths().end(), kWholeMask) != mask.paths().end();
}

std::string FieldsOfType(const google::protobuf::Descriptor& type) {
  std::string names;
  for (int i = 0; i < type.field_count(); ++i) names += (i == 0 ? "" : ", ") + type.field(i)->name();
  return names;
}

// The key of the import table for a field of the API, which calls some by their kind's own word.
std::string ImportFieldOf(std::string field) {
  field = field.substr(0, field.find('['));
  return field == "name" ? "id" : field;
}

// FieldMaskUtil passes over empty parts of a path.
bool HasEmptyPart(const std::string& path) {
  return path.empty() || path.front() == '.' || path.back() == '.' || path.find("..") != std::string::npos;
}

}  // namespace

absl::StatusOr<ListCall> DecodeList(RecordKind kind, int32_t page_size, const std::string& page_token,
                                    const std::string& filter, const ImportVocabulary& vocabulary,
                                    bool show_deleted, const google::protobuf::FieldMask& read_mask) {
  ListCall call;
  call.show_deleted = show_deleted;
  DX_ASSIGN_OR_RETURN(call.limit, DecodePageSize(page_size, kListPageSize));
  call.request_hash = HashBytes(
      filter, HashBytes((show_deleted ? "ListAll " : "List ") + std::string(CollectionOf(kind)) + " "));
  for (const std::string& path : read_mask.paths())
    call.request_hash = HashBytes("\n" + path, call.request_hash);
  if (!page_token.empty()) {
    DX_ASSIGN_OR_RETURN(PageToken token, DecodePageToken(page_token, call.request_hash));
    call.after = std::move(token.after);
  }
  DX_ASSIGN_OR_RETURN(call.filter, DecodeFilter(filter, vocabulary));
  return call;
}

std::string NextListToken(const ListCall& call, const std::string& last_id) {
  return EncodePageToken({.request_hash = call.request_hash, .after = last_id});
}

absl::Status CheckReadMask(const google::protobuf::FieldMask& mask,
                           const google::protobuf::Descriptor& type) {
  if (IsWhole(mask)) return absl::OkStatus();
  for (const std::string& path : mask.paths()) {
    if (!HasEmptyPart(path) && FieldMaskUtil::GetFieldDescriptors(&type, path, nullptr)) continue;
    return WithReason(FieldError("read_mask", "unknown field '" + CutCharacters(path, kFoundCharactersMax) +
                                                  "', " + type.name() + " has " + FieldsOfType(type)),
                      "READ_MASK_INVALID");
  }
  return absl::OkStatus();
}

void ApplyReadMask(const google::protobuf::FieldMask& mask, google::protobuf::Message* message) {
  if (!IsWhole(mask)) FieldMaskUtil::TrimMessage(mask, message);
}

absl::Status CheckRecordsLimits(int records, size_t bytes) {
  if (records > kImportRecordsMax) {
    return FieldError("records", "has " + std::to_string(records) + " records, at most " +
                                     std::to_string(kImportRecordsMax) + " a message; send several messages");
  }
  if (bytes > kImportBytesMax) {
    return FieldError("records", "has " + std::to_string(bytes) + " bytes, at most " +
                                     std::to_string(kImportBytesMax) + " a message; send several messages");
  }
  return absl::OkStatus();
}

absl::Status CheckImportRequest(const pb::ImportRecordsRequest& request) {
  return CheckRecordsLimits(request.records_size(), request.ByteSizeLong());
}

void EncodeProblem(RecordKind kind, const FieldProblem& problem, pb::FieldProblem* out) {
  for (const FieldSpec& spec : FieldsOf(kind)) {
    if (spec.id == problem.field) out->set_field(std::string(spec.json));
  }
  out->set_found(problem.found);
  out->set_expected(problem.expected);
  out->set_remedy(problem.remedy);
}

void EncodeCodecProblem(const absl::Status& status, pb::FieldProblem* out) {
  // "owners[0]: found 'x', expected y": see store/record_codec.h.
  const std::string message(status.message());
  const size_t colon = message.find(": ");
  const size_t expected = message.find("', expected ");
  const std::string found = ": found '";
  if (expected == std::string::npos || colon == std::string::npos ||
      message.compare(colon, found.size(), found) != 0) {
    out->set_found(CutCharacters(message, kFoundCharactersMax));
    out->set_expected("五类记录之一：机构、专家、成果、需求、佐证");
  } else {
    out->set_field(ImportFieldOf(message.substr(0, colon)));
    const size_t begin = colon + found.size();
    out->set_found(CutCharacters(message.substr(begin, expected - begin), kFoundCharactersMax));
    out->set_expected(message.substr(expected + std::string("', expected ").size()));
  }
  out->set_remedy("改写后重新导入");
}

}  // namespace dongxi
