#include "engine/engagement/pair_memory.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/time/time.h"

namespace dongxi {
namespace {

absl::CivilDay DayOf(const LedgerEntry& entry) {
  return absl::ToCivilDay(absl::FromUnixMicros(entry.event_time_us), absl::FixedTimeZone(8 * 60 * 60));
}

std::string Iso(absl::CivilDay day) { return absl::FormatCivilTime(day); }

bool IsContract(Step step) { return step >= Step::kSigned && step <= Step::kDelivered; }

// What is left of a history once later steps have answered earlier ones. Pointers into that history.
struct Course {
  std::vector<const LedgerEntry*> contract;
  const LedgerEntry* refusal = nullptr;  // nothing that matters came after it
  const LedgerEntry* meeting = nullptr;  // since the last contract or refusal
  const LedgerEntry* contact = nullptr;  // the meeting, or the last interest after it
};

Course CourseOf(const std::vector<LedgerEntry>& history) {
  Course course;
  for (const LedgerEntry& entry : history) {
    if (IsContract(entry.step)) {
      course = {.contract = std::move(course.contract)};
      course.contract.push_back(&entry);
    } else if (entry.step == Step::kRefused) {
      course = {.contract = std::move(course.contract), .refusal = &entry};
    } else if (entry.step == Step::kMet) {
      course.refusal = nullptr;
      course.meeting = course.contact = &entry;
    } else if (entry.step == Step::kInterested) {
      course.refusal = nullptr;
      if (course.meeting != nullptr) course.contact = &entry;
    }
  }
  return course;
}

// The first clearance that was recorded after the refusal.
const LedgerEntry* ClearanceOf(const LedgerEntry& refusal, std::span<const LedgerEntry> ledger) {
  bool behind = false;
  for (const LedgerEntry& entry : ledger) {
    if (behind && entry.kind == LedgerKind::kClearance) return &entry;
    behind = behind || entry.id == refusal.id;
  }
  return nullptr;
}

std::string CoolingText(const std::string& what, absl::CivilDay until) {
  return what + "；冷却到 " + Iso(until) + "，此前排后";
}

PairMemory AfterRefusal(const LedgerEntry& refusal, std::span<const LedgerEntry> ledger, absl::CivilDay today,
                        const CoolDownTable& table) {
  const CoolDown& cool_down = table.Of(refusal.reason);
  const absl::CivilDay until = cool_down.EndFrom(DayOf(refusal));
  if (today >= until) return {};
  PairMemory memory{.past = PairPast::kCoolDown, .until = until, .entries = {refusal.id}};
  const LedgerEntry* clearance = ClearanceOf(refusal, ledger);
  if (clearance != nullptr) memory.entries.push_back(clearance->id);
  memory.text = CoolingText(Iso(DayOf(refusal)) + " 因“" + std::string(ChineseNameOf(refusal.reason)) +
                                "”拒绝" + (clearance != nullptr ? "，已解除：" : "：") + cool_down.text,
                            until);
  return memory;
}

PairMemory AfterMeeting(const Course& course, absl::CivilDay today, const CoolDownTable& table) {
  const absl::CivilDay contact = DayOf(*course.contact);
  const absl::CivilDay until = table.met.EndFrom(contact);
  if (today < contact + table.met.grace_days || today >= until) return {};
  PairMemory memory{.past = PairPast::kCoolDown, .until = until, .entries = {course.meeting->id}};
  if (course.contact != course.meeting) memory.entries.push_back(course.contact->id);
  memory.text = CoolingText(Iso(DayOf(*course.meeting)) + " " + table.met.text, until);
  return memory;
}

PairMemory AfterContract(const Course& course) {
  const LedgerEntry& last = *course.contract.back();
  PairMemory memory{.past = PairPast::kExtend};
  memory.text =
      "已有合同（" + Iso(DayOf(last)) + " " + std::string(ChineseNameOf(last.step)) + "），可延续合作";
  const size_t first = course.contract.size() - std::min(course.contract.size(), kMemoryEntriesMax);
  for (size_t i = first; i < course.contract.size(); ++i) memory.entries.push_back(course.contract[i]->id);
  return memory;
}

// What two parties have with each other after some steps.
struct Business {
  bool talking = false;               // interested or met since their last contract, delivery or refusal
  int contracts = 0;                  // signed and not delivered
  int refused = 0;                    // of contracts: refused, which a later step of a contract takes back
  const LedgerEntry* last = nullptr;  // the last step of what they talk of or of a contract not delivered
};

// `entry` comes behind all that `business` knows.
void Follow(const LedgerEntry& entry, Business* business) {
  if (entry.step < Step::kInterested) return;
  if (entry.step > Step::kSigned && entry.step <= Step::kDelivered)
    business->contracts += std::exchange(business->refused, 0);
  if (entry.step == Step::kDelivered || entry.step == Step::kRefused) {
    if (entry.step == Step::kDelivered) business->contracts = std::max(business->contracts - 1, 0);
    if (entry.step == Step::kRefused) business->refused += std::exchange(business->contracts, 0);
    business->talking = false;
    return;
  }
  if (entry.step == Step::kSigned) {
    ++business->contracts;
    business->refused = 0;  // a new contract in place of the refused one
  }
  business->talking = entry.step <= Step::kMet || (business->talking && entry.step != Step::kSigned);
  // The last payment often comes after the delivery: then it begins nothing.
  const bool of_nothing = entry.step > Step::kSigned && business->contracts == 0;
  if (!of_nothing) business->last = &entry;
}

}  // namespace

PairMemory RememberPair(std::span<const LedgerEntry> ledger, absl::CivilDay today,
                        const CoolDownTable& table) {
  const std::vector<LedgerEntry> history = EffectiveHistory(ledger);
  const Course course = CourseOf(history);
  if (course.refusal != nullptr) {
    PairMemory memory = AfterRefusal(*course.refusal, ledger, today, table);
    // What came before the refusal stands once it has cooled down: a contract is no less one.
    if (memory.past != PairPast::kNone || course.contract.empty()) return memory;
  }
  if (!course.contract.empty()) return AfterContract(course);
  return course.meeting != nullptr ? AfterMeeting(course, today, table) : PairMemory();
}

PairMemory Stronger(PairMemory a, PairMemory b) {
  if (a.past != b.past) return a.past > b.past ? a : b;
  return a.past == PairPast::kCoolDown && b.until > a.until ? b : a;
}

bool IsUnderWay(std::span<const LedgerEntry> ledger, absl::CivilDay today) {
  const std::vector<LedgerEntry> history = EffectiveHistory(ledger);
  Business business;
  for (const LedgerEntry& entry : history) Follow(entry, &business);
  if (!business.talking && business.contracts == 0) return false;
  return DayOf(*business.last) >= absl::CivilDay(today.year() - 1, today.month(), today.day());
}

}  // namespace dongxi
