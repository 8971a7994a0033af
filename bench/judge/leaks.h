// What a test collection's queries share with the history that a system may learn from. Pure functions; any
// thread.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "bench/judge/engagements.h"

namespace dongxi::bench {

// From here on two needs are the same need in other words.
inline constexpr double kNearDuplicate = 0.5;  // bigrams of title and text in common, Jaccard

struct NeedText {
  std::string title;
  std::string text;
  std::string place;  // file:line
};
using NeedTexts = std::map<std::string, NeedText, std::less<>>;  // by id

// A document of the collection that did not exist at the day of the split.
struct LateDocument {
  std::string id;
  std::string date;  // as written
  std::string place;
};

enum class LeakKind { kPair, kNeed, kDocument };

struct Leak {
  LeakKind kind = LeakKind::kPair;
  std::string need;  // the query that must go; "" for a document that no query judges
  std::string text;  // places, and what they share
};

// The first engagement of every need.
using FirstSteps = std::map<std::string, const Engagement*>;

// Pairs after the split that have history too, once each.
std::vector<Leak> PairLeaks(std::span<const Engagement> history, std::span<const Engagement> after);

// Needs after the split that have history themselves, or that are like one that has: the same normalised
// title, or kNearDuplicate. Without a text only the id is compared. One leak a need.
std::vector<Leak> NeedLeaks(const FirstSteps& history, const FirstSteps& after, const NeedTexts& texts);

// Late documents: a leak for every query that judges one, or one without a query.
std::vector<Leak> DocumentLeaks(std::span<const LateDocument> late, std::span<const Engagement> after);

}  // namespace dongxi::bench
