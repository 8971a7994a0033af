// What requests are made of: texts and whole messages that stand in the served catalogue or came with earlier
// calls, beside values that are known to matter (filters, codes, dates). One thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace dongxi::fuzz {

class LiveValues {
 public:
  // Begins with the known values; see live_values_known.cc.
  LiveValues();

  // A text of the fields of that name.
  void Add(const std::string& field, const std::string& text);
  // All texts and messages within `message`, the message itself as well. Texts are kept by the name of their
  // field, resource names also by their collection. Of long lists only the beginning is read.
  void Learn(const google::protobuf::Message& message);
  // What is learnt from here on is forgotten at the next call of this: an input shall not depend on the one
  // before. What was learnt before the first call stays.
  void StartSequence();

  // A text that may stand in `field`: of fields of the same meaning, or a name of the collection that the
  // field or its message is about. Every `pick` gives one; empty if nothing is known.
  std::string TextFor(const google::protobuf::FieldDescriptor& field, uint16_t pick) const;
  // Any text.
  std::string AnyText(uint16_t pick) const;
  // The newest text of that field or collection ("match_id", "operations"); empty if there is none.
  std::string NewestText(const std::string& pool) const;
  // A message of that type which was learnt; null if none was. Valid until the next change.
  const google::protobuf::Message* Example(const google::protobuf::Descriptor& type, uint8_t pick) const;

 private:
  using Texts = std::map<std::string, std::deque<std::string>>;
  using Messages = std::map<std::string, std::deque<std::unique_ptr<google::protobuf::Message>>>;
  struct Kept {
    Texts texts;        // by field or collection
    Messages messages;  // by full name of the type
  };

  Kept& kept() { return in_sequence_ ? recent_ : lasting_; }
  void LearnText(const std::string& field, const std::string& text);
  void LearnWithin(const google::protobuf::Message& message, int depth, int* nodes_left);

  bool in_sequence_ = false;
  Kept lasting_, recent_;
};

}  // namespace dongxi::fuzz
