// A table of the catalogue with puts that are not written yet: what several steps of one write read and add.
// Not thread-safe; used inside Catalogue::Write.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/catalogue.h"

namespace dongxi {

class TableOverlay {
 public:
  // `reader` outlives it.
  TableOverlay(const CatalogueReader& reader, Table table) : reader_(reader), table_(table) {}

  absl::StatusOr<std::optional<std::string>> Get(const std::string& key) const;
  // The keys that begin with `prefix`, ascending, until `visit` returns false.
  absl::Status Scan(const std::string& prefix,
                    const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  void Put(const std::string& key, std::string value) { pending_[key] = std::move(value); }
  void Remove(const std::string& key) { pending_[key] = std::nullopt; }

  // What is pending, to be written.
  void AppendTo(std::vector<TablePut>* puts) const;
  // Forgets what was put since `Mark`: a step that failed half way.
  using State = std::map<std::string, std::optional<std::string>, std::less<>>;
  State Mark() const { return pending_; }
  void ReturnTo(State state) { pending_ = std::move(state); }

 private:
  const CatalogueReader& reader_;
  const Table table_;
  State pending_;
};

}  // namespace dongxi
