#include "engine/match/reasons.h"

#include <algorithm>

#include "engine/record/field_schema.h"

namespace dongxi {
namespace {

constexpr size_t kTermsNamed = 5;

std::string Joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : "、") + item;
  return text;
}

const std::vector<std::string>& ModesOf(const Record& record) {
  return record.kind == RecordKind::kExpert ? record.availability : record.modes;
}

std::vector<std::string> Common(const std::vector<std::string>& wanted,
                                const std::vector<std::string>& offered) {
  std::vector<std::string> common;
  for (const std::string& code : wanted) {
    if (std::find(offered.begin(), offered.end(), code) != offered.end()) common.push_back(code);
  }
  return common;
}

std::string MaturityText(int wanted, int offered) {
  const std::string level = "成熟度 TRL " + std::to_string(offered);
  if (offered >= wanted) return level + "，达到需求的 TRL " + std::to_string(wanted);
  return level + "，比需求的 TRL " + std::to_string(wanted) + " 低 " + std::to_string(wanted - offered) +
         " 级";
}

std::string EvidenceText(const MatchEntry& entry) {
  std::string text = "佐证：《" + entry.evidence.front().title + "》";
  if (entry.evidence.size() > 1) text += "等 " + std::to_string(entry.evidence.size()) + " 项";
  return text;
}

}  // namespace

std::vector<std::string> ReasonsFor(const MatchEntry& entry, const Record& need, const Record& evidence,
                                    const Boosts& boosts, const Policy& policy) {
  std::vector<std::string> reasons;
  if (boosts.policy != nullptr) reasons.push_back(boosts.policy->reason);
  std::vector<std::string> terms;
  for (size_t i = 0; i < std::min(kTermsNamed, entry.terms.size()); ++i) terms.push_back(entry.terms[i].term);
  if (!terms.empty()) reasons.push_back("共同要点：" + Joined(terms));
  const bool is_own_evidence = entry.evidence.size() == 1 && entry.evidence.front().name == entry.name;
  if (!entry.evidence.empty() && !is_own_evidence) reasons.push_back(EvidenceText(entry));
  std::vector<std::string> modes = Common(need.modes, ModesOf(evidence));
  for (std::string& mode : modes) mode = policy.ModeName(mode);
  if (!modes.empty()) reasons.push_back("合作方式相符：" + Joined(modes));
  if (need.maturity > 0 && evidence.maturity > 0)
    reasons.push_back(MaturityText(need.maturity, evidence.maturity));
  std::vector<std::string> conditions = Common(need.conditions, evidence.conditions);
  for (std::string& condition : conditions) condition = std::string(WordOf(ConditionWords(), condition));
  if (!conditions.empty()) reasons.push_back("适用条件相符：" + Joined(conditions));
  if (reasons.empty()) reasons.emplace_back("语义相近，未见共同用词");
  if (entry.memory) reasons.push_back(entry.memory->text);
  return reasons;
}

}  // namespace dongxi
