#include "proto/apidoc/reference.h"

#include <algorithm>

#include "google/protobuf/descriptor.pb.h"

namespace dongxi {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr char kNotice[] = "<!-- Generated from proto/ by ./run api-docs; edit the comments there. -->\n";

std::string PageOf(const FileDescriptor& file) {
  const std::string& name = file.name();
  const size_t slash = name.rfind('/');
  const std::string stem = name.substr(slash + 1, name.size() - slash - 1 - std::string(".proto").size());
  return (file.package() == "dongxi.v1" ? "" : "longrunning_") + stem + ".md";
}

// The comment as Markdown, each line behind `indent`: what is indented in it is an example.
std::string Prose(const std::vector<std::string>& lines, const std::string& indent) {
  std::string text;
  bool example = false;
  for (const std::string& line : lines) {
    if (line.starts_with("  ") != example && !line.empty()) {
      example = !example;
      text += indent + "```\n";
    }
    text += line.empty() ? "\n" : indent + (example ? line.substr(2) : line) + "\n";
  }
  return example ? text + indent + "```\n" : text;
}

bool HasPage(const FileDescriptor& file) {
  return file.package() == "dongxi.v1" || file.package() == "google.longrunning";
}

// "Message.Inner" of a type in a package.
template <typename Type>
std::string ShortName(const Type& type) {
  const std::string& package = type.file()->package();
  return package.empty() ? type.full_name() : type.full_name().substr(package.size() + 1);
}

std::string Anchor(std::string text) {
  std::string anchor;
  for (const char c : text) {
    if (c == '.') continue;
    anchor += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return anchor;
}

template <typename Type>
std::string Link(const Type& type) {
  if (!HasPage(*type.file())) return "`" + type.full_name() + "`";
  const std::string name = ShortName(type);
  return "[" + name + "](" + PageOf(*type.file()) + "#" + Anchor(name) + ")";
}

std::string ValueType(const FieldDescriptor& field) {
  if (field.message_type() != nullptr) return Link(*field.message_type());
  if (field.enum_type() != nullptr) return Link(*field.enum_type());
  return field.type_name();
}

std::string TypeOf(const FieldDescriptor& field) {
  if (field.is_map()) {
    const Descriptor& entry = *field.message_type();
    return "map of " + ValueType(*entry.map_key()) + " to " + ValueType(*entry.map_value());
  }
  std::string text = field.is_repeated() ? "repeated " : field.has_optional_keyword() ? "optional " : "";
  text += ValueType(field);
  if (field.real_containing_oneof() != nullptr)
    text += ", one of `" + field.real_containing_oneof()->name() + "`";
  return text;
}

std::string EnumText(const EnumDescriptor& type) {
  std::string text = "### " + ShortName(type) + "\n\n" + Prose(CommentOf(type), "") + "\n";
  for (int i = 0; i < type.value_count(); ++i) {
    text += "- `" + type.value(i)->name() + "` = " + std::to_string(type.value(i)->number()) + "\n";
    text += Prose(CommentOf(*type.value(i)), "  ");
  }
  return text + "\n";
}

std::string MessageText(const Descriptor& message) {
  if (message.options().map_entry()) return "";
  std::string text = "### " + ShortName(message) + "\n\n" + Prose(CommentOf(message), "") + "\n";
  if (message.field_count() == 0) text += "No fields.\n";
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    text += "- **`" + field.name() + "`** (" + TypeOf(field) + ", number " + std::to_string(field.number()) +
            ")\n";
    text += Prose(CommentOf(field), "  ");
  }
  text += "\n";
  for (int i = 0; i < message.enum_type_count(); ++i) text += EnumText(*message.enum_type(i));
  for (int i = 0; i < message.nested_type_count(); ++i) text += MessageText(*message.nested_type(i));
  return text;
}

std::string MethodText(const Api& api, const MethodDescriptor& method) {
  const Route& route = RouteOf(api, method);
  std::string text = "### " + method.name() + "\n\n";
  text += std::string("`rpc ") + method.name() + "` takes " +
          (method.client_streaming() ? "a stream of " : "") + Link(*method.input_type()) + ", gives " +
          (method.server_streaming() ? "a stream of " : "") + Link(*method.output_type()) + ".\n";
  text += "HTTP: `" + route.verb + " " + route.Template() + "`";
  if (method.client_streaming()) {
    text += ", body: one request a line (application/x-ndjson)";
  } else if (route.body == "*") {
    text += ", body: the request";
  } else if (!route.body.empty()) {
    text += ", body: `" + route.body + "`";
  }
  return text + ".\n\n" + Prose(CommentOf(method), "") + "\n";
}

std::string ServiceText(const Api& api, const ServiceDescriptor& service) {
  std::string text =
      "## " + service.name() + "\n\n`" + service.full_name() + "`\n\n" + Prose(CommentOf(service), "") + "\n";
  for (int i = 0; i < service.method_count(); ++i) text += MethodText(api, *service.method(i));
  return text;
}

std::string Page(const Api& api, const FileDescriptor& file) {
  std::string text =
      std::string(kNotice) + "# " + file.name() + "\n\n" + Prose(FileCommentOf(file), "") + "\n";
  for (int i = 0; i < file.service_count(); ++i) text += ServiceText(api, *file.service(i));
  if (file.message_type_count() > 0) text += "## Messages\n\n";
  for (int i = 0; i < file.message_type_count(); ++i) text += MessageText(*file.message_type(i));
  if (file.enum_type_count() > 0) text += "## Enums\n\n";
  for (int i = 0; i < file.enum_type_count(); ++i) text += EnumText(*file.enum_type(i));
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

std::string Overview(const Api& api) {
  std::string text = std::string(kNotice) +
                     "# API reference\n\n"
                     "gRPC first; each method is also an HTTP path of the server's HTTP door (openapi.json). "
                     "Worked examples: "
                     "[examples.md](examples.md).\n\n"
                     "| method | HTTP |\n|---|---|\n";
  for (const Route& route : api.routes) {
    const MethodDescriptor& method = *route.method;
    text += "| [" + method.service()->name() + "." + method.name() + "](" + PageOf(*method.file()) + "#" +
            Anchor(method.name()) + ") | `" + route.verb + " " + route.Template() + "` |\n";
  }
  text += "\nPages:";
  for (const FileDescriptor* file : api.files) text += " [" + file->name() + "](" + PageOf(*file) + ")";
  return text + "\n";
}

}  // namespace

std::map<std::string, std::string> ReferenceOf(const Api& api) {
  std::map<std::string, std::string> pages;
  pages["README.md"] = Overview(api);
  for (const FileDescriptor* file : api.files) {
    pages[PageOf(*file)] = Page(api, *file);
  }
  return pages;
}

}  // namespace dongxi
