#include "server/decoded_size.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/message.h"
#include "google/protobuf/wire_format_lite.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr size_t kPiece = 16;  // what the allocator adds
constexpr size_t kGrowth = 2;  // lists double as they grow
constexpr size_t kPointer = kGrowth * sizeof(void*);
constexpr size_t kListHead = sizeof(void*);  // of a list of numbers, counted with each that stands alone
constexpr size_t kMapNode = 128;
// What the message has no field for is kept all the same.
constexpr size_t kUnknown = kGrowth * 2 * sizeof(void*);
constexpr size_t kUnlinked = 512;
constexpr size_t kShortText = 15;  // has its place within its std::string

// Of an empty one.
size_t SizeOf(const Descriptor& type) {
  thread_local absl::flat_hash_map<const Descriptor*, size_t> sizes;
  const auto [found, added] = sizes.try_emplace(&type, kUnlinked);
  if (added) {
    const Message* const prototype =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
    if (prototype != nullptr) found->second = prototype->SpaceUsedLong() + kPiece;
  }
  return found->second;
}

// Of an element of a list of numbers.
size_t SizeOfNumber(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return kGrowth;
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_ENUM:
      return kGrowth * sizeof(uint32_t);
    default:
      return kGrowth * sizeof(uint64_t);
  }
}

WireFormatLite::WireType WireTypeOf(const FieldDescriptor& field) {
  return WireFormatLite::WireTypeForFieldType(static_cast<WireFormatLite::FieldType>(field.type()));
}

// Most numbers that `length` bytes of a packed list can hold.
size_t NumbersIn(const FieldDescriptor& field, size_t length) {
  switch (WireTypeOf(field)) {
    case WireFormatLite::WIRETYPE_FIXED32:
      return length / sizeof(uint32_t);
    case WireFormatLite::WIRETYPE_FIXED64:
      return length / sizeof(uint64_t);
    default:
      return length;
  }
}

size_t SizeOfText(size_t length) {
  return kPointer + sizeof(std::string) + kPiece + (length > kShortText ? length + kPiece : 0);
}

class Walk {
 public:
  enum class Outcome { kWhole, kNoMessage, kTooLarge, kTooMany };

  Walk(CodedInputStream* bytes, size_t bytes_max) : bytes_(*bytes), bytes_max_(bytes_max) {}

  // Up to the end of the message; of an unknown group (`type` is null) up to its end, a tag.
  Outcome Read(const Descriptor* type, uint32_t end_tag = 0) {
    size_t paths = 0;
    absl::flat_hash_map<int, size_t> enums;  // by the field's number
    while (true) {
      const uint32_t tag = bytes_.ReadTag();
      if (tag == 0)
        return end_tag == 0 && bytes_.ConsumedEntireMessage() ? Outcome::kWhole : Outcome::kNoMessage;
      if (tag == end_tag) return Outcome::kWhole;
      const int number = WireFormatLite::GetTagFieldNumber(tag);
      const FieldDescriptor* const field = type == nullptr ? nullptr : type->FindFieldByNumber(number);
      if (IsMaskPath(field) && ++paths > kMaskPathsMax) return TooMany(*field);
      const Outcome outcome = ReadField(field, tag);
      if (outcome == Outcome::kWhole && IsEnumList(field) && (enums[number] += read_) > kEnumsMax)
        return TooMany(*field);
      if (outcome == Outcome::kWhole) continue;
      if ((outcome == Outcome::kTooLarge || outcome == Outcome::kTooMany) && field != nullptr)
        path_ = path_.empty() ? field->name() : absl::StrCat(field->name(), ".", path_);
      return outcome;
    }
  }

  size_t size() const { return size_; }
  size_t unknown() const { return unknown_; }
  // "event.pairs": where it became too much.
  const std::string& path() const { return path_; }

 private:
  static bool IsMaskPath(const FieldDescriptor* field) {
    return field != nullptr && field->containing_type()->full_name() == "google.protobuf.FieldMask";
  }
  static bool IsEnumList(const FieldDescriptor* field) {
    return field != nullptr && field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM;
  }
  Outcome TooMany(const FieldDescriptor& field) {
    path_ = field.name();
    return Outcome::kTooMany;
  }

  Outcome Add(size_t bytes) {
    size_ += bytes;
    return size_ > bytes_max_ ? Outcome::kTooLarge : Outcome::kWhole;
  }
  Outcome AddIf(bool read, size_t bytes) { return read ? Add(bytes) : Outcome::kNoMessage; }

  Outcome ReadField(const FieldDescriptor* field, uint32_t tag) {
    const WireFormatLite::WireType wire_type = WireFormatLite::GetTagWireType(tag);
    read_ = 1;
    const bool fits = field != nullptr && WireTypeOf(*field) == wire_type;
    constexpr size_t kNumberBytes = 10;
    if (field == nullptr && (unknown_ += kNumberBytes) > kUnknownBytesMax) return Outcome::kTooMany;
    // A single number has its place in the message.
    const size_t number = !fits ? kUnknown : field->is_repeated() ? SizeOfNumber(*field) + kListHead : 0;
    uint64_t varint = 0;
    switch (wire_type) {
      case WireFormatLite::WIRETYPE_VARINT:
        return AddIf(bytes_.ReadVarint64(&varint), number);
      case WireFormatLite::WIRETYPE_FIXED64:
        return AddIf(bytes_.Skip(sizeof(uint64_t)), number);
      case WireFormatLite::WIRETYPE_FIXED32:
        return AddIf(bytes_.Skip(sizeof(uint32_t)), number);
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        return ReadDelimited(field, fits);
      case WireFormatLite::WIRETYPE_START_GROUP:
        return ReadGroup(WireFormatLite::GetTagFieldNumber(tag));
      default:
        return Outcome::kNoMessage;
    }
  }

  Outcome ReadDelimited(const FieldDescriptor* field, bool fits) {
    int length = 0;
    if (!bytes_.ReadVarintSizeAsInt(&length)) return Outcome::kNoMessage;
    if (fits && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) return ReadMessage(*field, length);
    const auto size = static_cast<size_t>(length);
    if (field == nullptr && (unknown_ += size) > kUnknownBytesMax) return Outcome::kTooMany;
    // A number has a byte at least.
    if (field != nullptr && field->is_packable()) {
      read_ = size;
      return AddIf(bytes_.Skip(length), kPointer + SizeOfNumber(*field) * NumbersIn(*field, size));
    }
    return AddIf(bytes_.Skip(length), (fits ? 0 : kUnknown) + SizeOfText(size));
  }

  Outcome ReadMessage(const FieldDescriptor& field, int length) {
    const Descriptor& type = *field.message_type();
    const size_t own = field.is_map() ? kMapNode : kPointer + SizeOf(type);
    if (const Outcome outcome = Add(own); outcome != Outcome::kWhole) return outcome;
    const auto [limit, depth_left] = bytes_.IncrementRecursionDepthAndPushLimit(length);
    if (depth_left < 0) return Outcome::kNoMessage;
    const Outcome outcome = Read(&type);
    const bool whole = bytes_.DecrementRecursionDepthAndPopLimit(limit);
    return outcome != Outcome::kWhole || whole ? outcome : Outcome::kNoMessage;
  }

  // No message of ours has groups.
  Outcome ReadGroup(int number) {
    if (const Outcome outcome = Add(kUnknown + kPointer + kPiece); outcome != Outcome::kWhole) return outcome;
    if (!bytes_.IncrementRecursionDepth()) return Outcome::kNoMessage;
    const Outcome outcome =
        Read(nullptr, WireFormatLite::MakeTag(number, WireFormatLite::WIRETYPE_END_GROUP));
    bytes_.DecrementRecursionDepth();
    return outcome;
  }

  CodedInputStream& bytes_;
  const size_t bytes_max_;
  size_t size_ = 0;
  size_t read_ = 0;     // numbers of the field that was read last, at most
  size_t unknown_ = 0;  // bytes
  std::string path_;
};

}  // namespace

absl::StatusOr<size_t> DecodedSize(const Descriptor& type, google::protobuf::io::ZeroCopyInputStream& bytes,
                                   size_t bytes_max) {
  CodedInputStream stream(&bytes);
  Walk walk(&stream, bytes_max);
  switch (walk.Read(&type)) {
    case Walk::Outcome::kWhole:
      return walk.size();
    case Walk::Outcome::kNoMessage:
      return absl::InvalidArgumentError("the request is no message of the type " + type.full_name());
    case Walk::Outcome::kTooMany:
      if (walk.unknown() > kUnknownBytesMax) {
        return WithReason(absl::InvalidArgumentError(absl::StrCat(
                              "more than ", kUnknownBytesMax >> 10,
                              " KiB are of fields that this server does not know; leave them out")),
                          "REQUEST_TOO_LARGE");
      }
      return WithReason(FieldError(walk.path(), absl::StrCat("names more than ", kMaskPathsMax,
                                                             " fields or values; name each once")),
                        "REQUEST_TOO_LARGE");
    case Walk::Outcome::kTooLarge:
      break;
  }
  const std::string message = absl::StrCat("with these parts the request takes more than ", bytes_max >> 20,
                                           " MiB of memory, which no request may; send it in pieces");
  // Fields that the message does not have bear no name.
  return WithReason(
      walk.path().empty() ? absl::InvalidArgumentError(message) : FieldError(walk.path(), message),
      "REQUEST_TOO_LARGE");
}

}  // namespace dongxi
