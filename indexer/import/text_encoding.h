// The encodings in which Chinese spreadsheets are saved as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace dongxi {

enum class TextEncoding { kUtf8, kUtf16Le, kUtf16Be, kGb18030 };

// "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", and back (also gbk, gb2312, utf8, utf16; case ignored).
std::string_view NameOf(TextEncoding encoding);
std::optional<TextEncoding> EncodingOf(std::string_view name);

// Text as UTF-8 without a byte order mark.
struct DecodedText {
  std::string_view text;  // points into the input or into `storage`: move the struct only before taking views
  std::string storage;
  TextEncoding encoding = TextEncoding::kUtf8;
};

inline constexpr size_t kConvertedBytesMax = size_t{256} << 20;

// A byte order mark wins, then `forced`, then valid UTF-8, then GB18030. Nothing is replaced: text that is not wholly
// valid is an error that names the line. Text other than UTF-8 larger than kConvertedBytesMax is refused, because it is
// converted in memory.
absl::StatusOr<DecodedText> DecodeText(std::string_view bytes, std::optional<TextEncoding> forced = std::nullopt);

}  // namespace dongxi
