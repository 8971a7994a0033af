#include "server/table_check.h"

#include <optional>
#include <string_view>

#include "dongxi/storage/operation.pb.h"
#include "dongxi/v1/engagement.pb.h"
#include "dongxi/v1/replay.pb.h"
#include "dongxi/v1/watch.pb.h"
#include "server/engagement_convert.h"
#include "server/engagement_table.h"
#include "server/pair_index.h"
#include "server/tenant_count.h"

namespace dongxi {
namespace {

constexpr size_t kRequestHeadBytes = 16;  // time and fingerprint, as server/request_memory.cc writes them
constexpr size_t kNumberBytes = 8;

template <typename Message>
std::optional<Message> Parsed(std::string_view bytes) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
  return message;
}

// Keys are bytes; what is shown of them is not.
std::string Shown(std::string_view key) {
  std::string text;
  for (const char c : key) text.push_back(c >= ' ' && c <= '~' ? c : '.');
  return text;
}

// "a 0 b 0 rest"; empty views if it is not of that form.
struct ThreeParts {
  std::string_view first, second, rest;
};
ThreeParts Split(std::string_view key) {
  const size_t first = key.find('\0');
  const size_t second = first == std::string_view::npos ? first : key.find('\0', first + 1);
  if (second == std::string_view::npos) return {};
  return {key.substr(0, first), key.substr(first + 1, second - first - 1), key.substr(second + 1)};
}

class TableCheck {
 public:
  TableCheck(const CatalogueReader& catalogue, const std::function<bool()>& cancelled,
             std::vector<std::string>* problems)
      : catalogue_(catalogue), cancelled_(cancelled), problems_(problems) {}

  void Run() {
    pairs_complete_ = IsPairIndexComplete(catalogue_).value_or(false);
    Look("engagements", Table::kEngagements,
         [this](std::string_view key, std::string_view value) { return IsEngagement(key, value); });
    Look("refusals", Table::kRefusals, [](std::string_view key, std::string_view value) {
      const ThreeParts parts = Split(key);
      return ParseResourceName(parts.first) && ParseResourceName(parts.second) &&
             Parsed<v1::Engagement>(value);
    });
    Look("matches", Table::kMatches, [](std::string_view key, std::string_view value) {
      const auto record = Parsed<v1::MatchRecord>(value);
      return record && record->name() == "matches/" + std::string(key);
    });
    Look("requests", Table::kRequests, [](std::string_view key, std::string_view value) {
      if (key.empty()) return false;
      return key[0] == 'k' ? value.size() >= kRequestHeadBytes : key[0] == 't' && key.size() > kNumberBytes;
    });
    Look("operations", Table::kOperations, [](std::string_view, std::string_view value) {
      return Parsed<storage::StoredOperation>(value).has_value();
    });
    Look("watches", Table::kWatches, [](std::string_view key, std::string_view value) {
      if (key.empty()) return false;
      if (key[0] == 'q') return value.substr(0, 8) == "watches/";
      if (key[0] == kTenantCountKey) return IsTenantCount(key, value);
      const auto watch = Parsed<v1::Watch>(value);
      return key[0] == 'w' && watch && watch->name() == key.substr(1);
    });
  }

 private:
  template <typename IsWhole>
  void Look(const std::string& name, Table table, const IsWhole& is_whole) {
    const absl::Status scanned =
        catalogue_.ScanTable(table, "", [&](std::string_view key, std::string_view value) {
          if (!is_whole(key, value)) {
            problems_->push_back("catalogue, table of " + name + ": the entry '" + Shown(key) +
                                 "' cannot be read or leads nowhere; restore the catalogue from a backup");
          }
          return !(cancelled_ && cancelled_());
        });
    if (!scanned.ok())
      problems_->push_back("catalogue, table of " + name + ": " + std::string(scanned.message()));
  }

  bool Has(EngagementKey kind, std::string_view rest) const {
    const auto found = catalogue_.GetTable(Table::kEngagements, EngagementTableKey(kind, rest));
    return found.ok() && found->has_value();
  }

  // An entry has its name, and its ways to be found.
  bool IsEntry(const std::string& id, std::string_view value) const {
    const auto entry = Parsed<v1::Engagement>(value);
    if (!entry || entry->name() != EngagementName(id)) return false;
    const std::string time = BigEndian(static_cast<uint64_t>(MicrosOf(entry->event_time())));
    std::string pair = entry->need();
    pair.push_back('\0');
    pair += entry->offer();
    pair.push_back('\0');
    return Has(EngagementKey::kTime, time + id) && Has(EngagementKey::kPair, pair + id) &&
           (!IsInPairIndex(*entry) || !pairs_complete_ || HasBothEnds(*entry, id));
  }

  bool HasBothEnds(const v1::Engagement& entry, const std::string& id) const {
    const std::string zero(1, '\0');
    return Has(EngagementKey::kBothEnds, entry.need() + zero + entry.offer() + zero + id) &&
           Has(EngagementKey::kBothEnds, entry.offer() + zero + entry.need() + zero + id);
  }

  bool IsEngagement(std::string_view key, std::string_view value) const {
    if (key.empty()) return false;
    const std::string_view rest = key.substr(1);
    switch (static_cast<EngagementKey>(key[0])) {
      case EngagementKey::kEntry:
        return IsEntry(std::string(rest), value);
      case EngagementKey::kTime:
        return rest.size() > kNumberBytes && Has(EngagementKey::kEntry, rest.substr(kNumberBytes));
      case EngagementKey::kPair:
        return Has(EngagementKey::kEntry, Split(rest).rest);
      case EngagementKey::kCorrected:
        return Has(EngagementKey::kEntry, rest) && Has(EngagementKey::kEntry, value);
      case EngagementKey::kNumber:
      case EngagementKey::kTenantNumber:
      case EngagementKey::kSimulatedNumber:
      case EngagementKey::kNatural:
        return Has(EngagementKey::kEntry, value);
      case EngagementKey::kRequest:
        return value.size() > kNumberBytes &&
               Has(EngagementKey::kEntry, value.substr(0, value.size() - kNumberBytes));
      case EngagementKey::kLast:
        return rest.empty() && value.size() == kNumberBytes;
      case EngagementKey::kBothEnds:
        return Has(EngagementKey::kEntry, Split(rest).rest) && Parsed<v1::Engagement>(value);
      case EngagementKey::kComplete:
        return rest.empty();
    }
    return false;
  }

  const CatalogueReader& catalogue_;
  const std::function<bool()>& cancelled_;
  std::vector<std::string>* const problems_;
  bool pairs_complete_ = false;  // older ledgers have no index of pairs until a server opens them
};

}  // namespace

void CheckTables(const CatalogueReader& catalogue, const std::function<bool()>& cancelled,
                 std::vector<std::string>* problems) {
  TableCheck(catalogue, cancelled, problems).Run();
}

}  // namespace dongxi
