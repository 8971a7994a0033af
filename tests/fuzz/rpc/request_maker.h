// Bytes to the request of a method, by its descriptor: whatever fields it has, now or later. The same bytes
// with the same live values give the same request. One thread at a time.
#pragma once

#include <memory>
#include <string>

#include "google/protobuf/message.h"
#include "tests/fuzz/rpc/byte_source.h"
#include "tests/fuzz/rpc/live_values.h"
#include "tests/fuzz/rpc/rpc_methods.h"

namespace dongxi::fuzz {

class RequestMaker {
 public:
  // All outlive the object. `careful`: few fields, and values that may well be right, so that many requests
  // get past the checks; otherwise everything.
  RequestMaker(const LiveValues* values, const Method* method, ByteSource* bytes, bool careful)
      : values_(*values), method_(*method), bytes_(*bytes), careful_(careful) {}

  // A request: made anew, or one that was sent before with a few changes. At most about 1.5 MB, so that what
  // the server refuses is not its size alone. No bytes at all: an empty request.
  std::unique_ptr<google::protobuf::Message> Make();

 private:
  using Field = google::protobuf::FieldDescriptor;
  using Message = google::protobuf::Message;

  void Fill(Message* message, int depth, bool overlay);
  void FillOneof(Message* message, const google::protobuf::OneofDescriptor& oneof, int depth);
  void FillField(Message* message, const Field& field, int depth);
  void FillRepeated(Message* message, const Field& field, int depth);
  // Adds an element or sets the one value.
  void PutValue(Message* message, const Field& field, int depth);
  void PutNumber(Message* message, const Field& field);
  void PutMessage(Message* message, const Field& field, int depth);
  // Timestamp, Duration and FieldMask have meanings that their fields do not show; false: it is none of them.
  bool FillWellKnown(Message* message);
  bool Skips(uint8_t wanted, bool overlay) const;

  std::string Text(const Field& field);
  std::string FreeText();
  std::string LongText(const std::string& text);
  std::string Path();
  int64_t Integer();
  double Real();

  const LiveValues& values_;
  const Method& method_;
  ByteSource& bytes_;
  const bool careful_;
  size_t text_left_ = size_t{3} << 19;  // bytes of texts
  int values_left_ = 6'000;
};

}  // namespace dongxi::fuzz
