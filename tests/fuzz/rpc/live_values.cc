#include "tests/fuzz/rpc/live_values.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iterator>

#include "tests/fuzz/rpc/live_values_known.h"

namespace dongxi::fuzz {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kTextsMax = 64;     // of one field
constexpr size_t kMessagesMax = 12;  // of one type
constexpr size_t kTextBytesMax = 4'096;
constexpr size_t kMessageBytesMax = 16'384;
constexpr int kNodesMax = 300;  // messages of one answer that are read
constexpr int kDepthMax = 8;
constexpr int kRepeatedMax = 8;
// Collections are known by the beginning of their names: needs and GetNeedRequest have "need".
constexpr size_t kStemBytes = 4;

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// "needs" of "needs/n-1"; empty if the text is no resource name.
std::string CollectionIn(const std::string& text) {
  const size_t slash = text.find('/');
  if (slash == std::string::npos || slash < kStemBytes || slash + 1 == text.size()) return "";
  const bool letters = std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(slash),
                                   [](char c) { return c >= 'a' && c <= 'z'; });
  return letters ? text.substr(0, slash) : "";
}

// Whether a pool holds the names of a collection that a field is about, by its own name or its message's.
bool IsAbout(const FieldDescriptor& field, const std::string& collection, const std::string& name) {
  if (collection.size() < kStemBytes || !name.starts_with(collection + "/")) return false;
  const std::string stem = collection.substr(0, kStemBytes);
  if (field.name().find(stem) != std::string::npos) return true;
  return field.name().starts_with("name") &&
         Lower(field.containing_type()->name()).find(stem) != std::string::npos;
}

}  // namespace

LiveValues::LiveValues() { AddKnownValues(this); }

void LiveValues::Add(const std::string& field, const std::string& text) {
  std::deque<std::string>& texts = kept().texts[field];
  if (std::ranges::find(texts, text) != texts.end()) return;
  texts.push_back(text);
  if (texts.size() > kTextsMax) texts.pop_front();
}

void LiveValues::LearnText(const std::string& field, const std::string& text) {
  if (text.empty() || text.size() > kTextBytesMax) return;
  Add(field, text);
  if (const std::string collection = CollectionIn(text); !collection.empty()) Add(collection, text);
}

void LiveValues::Learn(const Message& message) {
  int nodes_left = kNodesMax;
  LearnWithin(message, 0, &nodes_left);
}

void LiveValues::LearnWithin(const Message& message, int depth, int* nodes_left) {
  if (depth > kDepthMax || --*nodes_left < 0) return;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    const bool repeated = field->is_repeated();
    const int count = repeated ? std::min(reflection.FieldSize(message, field), kRepeatedMax) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->type() == FieldDescriptor::TYPE_STRING) {
        LearnText(field->name(), repeated ? reflection.GetRepeatedString(message, field, i)
                                          : reflection.GetString(message, field));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        LearnWithin(repeated ? reflection.GetRepeatedMessage(message, field, i)
                             : reflection.GetMessage(message, field),
                    depth + 1, nodes_left);
      }
    }
  }
  if (fields.empty() || message.ByteSizeLong() > kMessageBytesMax) return;
  auto& messages = kept().messages[message.GetDescriptor()->full_name()];
  messages.emplace_back(message.New())->CopyFrom(message);
  if (messages.size() > kMessagesMax) messages.pop_front();
}

void LiveValues::StartSequence() {
  in_sequence_ = true;
  recent_ = {};
}

std::string LiveValues::TextFor(const FieldDescriptor& field, uint16_t pick) const {
  const std::vector<std::string> same = FieldsLike(field.name());
  // Newest first: a page token, an etag or an operation is mostly that of the call before.
  std::vector<const std::deque<std::string>*> pools;
  for (const Kept* const part : {&recent_, &lasting_}) {
    for (const auto& [name, texts] : part->texts) {
      if (std::ranges::find(same, name) != same.end() || IsAbout(field, name, texts.back()))
        pools.push_back(&texts);
    }
  }
  if (pools.empty()) return "";
  const std::deque<std::string>& texts = *pools[pick % pools.size()];
  return texts[texts.size() - 1 - (pick / pools.size()) % texts.size()];
}

std::string LiveValues::AnyText(uint16_t pick) const {
  const Texts& from = pick % 2 == 0 && !recent_.texts.empty() ? recent_.texts : lasting_.texts;
  const std::deque<std::string>& texts =
      std::next(from.begin(), static_cast<std::ptrdiff_t>(pick / 2 % from.size()))->second;
  return texts[pick / 2 / from.size() % texts.size()];
}

std::string LiveValues::NewestText(const std::string& pool) const {
  for (const Kept* const part : {&recent_, &lasting_}) {
    const auto found = part->texts.find(pool);
    if (found != part->texts.end()) return found->second.back();
  }
  return "";
}

const Message* LiveValues::Example(const Descriptor& type, uint8_t pick) const {
  for (const Kept* const part : {&recent_, &lasting_}) {
    const auto found = part->messages.find(type.full_name());
    if (found == part->messages.end()) continue;
    // The lasting ones get their turn beside recent ones.
    if (part == &recent_ && pick % 4 == 3) continue;
    return found->second[found->second.size() - 1 - pick / 4 % found->second.size()].get();
  }
  return nullptr;
}

}  // namespace dongxi::fuzz
