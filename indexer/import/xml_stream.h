// XML as events, in chunks. Prefixes of names are dropped ("x:row" is "row"), because producers choose their
// own; a document type is refused, so there are no entities to expand. No other file includes expat. Not
// thread-safe.
#pragma once

#include <memory>
#include <string_view>

#include "absl/status/status.h"

namespace dongxi {

class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  // The value, or "" if there is none; lives as long as the event.
  std::string_view Get(std::string_view local_name) const;

 private:
  const char** pairs_;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  // An error ends the parsing. Must not throw.
  virtual absl::Status Start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual absl::Status End(std::string_view name) = 0;
  virtual void Text(std::string_view text) = 0;  // may come in pieces
};

class XmlStream {
 public:
  // `handler` must outlive the stream.
  explicit XmlStream(XmlHandler& handler);
  ~XmlStream();
  XmlStream(const XmlStream&) = delete;
  XmlStream& operator=(const XmlStream&) = delete;

  // The handler's error, or a complaint (complaint.h) if the bytes are no XML.
  absl::Status Feed(std::string_view bytes);
  absl::Status Finish();

  struct State;

 private:
  absl::Status Parse(std::string_view bytes, bool is_last);
  std::unique_ptr<State> state_;
};

}  // namespace dongxi
