#include "proto/apidoc/openapi.h"

#include <nlohmann/json.hpp>
#include <set>

namespace dongxi {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using Json = nlohmann::ordered_json;

std::string Text(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

Json Described(Json schema, const std::vector<std::string>& comment) {
  if (comment.empty()) return schema;
  // What stands beside a reference is ignored, so the reference goes one deeper.
  if (schema.contains("$ref")) schema = {{"allOf", Json::array({schema})}};
  schema["description"] = Text(comment);
  return schema;
}

class Schemas {
 public:
  // The schema of one value of the field.
  Json ValueOf(const FieldDescriptor& field);
  Json OfField(const FieldDescriptor& field);
  // A reference; what it refers to is in `all()` from then on.
  Json OfMessage(const Descriptor& message);
  Json all() const { return all_; }

 private:
  Json OfEnum(const google::protobuf::EnumDescriptor& type);

  std::set<std::string> begun_;
  Json all_ = Json::object();
};

Json WellKnown(const std::string& name) {
  if (name == "google.protobuf.Timestamp") return {{"type", "string"}, {"format", "date-time"}};
  if (name == "google.protobuf.Duration") return {{"type", "string"}, {"example", "1.5s"}};
  if (name == "google.protobuf.FieldMask") return {{"type", "string"}, {"example", "title,regionCode"}};
  if (name == "google.protobuf.Any")
    return {{"type", "object"},
            {"properties", {{"@type", {{"type", "string"}}}}},
            {"additionalProperties", true}};
  return {{"type", "object"}};  // Empty, Struct
}

Json Schemas::OfEnum(const google::protobuf::EnumDescriptor& type) {
  Json names = Json::array();
  for (int i = 0; i < type.value_count(); ++i) names.push_back(type.value(i)->name());
  return {{"type", "string"}, {"enum", names}};
}

Json Schemas::ValueOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return {{"type", "boolean"}};
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return {{"type", "number"}};
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
      return {{"type", "integer"}, {"format", "int32"}};
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return {{"type", "string"}, {"format", "int64"}};
    case FieldDescriptor::CPPTYPE_ENUM:
      return OfEnum(*field.enum_type());
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return OfMessage(*field.message_type());
    default:
      return field.type() == FieldDescriptor::TYPE_BYTES ? Json{{"type", "string"}, {"format", "byte"}}
                                                         : Json{{"type", "string"}};
  }
}

Json Schemas::OfField(const FieldDescriptor& field) {
  if (field.is_map())
    return {{"type", "object"}, {"additionalProperties", ValueOf(*field.message_type()->map_value())}};
  if (field.is_repeated()) return {{"type", "array"}, {"items", ValueOf(field)}};
  return ValueOf(field);
}

Json Schemas::OfMessage(const Descriptor& message) {
  if (message.file()->package() == "google.protobuf") return WellKnown(message.full_name());
  const std::string& name = message.full_name();
  if (begun_.insert(name).second) {
    Json properties = Json::object();
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      properties[field.json_name()] = Described(OfField(field), CommentOf(field));
    }
    all_[name] = Described({{"type", "object"}, {"properties", std::move(properties)}}, CommentOf(message));
  }
  return {{"$ref", "#/components/schemas/" + name}};
}

Json ErrorResponse() {
  return {{"description", "google.rpc.Status (AIP-193)"},
          {"content", {{"application/json", {{"schema", {{"$ref", "#/components/schemas/Error"}}}}}}}};
}

Json ErrorSchema() {
  const Json text = {{"type", "string"}};
  return {{"type", "object"},
          {"properties",
           {{"error",
             {{"type", "object"},
              {"properties",
               {{"code", {{"type", "integer"}, {"description", "The HTTP code."}}},
                {"message", text},
                {"status", {{"type", "string"}, {"example", "INVALID_ARGUMENT"}}},
                {"details", {{"type", "array"}, {"items", WellKnown("google.protobuf.Any")}}}}}}}}}};
}

// "/v1/needs/{id}:undelete": the path as OpenAPI writes it.
std::string PathOf(const Route& route) {
  std::string path = "/v1/" + route.collection;
  if (!route.variable.empty()) path += "/{id}";
  return route.action.empty() ? path : path + ":" + route.action;
}

// What a path and a body do not say comes from the query; of a message its own fields: "filter.need".
void AddQueryOf(const FieldDescriptor& field, const std::string& prefix, Schemas* schemas, Json* parameters) {
  const Descriptor* const message = field.message_type();
  if (message != nullptr && message->file()->package() != "google.protobuf") {
    if (field.is_repeated() || !prefix.empty()) return;
    for (int i = 0; i < message->field_count(); ++i)
      AddQueryOf(*message->field(i), field.json_name() + ".", schemas, parameters);
    return;
  }
  const std::string name = prefix + field.json_name();
  Json parameter = {{"name", name}, {"in", "query"}, {"schema", schemas->OfField(field)}};
  if (const auto comment = CommentOf(field); !comment.empty()) parameter["description"] = Text(comment);
  parameters->push_back(std::move(parameter));
}

Json ParametersOf(const Route& route, Schemas* schemas) {
  Json parameters = Json::array();
  if (!route.variable.empty()) {
    parameters.push_back({{"name", "id"},
                          {"in", "path"},
                          {"required", true},
                          {"description", "Of the resource `" + route.collection + "/{id}`."},
                          {"schema", {{"type", "string"}}}});
  }
  const Descriptor& request = *route.method->input_type();
  for (int i = 0; i < request.field_count() && route.body != "*"; ++i) {
    const FieldDescriptor& field = *request.field(i);
    if (field.name() != route.variable && field.name() != route.body)
      AddQueryOf(field, "", schemas, &parameters);
  }
  return parameters;
}

Json OperationOf(const Route& route, Schemas* schemas) {
  const MethodDescriptor& method = *route.method;
  Json operation = {{"operationId", method.service()->name() + "_" + method.name()},
                    {"tags", Json::array({method.service()->name()})}};
  if (const auto comment = CommentOf(method); !comment.empty()) operation["description"] = Text(comment);
  if (Json parameters = ParametersOf(route, schemas); !parameters.empty())
    operation["parameters"] = parameters;
  const char* const in = method.client_streaming() ? "application/x-ndjson" : "application/json";
  if (!route.body.empty()) {
    const FieldDescriptor* const field =
        route.body == "*" ? nullptr : method.input_type()->FindFieldByName(route.body);
    const Descriptor& body = field == nullptr ? *method.input_type() : *field->message_type();
    operation["requestBody"] = {{"required", true},
                                {"content", {{in, {{"schema", schemas->OfMessage(body)}}}}}};
  }
  Json schema = schemas->OfMessage(*method.output_type());
  const bool lines = method.client_streaming() || method.server_streaming();
  if (lines) {
    schema = {{"type", "object"},
              {"description", "One a line; an `error` is the last."},
              {"properties", {{"result", schema}, {"error", {{"type", "object"}}}}}};
  }
  operation["responses"] = {
      {"200",
       {{"description", "OK"},
        {"content", {{lines ? "application/x-ndjson" : "application/json", {{"schema", schema}}}}}}},
      {"default", ErrorResponse()}};
  return operation;
}

// The two paths in the form of OpenAI.
void AddOpenAi(Json* paths) {
  const Json text = {{"type", "string"}};
  const Json ok = {{"description", "OK"},
                   {"content", {{"application/json", {{"schema", {{"type", "object"}}}}}}}};
  (*paths)["/v1/embeddings"]["post"] = {
      {"operationId", "OpenAi_CreateEmbeddings"},
      {"tags", Json::array({"OpenAI"})},
      {"description",
       "Vectors of texts by the built-in model, in the OpenAI-compatible form; errors too. A usage of n "
       "means n characters."},
      {"requestBody",
       {{"required", true},
        {"content",
         {{"application/json",
           {{"schema",
             {{"type", "object"},
              {"required", Json::array({"input"})},
              {"properties",
               {{"input", {{"oneOf", Json::array({text, {{"type", "array"}, {"items", text}}})}}},
                {"model", text},
                {"encoding_format", {{"type", "string"}, {"enum", Json::array({"float", "base64"})}}},
                {"dimensions", {{"type", "integer"}}},
                {"user", text}}}}}}}}}}},
      {"responses", {{"200", ok}}}};
  (*paths)["/v1/models"]["get"] = {{"operationId", "OpenAi_ListModels"},
                                   {"tags", Json::array({"OpenAI"})},
                                   {"description", "The built-in model, in the OpenAI-compatible form."},
                                   {"responses", {{"200", ok}}}};
}

}  // namespace

std::string OpenApiOf(const Api& api) {
  Schemas schemas;
  Json paths = Json::object();
  for (const Route& route : api.routes) {
    std::string verb = route.verb;
    for (char& c : verb) c = static_cast<char>(c - 'A' + 'a');
    paths[PathOf(route)][verb] = OperationOf(route, &schemas);
  }
  AddOpenAi(&paths);
  Json components = {{"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}};
  components["schemas"] = schemas.all();
  components["schemas"]["Error"] = ErrorSchema();
  const Json document = {
      {"openapi", "3.0.3"},
      {"info",
       {{"title", "Dongxi"},
        {"version", "v1"},
        {"description",
         "Generated from proto/ by ./run api-docs. JSON follows protobuf's mapping: int64 are strings, "
         "fields with their default value are left out."}}},
      {"security", Json::array({{{"token", Json::array()}}, Json::object()})},
      {"paths", std::move(paths)},
      {"components", std::move(components)}};
  return document.dump(1) + "\n";
}

}  // namespace dongxi
