#include "server/http/transcode.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/ascii.h"
#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver_util.h"
#include "server/decoded_size.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Json = nlohmann::json;

constexpr size_t kQueryDepthMax = 8;
constexpr char kTypeUrlPrefix[] = "type.googleapis.com";
constexpr char kTypeUrl[] = "type.googleapis.com/";

const FieldDescriptor* FieldOf(const Descriptor& type, std::string_view name) {
  const std::string key(name);
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->name() == key || type.field(i)->json_name() == key) return type.field(i);
  }
  return nullptr;
}

std::vector<std::string> SplitPath(std::string_view path) {
  std::vector<std::string> parts(1);
  for (const char c : path) {
    if (c == '.') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// The value of a query field as JSON writes it.
absl::StatusOr<Json> LeafOf(const FieldDescriptor& field, const std::string& path, const std::string& text) {
  Json value = text;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    if (text != "true" && text != "false")
      return FieldError(path, "found '" + text + "', expected true or false");
    value = text == "true";
  }
  const bool plain_message =
      field.message_type() != nullptr && field.message_type()->file()->package() != "google.protobuf";
  if (plain_message || field.is_map())
    return FieldError(path,
                      "a message does not fit one value; name its fields (" + path + ".…), or send a body");
  return field.is_repeated() ? Json::array({value}) : value;
}

// {"need": {"title": "…"}} for need.title.
absl::StatusOr<Json> NestedOf(const Descriptor& type, const std::string& path, const std::string& text) {
  const std::vector<std::string> parts = SplitPath(path);
  if (parts.size() > kQueryDepthMax) return FieldError(path, "too many dots");
  std::vector<const FieldDescriptor*> fields;
  const Descriptor* at = &type;
  for (const std::string& part : parts) {
    const FieldDescriptor* const field = at == nullptr ? nullptr : FieldOf(*at, part);
    const bool inner = fields.size() + 1 < parts.size();
    if (field == nullptr || (inner && field->is_repeated()))
      return FieldError(path, "no such field in the query of this method");
    fields.push_back(field);
    at = field->message_type();
  }
  DX_ASSIGN_OR_RETURN(Json value, LeafOf(*fields.back(), path, text));
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) {
    Json outer = Json::object();
    outer[(*field)->json_name()] = std::move(value);
    value = std::move(outer);
  }
  return value;
}

bool IsRepeated(const Descriptor& type, const std::string& path) {
  const Descriptor* at = &type;
  const FieldDescriptor* field = nullptr;
  for (const std::string& part : SplitPath(path)) {
    field = at == nullptr ? nullptr : FieldOf(*at, part);
    if (field == nullptr) return false;
    at = field->message_type();
  }
  return field->is_repeated();
}

absl::Status AddQuery(const QueryFields& query, Message* request) {
  const Descriptor& type = *request->GetDescriptor();
  std::set<std::string> seen;
  for (const auto& [path, text] : query) {
    if (!seen.insert(path).second && !IsRepeated(type, path))
      return FieldError(path, "given twice in the query");
    DX_ASSIGN_OR_RETURN(const Json nested, NestedOf(type, path, text));
    absl::StatusOr<std::unique_ptr<Message>> part =
        MessageOf(type, nested.dump(-1, ' ', false, Json::error_handler_t::replace));
    if (!part.ok()) return WithField(FieldError(path, std::string(part.status().message())), path);
    request->MergeFrom(**part);
  }
  return absl::OkStatus();
}

absl::Status SetVariable(const Route& route, const std::string& resource, Message* request) {
  Message* at = request;
  const std::vector<std::string> parts = SplitPath(route.variable);
  for (size_t i = 0; i < parts.size(); ++i) {
    const FieldDescriptor* const field = at->GetDescriptor()->FindFieldByName(parts[i]);
    if (i + 1 < parts.size()) {
      at = at->GetReflection()->MutableMessage(at, field);
      continue;
    }
    const std::string given = at->GetReflection()->GetString(*at, field);
    if (!given.empty() && given != resource)
      return FieldError(route.variable,
                        "found '" + given + "', expected '" + resource + "' as in the path, or nothing");
    at->GetReflection()->SetString(at, field, resource);
  }
  return absl::OkStatus();
}

google::protobuf::util::TypeResolver& TypesOfJson() {
  static auto& types = *google::protobuf::util::NewTypeResolverForDescriptorPool(
      kTypeUrlPrefix, google::protobuf::DescriptorPool::generated_pool());
  return types;
}

// protobuf says "(need) titel: Cannot find field."; the part before the colon is the place.
absl::Status BadJson(std::string_view message) {
  std::string text(message);
  const size_t colon = text.find(": ");
  std::string field;
  if (colon != std::string::npos && text.starts_with('(')) {
    for (const char c : text.substr(0, colon)) {
      if (c == '(' || c == ')') continue;
      field += c == ' ' ? '.' : c;
    }
  }
  const absl::Status status = absl::InvalidArgumentError("body: " + text);
  return field.empty() ? status : WithField(status, field);
}

bool IsOfMask(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '*';
}

// protobuf's JSON reader takes any character into the paths of a mask, and its own writer then spells them in
// a way that it cannot read.
absl::Status CheckMasks(const Message& request) {
  const Descriptor& type = *request.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* const field = type.field(i);
    if (field->message_type() != google::protobuf::FieldMask::descriptor()) continue;
    const auto& mask =
        static_cast<const google::protobuf::FieldMask&>(request.GetReflection()->GetMessage(request, field));
    for (const std::string& path : mask.paths()) {
      if (std::all_of(path.begin(), path.end(), IsOfMask)) continue;
      return FieldError(field->name(), "found '" + path + "', expected names of fields with commas between");
    }
  }
  return absl::OkStatus();
}

// What percent signs spell need not be text; in a body the reader of JSON sees to it.
absl::Status CheckUtf8(const RouteMatch& match, const QueryFields& query) {
  if (!IsValidUtf8(match.resource)) return absl::InvalidArgumentError("the path is not in UTF-8");
  for (const auto& [name, value] : query) {
    if (!IsValidUtf8(name) || !IsValidUtf8(value))
      return absl::InvalidArgumentError("the query is not in UTF-8");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> MessageOf(const Descriptor& type, std::string_view json) {
  const Message* const prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
  if (prototype == nullptr) return absl::InternalError(type.full_name() + " is not linked in");
  std::unique_ptr<Message> message(prototype->New());
  if (json.empty()) return message;
  std::string bytes;
  const auto status = google::protobuf::util::JsonToBinaryString(
      &TypesOfJson(), std::string(kTypeUrl) + type.full_name(),
      google::protobuf::StringPiece(json.data(), json.size()), &bytes);
  if (!status.ok()) return BadJson({status.message().data(), status.message().size()});
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  DX_RETURN_IF_ERROR(DecodedSize(type, stream, kDecodedBytesMax).status());
  if (message->ParseFromString(bytes)) return message;
  return absl::InvalidArgumentError("body: no message of the type " + type.full_name());
}

absl::StatusOr<std::unique_ptr<Message>> RequestOf(const RouteMatch& match, const QueryFields& query,
                                                   std::string_view body) {
  DX_RETURN_IF_ERROR(CheckUtf8(match, query));
  const Route& route = *match.route;
  const Descriptor& type = *route.method->input_type();
  if (!body.empty() && route.body.empty())
    return absl::InvalidArgumentError("this path takes no body; put the fields into the query");
  if (!query.empty() && route.body == "*")
    return FieldError(query.front().first, "found in the query, expected in the body");
  std::unique_ptr<Message> request;
  if (route.body.empty() || route.body == "*") {
    DX_ASSIGN_OR_RETURN(request, MessageOf(type, body));
  } else {
    DX_ASSIGN_OR_RETURN(request, MessageOf(type, ""));
    const FieldDescriptor* const field = type.FindFieldByName(route.body);
    DX_ASSIGN_OR_RETURN(const std::unique_ptr<Message> item, MessageOf(*field->message_type(), body));
    request->GetReflection()->MutableMessage(request.get(), field)->CopyFrom(*item);
  }
  DX_RETURN_IF_ERROR(AddQuery(query, request.get()));
  if (!route.variable.empty()) DX_RETURN_IF_ERROR(SetVariable(route, match.resource, request.get()));
  DX_RETURN_IF_ERROR(CheckMasks(*request));
  return request;
}

absl::StatusOr<std::string> JsonOf(const Message& message) {
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json);
  if (!status.ok())
    return absl::InternalError("the answer has no JSON form: " +
                               std::string(status.message().data(), status.message().size()));
  return json;
}

}  // namespace dongxi
