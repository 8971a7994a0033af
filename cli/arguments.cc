#include "cli/arguments.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "engine/record/record.h"
#include "report/words.h"

namespace dongxi::cli {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

absl::Status Wrong(std::string_view option, std::string_view found, std::string_view expected) {
  std::string message(option);
  message.append(" 的值“").append(found).append("”不对：").append(expected);
  return absl::InvalidArgumentError(message);
}

struct KindWord {
  std::string_view word;
  v1::RecordKind kind;
  bool matched;  // offered by a match, not only found by a search
};
constexpr KindWord kKindWords[] = {
    {"partners", v1::INSTITUTION, true}, {"institutions", v1::INSTITUTION, true},
    {"experts", v1::EXPERT, true},       {"results", v1::RESULT, true},
    {"needs", v1::NEED, false},          {"evidence", v1::EVIDENCE, false},
};

absl::StatusOr<std::vector<v1::RecordKind>> ParseKinds(const std::vector<std::string>& words, bool match_only,
                                                       std::string_view expected) {
  std::vector<v1::RecordKind> kinds;
  for (const std::string& word : SplitWords(words)) {
    const auto* known = std::find_if(
        std::begin(kKindWords), std::end(kKindWords),
        [&](const KindWord& entry) { return entry.word == word && (entry.matched || !match_only); });
    if (known == std::end(kKindWords)) return Wrong("--kinds", word, expected);
    if (std::find(kinds.begin(), kinds.end(), known->kind) == kinds.end()) kinds.push_back(known->kind);
  }
  return kinds;
}

// Host and port of an address; nothing if it has no such form.
struct HostPort {
  std::string host, port;
};
std::optional<HostPort> SplitAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  HostPort parts{address.substr(0, colon), address.substr(colon + 1)};
  if (parts.host.front() == '[' && parts.host.back() == ']') {
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  } else if (parts.host.find_first_of(":/[] ") != std::string::npos) {
    return std::nullopt;
  }
  if (parts.host.empty()) return std::nullopt;
  return parts;
}

}  // namespace

absl::Status CheckRegionCode(std::string_view option, const std::string& code) {
  if (const std::string meant = report::RegionCodeOf(code); !IsDigits(code) && !meant.empty()) {
    return Wrong(option, code, "要写行政区划代码，" + code + "的代码是 " + meant);
  }
  if (!IsDigits(code) || code.size() < 2 || code.size() > 6) {
    return Wrong(option, code, "应为 2 至 6 位数字的行政区划代码（GB/T 2260），如青海 63、海西州 6328");
  }
  if (report::RegionName(code.substr(0, 2)).empty()) {
    return Wrong(option, code,
                 "没有以 " + code.substr(0, 2) + " 开头的省级代码（GB/T 2260），如青海 63、广东 44");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> CandidateFilter(const std::vector<std::string>& partner_regions,
                                            const std::string& filter) {
  std::string regions;
  for (const std::string& code : partner_regions) {
    if (absl::Status status = CheckRegionCode("--partner-region", code); !status.ok()) return status;
    absl::StrAppend(&regions, regions.empty() ? "" : " OR ", "region = \"", code, "\"");
  }
  const bool has_filter = filter.find_first_not_of(" \t\r\n") != std::string::npos;
  if (regions.empty()) return has_filter ? filter : "";
  if (!has_filter) return regions;
  return absl::StrCat("(", regions, ") AND (", filter, ")");
}

std::vector<std::string> SplitWords(const std::vector<std::string>& given) {
  std::vector<std::string> words;
  for (const std::string& one : given) {
    const std::string plain = absl::StrReplaceAll(one, {{"，", ","}, {"、", ","}});
    for (std::string& word : std::vector<std::string>(absl::StrSplit(plain, ','))) {
      absl::StripAsciiWhitespace(&word);
      words.push_back(std::move(word));
    }
  }
  return words;
}

absl::StatusOr<std::vector<v1::RecordKind>> ParseMatchKinds(const std::vector<std::string>& words) {
  return ParseKinds(words, /*match_only=*/true, "应为 partners、experts、results 中的一个或几个，用逗号隔开");
}

absl::StatusOr<std::vector<v1::RecordKind>> ParseSearchKinds(const std::vector<std::string>& words) {
  return ParseKinds(words, /*match_only=*/false,
                    "应为 institutions、experts、results、needs、evidence 中的一个或几个，用逗号隔开");
}

absl::Status SetDiversity(const std::string& word, v1::Diversity* diversity) {
  constexpr std::pair<const char*, v1::Diversity::Level> kLevels[] = {
      {"off", v1::Diversity::OFF}, {"low", v1::Diversity::LOW}, {"high", v1::Diversity::HIGH}};
  for (const auto& [name, level] : kLevels) {
    if (word != name) continue;
    diversity->set_level(level);
    return absl::OkStatus();
  }
  double lambda = -1;
  if (absl::SimpleAtod(word, &lambda) && lambda >= 0 && lambda <= kDiversityMax) {
    diversity->set_lambda(lambda);
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("--diversity 的值“", word, "”不对：应为 off、low、high，或 0 至 0.8 的数"));
}

absl::StatusOr<std::vector<v1::FacetField>> ParseFacets(const std::vector<std::string>& words) {
  constexpr std::pair<const char*, v1::FacetField> kFacets[] = {{"region", v1::FACET_FIELD_REGION},
                                                                {"field", v1::FACET_FIELD_FIELD},
                                                                {"maturity", v1::FACET_FIELD_MATURITY},
                                                                {"mode", v1::FACET_FIELD_MODE},
                                                                {"type", v1::FACET_FIELD_TYPE}};
  std::vector<v1::FacetField> facets;
  for (const std::string& word : SplitWords(words)) {
    const auto* const found = std::find_if(std::begin(kFacets), std::end(kFacets),
                                           [&word](const auto& facet) { return word == facet.first; });
    if (found == std::end(kFacets)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--facets 的值“", word,
          "”不对：应为 region（地区）、field（领域）、maturity（成熟度）、mode（合作方式）、type（类型）"));
    }
    if (std::find(facets.begin(), facets.end(), found->second) == facets.end())
      facets.push_back(found->second);
  }
  return facets;
}

absl::Status CheckTop(int top) {
  if (top >= 1 && top <= kTopMax) return absl::OkStatus();
  return Wrong("--top", std::to_string(top), absl::StrCat("应为 1 至 ", kTopMax, " 的整数"));
}

absl::StatusOr<std::string> NeedName(std::string_view option, const std::string& id) {
  const std::optional<RecordName> full = ParseResourceName(id);
  if (full && full->kind == RecordKind::kNeed) return id;
  if (!full && IsValidRecordId(id)) return ResourceName(RecordKind::kNeed, id);
  return Wrong(option, id, "应为需求编号，如 n-001 或 needs/n-001");
}

absl::StatusOr<std::string> OfferName(const std::string& name) {
  const std::optional<RecordName> parsed = ParseResourceName(name);
  if (parsed && (parsed->kind == RecordKind::kInstitution || parsed->kind == RecordKind::kExpert ||
                 parsed->kind == RecordKind::kResult)) {
    return name;
  }
  return Wrong("--offer", name, "应为 institutions/编号、experts/编号 或 results/编号");
}

absl::Status CheckServerAddress(const std::string& address) {
  const std::optional<HostPort> parts = SplitAddress(address);
  int port = 0;
  if (parts && IsDigits(parts->port) && absl::SimpleAtoi(parts->port, &port) && port >= 1 && port <= 65535) {
    return absl::OkStatus();
  }
  return Wrong("--server", address, "应为 主机:端口，如 127.0.0.1:7878 或 [::1]:7878");
}

bool IsLoopback(const std::string& address) {
  const std::optional<HostPort> parts = SplitAddress(address);
  if (!parts) return false;
  if (parts->host == "localhost" || parts->host == "::1") return true;
  // 127. and digits only: 127.example.org is not loopback.
  return parts->host.rfind("127.", 0) == 0 &&
         parts->host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace dongxi::cli
