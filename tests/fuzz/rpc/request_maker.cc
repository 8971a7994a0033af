#include "tests/fuzz/rpc/request_maker.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>

#include "engine/text/normalize.h"

namespace dongxi::fuzz {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

constexpr int kDepthMax = 5;
constexpr size_t kTypesMax = 40;

constexpr int64_t kIntegers[] = {0,
                                 1,
                                 2,
                                 3,
                                 10,
                                 -1,
                                 50,
                                 200,
                                 1'000,
                                 1'001,
                                 2'026,
                                 100'000'001,
                                 std::numeric_limits<int32_t>::max(),
                                 std::numeric_limits<int32_t>::min(),
                                 std::numeric_limits<int64_t>::max(),
                                 std::numeric_limits<int64_t>::min()};
constexpr double kReals[] = {0.0,
                             1.0,
                             0.5,
                             -1.0,
                             2.0,
                             1e-9,
                             -0.0,
                             1e8,
                             1e308,
                             5e-324,
                             std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity(),
                             std::numeric_limits<double>::quiet_NaN()};
// Around the bounds of google.protobuf.Timestamp (years 1 to 9999), of int64 microseconds and nanoseconds.
constexpr int64_t kSeconds[] = {0,
                                1'760'000'000,
                                1'790'000'000,
                                -1,
                                -62'135'596'800,
                                -62'135'596'801,
                                253'402'300'799,
                                253'402'300'800,
                                9'223'372'036'854,
                                9'223'372'036'855,
                                std::numeric_limits<int64_t>::max(),
                                std::numeric_limits<int64_t>::min()};
constexpr int32_t kNanos[] = {0, 1, 999'999'999, 1'000'000'000, -1, std::numeric_limits<int32_t>::max()};
// Beyond the limits of lists: 20 pieces of evidence, 200 items of a record, 1,000 names, 2,048 texts.
constexpr int kLongLists[] = {21, 201, 1'001, 2'049};

// The types that `type` is made of, itself first.
std::vector<const Descriptor*> TypesWithin(const Descriptor& type) {
  std::vector<const Descriptor*> types = {&type};
  std::set<const Descriptor*> seen = {&type};
  for (size_t i = 0; i < types.size() && types.size() < kTypesMax; ++i) {
    for (int j = 0; j < types[i]->field_count(); ++j) {
      const Descriptor* const inner = types[i]->field(j)->message_type();
      if (inner != nullptr && inner->field_count() > 0 && seen.insert(inner).second) types.push_back(inner);
    }
  }
  return types;
}

template <typename Values>
auto OneOf(const Values& values, uint8_t pick) {
  return values[pick % std::size(values)];
}

void SetInt(Message* message, const char* name, int64_t value) {
  const FieldDescriptor* const field = message->GetDescriptor()->FindFieldByName(name);
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    message->GetReflection()->SetInt64(message, field, value);
  } else {
    message->GetReflection()->SetInt32(message, field, static_cast<int32_t>(value));
  }
}

}  // namespace

std::unique_ptr<Message> RequestMaker::Make() {
  const Descriptor& type = *method_.input_type();
  std::unique_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type)->New());
  bool overlay = false;
  if (const uint8_t start = bytes_.Take8(); start % 4 == 3) {
    if (const Message* const example = values_.Example(type, start / 4)) {
      request->CopyFrom(*example);
      overlay = true;
    }
  }
  Fill(request.get(), 0, overlay);
  return request;
}

// 0, of bytes that are used up, skips.
bool RequestMaker::Skips(uint8_t wanted, bool overlay) const {
  if (overlay) return wanted % 8 != 7;
  return careful_ ? wanted % 8 < 5 : wanted % 4 == 0;
}

void RequestMaker::Fill(Message* message, int depth, bool overlay) {
  if (FillWellKnown(message)) return;
  const Descriptor& type = *message->GetDescriptor();
  for (int i = 0; i < type.field_count() && !bytes_.empty(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const OneofDescriptor* const oneof = field.real_containing_oneof();
    if (oneof != nullptr && oneof->field(0) != &field) continue;  // decided with the first of them
    const uint8_t wanted = bytes_.Take8();
    if (Skips(wanted, overlay)) continue;
    if (oneof != nullptr) {
      FillOneof(message, *oneof, depth);
    } else {
      FillField(message, field, depth);
    }
  }
}

void RequestMaker::FillOneof(Message* message, const OneofDescriptor& oneof, int depth) {
  const int chosen = bytes_.Take8() % (oneof.field_count() + 1);
  if (chosen == oneof.field_count()) {
    message->GetReflection()->ClearOneof(message, &oneof);
  } else {
    FillField(message, *oneof.field(chosen), depth);
  }
}

void RequestMaker::FillField(Message* message, const Field& field, int depth) {
  if (field.is_repeated()) {
    FillRepeated(message, field, depth);
  } else if (bytes_.Take8() == 0xFF) {
    message->GetReflection()->ClearField(message, &field);
  } else {
    PutValue(message, field, depth);
  }
}

void RequestMaker::FillRepeated(Message* message, const Field& field, int depth) {
  const uint8_t size = bytes_.Take8();
  if (size == 0xFF) message->GetReflection()->ClearField(message, &field);
  const int count = size < 0xF0 || careful_ ? 1 + size % 3 : OneOf(kLongLists, size);
  // Long lists repeat their first values: bytes for so many are not there.
  const int made = std::min(count, 4);
  for (int i = 0; i < made; ++i) PutValue(message, field, depth);
  const Reflection& reflection = *message->GetReflection();
  const auto type = field.cpp_type();
  const int size_now = reflection.FieldSize(*message, &field);
  if (size_now == 0) return;  // too deep, or there are too many values already
  for (int i = made; i < count && --values_left_ > 0; ++i) {
    const int from = i % size_now;
    if (type == FieldDescriptor::CPPTYPE_STRING) {
      const std::string text = reflection.GetRepeatedString(*message, &field, from);
      if (text.size() > text_left_) return;
      text_left_ -= text.size();
      reflection.AddString(message, &field, text);
    } else if (type == FieldDescriptor::CPPTYPE_MESSAGE) {
      const std::unique_ptr<Message> copy(reflection.GetRepeatedMessage(*message, &field, from).New());
      copy->CopyFrom(reflection.GetRepeatedMessage(*message, &field, from));
      if (copy->ByteSizeLong() > text_left_) return;
      text_left_ -= copy->ByteSizeLong();
      reflection.AddMessage(message, &field)->CopyFrom(*copy);
    } else {
      PutValue(message, field, depth);
    }
  }
}

void RequestMaker::PutValue(Message* message, const Field& field, int depth) {
  if (--values_left_ < 0) return;
  const Reflection& reflection = *message->GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    PutMessage(message, field, depth);
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    std::string text = Text(field);
    text.resize(std::min(text.size(), text_left_));
    text_left_ -= text.size();
    field.is_repeated() ? reflection.AddString(message, &field, text)
                        : reflection.SetString(message, &field, text);
  } else {
    PutNumber(message, field);
  }
}

void RequestMaker::PutMessage(Message* message, const Field& field, int depth) {
  if (depth >= kDepthMax) return;
  const Reflection& reflection = *message->GetReflection();
  Message* const inner = field.is_repeated() ? reflection.AddMessage(message, &field)
                                             : reflection.MutableMessage(message, &field);
  bool overlay = false;
  if (const uint8_t start = bytes_.Take8(); start % 3 == 2) {
    if (const Message* const example = values_.Example(*field.message_type(), start / 3)) {
      inner->CopyFrom(*example);
      overlay = true;
    }
  }
  Fill(inner, depth + 1, overlay);
}

void RequestMaker::PutNumber(Message* message, const Field& field) {
  const Reflection& reflection = *message->GetReflection();
  const bool add = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM: {
      const uint8_t pick = bytes_.Take8();
      const auto& type = *field.enum_type();
      // Open enums take any number.
      const int value = pick >= 0xF0 && !careful_ ? static_cast<int>(Integer())
                                                  : type.value(pick % type.value_count())->number();
      return add ? reflection.AddEnumValue(message, &field, value)
                 : reflection.SetEnumValue(message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_BOOL: {
      const bool value = bytes_.Take8() % 2 == 1;
      return add ? reflection.AddBool(message, &field, value) : reflection.SetBool(message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      const auto value = static_cast<int32_t>(Integer());
      return add ? reflection.AddInt32(message, &field, value) : reflection.SetInt32(message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      const int64_t value = Integer();
      return add ? reflection.AddInt64(message, &field, value) : reflection.SetInt64(message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      const auto value = static_cast<uint32_t>(Integer());
      return add ? reflection.AddUInt32(message, &field, value)
                 : reflection.SetUInt32(message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_UINT64: {
      const auto value = static_cast<uint64_t>(Integer());
      return add ? reflection.AddUInt64(message, &field, value)
                 : reflection.SetUInt64(message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const double value = Real();
      return add ? reflection.AddDouble(message, &field, value)
                 : reflection.SetDouble(message, &field, value);
    }
    case FieldDescriptor::CPPTYPE_FLOAT: {
      const auto value = static_cast<float>(Real());
      return add ? reflection.AddFloat(message, &field, value) : reflection.SetFloat(message, &field, value);
    }
    default:
      return;
  }
}

bool RequestMaker::FillWellKnown(Message* message) {
  const std::string& type = message->GetDescriptor()->full_name();
  if (type == "google.protobuf.Timestamp") {
    const uint8_t seconds = bytes_.Take8(), nanos = bytes_.Take8();
    SetInt(message, "seconds", OneOf(kSeconds, careful_ ? seconds % 2 : seconds));
    SetInt(message, "nanos", OneOf(kNanos, careful_ ? nanos % 3 : nanos));
    return true;
  }
  if (type == "google.protobuf.Duration") {
    // Mostly short: calls that wait would take the fuzzer's time.
    const uint8_t pick = bytes_.Take8();
    SetInt(message, "seconds", pick < 0xC0 ? 0 : OneOf(kSeconds, pick));
    SetInt(message, "nanos", pick < 0xC0 ? pick * 100'000 : OneOf(kNanos, pick));
    return true;
  }
  if (type != "google.protobuf.FieldMask") return false;
  const FieldDescriptor* const paths = message->GetDescriptor()->FindFieldByName("paths");
  const int count = 1 + bytes_.Take8() % 4;
  for (int i = 0; i < count; ++i) message->GetReflection()->AddString(message, paths, Path());
  return true;
}

std::string RequestMaker::Path() {
  uint8_t kind = bytes_.Take8();
  if (careful_) kind = 0;
  if (kind % 16 == 15) return values_.AnyText(bytes_.Take16());
  if (kind % 16 == 14) return "*";
  const std::vector<const Descriptor*> types = TypesWithin(*method_.output_type());
  // The response itself, as Get returns it, or what a list is of.
  const Descriptor* type =
      types[bytes_.Take8() % (careful_ ? std::min<size_t>(2, types.size()) : types.size())];
  std::string path;
  for (int depth = 0; depth <= kind % 3 && type != nullptr && type->field_count() > 0; ++depth) {
    const FieldDescriptor& field = *type->field(bytes_.Take8() % type->field_count());
    path += (path.empty() ? "" : ".") + field.name();
    type = field.message_type();
  }
  return path;
}

std::string RequestMaker::Text(const Field& field) {
  const uint8_t kind = bytes_.Take8();
  if (careful_) return values_.TextFor(field, bytes_.Take16());
  switch (kind % 16) {
    case 9:
    case 10:
      return values_.AnyText(bytes_.Take16());
    case 11: {  // nearly right
      std::string text = values_.TextFor(field, bytes_.Take16());
      const size_t at = text.empty() ? 0 : bytes_.Take8() % text.size();
      const uint8_t change = bytes_.Take8();
      if (change % 2 == 0) {
        text.resize(at);
      } else if (at < text.size()) {
        text[at] = static_cast<char>(change & 0x7F);
      }
      return IsValidUtf8(text) ? text : FreeText();
    }
    case 12: {
      constexpr std::string_view kJoints[] = {" AND ", " OR ", " ", ",", "/", "\n", "(", "。"};
      const std::string first = values_.TextFor(field, bytes_.Take16());
      const std::string joint(OneOf(kJoints, bytes_.Take8()));
      return first + joint + values_.TextFor(field, bytes_.Take16());
    }
    case 13:
      return kind < 0x80 ? FreeText() : LongText(values_.TextFor(field, bytes_.Take16()));
    case 14:
      return FreeText();
    case 15:  // not UTF-8, or nothing
      return kind < 0x40 ? std::string(bytes_.Take(bytes_.Take8() % 32)) : std::string();
    default:
      return values_.TextFor(field, bytes_.Take16());
  }
}

std::string RequestMaker::FreeText() {
  std::u32string text;
  for (const char c : bytes_.Take(bytes_.Take8() % 96)) {
    const auto byte = static_cast<uint8_t>(c);
    // ASCII as it is, then Han characters, and some that change under normalisation or are none at all.
    constexpr char32_t kOdd[] = {0x0301, 0x200B, 0xFEFF, 0xFF21, 0x3000, 0x1F999, 0x10FFFF, 0x2028};
    text += byte < 0x80 ? char32_t{byte} : byte < 0xF8 ? char32_t{0x4E00u + byte * 37u} : OneOf(kOdd, byte);
  }
  return EncodeUtf8(text);
}

std::string RequestMaker::LongText(const std::string& text) {
  // Around the limits of 128, 500, 4,000 and 100,000.
  constexpr size_t kSizes[] = {129, 501, 2'001, 4'001, 12'003, 100'001, 300'003};
  const size_t size = OneOf(kSizes, bytes_.Take8());
  std::string longer = text.empty() ? "盐湖" : text;
  while (longer.size() < size) longer += longer;
  while (longer.size() > size) longer.resize(size);
  while (!IsValidUtf8(longer)) longer.pop_back();
  return longer;
}

int64_t RequestMaker::Integer() {
  const uint8_t pick = bytes_.Take8();
  if (careful_) return pick % 8;
  if (pick < 0x80) return OneOf(kIntegers, pick);
  if (pick < 0xF0) return pick & 0x0F;
  return std::bit_cast<int64_t>(bytes_.Take64());
}

double RequestMaker::Real() {
  const uint8_t pick = bytes_.Take8();
  if (careful_) return pick / 255.0;
  if (pick < 0x80) return OneOf(kReals, pick);
  if (pick < 0xF0) return (pick & 0x7F) / 112.0;
  return std::bit_cast<double>(bytes_.Take64());
}

}  // namespace dongxi::fuzz
