#include "indexer/train/json_lines.h"

#include <lzma.h>

#include <memory>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

constexpr uint64_t kXzMemoryMax = uint64_t{512} << 20;
constexpr size_t kPieceBytes = size_t{1} << 20;

// Cuts what it is given into lines, however it comes.
class LineReader {
 public:
  LineReader(std::string file, const std::function<absl::Status(const JsonRow&)>& visit)
      : file_(std::move(file)), visit_(visit) {}

  absl::Status Add(std::string_view bytes) {
    for (size_t end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
      begun_ += bytes.substr(0, end);
      bytes.remove_prefix(end + 1);
      DX_RETURN_IF_ERROR(Finish());
    }
    begun_ += bytes;
    return absl::OkStatus();
  }

  // Takes what has been added since the last line break as a line.
  absl::Status Finish() {
    ++line_;
    const std::string text = std::exchange(begun_, {});
    if (text.find_first_not_of(" \t\r") == std::string::npos) return absl::OkStatus();
    JsonRow row{file_ + ":" + std::to_string(line_), nlohmann::json::parse(text, nullptr, false)};
    if (!row.object.is_object()) return absl::InvalidArgumentError(row.place + ": not a JSON object");
    return visit_(row);
  }

 private:
  const std::string file_;
  const std::function<absl::Status(const JsonRow&)>& visit_;
  size_t line_ = 0;
  std::string begun_;
};

absl::Status ReadXz(std::string_view packed, const std::string& file, LineReader* lines) {
  lzma_stream stream = LZMA_STREAM_INIT;
  const auto end = [](lzma_stream* s) { lzma_end(s); };
  const std::unique_ptr<lzma_stream, decltype(end)> ending(&stream, end);
  if (lzma_stream_decoder(&stream, kXzMemoryMax, LZMA_CONCATENATED) != LZMA_OK) {
    return absl::ResourceExhaustedError(file + ": no memory to unpack it");
  }
  stream.next_in = reinterpret_cast<const uint8_t*>(packed.data());
  stream.avail_in = packed.size();
  std::string piece(kPieceBytes, '\0');
  for (lzma_ret result = LZMA_OK; result != LZMA_STREAM_END;) {
    stream.next_out = reinterpret_cast<uint8_t*>(piece.data());
    stream.avail_out = piece.size();
    result = lzma_code(&stream, LZMA_FINISH);
    if (result != LZMA_OK && result != LZMA_STREAM_END) {
      return absl::DataLossError(file + ": not an xz file, or damaged (liblzma error " +
                                 std::to_string(result) + ")");
    }
    DX_RETURN_IF_ERROR(lines->Add(std::string_view(piece).substr(0, piece.size() - stream.avail_out)));
  }
  return absl::OkStatus();
}

absl::Status WrongType(const JsonRow& row, const std::string& key, const std::string& expected) {
  return absl::InvalidArgumentError(row.place + ": " + key + ": expected " + expected);
}

}  // namespace

absl::StatusOr<std::string> JsonRow::Text(const std::string& key, bool required) const {
  const auto value = object.find(key);
  const bool absent = value == object.end() || value->is_null();
  if (!absent && !value->is_string()) return WrongType(*this, key, "a text");
  std::string text = absent ? "" : value->get<std::string>();
  if (required && text.empty()) return WrongType(*this, key, "a text that is not empty");
  return text;
}

absl::StatusOr<std::vector<std::string>> JsonRow::Texts(const std::string& key) const {
  std::vector<std::string> texts;
  const auto value = object.find(key);
  if (value == object.end() || value->is_null()) return texts;
  if (!value->is_array()) return WrongType(*this, key, "a list of texts");
  for (const nlohmann::json& item : *value) {
    if (!item.is_string()) return WrongType(*this, key, "a list of texts");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

absl::Status ReadJsonRows(const std::filesystem::path& file,
                          const std::function<absl::Status(const JsonRow&)>& visit) {
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> map, MappedFile::Open(file));
  LineReader lines(file.string(), visit);
  DX_RETURN_IF_ERROR(file.extension() == ".xz" ? ReadXz(map->bytes(), file.string(), &lines)
                                               : lines.Add(map->bytes()));
  return lines.Finish();
}

}  // namespace dongxi
