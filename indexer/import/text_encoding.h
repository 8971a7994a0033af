// The encodings in which Chinese spreadsheets are saved as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace dongxi {

enum class TextEncoding { kUtf8, kUtf16Le, kUtf16Be, kGb18030 };

// "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", and back (also gbk, gb2312, utf8, utf16; case ignored).
std::string_view NameOf(TextEncoding encoding);
std::optional<TextEncoding> EncodingOf(std::string_view name);

// Text as UTF-8 without a byte order mark: a view of the input, or converted.
class DecodedText {
 public:
  DecodedText(std::string_view borrowed, TextEncoding encoding) : borrowed_(borrowed), encoding_(encoding) {}
  DecodedText(std::string owned, TextEncoding encoding) : owned_(std::move(owned)), encoding_(encoding) {}
  // Lives as long as this object, and as long as the input if nothing was converted.
  std::string_view text() const { return owned_ ? std::string_view(*owned_) : borrowed_; }
  TextEncoding encoding() const { return encoding_; }

 private:
  std::string_view borrowed_;
  std::optional<std::string> owned_;
  TextEncoding encoding_;
};

inline constexpr size_t kConvertedBytesMax = size_t{256} << 20;

// A byte order mark wins, then `forced`, then valid UTF-8, then GB18030. Nothing is replaced: text that is
// not wholly valid is an error that names the line. Text other than UTF-8 larger than kConvertedBytesMax is
// refused, because it is converted in memory.
absl::StatusOr<DecodedText> DecodeText(std::string_view bytes,
                                       std::optional<TextEncoding> forced = std::nullopt);

}  // namespace dongxi
