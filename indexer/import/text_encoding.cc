#include "indexer/import/text_encoding.h"

#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <array>
#include <memory>

#include "engine/text/normalize.h"
#include "indexer/import/complaint.h"

namespace dongxi {
namespace {

constexpr std::string_view kRemedy = "用 Excel 或 WPS 打开，另存为“CSV UTF-8（逗号分隔）”后重新导入";
constexpr std::string_view kExpected = "UTF-8、GB18030（GBK）或带 BOM 的 UTF-16 文本";

absl::Status BadText(std::string found) {
  return ToStatus({std::move(found), std::string(kExpected), std::string(kRemedy)});
}

size_t LineAt(std::string_view bytes, size_t at) {
  return 1 + static_cast<size_t>(
                 std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// Length of the valid UTF-8 sequence at `at`, 0 if there is none.
size_t SequenceAt(std::string_view bytes, size_t at) {
  const auto lead = static_cast<unsigned char>(bytes[at]);
  const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return IsValidUtf8(bytes.substr(at, length)) && at + length <= bytes.size() ? length : 0;
}

struct Utf8Extent {
  size_t valid_bytes = 0;  // up to the first invalid byte
  size_t wide = 0;         // characters of two bytes and more among them
};

Utf8Extent MeasureUtf8(std::string_view bytes) {
  Utf8Extent extent;
  while (extent.valid_bytes < bytes.size()) {
    const size_t length = SequenceAt(bytes, extent.valid_bytes);
    if (length == 0) break;
    if (length > 1) ++extent.wide;
    extent.valid_bytes += length;
  }
  return extent;
}

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};

absl::Status AppendUtf16(const UChar* units, int32_t count, std::string& out) {
  const size_t before = out.size();
  out.resize(before + static_cast<size_t>(count) * 3);
  int32_t written = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strToUTF8(out.data() + before, count * 3, &written, units, count, &error);
  out.resize(before + static_cast<size_t>(written));
  if (error == U_STRING_NOT_TERMINATED_WARNING || U_SUCCESS(error)) return absl::OkStatus();
  return absl::InvalidArgumentError("lone surrogate");
}

// Strict: the first byte sequence that the encoding does not have ends the conversion with an error.
absl::Status Convert(std::string_view bytes, TextEncoding encoding, std::string& out) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, ConverterCloser> converter(
      ucnv_open(std::string(NameOf(encoding)).c_str(), &error));
  if (U_FAILURE(error)) return absl::InternalError("ICU has no converter for this encoding");
  ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  const char* source = bytes.data();
  const char* const source_end = bytes.data() + bytes.size();
  std::array<UChar, 8192> buffer{};
  int32_t held = 0;  // a lead surrogate kept for the next round
  for (bool done = false; !done;) {
    UChar* target = buffer.data() + held;
    error = U_ZERO_ERROR;
    ucnv_toUnicode(converter.get(), &target, buffer.data() + buffer.size(), &source, source_end, nullptr,
                   true, &error);
    done = error != U_BUFFER_OVERFLOW_ERROR;
    int32_t count = static_cast<int32_t>(target - buffer.data());
    held = !done && count > 0 && U16_IS_LEAD(buffer[static_cast<size_t>(count) - 1]) ? 1 : 0;
    count -= held;
    const bool bad_units = !AppendUtf16(buffer.data(), count, out).ok();
    if (bad_units || (done && U_FAILURE(error))) {
      return BadText("第 " + std::to_string(LineAt(out, out.size())) + " 行附近有不属于 " +
                     std::string(NameOf(encoding)) + " 编码的字节");
    }
    if (held == 1) buffer[0] = buffer[static_cast<size_t>(count)];
  }
  return absl::OkStatus();
}

absl::StatusOr<DecodedText> DecodeAs(std::string_view bytes, TextEncoding encoding) {
  if (encoding == TextEncoding::kUtf8) {
    if (!IsValidUtf8(bytes)) {
      return BadText("第 " + std::to_string(LineAt(bytes, MeasureUtf8(bytes).valid_bytes)) +
                     " 行有不属于 UTF-8 编码的字节");
    }
    return DecodedText(bytes, encoding);
  }
  if (bytes.size() > kConvertedBytesMax) {
    return ToStatus({"文件不是 UTF-8，且大于 256 MB", "UTF-8 文本，或不超过 256 MB", std::string(kRemedy)});
  }
  std::string converted;
  if (absl::Status status = Convert(bytes, encoding, converted); !status.ok()) return status;
  return DecodedText(std::move(converted), encoding);
}

}  // namespace

std::string_view NameOf(TextEncoding encoding) {
  switch (encoding) {
    case TextEncoding::kUtf8:
      return "UTF-8";
    case TextEncoding::kUtf16Le:
      return "UTF-16LE";
    case TextEncoding::kUtf16Be:
      return "UTF-16BE";
    case TextEncoding::kGb18030:
      return "GB18030";
  }
  return "";
}

std::optional<TextEncoding> EncodingOf(std::string_view name) {
  std::string key;
  for (const char c : name) {
    if (c != '-' && c != '_' && c != ' ') key += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (key == "utf8") return TextEncoding::kUtf8;
  if (key == "utf16" || key == "utf16le") return TextEncoding::kUtf16Le;
  if (key == "utf16be") return TextEncoding::kUtf16Be;
  if (key == "gb18030" || key == "gbk" || key == "gb2312") return TextEncoding::kGb18030;
  return std::nullopt;
}

absl::StatusOr<DecodedText> DecodeText(std::string_view bytes, std::optional<TextEncoding> forced) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return DecodeAs(bytes.substr(3), TextEncoding::kUtf8);
  if (bytes.starts_with("\xFF\xFE")) return DecodeAs(bytes.substr(2), TextEncoding::kUtf16Le);
  if (bytes.starts_with("\xFE\xFF")) return DecodeAs(bytes.substr(2), TextEncoding::kUtf16Be);
  if (forced) return DecodeAs(bytes, *forced);
  if (bytes.substr(0, 4096).find('\0') != std::string_view::npos) {
    return BadText("含有空字节：不是文本，或是没有 BOM 的 UTF-16");
  }
  if (IsValidUtf8(bytes)) return DecodeAs(bytes, TextEncoding::kUtf8);
  // Text in GB18030 stops being valid UTF-8 within a few characters. Many valid ones first mean damaged
  // UTF-8, which GB18030 would turn into nonsense without complaint.
  constexpr size_t kWideCharactersOfUtf8 = 8;
  if (MeasureUtf8(bytes).wide >= kWideCharactersOfUtf8) return DecodeAs(bytes, TextEncoding::kUtf8);
  return DecodeAs(bytes, TextEncoding::kGb18030);
}

}  // namespace dongxi
