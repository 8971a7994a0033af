#include "server/record_message.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"
#include "server/grpc_status.h"
#include "server/record_check.h"

namespace dongxi {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::string_view kOutputOnly[] = {"etag",        "create_time", "update_time", "tenant",
                                            "delete_time", "expire_time", "warnings"};

bool IsOutputOnly(const std::string& field) {
  return std::find(std::begin(kOutputOnly), std::end(kOutputOnly), field) != std::end(kOutputOnly);
}

// What the API calls a field of the record.
std::string ApiFieldOf(RecordKind kind, FieldId field) {
  const bool has_statement = kind == RecordKind::kInstitution || kind == RecordKind::kExpert;
  switch (field) {
    case FieldId::kId:
      return "name";
    case FieldId::kTitle:
      return has_statement ? "display_name" : "title";
    case FieldId::kText:
      if (kind == RecordKind::kNeed) return "description";
      return has_statement ? "statement" : "abstract";
    case FieldId::kRegion:
      return "region_code";
    default:
      break;
  }
  for (const FieldSpec& spec : FieldsOf(kind)) {
    if (spec.id == field) return std::string(spec.json);
  }
  return "name";
}

void CopyField(const FieldDescriptor& field, const Message& from, Message* to) {
  to->GetReflection()->ClearField(to, &field);
  const std::unique_ptr<Message> only(from.New());
  only->CopyFrom(from);
  const Descriptor& type = *from.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i) != &field) only->GetReflection()->ClearField(only.get(), type.field(i));
  }
  to->MergeFrom(*only);
}

}  // namespace

Message* InnerOf(pb::Record* record) {
  std::vector<const FieldDescriptor*> set;
  record->GetReflection()->ListFields(*record, &set);
  return set.empty() ? nullptr : record->GetReflection()->MutableMessage(record, set[0]);
}

std::string NameIn(const Message& inner) {
  return inner.GetReflection()->GetString(inner, inner.GetDescriptor()->FindFieldByName("name"));
}

void ClearOutputOnly(Message* inner) {
  for (const std::string_view name : kOutputOnly) {
    const FieldDescriptor* field = inner->GetDescriptor()->FindFieldByName(std::string(name));
    if (field != nullptr) inner->GetReflection()->ClearField(inner, field);
  }
}

absl::Status MergeFields(const google::protobuf::FieldMask& mask, const Message& update, Message* inner) {
  const Descriptor& type = *inner->GetDescriptor();
  std::vector<const FieldDescriptor*> fields;
  if (mask.paths().empty()) update.GetReflection()->ListFields(update, &fields);
  for (const std::string& path : mask.paths()) {
    if (path == "*") {
      for (int i = 0; i < type.field_count(); ++i) fields.push_back(type.field(i));
      continue;
    }
    const FieldDescriptor* field = type.FindFieldByName(path);
    if (field == nullptr) {
      return WithReason(FieldError("update_mask", "unknown field '" + CutCharacters(path, 80) + "' of " +
                                                      type.name() + "; name fields of the message, or '*'"),
                        "UPDATE_MASK_INVALID");
    }
    fields.push_back(field);
  }
  for (const FieldDescriptor* field : fields) {
    if (!IsOutputOnly(field->name()) && field->name() != "name") CopyField(*field, update, inner);
  }
  return absl::OkStatus();
}

absl::StatusOr<Record> DecodeRecord(const pb::Record& message, const ImportVocabulary& vocabulary,
                                    const std::string& field) {
  absl::StatusOr<Record> record = FromProto(message);
  if (!record.ok()) {
    const std::string text(record.status().message());  // "owners[0]: found …", see store/record_codec.h
    return WithField(absl::InvalidArgumentError(field + "." + text),
                     field + "." + text.substr(0, text.find(':')));
  }
  for (const FieldProblem& problem : CheckRecord(*record, vocabulary)) {
    return FieldError(field + "." + ApiFieldOf(record->kind, problem.field),
                      "found " + problem.found + ", expected " + problem.expected + "; " + problem.remedy);
  }
  return record;
}

}  // namespace dongxi
