#include "engine/embed/train/checkpoint.h"

#include <array>
#include <cstring>
#include <string_view>

#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::train {
namespace {

constexpr std::array<char, 4> kMagic = {'D', 'X', 'T', 'C'};
constexpr uint32_t kVersion = 1;

// Then: vectors, squares, topic sizes (u32), topic texts (u32), crc32c of all before it.
struct Header {
  std::array<char, 4> magic = kMagic;
  uint32_t version = kVersion;
  uint32_t fingerprint = 0;
  uint32_t next_step = 0;
  double loss = 0;
  uint64_t tokens = 0;
  uint64_t dim = 0;
  uint64_t topics = 0;
  uint64_t topic_texts = 0;
};
static_assert(sizeof(Header) == 56);

template <typename T>
std::string_view BytesOf(const T* values, size_t count) {
  return {reinterpret_cast<const char*>(values), count * sizeof(T)};
}

Header HeaderOf(uint32_t fingerprint, const TrainingState& state) {
  Header header;
  header.fingerprint = fingerprint;
  header.next_step = state.next_step;
  header.loss = state.loss;
  header.tokens = static_cast<uint64_t>(state.vectors.rows());
  header.dim = static_cast<uint64_t>(state.vectors.cols());
  header.topics = state.topics.size();
  for (const auto& topic : state.topics) header.topic_texts += topic.size();
  return header;
}

absl::Status AppendAll(uint32_t fingerprint, const TrainingState& state, FileWriter* writer) {
  uint32_t crc = 0;
  const auto append = [&](std::string_view bytes) {
    crc = Crc32c(bytes, crc);
    return writer->Append(bytes);
  };
  const Header header = HeaderOf(fingerprint, state);
  DX_RETURN_IF_ERROR(append(BytesOf(&header, 1)));
  DX_RETURN_IF_ERROR(append(BytesOf(state.vectors.data(), static_cast<size_t>(state.vectors.size()))));
  DX_RETURN_IF_ERROR(append(BytesOf(state.squares.data(), state.squares.size())));
  for (const auto& topic : state.topics) {
    const auto size = static_cast<uint32_t>(topic.size());
    DX_RETURN_IF_ERROR(append(BytesOf(&size, 1)));
  }
  for (const auto& topic : state.topics) DX_RETURN_IF_ERROR(append(BytesOf(topic.data(), topic.size())));
  return writer->Append(BytesOf(&crc, 1));
}

// Takes values from the front of `bytes`, which is long enough.
template <typename T>
void Take(T* values, size_t count, std::string_view* bytes) {
  if (count > 0) std::memcpy(values, bytes->data(), count * sizeof(T));
  bytes->remove_prefix(count * sizeof(T));
}

TrainingState Decode(const Header& header, std::string_view rest) {
  TrainingState state;
  state.next_step = header.next_step;
  state.loss = header.loss;
  state.vectors.resize(static_cast<Eigen::Index>(header.tokens), static_cast<Eigen::Index>(header.dim));
  Take(state.vectors.data(), header.tokens * header.dim, &rest);
  state.squares.resize(header.tokens);
  Take(state.squares.data(), state.squares.size(), &rest);
  std::vector<uint32_t> sizes(header.topics);
  Take(sizes.data(), sizes.size(), &rest);
  for (const uint32_t size : sizes) {
    state.topics.emplace_back(size);
    Take(state.topics.back().data(), size, &rest);
  }
  return state;
}

}  // namespace

absl::Status WriteCheckpoint(const std::filesystem::path& file, uint32_t fingerprint,
                             const TrainingState& state) {
  const std::filesystem::path temporary = file.string() + ".tmp";
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(temporary));
  DX_RETURN_IF_ERROR(AppendAll(fingerprint, state, writer.get()));
  DX_RETURN_IF_ERROR(writer->Close().status());
  std::error_code error;
  std::filesystem::rename(temporary, file, error);
  if (error) return absl::InternalError(file.string() + ": cannot rename into place: " + error.message());
  return SyncDirectory(file.parent_path().empty() ? "." : file.parent_path());
}

absl::StatusOr<std::optional<TrainingState>> ReadCheckpoint(const std::filesystem::path& file,
                                                            uint32_t fingerprint) {
  const absl::StatusOr<std::shared_ptr<const MappedFile>> map = MappedFile::Open(file);
  if (absl::IsNotFound(map.status())) return std::optional<TrainingState>();
  if (!map.ok()) return map.status();
  const std::string remedy = "; remove it to start from the beginning";
  const absl::Status damaged = absl::DataLossError(file.string() + ": the checkpoint is damaged" + remedy);
  std::string_view bytes = (*map)->bytes();
  Header header;
  if (bytes.size() < sizeof(header) + sizeof(uint32_t)) return damaged;
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.magic != kMagic) return damaged;
  if (header.version != kVersion || header.fingerprint != fingerprint) {
    return absl::FailedPreconditionError(
        file.string() + ": the checkpoint is of other data, options or of another version" + remedy);
  }
  uint32_t crc = 0;
  const std::string_view content = bytes.substr(0, bytes.size() - sizeof(crc));
  std::memcpy(&crc, bytes.data() + content.size(), sizeof(crc));
  // The checksum vouches for the counts: the writer made them.
  if (crc != Crc32c(content)) return damaged;
  return std::optional(Decode(header, content.substr(sizeof(header))));
}

}  // namespace dongxi::train
