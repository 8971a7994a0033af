#include "cli/stats/pair_ledgers.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "engine/engagement/rules.h"
#include "engine/statistics/ledger_row.h"

namespace dongxi::cli {
namespace {

LedgerEntry ToLedgerEntry(const v1::Engagement& sent) {
  LedgerEntry entry;
  entry.id = sent.name();
  if (sent.kind() != v1::Engagement::KIND_UNSPECIFIED) entry.kind = static_cast<LedgerKind>(sent.kind());
  entry.corrects = sent.corrects();
  entry.step = static_cast<Step>(sent.step());
  entry.event_time_us = sent.event_time().seconds() * 1'000'000 + sent.event_time().nanos() / 1'000;
  if (sent.has_amount_wan()) entry.amount_wan = sent.amount_wan();
  return entry;
}

}  // namespace

bool CountsToday(const v1::Engagement& entry) {
  return entry.kind() != v1::Engagement::KIND_WITHDRAWAL && entry.kind() != v1::Engagement::KIND_CLEARANCE &&
         entry.corrected_by().empty();
}

bool ToldBefore(const v1::Engagement& entry, OneContract* contracts) {
  LedgerRow row;
  row.need = entry.need();
  row.offer = entry.offer();
  row.step = static_cast<Step>(entry.step());
  row.event_time_us = entry.event_time().seconds() * 1'000'000;
  if (entry.has_amount_wan()) row.amount_wan = entry.amount_wan();
  row.simulated = entry.simulated();
  return contracts->ToldByAnother(row, entry.registration_number(), entry.tenant(), 0).has_value();
}

void PairLedgers::Add(const v1::Engagement& entry) {
  // What comes before a meeting is most of the ledger, and no warning that is told of depends on it.
  if (CountsToday(entry) && (entry.step() < v1::ENGAGEMENT_STEP_MET || ToldBefore(entry, &contracts_)))
    return;
  Recorded recorded;
  recorded.entry = ToLedgerEntry(entry);
  recorded.corrected_by = entry.corrected_by();
  recorded.tenant = entry.tenant();
  recorded.simulated = entry.simulated();
  pairs_[{entry.need(), entry.offer()}].push_back(std::move(recorded));
}

PairLedgers::Order PairLedgers::OrderOf(const std::vector<Recorded>& pair) {
  Order newest_first;
  for (const Recorded& one : pair) newest_first.push_back(&one);
  std::sort(newest_first.begin(), newest_first.end(),
            [](const Recorded* a, const Recorded* b) { return a->entry.id > b->entry.id; });
  Order order;
  std::set<std::string_view> there;
  for (const Recorded* one : newest_first) {
    // What took its place lies outside the period, or another tenant told it.
    if (!one->corrected_by.empty() && !there.contains(one->corrected_by)) continue;
    there.insert(one->entry.id);
    order.push_back(one);
  }
  std::reverse(order.begin(), order.end());
  return order;
}

// Simulated entries and the others are two ledgers; one that says that another was simulated takes it out.
std::vector<LedgerEntry> PairLedgers::LedgerOf(const Order& order, bool simulated) {
  std::vector<LedgerEntry> ledger;
  for (const Recorded* one : order) {
    const bool own = one->simulated == simulated;
    if (!own && (simulated || one->entry.corrects.empty())) continue;
    ledger.push_back(one->entry);
    if (!own) ledger.back().kind = LedgerKind::kWithdrawal;
  }
  return ledger;
}

std::vector<PairLedgers::Warning> PairLedgers::Warnings() const {
  std::vector<Warning> warnings;
  for (const auto& [names, pair] : pairs_) {
    const Order order = OrderOf(pair);
    for (const bool simulated : {false, true}) {
      for (const Finding& finding : CheckPair(LedgerOf(order, simulated))) {
        // One tenant may record a meeting of after the contract that another one recorded.
        const bool too_early = finding.code == "SIGNED_BEFORE_MET";
        if (finding.refused && !too_early) continue;
        warnings.push_back({too_early ? "NO_MEETING" : std::string(finding.code), finding.entry});
      }
    }
  }
  return warnings;
}

std::set<std::string> PairLedgers::Cleared() const {
  std::set<std::string> all;
  for (const auto& [names, pair] : pairs_) {
    std::map<std::pair<std::string_view, bool>, std::set<std::string_view>> seen;  // since the last clearance
    for (const Recorded* one : OrderOf(pair)) {
      std::set<std::string_view>& own = seen[{one->tenant, one->simulated}];
      if (one->entry.kind == LedgerKind::kClearance) {
        for (const std::string_view name : own) all.emplace(name);
        own.clear();
      } else if (all.contains(one->entry.corrects)) {
        all.insert(one->entry.id);  // what takes the place of a cleared refusal is cleared too
      } else {
        own.insert(one->entry.id);
      }
    }
  }
  return all;
}

}  // namespace dongxi::cli
