#include "server/table_overlay.h"

#include "engine/base/status_macros.h"

namespace dongxi {

absl::StatusOr<std::optional<std::string>> TableOverlay::Get(const std::string& key) const {
  const auto found = pending_.find(key);
  if (found != pending_.end()) return found->second;
  return reader_.GetTable(table_, key);
}

absl::Status TableOverlay::Scan(
    const std::string& prefix,
    const std::function<bool(std::string_view key, std::string_view value)>& visit) const {
  const auto has_prefix = [&](std::string_view key) { return key.substr(0, prefix.size()) == prefix; };
  auto next = pending_.lower_bound(prefix);
  bool going = true;
  const auto pass_pending = [&](const std::string_view* before) {
    for (; going && next != pending_.end() && has_prefix(next->first); ++next) {
      if (before != nullptr && next->first >= *before) break;
      if (next->second) going = visit(next->first, *next->second);
    }
  };
  DX_RETURN_IF_ERROR(reader_.ScanTable(table_, prefix, [&](std::string_view key, std::string_view value) {
    if (!has_prefix(key)) return false;
    pass_pending(&key);
    const bool replaced = going && next != pending_.end() && next->first == key;
    if (going && !replaced) going = visit(key, value);
    return going;
  }));
  pass_pending(nullptr);
  return absl::OkStatus();
}

void TableOverlay::AppendTo(std::vector<TablePut>* puts) const {
  for (const auto& [key, value] : pending_) puts->push_back({table_, key, value});
}

}  // namespace dongxi
