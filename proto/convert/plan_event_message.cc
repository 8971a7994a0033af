// Events: each list of the message is a sheet, each field a column of the same name, so both are walked by
// reflection.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <utility>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "proto/convert/plan_message.h"

namespace dongxi {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr char kListMark[] = "、";
constexpr char kYes[] = "是";
constexpr std::string_view kSettings = "settings";

// Words of the tables and of the enums, in lower case. DecodeEvent reads both.
constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"需求方", "NEED"},    {"供给方", "OFFER"},     {"会谈", "MEETING"}, {"休息", "BREAK"},
    {"冷却", "COOL_DOWN"}, {"延续", "EXTEND"},      {"必见", "MUST"},    {"想见", "WANT"},
    {"不见", "NO"},        {"组织方", "ORGANISER"}, {"地区", "REGION"},  {"单位", "INSTITUTION"},
};
// Rows of the settings and fields of PlanSettings.
constexpr std::pair<std::string_view, const char*> kSettingRows[] = {
    {"活动名称", "title"},
    {"地点", "venue"},
    {"公平让利上限", "fair_share_max"},
    {"每方最多会谈", "max_meetings"},
    {"照顾方保底", "protected_floor"},
    {"最受欢迎方上限", "most_wanted_max"},
    {"时区", "utc_offset"},
};

std::string NumberText(double value) {
  char text[40];
  return {text, std::to_chars(text, text + sizeof(text), value).ptr};
}

std::string EnumText(const Message& row, const FieldDescriptor& field) {
  const int number = row.GetReflection()->GetEnumValue(row, &field);
  if (number == 0) return "";
  const auto* const value = field.enum_type()->FindValueByNumber(number);
  std::string text = value == nullptr ? std::to_string(number) : value->name();
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string ValueText(const Message& row, const FieldDescriptor& field) {
  const Reflection& reflection = *row.GetReflection();
  if (field.is_repeated()) {
    std::string text;
    for (int i = 0; i < reflection.FieldSize(row, &field); ++i)
      text += (i == 0 ? "" : kListMark) + reflection.GetRepeatedString(row, &field, i);
    return text;
  }
  if (field.has_presence() && !reflection.HasField(row, &field)) return "";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.GetString(row, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(row, &field) ? kYes : "";
    case FieldDescriptor::CPPTYPE_INT32: {
      const int value = reflection.GetInt32(row, &field);
      return value == 0 && !field.has_presence() ? "" : std::to_string(value);
    }
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return NumberText(reflection.GetDouble(row, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumText(row, field);
    default:
      std::abort();  // plan.proto has no other type of column; plan_message_test walks them all
  }
}

void SetEnum(std::string_view text, const FieldDescriptor& field, Message* row) {
  for (const auto& [word, name] : kWords) {
    if (word != text) continue;
    if (const auto* const value = field.enum_type()->FindValueByName(std::string(name)))
      row->GetReflection()->SetEnum(row, &field, value);
  }
}

void AddItems(std::string_view text, const FieldDescriptor& field, Message* row) {
  while (!text.empty()) {
    const size_t mark = text.find(kListMark);
    const std::string_view item = text.substr(0, mark);
    row->GetReflection()->AddString(row, &field, item == "无" ? "none" : std::string(item));
    text.remove_prefix(mark == std::string_view::npos ? text.size() : mark + sizeof(kListMark) - 1);
  }
}

// What EncodeEvent wrote, so numbers are well-formed.
void SetValue(const std::string& text, const FieldDescriptor& field, Message* row) {
  const Reflection& reflection = *row->GetReflection();
  if (text.empty()) return;
  if (field.is_repeated()) return AddItems(text, field, row);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection.SetString(row, &field, text);
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection.SetBool(row, &field, text == kYes);
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(row, &field, std::atoi(text.c_str()));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.SetDouble(row, &field, std::strtod(text.c_str(), nullptr));
    case FieldDescriptor::CPPTYPE_ENUM:
      return SetEnum(text, field, row);
    default:
      std::abort();
  }
}

plan::EventRow RowOf(const Message& message, std::string_view sheet, size_t index) {
  plan::EventRow row{.place = {std::string(sheet), index + 1}};
  const auto& descriptor = *message.GetDescriptor();
  for (int f = 0; f < descriptor.field_count(); ++f) {
    std::string text = ValueText(message, *descriptor.field(f));
    if (!text.empty()) row.values[descriptor.field(f)->name()] = std::move(text);
  }
  return row;
}

void AddSettings(const v1::PlanSettings& settings, std::vector<plan::EventRow>* rows) {
  for (const auto& [key, field] : kSettingRows) {
    std::string text = ValueText(settings, *settings.GetDescriptor()->FindFieldByName(field));
    if (text.empty()) continue;
    rows->push_back({{std::string(plan::SheetOf(kSettings).name), rows->size() + 1},
                     {{"key", std::string(key)}, {"value", std::move(text)}}});
  }
}

}  // namespace

plan::EventTables TablesOf(const v1::PlanEvent& event) {
  plan::EventTables tables;
  const Reflection& reflection = *event.GetReflection();
  for (const plan::SheetSpec& sheet : plan::Sheets()) {
    std::vector<plan::EventRow>& rows = tables[std::string(sheet.key)];
    if (sheet.key == kSettings) {
      AddSettings(event.settings(), &rows);
      continue;
    }
    const FieldDescriptor& list = *event.GetDescriptor()->FindFieldByName(std::string(sheet.key));
    for (int i = 0; i < reflection.FieldSize(event, &list); ++i)
      rows.push_back(
          RowOf(reflection.GetRepeatedMessage(event, &list, i), sheet.name, static_cast<size_t>(i)));
  }
  return tables;
}

v1::PlanEvent EventMessageOf(const plan::Event& event) {
  v1::PlanEvent message;
  const Reflection& reflection = *message.GetReflection();
  for (const auto& [key, rows] : plan::EncodeEvent(event)) {
    const FieldDescriptor& list = *message.GetDescriptor()->FindFieldByName(key);
    for (const plan::EventRow& row : rows) {
      if (key == kSettings) {
        for (const auto& [name, field] : kSettingRows) {
          if (row.values.find("key")->second != name) continue;
          SetValue(row.values.find("value")->second, *v1::PlanSettings::descriptor()->FindFieldByName(field),
                   message.mutable_settings());
        }
        continue;
      }
      Message* const item = reflection.AddMessage(&message, &list);
      for (const auto& [name, text] : row.values)
        SetValue(text, *item->GetDescriptor()->FindFieldByName(name), item);
    }
  }
  return message;
}

std::string FieldOfProblem(const plan::Problem& problem) {
  for (const plan::SheetSpec& sheet : plan::Sheets()) {
    if (sheet.name != problem.place.sheet) continue;
    std::string path(sheet.key);
    if (sheet.key == kSettings || problem.place.row == 0) return path;
    path += "[" + std::to_string(problem.place.row - 1) + "]";
    for (const plan::FieldSpec& field : sheet.fields) {
      if (field.header == problem.field) return path + "." + std::string(field.key);
    }
    return path;
  }
  return "event";
}

}  // namespace dongxi
