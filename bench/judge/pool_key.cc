#include "bench/judge/pool_key.h"

#include <exception>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

constexpr const char* kFormat = "dongxi-judge-key";
constexpr size_t kKeyBytesMax = size_t{512} << 20;

nlohmann::ordered_json PairJson(const PoolPair& pair, const std::string& number) {
  nlohmann::ordered_json from = nlohmann::ordered_json::array();
  for (const PoolOrigin& origin : pair.origins) from.push_back({{"run", origin.run}, {"rank", origin.rank}});
  return {{"number", number}, {"need", pair.need}, {"candidate", pair.candidate}, {"from", std::move(from)}};
}

// Throws what nlohmann throws where the file is no key.
Pool PoolOfJson(const nlohmann::json& json) {
  Pool pool;
  pool.seed = json.at("pool").at("seed").get<uint64_t>();
  pool.depth = json.at("pool").at("depth").get<int>();
  for (const nlohmann::json& run : json.at("runs"))
    pool.runs.push_back({run.at("file").get<std::string>(), run.at("tag").get<std::string>()});
  for (const nlohmann::json& entry : json.at("pairs")) {
    PoolPair pair{entry.at("need").get<std::string>(), entry.at("candidate").get<std::string>(), {}};
    for (const nlohmann::json& origin : entry.at("from"))
      pair.origins.push_back({origin.at("run").get<size_t>(), origin.at("rank").get<int>()});
    pool.pairs.push_back(std::move(pair));
  }
  return pool;
}

}  // namespace

std::string PoolKeyJson(const Pool& pool) {
  const std::string id = PoolId(pool);
  nlohmann::ordered_json runs = nlohmann::ordered_json::array();
  for (const PoolRun& run : pool.runs) runs.push_back({{"file", run.file}, {"tag", run.tag}});
  const nlohmann::ordered_json head = {
      {"id", id}, {"pairs", pool.pairs.size()}, {"seed", pool.seed}, {"depth", pool.depth}};
  std::string text = "{\"format\": \"" + std::string(kFormat) +
                     "\", \"version\": " + std::to_string(kPoolKeyVersion) +
                     ",\n \"note\": \"仅供分析人员；不要交给评判人\",\n \"pool\": " + head.dump() +
                     ",\n \"runs\": " + runs.dump() + ",\n \"pairs\": [";
  for (size_t i = 0; i < pool.pairs.size(); ++i)
    text += (i == 0 ? "\n  " : ",\n  ") + PairJson(pool.pairs[i], PairNumber(id, i)).dump();
  return text + "\n ]}\n";
}

absl::StatusOr<Pool> ParsePoolKey(std::string_view file_name, std::string_view content) {
  const std::string file(file_name);
  const absl::Status no_key = absl::InvalidArgumentError(
      file + ": not a key of a pool; expected the file that judge pool wrote with --key");
  const nlohmann::json json = nlohmann::json::parse(content, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("format", nlohmann::json()) != kFormat) return no_key;
  if (json.value("version", nlohmann::json()) != kPoolKeyVersion) {
    return absl::InvalidArgumentError(file + ": version " + json.value("version", nlohmann::json()).dump() +
                                      " of the key, this program reads " + std::to_string(kPoolKeyVersion));
  }
  try {
    Pool pool = PoolOfJson(json);
    const std::string id = json.at("pool").at("id").get<std::string>();
    if (PoolId(pool) == id && !pool.pairs.empty()) return pool;
    return absl::InvalidArgumentError(file + ": checksum " + PoolId(pool) + " of the pairs, expected " + id +
                                      "; the key was changed or cut: take the one that judge pool wrote");
  } catch (const std::exception&) {
    return no_key;
  }
}

absl::StatusOr<Pool> ReadPoolKey(const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(const std::string content, ReadFile(file, kKeyBytesMax));
  return ParsePoolKey(file.string(), content);
}

}  // namespace dongxi::bench
