#include "report/journal.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"

namespace dongxi::report {
namespace {

constexpr size_t kFrameHeader = 2 * sizeof(uint32_t);

void PutU32(uint32_t value, std::string* out) {
  for (int shift = 0; shift < 32; shift += 8) out->push_back(static_cast<char>(value >> shift & 0xFF));
}

uint32_t ReadU32(std::string_view bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i)
    value |= uint32_t{static_cast<unsigned char>(bytes[static_cast<size_t>(i)])} << (8 * i);
  return value;
}

void PutText(std::string_view text, std::string* out) {
  PutU32(static_cast<uint32_t>(text.size()), out);
  out->append(text);
}

// Takes a length and that many bytes from the front.
std::optional<std::string_view> TakeText(std::string_view* rest) {
  if (rest->size() < sizeof(uint32_t)) return std::nullopt;
  const size_t size = ReadU32(*rest);
  if (rest->size() - sizeof(uint32_t) < size) return std::nullopt;
  const std::string_view text = rest->substr(sizeof(uint32_t), size);
  rest->remove_prefix(sizeof(uint32_t) + size);
  return text;
}

bool ReadExactly(std::FILE* stream, size_t size, std::string* bytes) {
  bytes->resize(size);
  return std::fread(bytes->data(), 1, size, stream) == size;
}

// The payload of the frame that begins where `stream` stands; `left` bytes follow. Nothing if it is torn or
// damaged.
bool ReadFrame(std::FILE* stream, uint64_t left, std::string* payload) {
  std::string header;
  if (left < kFrameHeader || !ReadExactly(stream, kFrameHeader, &header)) return false;
  const size_t size = ReadU32(header);
  if (left - kFrameHeader < size || !ReadExactly(stream, size, payload)) return false;
  return Crc32c(*payload) == ReadU32(std::string_view(header).substr(sizeof(uint32_t)));
}

absl::Status FileError(const std::filesystem::path& file) {
  const int code = errno;
  const std::string text = absl::StrCat("写不了 ", file.string(), "：", std::strerror(code),
                                        "。请核对文件夹是否可写、磁盘是否已满");
  const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  return full ? absl::ResourceExhaustedError(text) : absl::InternalError(text);
}

}  // namespace

// Finds what is whole of the file; `end_` is 0 if it is of another report.
absl::Status Journal::ReadPlaces(const std::string& fingerprint) {
  std::error_code error;
  const uint64_t size = std::filesystem::file_size(file_, error);
  if (error) return absl::OkStatus();  // there is none yet
  std::FILE* const stream = std::fopen(file_.c_str(), "rb");
  if (stream == nullptr) return FileError(file_);
  std::string payload;
  const bool whole = ReadFrame(stream, size, &payload);
  if (whole && payload != fingerprint) began_anew_ = size > kFrameHeader + payload.size();
  if (whole && payload == fingerprint) {
    end_ = kFrameHeader + payload.size();
    while (ReadFrame(stream, size - end_, &payload)) {
      std::string_view rest = payload;
      const auto key = TakeText(&rest);
      if (!key) break;
      places_[std::string(*key)] = {end_ + kFrameHeader, static_cast<uint32_t>(payload.size())};
      end_ += kFrameHeader + payload.size();
    }
  }
  std::fclose(stream);
  std::filesystem::resize_file(file_, end_, error);
  if (error) return absl::InternalError(absl::StrCat("写不了 ", file_.string(), "：", error.message()));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(const std::filesystem::path& file,
                                                       const std::string& fingerprint) {
  std::unique_ptr<Journal> journal(new Journal(file));
  DX_RETURN_IF_ERROR(journal->ReadPlaces(fingerprint));
  journal->stream_ = std::fopen(file.c_str(), "a+b");  // reads anywhere, writes at the end
  if (journal->stream_ == nullptr) return FileError(file);
  if (journal->end_ == 0) DX_RETURN_IF_ERROR(journal->Write(fingerprint));
  return journal;
}

Journal::~Journal() {
  if (stream_ != nullptr) std::fclose(stream_);
}

absl::Status Journal::Write(const std::string& payload) {
  std::string frame;
  PutU32(static_cast<uint32_t>(payload.size()), &frame);
  PutU32(Crc32c(payload), &frame);
  frame += payload;
  const bool written = std::fseek(stream_, 0, SEEK_END) == 0 &&
                       std::fwrite(frame.data(), 1, frame.size(), stream_) == frame.size() &&
                       std::fflush(stream_) == 0;
  if (written) {
    end_ += frame.size();
    return absl::OkStatus();
  }
  const absl::Status error = FileError(file_);
  std::clearerr(stream_);
  // What is torn would be dropped at the next opening; what follows it in this run must not be.
  (void)!::ftruncate(::fileno(stream_), static_cast<off_t>(end_));
  return error;
}

absl::Status Journal::Append(const std::string& key, const NeedMatches& matches) {
  std::string payload;
  PutText(key, &payload);
  PutText(matches.need.SerializeAsString(), &payload);
  PutText(matches.answer.SerializeAsString(), &payload);
  PutText(matches.error, &payload);
  const uint64_t offset = end_ + kFrameHeader;
  DX_RETURN_IF_ERROR(Write(payload));
  places_[key] = {offset, static_cast<uint32_t>(payload.size())};
  return absl::OkStatus();
}

absl::StatusOr<NeedMatches> Journal::Read(const std::string& key) {
  const auto place = places_.find(key);
  if (place == places_.end()) return absl::NotFoundError(file_.string() + ": no entry of " + key);
  const absl::Status damaged =
      absl::DataLossError(absl::StrCat(file_.string(), "：内容被改动过，请删除它再做一次"));
  std::string payload;
  const auto begin = static_cast<off_t>(place->second.offset - kFrameHeader);
  if (::fseeko(stream_, begin, SEEK_SET) != 0) return damaged;
  if (!ReadFrame(stream_, place->second.bytes + kFrameHeader, &payload)) return damaged;
  std::string_view rest = payload;
  const auto found = TakeText(&rest), need = TakeText(&rest), answer = TakeText(&rest),
             error = TakeText(&rest);
  if (!found || !need || !answer || !error || *found != key) return damaged;
  NeedMatches matches;
  if (!matches.need.ParseFromArray(need->data(), static_cast<int>(need->size()))) return damaged;
  if (!matches.answer.ParseFromArray(answer->data(), static_cast<int>(answer->size()))) return damaged;
  matches.error = std::string(*error);
  return matches;
}

void Journal::Remove() {
  if (stream_ != nullptr) std::fclose(stream_);
  stream_ = nullptr;
  std::error_code
      error;  // A journal that stays is only continued by the same report, which then has nothing to ask.
  std::filesystem::remove(file_, error);
}

}  // namespace dongxi::report
