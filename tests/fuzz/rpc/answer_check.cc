#include "tests/fuzz/rpc/answer_check.h"

#include <algorithm>

#include "google/protobuf/util/json_util.h"
#include "google/rpc/error_details.pb.h"
#include "server/access.h"
#include "server/grpc_status.h"

namespace dongxi::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using grpc::StatusCode;

constexpr size_t kTrailerBytesMax = 8'192;

bool IsForbidden(StatusCode code) {
  constexpr StatusCode kForbidden[] = {StatusCode::UNKNOWN, StatusCode::INTERNAL, StatusCode::UNIMPLEMENTED,
                                       StatusCode::DATA_LOSS, StatusCode::UNAUTHENTICATED};
  return std::ranges::find(kForbidden, code) != std::end(kForbidden);
}

bool IsReason(const std::string& reason) {
  return !reason.empty() && std::ranges::all_of(reason, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string WrongError(const grpc::Status& status) {
  if (IsForbidden(status.error_code())) return "this code must not come";
  if (status.error_details().empty() && status.error_code() == StatusCode::DEADLINE_EXCEEDED) return "";
  if (status.error_message().empty()) return "an error without a message";
  if (status.error_message().size() + status.error_details().size() > kTrailerBytesMax) {
    return "message and details are longer than clients accept";
  }
  google::rpc::Status envelope;
  if (!envelope.ParseFromString(status.error_details())) return "details that are no google.rpc.Status";
  if (envelope.code() != status.error_code()) return "details with another code";
  bool info_found = false, request_found = false;
  for (const google::protobuf::Any& any : envelope.details()) {
    google::rpc::ErrorInfo info;
    google::rpc::RequestInfo request;
    if (any.UnpackTo(&info)) info_found = info.domain() == kErrorDomain && IsReason(info.reason());
    if (any.UnpackTo(&request)) request_found = !request.request_id().empty();
  }
  if (!info_found) return "no ErrorInfo, or one without domain and reason";
  return request_found ? "" : "no RequestInfo";
}

struct Asked {
  bool reads = false;   // by a method that only reads
  bool masked = false;  // with a read_mask, which may hide that a record is shared
};

bool HasReadMask(const Message& request) {
  const FieldDescriptor* const mask = request.GetDescriptor()->FindFieldByName("read_mask");
  return mask != nullptr && request.GetReflection()->HasField(request, mask);
}

// Whether `viewer` may see what says of itself whose it is; true of all other messages.
bool MaySeeMessage(const Message& message, const Viewer& viewer, Asked asked) {
  const auto& type = *message.GetDescriptor();
  const auto& reflection = *message.GetReflection();
  const FieldDescriptor* const tenant = type.FindFieldByName("tenant");
  if (tenant == nullptr || tenant->type() != FieldDescriptor::TYPE_STRING) return true;
  const FieldDescriptor* const shared = type.FindFieldByName("shared");
  const FieldDescriptor* const disclosure = type.FindFieldByName("disclosure");
  const bool is_shared = shared != nullptr && (asked.masked || reflection.GetBool(message, shared));
  Disclosure level = Disclosure::kPublic;
  if (asked.reads && disclosure != nullptr) {
    // 0 is unspecified, which is read as PUBLIC = 1.
    level = static_cast<Disclosure>(std::max(0, reflection.GetEnumValue(message, disclosure) - 1));
  }
  return MaySee(viewer, level, reflection.GetString(message, tenant), is_shared);
}

// The first message within, the whole included, that the viewer may not see; null if there is none.
const Message* HiddenWithin(const Message& message, const Viewer& viewer, Asked asked) {
  if (!MaySeeMessage(message, viewer, asked)) return &message;
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const Message& inner = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                  : reflection.GetMessage(message, field);
      if (const Message* const hidden = HiddenWithin(inner, viewer, asked)) return hidden;
    }
  }
  return nullptr;
}

}  // namespace

std::string WhatIsWrong(const Method& method, const Viewer& viewer, const Message& request,
                        const Answer& answer, Message* response) {
  response->Clear();
  if (!answer.status.ok()) return WrongError(answer.status);
  if (!response->ParseFromString(answer.bytes)) return "a response that cannot be read";
  const std::string written = response->SerializeAsString();
  const std::unique_ptr<Message> again(response->New());
  if (!again->ParseFromString(written) || again->ByteSizeLong() != response->ByteSizeLong()) {
    return "a response that is another when written and read again";
  }
  std::string json;
  const auto as_json = google::protobuf::util::MessageToJsonString(*response, &json);
  if (!as_json.ok()) return "a response without a JSON form: " + as_json.ToString();
  const Asked asked = {.reads = AccessOf(GateNameOf(method)).permission == Permission::kRead,
                       .masked = HasReadMask(request)};
  const Message* const hidden = HiddenWithin(*response, viewer, asked);
  return hidden == nullptr ? "" : "what this caller may not see: " + hidden->ShortDebugString();
}

}  // namespace dongxi::fuzz
