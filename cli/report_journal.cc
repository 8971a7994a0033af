#include "cli/report_journal.h"

#include <cstring>
#include <optional>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::cli {
namespace {

constexpr size_t kJournalBytesMax = size_t{2} << 30;
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

// The payload of the frame at the front of `bytes`; nothing if it is torn or damaged.
std::optional<std::string_view> FrameAt(std::string_view bytes) {
  if (bytes.size() < kFrameHeader) return std::nullopt;
  const size_t size = ReadU32(bytes);
  if (bytes.size() - kFrameHeader < size) return std::nullopt;
  const std::string_view payload = bytes.substr(kFrameHeader, size);
  if (Crc32c(payload) != ReadU32(bytes.substr(sizeof(uint32_t)))) return std::nullopt;
  return payload;
}

absl::Status FileError(const std::filesystem::path& file) {
  return absl::InternalError(absl::StrCat("写不了 ", file.string(), "：", std::strerror(errno),
                                          "。请核对文件夹是否可写、磁盘是否已满"));
}

}  // namespace

// How many bytes of the file are kept.
size_t ReportJournal::ReadDone(const std::string& bytes, const std::string& fingerprint) {
  const std::optional<std::string_view> first = FrameAt(bytes);
  if (!first || *first != fingerprint) return 0;
  size_t end = kFrameHeader + first->size();
  while (const std::optional<std::string_view> payload = FrameAt(std::string_view(bytes).substr(end))) {
    std::string_view rest = *payload;
    const auto key = TakeText(&rest), need = TakeText(&rest), answer = TakeText(&rest),
               error = TakeText(&rest);
    report::NeedMatches matches;
    if (!key || !need || !answer || !error) break;
    if (!matches.need.ParseFromArray(need->data(), static_cast<int>(need->size()))) break;
    if (!matches.answer.ParseFromArray(answer->data(), static_cast<int>(answer->size()))) break;
    matches.error = std::string(*error);
    done_[std::string(*key)] = std::move(matches);
    end += kFrameHeader + payload->size();
  }
  return end;
}

absl::StatusOr<std::unique_ptr<ReportJournal>> ReportJournal::Open(const std::filesystem::path& file,
                                                                   const std::string& fingerprint) {
  std::unique_ptr<ReportJournal> journal(new ReportJournal(file));
  size_t kept = 0;
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kJournalBytesMax));
    kept = journal->ReadDone(bytes, fingerprint);
    std::filesystem::resize_file(file, kept, error);
    if (error) return absl::InternalError(absl::StrCat("写不了 ", file.string(), "：", error.message()));
  }
  journal->out_ = std::fopen(file.c_str(), "ab");
  if (journal->out_ == nullptr) return FileError(file);
  if (kept == 0) DX_RETURN_IF_ERROR(journal->Write(fingerprint));
  return journal;
}

ReportJournal::~ReportJournal() {
  if (out_ != nullptr) std::fclose(out_);
}

absl::Status ReportJournal::Write(const std::string& payload) {
  std::string frame;
  PutU32(static_cast<uint32_t>(payload.size()), &frame);
  PutU32(Crc32c(payload), &frame);
  frame += payload;
  const bool written =
      std::fwrite(frame.data(), 1, frame.size(), out_) == frame.size() && std::fflush(out_) == 0;
  return written ? absl::OkStatus() : FileError(file_);
}

absl::Status ReportJournal::Append(const std::string& key, const report::NeedMatches& matches) {
  std::string payload;
  PutText(key, &payload);
  PutText(matches.need.SerializeAsString(), &payload);
  PutText(matches.answer.SerializeAsString(), &payload);
  PutText(matches.error, &payload);
  return Write(payload);
}

void ReportJournal::Remove() {
  if (out_ != nullptr) std::fclose(out_);
  out_ = nullptr;
  std::error_code
      error;  // A journal that stays is only continued by the same report, which then has nothing to ask.
  std::filesystem::remove(file_, error);
}

}  // namespace dongxi::cli
