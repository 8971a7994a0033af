#include "tests/proto/breaking.h"

#include <map>

namespace dongxi {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::EnumDescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::MethodDescriptorProto;
using google::protobuf::ServiceDescriptorProto;

bool IsApi(const std::string& package) {
  return package == "dongxi.v1" || package == "google.longrunning" || package == "google.rpc";
}

// All parts of an API by full name.
struct Parts {
  std::map<std::string, const DescriptorProto*> messages;
  std::map<std::string, const EnumDescriptorProto*> enums;
  std::map<std::string, const ServiceDescriptorProto*> services;
};

void AddMessage(const std::string& prefix, const DescriptorProto& message, Parts* parts) {
  const std::string name = prefix + message.name();
  parts->messages[name] = &message;
  for (const DescriptorProto& inner : message.nested_type()) AddMessage(name + ".", inner, parts);
  for (const EnumDescriptorProto& inner : message.enum_type())
    parts->enums[name + "." + inner.name()] = &inner;
}

Parts PartsOf(const FileDescriptorSet& set) {
  Parts parts;
  for (const auto& file : set.file()) {
    if (!IsApi(file.package())) continue;
    const std::string prefix = file.package() + ".";
    for (const auto& message : file.message_type()) AddMessage(prefix, message, &parts);
    for (const auto& type : file.enum_type()) parts.enums[prefix + type.name()] = &type;
    for (const auto& service : file.service()) parts.services[prefix + service.name()] = &service;
  }
  return parts;
}

std::string TypeOf(const FieldDescriptorProto& field) {
  const std::string type = FieldDescriptorProto::Type_Name(field.type()) + field.type_name();
  return field.label() == FieldDescriptorProto::LABEL_REPEATED ? "repeated " + type : type;
}

// Empty: none. An `optional` is alone in a oneof that protoc makes up.
std::string OneofOf(const DescriptorProto& message, const FieldDescriptorProto& field) {
  return field.has_oneof_index() && !field.proto3_optional() ? message.oneof_decl(field.oneof_index()).name()
                                                             : "";
}

class Comparison {
 public:
  void Message(const std::string& name, const DescriptorProto& before, const DescriptorProto& now);
  void Enum(const std::string& name, const EnumDescriptorProto& before, const EnumDescriptorProto& now);
  void Service(const std::string& name, const ServiceDescriptorProto& before,
               const ServiceDescriptorProto& now);
  void Break(const std::string& place, const std::string& what) { breaks_.push_back(place + ": " + what); }
  template <typename Text>
  void Same(const std::string& place, const std::string& what, const Text& before, const Text& now) {
    if (before != now) Break(place, what + " was " + Shown(before) + ", is " + Shown(now));
  }
  std::vector<std::string> breaks() { return std::move(breaks_); }

 private:
  static std::string Shown(const std::string& text) { return text.empty() ? "none" : text; }
  static std::string Shown(bool value) { return value ? "true" : "false"; }

  std::vector<std::string> breaks_;
};

void Comparison::Message(const std::string& name, const DescriptorProto& before, const DescriptorProto& now) {
  std::map<int, const FieldDescriptorProto*> by_number;
  for (const FieldDescriptorProto& field : now.field()) by_number[field.number()] = &field;
  for (const FieldDescriptorProto& old : before.field()) {
    const std::string place = name + "." + old.name();
    const auto found = by_number.find(old.number());
    if (found == by_number.end()) {
      Break(place, "number " + std::to_string(old.number()) + " is gone");
      continue;
    }
    const FieldDescriptorProto& field = *found->second;
    Same(place, "name", old.name(), field.name());
    Same(place, "JSON name", old.json_name(), field.json_name());
    Same(place, "type", TypeOf(old), TypeOf(field));
    Same(place, "oneof", OneofOf(before, old), OneofOf(now, field));
    Same(place, "presence", old.proto3_optional(), field.proto3_optional());
  }
  for (const DescriptorProto::ReservedRange& range : before.reserved_range()) {
    for (const FieldDescriptorProto& field : now.field()) {
      if (field.number() >= range.start() && field.number() < range.end())
        Break(name + "." + field.name(), "number " + std::to_string(field.number()) + " was reserved");
    }
  }
}

void Comparison::Enum(const std::string& name, const EnumDescriptorProto& before,
                      const EnumDescriptorProto& now) {
  std::map<std::string, int> numbers;
  for (const auto& value : now.value()) numbers[value.name()] = value.number();
  for (const auto& old : before.value()) {
    const auto found = numbers.find(old.name());
    if (found == numbers.end()) {
      Break(name + "." + old.name(), "is gone");
    } else {
      Same(name + "." + old.name(), "number", std::to_string(old.number()), std::to_string(found->second));
    }
  }
}

void Comparison::Service(const std::string& name, const ServiceDescriptorProto& before,
                         const ServiceDescriptorProto& now) {
  std::map<std::string, const MethodDescriptorProto*> methods;
  for (const MethodDescriptorProto& method : now.method()) methods[method.name()] = &method;
  for (const MethodDescriptorProto& old : before.method()) {
    const std::string place = name + "." + old.name();
    const auto found = methods.find(old.name());
    if (found == methods.end()) {
      Break(place, "is gone");
      continue;
    }
    Same(place, "request", old.input_type(), found->second->input_type());
    Same(place, "response", old.output_type(), found->second->output_type());
    Same(place, "stream of requests", old.client_streaming(), found->second->client_streaming());
    Same(place, "stream of responses", old.server_streaming(), found->second->server_streaming());
  }
}

// Calls `compare` on what is in both, tells what is gone.
template <typename Part, typename Compare>
void Pair(const std::map<std::string, const Part*>& before, const std::map<std::string, const Part*>& now,
          Comparison* comparison, const Compare& compare) {
  for (const auto& [name, old] : before) {
    const auto found = now.find(name);
    if (found == now.end()) {
      comparison->Break(name, "is gone");
    } else {
      compare(name, *old, *found->second);
    }
  }
}

}  // namespace

std::vector<std::string> BreaksBetween(const FileDescriptorSet& before, const FileDescriptorSet& now) {
  const Parts old = PartsOf(before), current = PartsOf(now);
  Comparison comparison;
  Pair(old.messages, current.messages, &comparison,
       [&](const auto&... parts) { comparison.Message(parts...); });
  Pair(old.enums, current.enums, &comparison, [&](const auto&... parts) { comparison.Enum(parts...); });
  Pair(old.services, current.services, &comparison,
       [&](const auto&... parts) { comparison.Service(parts...); });
  return comparison.breaks();
}

}  // namespace dongxi
