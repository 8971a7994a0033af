#include "bench/ratings.h"

#include <cmath>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "bench/quality/random.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

constexpr size_t kRatingsBytesMax = size_t{256} << 20;
constexpr size_t kRounds = 2000;
constexpr double kUnranked = -1e9;  // below every score

absl::StatusOr<Rating> ParseRating(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
  if (fields.size() != 3) {
    return absl::InvalidArgumentError(std::to_string(fields.size()) +
                                      " fields, expected 3: expert, query, rating, separated by tabs");
  }
  Rating rating{fields[0], fields[1]};
  if (!absl::SimpleAtod(fields[2], &rating.value) || !std::isfinite(rating.value)) {
    return absl::InvalidArgumentError("rating '" + fields[2] + "' is no number");
  }
  return rating;
}

}  // namespace

absl::StatusOr<std::vector<Rating>> ReadRatings(const std::filesystem::path& file) {
  DX_ASSIGN_OR_RETURN(const std::string content, ReadFile(file, kRatingsBytesMax));
  std::istringstream stream(content);
  std::vector<Rating> ratings;
  std::set<std::pair<std::string, std::string>> seen;
  size_t number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    if (number == 1 || line.empty()) continue;  // the header
    const std::string place = file.string() + ":" + std::to_string(number) + ": ";
    absl::StatusOr<Rating> rating = ParseRating(line);
    if (!rating.ok()) return absl::InvalidArgumentError(place + std::string(rating.status().message()));
    if (!seen.insert({rating->expert, rating->query}).second) {
      return absl::InvalidArgumentError(place + rating->expert + " rated " + rating->query +
                                        " before; keep one of the two lines");
    }
    ratings.push_back(*std::move(rating));
  }
  if (ratings.empty()) return absl::InvalidArgumentError(file.string() + ": no rating after the header line");
  return ratings;
}

OrderedShare ShareOrdered(const std::vector<Rating>& ratings,
                          const std::function<double(const std::string&, const std::string&)>& score) {
  std::map<std::string, std::vector<std::pair<double, double>>> of_expert;  // rating, score
  for (const Rating& rating : ratings) {
    of_expert[rating.expert].emplace_back(rating.value, score(rating.expert, rating.query));
  }
  double right = 0, weight = 0;
  for (const auto& [expert, items] : of_expert) {
    for (size_t i = 0; i < items.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        const double difference = items[i].first - items[j].first;
        const double order = difference * (items[i].second - items[j].second);
        weight += std::abs(difference);
        right += std::abs(difference) * (order > 0 ? 1.0 : order == 0 ? 0.5 : 0.0);
      }
    }
  }
  return {weight > 0 ? right / weight : 0, weight};
}

absl::Status ReportRatings(const std::vector<Rating>& ratings, const QualityRun& run,
                           const std::string& json) {
  std::map<std::string, std::map<std::string, double>> scores;
  for (const auto& [query, ranked] : run.run.queries) {
    for (const RankedDocument& document : ranked) scores[query][document.document] = document.score;
  }
  const auto score = [&](const std::string& expert, const std::string& query) {
    const auto answer = scores.find(query);
    if (answer == scores.end()) return kUnranked;
    const auto found = answer->second.find(expert);
    return found == answer->second.end() ? kUnranked : found->second;
  };
  std::map<std::string, std::vector<Rating>> of_expert;
  for (const Rating& rating : ratings) of_expert[rating.expert].push_back(rating);
  std::vector<OrderedShare> shares;
  for (const auto& [expert, own] : of_expert) shares.push_back(ShareOrdered(own, score));
  Random random(1);
  std::vector<double> rounds;
  for (size_t round = 0; round < kRounds; ++round) {
    double right = 0, weight = 0;
    for (size_t i = 0; i < shares.size(); ++i) {
      const OrderedShare& drawn = shares[random.Below(shares.size())];
      right += drawn.share * drawn.weight;
      weight += drawn.weight;
    }
    rounds.push_back(weight > 0 ? right / weight : 0);
  }
  std::sort(rounds.begin(), rounds.end());
  const double low = rounds[kRounds * 25 / 1000], high = rounds[kRounds * 975 / 1000];
  const OrderedShare all = ShareOrdered(ratings, score);
  std::cout << absl::StrFormat(
      "weighted pairs ordered rightly: %.4f [%.4f, %.4f], %d ratings of %d experts\n", all.share, low, high,
      ratings.size(), of_expert.size());
  if (json.empty()) return absl::OkStatus();
  const nlohmann::json object = {{"ordered_share", all.share},
                                 {"low", low},
                                 {"high", high},
                                 {"ratings", ratings.size()},
                                 {"experts", of_expert.size()}};
  return WriteFileAtomically(json, object.dump(2) + "\n");
}

}  // namespace dongxi::bench
