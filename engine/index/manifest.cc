#include "engine/index/manifest.h"

#include <cinttypes>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "engine/base/crc32c.h"
#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

using nlohmann::json;

// docs/format/generation.md: one line "DONGXI-MANIFEST <crc32c of the rest>", then JSON.
constexpr std::string_view kSignature = "DONGXI-MANIFEST ";
constexpr size_t kHexDigits = 8;
constexpr size_t kVerifyBlockBytes = 1 << 20;
constexpr size_t kGenerationNameMax = 128;

std::string Hex(uint32_t value) {
  char text[kHexDigits + 1];
  std::snprintf(text, sizeof(text), "%08" PRIx32, value);
  return text;
}

bool IsPlainName(std::string_view name) {
  if (name.empty() || name.size() > kGenerationNameMax || name.front() == '.') return false;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

// "offers/vectors.dxv": at most one folder, nothing that leads out.
bool IsInnerPath(std::string_view path) {
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return IsPlainName(path);
  return IsPlainName(path.substr(0, slash)) && IsPlainName(path.substr(slash + 1));
}

// Takes typed members out of a JSON object and remembers the first problem.
class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {}
  std::string Text(const char* key) {
    const json* value = Find(key);
    if (value == nullptr || !value->is_string()) return Wrong<std::string>(key, "a text");
    return value->get<std::string>();
  }
  uint64_t Number(const char* key) {
    const json* value = Find(key);
    if (value == nullptr || !value->is_number_unsigned()) return Wrong<uint64_t>(key, "a whole number");
    return value->get<uint64_t>();
  }
  const json& Object(const char* key) {
    static const json kEmpty = json::object();
    const json* value = Find(key);
    if (value != nullptr && value->is_object()) return *value;
    (void)Wrong<int>(key, "an object");
    return kEmpty;
  }
  const std::string& problem() const { return problem_; }

 private:
  const json* Find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  template <typename T>
  T Wrong(const char* key, const char* expected) {
    if (problem_.empty()) problem_ = std::string("member \"") + key + "\" must be " + expected;
    return T{};
  }
  const json& object_;
  std::string problem_;
};

absl::Status Damaged(std::string_view place, const std::string& what) {
  return absl::DataLossError(std::string(place) + ": " + what + "; rebuild with dongxi-indexer build");
}

absl::StatusOr<uint32_t> ParseHex(const std::string& text) {
  if (text.size() != kHexDigits || text.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return absl::DataLossError("checksum is not 8 hex digits");
  }
  return static_cast<uint32_t>(std::stoul(text, nullptr, 16));
}

absl::StatusOr<std::map<std::string, FileWriter::Summary>> ParseFiles(const json& object) {
  std::map<std::string, FileWriter::Summary> files;
  for (const auto& [path, value] : object.items()) {
    if (!IsInnerPath(path))
      return absl::DataLossError("file name '" + path + "' leads out of the generation");
    if (!value.is_object()) return absl::DataLossError("file '" + path + "' must be an object");
    Fields fields(value);
    FileWriter::Summary summary;
    summary.bytes = fields.Number("bytes");
    DX_ASSIGN_OR_RETURN(summary.crc32c, ParseHex(fields.Text("crc32c")));
    if (!fields.problem().empty()) return absl::DataLossError("file '" + path + "': " + fields.problem());
    files[path] = summary;
  }
  return files;
}

}  // namespace

std::string SerializeManifest(const Manifest& manifest) {
  json files = json::object();
  for (const auto& [path, summary] : manifest.files) {
    files[path] = {{"bytes", summary.bytes}, {"crc32c", Hex(summary.crc32c)}};
  }
  const json object = {{"format_version", manifest.format_version},
                       {"generation", manifest.generation},
                       {"catalogue_sequence", manifest.catalogue_sequence},
                       {"model", manifest.model},
                       {"embedder", manifest.embedder},
                       {"dim", manifest.dim},
                       {"policy", manifest.policy},
                       {"builder", manifest.builder},
                       {"record_counts", manifest.record_counts},
                       {"files", files},
                       {"options", manifest.options}};
  const std::string body = object.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
  return std::string(kSignature) + Hex(Crc32c(body)) + "\n" + body;
}

absl::StatusOr<Manifest> ParseManifest(std::string_view bytes, std::string_view place) {
  const size_t line = kSignature.size() + kHexDigits + 1;
  if (bytes.size() < line || bytes.substr(0, kSignature.size()) != kSignature || bytes[line - 1] != '\n') {
    return Damaged(place, "not a manifest of a generation");
  }
  const std::string_view body = bytes.substr(line);
  if (bytes.substr(kSignature.size(), kHexDigits) != Hex(Crc32c(body)))
    return Damaged(place, "checksum does not fit");
  const json object = json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return Damaged(place, "not a JSON object");
  Fields fields(object);
  Manifest manifest;
  const uint64_t version = fields.Number("format_version");
  if (fields.problem().empty() && version != kGenerationFormatVersion) {
    return absl::FailedPreconditionError(
        std::string(place) + ": generation format " + std::to_string(version) + ", this program reads " +
        std::to_string(kGenerationFormatVersion) + "; rebuild with dongxi-indexer build");
  }
  manifest.generation = fields.Text("generation");
  manifest.catalogue_sequence = fields.Number("catalogue_sequence");
  manifest.model = fields.Text("model");
  manifest.embedder = fields.Text("embedder");
  const uint64_t dim = fields.Number("dim");
  manifest.policy = fields.Text("policy");
  manifest.builder = fields.Text("builder");
  for (const auto& [key, value] : fields.Object("record_counts").items()) {
    if (!value.is_number_unsigned()) return Damaged(place, "record counts must be whole numbers");
    manifest.record_counts[key] = value.get<uint64_t>();
  }
  for (const auto& [key, value] : fields.Object("options").items()) {
    if (!value.is_string()) return Damaged(place, "options must be texts");
    manifest.options[key] = value.get<std::string>();
  }
  const auto files = ParseFiles(fields.Object("files"));
  if (!files.ok()) return Damaged(place, std::string(files.status().message()));
  manifest.files = *files;
  if (!fields.problem().empty()) return Damaged(place, fields.problem());
  if (!IsPlainName(manifest.generation)) return Damaged(place, "generation has no valid name");
  if (dim < 1 || dim > 4096) return Damaged(place, "dimension out of range");
  manifest.dim = static_cast<int>(dim);
  return manifest;
}

absl::StatusOr<Manifest> ReadManifest(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / kManifestName;
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, kManifestBytesMax));
  return ParseManifest(bytes, file.string());
}

absl::Status VerifyFiles(const std::filesystem::path& directory, const Manifest& manifest) {
  // Read, not mapped: a check must not bring a whole generation into the server's memory.
  std::vector<char> block(kVerifyBlockBytes);
  for (const auto& [path, expected] : manifest.files) {
    const std::string file = (directory / path).string();
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                                 &std::fclose);
    if (stream == nullptr) return Damaged(file, "missing");
    FileWriter::Summary found;
    while (const size_t got = std::fread(block.data(), 1, block.size(), stream.get())) {
      found.bytes += got;
      found.crc32c = Crc32c({block.data(), got}, found.crc32c);
    }
    if (std::ferror(stream.get()) != 0) return Damaged(file, "cannot be read");
    if (found.bytes != expected.bytes) {
      return Damaged(file, "has " + std::to_string(found.bytes) + " bytes, the manifest says " +
                               std::to_string(expected.bytes));
    }
    if (found.crc32c != expected.crc32c) {
      return Damaged(file, "checksum " + Hex(found.crc32c) + ", the manifest says " + Hex(expected.crc32c));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadCurrent(const std::filesystem::path& generations) {
  const std::filesystem::path file = generations / kCurrentName;
  const auto bytes = ReadFile(file, kGenerationNameMax + 1);
  if (absl::IsNotFound(bytes.status())) {
    return absl::NotFoundError(
        generations.string() +
        ": no generation is published yet; run dongxi-indexer build (尚未构建索引，请先运行 build)");
  }
  DX_RETURN_IF_ERROR(bytes.status());
  std::string name = *bytes;
  if (!name.empty() && name.back() == '\n') name.pop_back();
  if (!IsPlainName(name)) return Damaged(file.string(), "does not name a generation");
  return name;
}

absl::Status WriteCurrent(const std::filesystem::path& generations, const std::string& generation) {
  if (!IsPlainName(generation))
    return absl::InvalidArgumentError("'" + generation + "' is no name of a generation");
  return WriteFileAtomically(generations / kCurrentName, generation + "\n");
}

}  // namespace dongxi
