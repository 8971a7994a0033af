#include "indexer/backup/backup_manifest.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

using nlohmann::json;

constexpr std::string_view kSignature = "DONGXI-BACKUP ";
constexpr size_t kHexDigits = 8;
constexpr size_t kPathBytesMax = 1'000;
constexpr char kNameTimeFormat[] = "%Y%m%dT%H%M%SZ";
constexpr char kTimeFormat[] = "%Y-%m-%dT%H:%M:%SZ";
constexpr std::string_view kDigits = "0123456789";

std::string Hex(uint32_t value) {
  char text[kHexDigits + 1];
  std::snprintf(text, sizeof(text), "%08" PRIx32, value);
  return text;
}

std::optional<uint32_t> ParseHex(const std::string& text) {
  if (text.size() != kHexDigits || text.find_first_not_of("0123456789abcdef") != std::string::npos) return {};
  return static_cast<uint32_t>(std::stoul(text, nullptr, 16));
}

bool IsPlainPart(std::string_view part) {
  if (part.empty() || part.front() == '.') return false;
  return std::all_of(part.begin(), part.end(),
                     [](unsigned char c) { return c > ' ' && c != '/' && c != '\\' && c != 0x7F; });
}

}  // namespace

bool IsInnerPath(std::string_view path) {
  if (path.size() > kPathBytesMax) return false;
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    if (!IsPlainPart(path.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return !path.empty() && path != kBackupManifestName;
}

namespace {

absl::Status Damaged(std::string_view place, const std::string& what) {
  return absl::DataLossError(std::string(place) + ": " + what + "; take another backup");
}

// Members of the object as they are, or a value that the checks after refuse.
std::string Text(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}
std::optional<uint64_t> Number(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return {};
  return found->get<uint64_t>();
}

absl::StatusOr<std::map<std::string, FileWriter::Summary>> ParseFiles(const json& object,
                                                                      std::string_view place) {
  const auto list = object.find("files");
  if (list == object.end() || !list->is_object()) return Damaged(place, "has no list of files");
  std::map<std::string, FileWriter::Summary> files;
  for (const auto& [path, value] : list->items()) {
    if (!IsInnerPath(path)) return Damaged(place, "file name '" + path + "' leads out of the backup");
    const std::optional<uint64_t> bytes = value.is_object() ? Number(value, "bytes") : std::nullopt;
    const std::optional<uint32_t> crc32c = value.is_object() ? ParseHex(Text(value, "crc32c")) : std::nullopt;
    if (!bytes || !crc32c) return Damaged(place, "file '" + path + "' has no size or no checksum");
    files[path] = {*bytes, *crc32c};
  }
  return files;
}

}  // namespace

uint64_t BackupManifest::bytes() const {
  uint64_t sum = 0;
  for (const auto& [path, summary] : files) sum += summary.bytes;
  return sum;
}

std::string BackupNameOf(uint64_t catalogue_sequence, absl::Time time) {
  return "b-" + std::to_string(catalogue_sequence) + "-" +
         std::string(absl::FormatTime(kNameTimeFormat, time, absl::UTCTimeZone()));
}

bool IsBackupName(std::string_view name) {
  if (name.size() > 64 || name.substr(0, 2) != "b-") return false;
  const std::string_view rest = name.substr(2);
  const size_t dash = rest.find('-');
  if (dash == 0 || dash == std::string_view::npos) return false;
  const std::string_view time = rest.substr(dash + 1);
  return rest.substr(0, dash).find_first_not_of(kDigits) == std::string_view::npos && time.size() == 16 &&
         time[8] == 'T' && time[15] == 'Z' &&
         time.substr(0, 8).find_first_not_of(kDigits) == std::string_view::npos &&
         time.substr(9, 6).find_first_not_of(kDigits) == std::string_view::npos;
}

std::string SerializeBackupManifest(const BackupManifest& manifest) {
  json files = json::object();
  for (const auto& [path, summary] : manifest.files) {
    files[path] = {{"bytes", summary.bytes}, {"crc32c", Hex(summary.crc32c)}};
  }
  const json object = {
      {"format_version", kBackupFormatVersion},
      {"backup", manifest.backup},
      {"catalogue_sequence", manifest.catalogue_sequence},
      {"generation", manifest.generation},
      {"policy", manifest.policy},
      {"builder", manifest.builder},
      {"create_time", std::string(absl::FormatTime(kTimeFormat, manifest.create_time, absl::UTCTimeZone()))},
      {"files", files}};
  const std::string body = object.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
  return std::string(kSignature) + Hex(Crc32c(body)) + "\n" + body;
}

absl::StatusOr<BackupManifest> ParseBackupManifest(std::string_view bytes, std::string_view place) {
  const size_t line = kSignature.size() + kHexDigits + 1;
  if (bytes.size() < line || bytes.substr(0, kSignature.size()) != kSignature || bytes[line - 1] != '\n') {
    return Damaged(place, "not the list of a backup");
  }
  const std::string_view body = bytes.substr(line);
  if (bytes.substr(kSignature.size(), kHexDigits) != Hex(Crc32c(body))) {
    return Damaged(place, "checksum does not fit");
  }
  const json object = json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return Damaged(place, "not a JSON object");
  const uint64_t version = Number(object, "format_version").value_or(0);
  if (version != kBackupFormatVersion) {
    return absl::FailedPreconditionError(std::string(place) + ": backup format " + std::to_string(version) +
                                         ", this program reads " + std::to_string(kBackupFormatVersion) +
                                         "; restore it with the version that made it");
  }
  BackupManifest manifest;
  manifest.backup = Text(object, "backup");
  if (!IsBackupName(manifest.backup)) return Damaged(place, "the backup has no valid name");
  const std::optional<uint64_t> sequence = Number(object, "catalogue_sequence");
  if (!sequence) return Damaged(place, "has no sequence of the catalogue");
  manifest.catalogue_sequence = *sequence;
  manifest.generation = Text(object, "generation");
  manifest.policy = Text(object, "policy");
  manifest.builder = Text(object, "builder");
  std::string why;
  if (!absl::ParseTime(kTimeFormat, Text(object, "create_time"), absl::UTCTimeZone(), &manifest.create_time,
                       &why)) {
    return Damaged(place, "has no time");
  }
  DX_ASSIGN_OR_RETURN(manifest.files, ParseFiles(object, place));
  return manifest;
}

absl::StatusOr<BackupManifest> ReadBackupManifest(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / kBackupManifestName;
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kBackupManifestBytesMax));
  return ParseBackupManifest(bytes, file.string());
}

}  // namespace dongxi
