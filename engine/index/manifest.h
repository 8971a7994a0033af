// The MANIFEST of a generation (docs/format/generation.md): what it is made of and the checksum of every
// file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "engine/base/files.h"

namespace dongxi {

inline constexpr int kGenerationFormatVersion = 2;
inline constexpr size_t kManifestBytesMax = 1 << 20;
inline constexpr char kManifestName[] = "MANIFEST";
inline constexpr char kCurrentName[] = "CURRENT";

struct Manifest {
  int format_version = kGenerationFormatVersion;
  std::string generation;  // "g-<sequence>-<crc32c of the files' checksums>"
  uint64_t catalogue_sequence = 0;
  std::string model;     // Embedder::model_id
  std::string embedder;  // "built-in" or "remote"
  int dim = 0;
  std::string policy;                                // Policy::version at build time
  std::string builder;                               // version of the program
  std::map<std::string, uint64_t> record_counts;     // by collection name
  std::map<std::string, FileWriter::Summary> files;  // by path inside the directory
  std::map<std::string, std::string> options;        // what an incremental build compares
};

std::string SerializeManifest(const Manifest& manifest);
// DataLoss: not a manifest, or its checksum does not fit. FailedPrecondition: another format version, with
// the remedy. Refuses file names that lead out of the directory. `place` begins every message.
absl::StatusOr<Manifest> ParseManifest(std::string_view bytes, std::string_view place);
absl::StatusOr<Manifest> ReadManifest(const std::filesystem::path& directory);

// Reads every file and compares size and CRC-32C; DataLoss names the first file that is missing, short or
// damaged.
absl::Status VerifyFiles(const std::filesystem::path& directory, const Manifest& manifest);

// The generation that CURRENT names. NotFound: none is published (the message says how to build one).
absl::StatusOr<std::string> ReadCurrent(const std::filesystem::path& generations);
// Makes `generation` (a folder beside CURRENT) the current one, durably and atomically.
absl::Status WriteCurrent(const std::filesystem::path& generations, const std::string& generation);

}  // namespace dongxi
