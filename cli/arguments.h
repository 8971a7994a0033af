// Checks of arguments that need no server. Every error is InvalidArgument with a Chinese message that names
// the option, what was found, what is expected and, where there is one, what was probably meant. Pure
// functions; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/records.pb.h"

namespace dongxi::cli {

inline constexpr int kTopMax = 1'000;
inline constexpr double kDiversityMax = 0.8;

// A GB/T 2260 code of 2 to 6 digits whose province exists.
absl::Status CheckRegionCode(std::string_view option, const std::string& code);

// The filter of a request: `filter`, and of the regions any one: with regions 44 and 31 and the filter
// `maturity >= 6`, (region = "44" OR region = "31") AND (maturity >= 6). Both may be empty.
absl::StatusOr<std::string> CandidateFilter(const std::vector<std::string>& partner_regions,
                                            const std::string& filter);

// The words of an option that takes several, also where they stand in one with the marks of a Chinese
// keyboard: html，pdf and html、pdf are two.
std::vector<std::string> SplitWords(const std::vector<std::string>& given);

// A word of --kinds: partners (or institutions), experts, results, and for a search also needs, evidence.
absl::StatusOr<std::vector<v1::RecordKind>> ParseMatchKinds(const std::vector<std::string>& words);
absl::StatusOr<std::vector<v1::RecordKind>> ParseSearchKinds(const std::vector<std::string>& words);

// off, low, high or a number such as 0.3.
absl::Status SetDiversity(const std::string& word, v1::Diversity* diversity);
// Words of --facets: region, field, maturity, mode, type.
absl::StatusOr<std::vector<v1::FacetField>> ParseFacets(const std::vector<std::string>& words);

// 1..kTopMax.
absl::Status CheckTop(int top);

// "needs/n-1" for both "n-1" and "needs/n-1".
absl::StatusOr<std::string> NeedName(std::string_view option, const std::string& id);

// "institutions/…", "experts/…" or "results/…", as it is.
absl::StatusOr<std::string> OfferName(const std::string& name);

// "host:port" with a port of 1..65535; the host may be a name, an IPv4 address or an IPv6 address in
// brackets.
absl::Status CheckServerAddress(const std::string& address);
// True for localhost, 127.0.0.0/8 and ::1: the only addresses that are spoken to without TLS.
bool IsLoopback(const std::string& address);

}  // namespace dongxi::cli
