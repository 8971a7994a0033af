#include "engine/statistics/gaps.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

constexpr char kNoField[] = "未注明领域";
constexpr double kAlike = 0.22;  // Dice of character pairs from which two wishes make one topic
constexpr size_t kTextCharacters = 160;
constexpr size_t kPhraseMin = 4, kPhraseMax = 10, kPhrasesShown = 3;
constexpr size_t kClusteredMax = 400;  // needs of one field and province that are compared with each other

using Key = std::pair<std::string, std::string>;  // field, province
using Pairs = std::set<std::pair<char32_t, char32_t>>;

std::string FieldOf(const std::vector<std::string>& fields) {
  return fields.empty() ? kNoField : fields.front();
}

// Whether a need was open, or an offer there, at some time of the period.
template <typename Record>
bool OpenIn(const Record& record, const DayRange& period) {
  return record.first_day < period.end && record.last_day >= period.first;
}

std::u32string TextOf(const AskedNeed& need) {
  return NormalizeToUtf32(need.title + " " + need.wanted).substr(0, kTextCharacters);
}

Pairs PairsOf(const std::u32string& text) {
  Pairs pairs;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (IsHan(text[i]) && IsHan(text[i + 1])) pairs.emplace(text[i], text[i + 1]);
  }
  return pairs;
}

double Dice(const Pairs& a, const Pairs& b) {
  if (a.empty() || b.empty()) return 0;
  size_t common = 0;
  for (const auto& pair : a) common += b.count(pair);
  return 2.0 * static_cast<double>(common) / static_cast<double>(a.size() + b.size());
}

std::vector<std::vector<size_t>> Alone(size_t count) {
  std::vector<std::vector<size_t>> clusters;
  for (size_t i = 0; i < count; ++i) clusters.push_back({i});
  return clusters;
}

// Clusters of places by average link: the two most alike are joined until none are alike enough.
std::vector<std::vector<size_t>> Clusters(const std::vector<std::vector<double>>& alike) {
  std::vector<std::vector<size_t>> clusters = Alone(alike.size());
  const auto link = [&](const std::vector<size_t>& a, const std::vector<size_t>& b) {
    double sum = 0;
    for (const size_t i : a) {
      for (const size_t j : b) sum += alike[i][j];
    }
    return sum / static_cast<double>(a.size() * b.size());
  };
  while (true) {
    double best = kAlike;
    std::pair<size_t, size_t> joined{0, 0};
    for (size_t i = 0; i < clusters.size(); ++i) {
      for (size_t j = i + 1; j < clusters.size(); ++j) {
        const double value = link(clusters[i], clusters[j]);
        if (value <= best) continue;
        best = value;
        joined = {i, j};
      }
    }
    if (joined.second == 0) return clusters;
    std::vector<size_t>& into = clusters[joined.first];
    into.insert(into.end(), clusters[joined.second].begin(), clusters[joined.second].end());
    clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(joined.second));
  }
}

// Of each two.
std::vector<std::vector<double>> Likeness(const std::vector<Pairs>& pairs) {
  const size_t n = pairs.size();
  std::vector<std::vector<double>> alike(n, std::vector<double>(n, 0));
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < i; ++j) alike[i][j] = alike[j][i] = Dice(pairs[i], pairs[j]);
  }
  return alike;
}

// Runs of Chinese characters in more than half of the texts, longest first, none within another.
std::vector<std::string> SharedPhrases(const std::vector<std::u32string>& texts) {
  if (texts.size() < 2) return {};
  std::map<std::u32string, size_t> counts;
  for (const std::u32string& text : texts) {
    std::set<std::u32string> seen;
    for (size_t begin = 0; begin < text.size(); ++begin) {
      for (size_t length = 1; length <= kPhraseMax && begin + length <= text.size(); ++length) {
        if (!IsHan(text[begin + length - 1])) break;
        if (length >= kPhraseMin) seen.insert(text.substr(begin, length));
      }
    }
    for (const std::u32string& phrase : seen) ++counts[phrase];
  }
  std::vector<std::u32string> shared;
  for (const auto& [phrase, count] : counts) {
    if (2 * count > texts.size()) shared.push_back(phrase);
  }
  std::stable_sort(shared.begin(), shared.end(), [&](const std::u32string& a, const std::u32string& b) {
    return std::tuple(a.size(), counts.at(a)) > std::tuple(b.size(), counts.at(b));
  });
  std::vector<std::u32string> chosen;
  for (const std::u32string& phrase : shared) {
    const bool within = std::any_of(chosen.begin(), chosen.end(), [&](const std::u32string& longer) {
      return longer.find(phrase) != std::u32string::npos;
    });
    if (!within && chosen.size() < kPhrasesShown) chosen.push_back(phrase);
  }
  std::vector<std::string> words;
  for (const std::u32string& phrase : chosen) words.push_back(EncodeUtf8(phrase));
  return words;
}

// Adds the topics of unmet needs of one field and province, at most kClusteredMax; `places` are theirs.
void AddTopics(std::span<const AskedNeed> needs, const Key& key, std::span<const size_t> places,
               std::vector<GuideTopic>* topics) {
  std::vector<std::u32string> texts;
  std::vector<Pairs> pairs;
  for (const size_t place : places) {
    texts.push_back(TextOf(needs[place]));
    pairs.push_back(PairsOf(texts.back()));
  }
  const std::vector<std::vector<double>> alike = Likeness(pairs);
  for (std::vector<size_t>& cluster : Clusters(alike)) {
    const auto nearness = [&](size_t one) {
      double sum = 0;
      for (const size_t other : cluster) sum += alike[one][other];
      return sum;
    };
    std::stable_sort(cluster.begin(), cluster.end(),
                     [&](size_t a, size_t b) { return nearness(a) > nearness(b); });
    GuideTopic topic{.field = key.first, .province = key.second, .title = {}, .phrases = {}, .needs = {}};
    std::vector<std::u32string> own;
    for (const size_t at : cluster) {
      topic.needs.push_back(places[at]);
      topic.budget_wan += needs[places[at]].budget_wan.value_or(0);
      own.push_back(texts[at]);
    }
    topic.title = needs[topic.needs.front()].title;
    topic.phrases = SharedPhrases(own);
    topics->push_back(std::move(topic));
  }
}

// The topics of one field and province; `places` are those of its unmet needs. Mostly they are few; many are
// compared part by part, lest time and memory explode.
std::vector<GuideTopic> TopicsOf(std::span<const AskedNeed> needs, const Key& key,
                                 std::span<const size_t> places) {
  std::vector<GuideTopic> topics;
  for (size_t from = 0; from < places.size(); from += kClusteredMax)
    AddTopics(needs, key, places.subspan(from, std::min(kClusteredMax, places.size() - from)), &topics);
  return topics;
}

using Places = std::map<Key, std::vector<size_t>>;

Places UnmetIn(std::span<const AskedNeed> needs, const std::string& region, const DayRange& period,
               int64_t* open, int64_t* unmet) {
  Places places;
  for (size_t i = 0; i < needs.size(); ++i) {
    if (!OpenIn(needs[i], period) || !needs[i].region.starts_with(region)) continue;
    ++*open;
    if (!needs[i].adequate.empty()) continue;
    ++*unmet;
    places[{FieldOf(needs[i].fields), needs[i].region.substr(0, 2)}].push_back(i);
  }
  return places;
}

// By kind of offer.
using IdlePlaces = std::array<Places, kOfferedKinds>;

// A record may name the institution behind it by its display name.
bool IsAsked(const std::set<std::string_view>& asked, const OfferedRecord& offer) {
  return asked.contains(offer.name) ||
         (OfferedKindOf(offer) == OfferedKind::kInstitution && asked.contains(offer.title));
}

IdlePlaces IdleIn(std::span<const AskedNeed> needs, std::span<const OfferedRecord> offers,
                  const DayRange& period) {
  std::set<std::string_view> asked;
  for (const AskedNeed& need : needs) {
    if (OpenIn(need, period)) asked.insert(need.adequate.begin(), need.adequate.end());
  }
  IdlePlaces places;
  for (size_t i = 0; i < offers.size(); ++i) {
    if (!OpenIn(offers[i], period) || IsAsked(asked, offers[i])) continue;
    places[static_cast<size_t>(OfferedKindOf(offers[i]))]
          [{FieldOf(offers[i].fields), offers[i].region.substr(0, 2)}]
              .push_back(i);
  }
  return places;
}

int64_t CountOf(const Places& places) {
  int64_t count = 0;
  for (const auto& [key, of] : places) count += static_cast<int64_t>(of.size());
  return count;
}

int64_t CountAt(const Places& places, const Key& key) {
  const auto found = places.find(key);
  return found == places.end() ? 0 : static_cast<int64_t>(found->second.size());
}

void AddIdle(std::span<const AskedNeed> needs, std::span<const OfferedRecord> offers, const DayRange& period,
             const std::optional<DayRange>& earlier, Gaps* gaps) {
  for (const OfferedRecord& offer : offers) {
    if (OpenIn(offer, period)) ++gaps->kinds[static_cast<size_t>(OfferedKindOf(offer))].offers;
  }
  const IdlePlaces idle = IdleIn(needs, offers, period);
  const IdlePlaces before = earlier ? IdleIn(needs, offers, *earlier) : IdlePlaces();
  for (size_t kind = 0; kind < kOfferedKinds; ++kind) {
    gaps->kinds[kind].idle = CountOf(idle[kind]);
    gaps->kinds[kind].idle_before = CountOf(before[kind]);
    for (const auto& [key, places] : idle[kind]) {
      gaps->idle_groups.push_back(
          {static_cast<OfferedKind>(kind), key.first, key.second, places, CountAt(before[kind], key)});
    }
  }
  std::stable_sort(gaps->idle_groups.begin(), gaps->idle_groups.end(),
                   [](const IdleGroup& a, const IdleGroup& b) {
                     return a.kind != b.kind ? a.kind < b.kind : a.offers.size() > b.offers.size();
                   });
}

}  // namespace

std::string_view ChineseNameOf(OfferedKind kind) {
  return kind == OfferedKind::kResult ? "成果" : kind == OfferedKind::kExpert ? "专家" : "机构";
}

OfferedKind OfferedKindOf(const OfferedRecord& offer) {
  return offer.name.starts_with("experts/")        ? OfferedKind::kExpert
         : offer.name.starts_with("institutions/") ? OfferedKind::kInstitution
                                                   : OfferedKind::kResult;
}

Gaps FindGaps(std::span<const AskedNeed> needs, std::span<const OfferedRecord> offers, const DayRange& period,
              const std::optional<DayRange>& earlier, const std::string& region) {
  Gaps gaps;
  const Places unmet = UnmetIn(needs, region, period, &gaps.needs, &gaps.unmet);
  Places unmet_before;
  if (earlier) unmet_before = UnmetIn(needs, region, *earlier, &gaps.needs_before, &gaps.unmet_before);
  for (const auto& [key, places] : unmet) {
    for (GuideTopic& topic : TopicsOf(needs, key, places)) {
      topic.needs_before = CountAt(unmet_before, key);
      gaps.topics.push_back(std::move(topic));
    }
  }
  std::stable_sort(gaps.topics.begin(), gaps.topics.end(), [](const GuideTopic& a, const GuideTopic& b) {
    return std::tuple(a.needs.size(), a.budget_wan) > std::tuple(b.needs.size(), b.budget_wan);
  });
  AddIdle(needs, offers, period, earlier, &gaps);
  return gaps;
}

}  // namespace dongxi
