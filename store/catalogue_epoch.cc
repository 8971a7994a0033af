#include "store/catalogue_epoch.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <utility>

#include "engine/base/status_macros.h"

namespace dongxi {
namespace {

constexpr char kEpochKey[] = "epoch";
constexpr char kEndPrefix[] = "epoch-end-";  // and an epoch: the last sequence of it that is here

// Two restores of one backup must not share a name, on whatever machines they are.
std::string NewEpoch() {
  std::random_device random;
  char name[24];
  std::snprintf(name, sizeof(name), "%08x%08x", random(), random());
  return name;
}

}  // namespace

absl::StatusOr<std::string> EpochOf(const CatalogueReader& catalogue) {
  DX_ASSIGN_OR_RETURN(std::optional<std::string> epoch, catalogue.GetTable(Table::kSettings, kEpochKey));
  return std::move(epoch).value_or("");
}

absl::StatusOr<uint64_t> SharedWithEpoch(const CatalogueReader& catalogue, const std::string& epoch) {
  DX_ASSIGN_OR_RETURN(const std::string own, EpochOf(catalogue));
  if (epoch == own) return catalogue.sequence();
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> end,
                      catalogue.GetTable(Table::kSettings, kEndPrefix + epoch));
  uint64_t shared = 0;
  if (end) shared = std::strtoull(end->c_str(), nullptr, 10);
  return shared;
}

absl::StatusOr<std::vector<TablePut>> BeginEpoch(const CatalogueReader& catalogue) {
  DX_ASSIGN_OR_RETURN(const std::string before, EpochOf(catalogue));
  return std::vector<TablePut>{{Table::kSettings, kEndPrefix + before, std::to_string(catalogue.sequence())},
                               {Table::kSettings, kEpochKey, NewEpoch()}};
}

}  // namespace dongxi
