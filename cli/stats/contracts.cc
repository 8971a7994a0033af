#include "cli/stats/contracts.h"

#include <cmath>

namespace dongxi::cli {
namespace {

constexpr std::string_view kMark = "典型案例";
constexpr std::string_view kPlanPrefix = "plans/";
constexpr std::string_view kBreaks[] = {"，", "。", "；", "、", "！", "？", ",", ";", "\n", " ", "　"};
constexpr std::string_view kNegations[] = {"不", "未", "没", "勿", "取消", "撤", "非典型"};

struct Open {
  Contract contract;
  bool ended = false;     // by a refusal
  bool reopened = false;  // the refusal was cleared, and nothing came since
};

// In China.
int64_t DayOf(const ContractEntry& entry) {
  constexpr int64_t kDayS = 86'400, kOffsetS = 8 * 3'600;
  return (entry.time_s + kOffsetS) / kDayS;
}

bool Contract::*FlagOf(v1::EngagementStep step) {
  switch (step) {
    case v1::ENGAGEMENT_STEP_REGISTERED:
      return &Contract::registered;
    case v1::ENGAGEMENT_STEP_PAID:
      return &Contract::paid;
    case v1::ENGAGEMENT_STEP_DELIVERED:
      return &Contract::delivered;
    default:
      return nullptr;
  }
}

bool SameAmount(const ContractEntry& a, const ContractEntry& b) {
  return a.amount_wan && b.amount_wan && std::abs(*a.amount_wan - *b.amount_wan) < 1e-6;
}

// The contract that `entry` is taken for; those that a refusal ended come last.
Open* OwnerOf(const ContractEntry& entry, bool Contract::*flag, std::vector<Open>* contracts) {
  Open* best = nullptr;
  int best_rank = -1;
  for (Open& open : *contracts) {
    if (open.contract.*flag) continue;
    const bool fits =
        entry.step == v1::ENGAGEMENT_STEP_REGISTERED && SameAmount(entry, open.contract.signature);
    const int rank = (open.ended ? 0 : 2) + (fits ? 1 : 0);
    if (rank <= best_rank) continue;
    best = &open;
    best_rank = rank;
  }
  return best;
}

// Notes what the entry says of its contract; false if it says such a thing and there is no contract for it.
bool Take(const ContractEntry& entry, std::vector<Open>* contracts) {
  bool Contract::*const flag = FlagOf(entry.step);
  if (flag == nullptr) return true;
  Open* const owner = OwnerOf(entry, flag, contracts);
  if (owner == nullptr) return false;
  owner->contract.*flag = true;
  owner->ended = owner->reopened = false;
  return true;
}

void Refuse(const ContractEntry& refusal, Open* open) {
  if (open->contract.delivered) return;
  open->ended = open->ended || !refusal.cleared;
  open->reopened = !open->ended;
}

bool HasAny(std::string_view text, std::span<const std::string_view> words) {
  for (const std::string_view word : words) {
    if (text.find(word) != std::string_view::npos) return true;
  }
  return false;
}

// Where the part of `text` that begins at `begin` ends, and how long the break behind it is.
std::pair<size_t, size_t> EndOfPart(std::string_view text, size_t begin) {
  std::pair<size_t, size_t> end{text.size(), 0};
  for (const std::string_view mark : kBreaks) {
    const size_t at = text.find(mark, begin);
    if (at < end.first) end = {at, mark.size()};
  }
  return end;
}

}  // namespace

std::vector<Contract> ContractsOf(std::span<const ContractEntry> entries) {
  std::vector<Open> open;
  std::vector<const ContractEntry*> early;  // entries without a contract so far
  for (const ContractEntry& entry : entries) {
    if (entry.step == v1::ENGAGEMENT_STEP_SIGNED) {
      for (Open& one : open) one.ended = one.ended || one.reopened;
      open.push_back({.contract = {.signature = entry}});
      std::erase_if(
          early, [&](const ContractEntry* one) { return DayOf(*one) == DayOf(entry) && Take(*one, &open); });
    }
    if (entry.step == v1::ENGAGEMENT_STEP_REFUSED) {
      for (Open& one : open) Refuse(entry, &one);
    }
    if (!Take(entry, &open)) early.push_back(&entry);
  }
  std::vector<Contract> contracts;
  for (Open& one : open) {
    if (!one.ended) contracts.push_back(std::move(one.contract));
  }
  return contracts;
}

bool Proves(std::string_view evidence) { return !evidence.starts_with(kPlanPrefix); }

bool MarksGoodCase(std::string_view note) {
  for (size_t begin = 0; begin < note.size();) {
    const auto [end, length] = EndOfPart(note, begin);
    const std::string_view part = note.substr(begin, end - begin);
    if (part.find(kMark) != std::string_view::npos && !HasAny(part, kNegations)) return true;
    begin = end + length;
    if (length == 0) break;
  }
  return false;
}

}  // namespace dongxi::cli
