// An event of one-to-one meetings as its organiser describes it: who takes part and when, where there are
// tables, who may, wants to or must meet whom. Plain values; parties, slots and tables are named by their
// place in the vectors. docs/planning.md says what each field means for the plan.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

namespace dongxi::plan {

inline constexpr int kSlotsMax = 256;  // breaks included
inline constexpr int kPartiesMax = 50'000;
inline constexpr int kPairsMax = 2'000'000;
inline constexpr int kTablesMax = 10'000;
inline constexpr int kSessionsMax = 1'000;  // several in each slot; more are several events
inline constexpr int kQuotasMax = 1'000;

using SlotSet = std::bitset<kSlotsMax>;

// Where an entry stands, as its author sees it: a sheet of the spreadsheet (an array of the JSON) and a row.
struct Place {
  std::string sheet;
  uint64_t row = 0;
};

struct Slot {
  std::string id;
  std::string date;      // 2026-11-26
  int begin_minute = 0;  // of the day
  int end_minute = 0;
  bool is_break = false;  // nobody meets; waiting across it does not count
  Place place;
};

enum class Side : uint8_t { kNeed, kOffer };

// Whoever sits on one side of a table: an institution's delegation, a company, an expert on his own. All
// members of a party come to all of its meetings; a person who belongs to several parties is with one at a
// time.
struct Party {
  std::string id, name, title, region;
  std::string institution;  // that it belongs to, for quotas; empty: it is one itself, by its name
  std::string record;       // of the catalogue: needs/n-1, institutions/i-1 …; empty: none
  Side side = Side::kNeed;
  bool is_protected =
      false;  // a county or small party: gets the floor of the settings and counts double in fairness
  std::vector<std::string> members;
  int seats = 0;  // 0: not said; then 1 for who takes part from afar, else the members, or 1
  int min_meetings = 0;
  int max_meetings = -1;  // -1: as many as it has slots
  SlotSet available;      // without breaks
  bool online = false;    // takes part from afar: needs a table with equipment
  int home_table = -1;    // sits there always
  Place place;
};

struct Table {
  std::string id, name;
  int seats = 0;  // 0: enough for any meeting
  bool online = false;
  SlotSet available;
  Place place;
};

enum class Wish : uint8_t { kNone, kWant, kMust, kNo };
enum class History : uint8_t { kNone, kCoolDown, kExtend };

struct Pair {
  int need = 0, offer = 0;
  double score = 0;  // of the match, 0..1
  Wish by_need = Wish::kNone, by_offer = Wish::kNone, by_organiser = Wish::kNone;
  History history = History::kNone;
  std::string reason;    // for people
  std::string match_id;  // of the answer that proposed it; empty: none
  std::string record;  // of the catalogue: the offer that it proposed, results/r-1; empty: the offer's party
  Place place;
  // Rows of the wishes, in the sheet of requests; 0: not known.
  uint64_t by_need_row = 0, by_offer_row = 0, by_organiser_row = 0;
};

struct Lock {
  int pair = 0;
  int slot = 0;
  int table = -1;     // -1: any
  bool held = false;  // took place already
  Place place;
};

// A group meeting or a 路演: takes its parties out of the one-to-one meetings of its slot.
struct Session {
  std::string id, name, kind;
  int slot = -1;                  // -1: the planner chooses
  int table = -1;                 // the table whose place it takes; -1: elsewhere, no table is used
  std::vector<int> participants;  // must be there
  std::vector<int> invited;       // come if they are free
  int capacity = 0;               // parties at most, 0: any number
  Place place;
};

enum class QuotaKind : uint8_t { kRegion, kInstitution };

// How many meetings the parties of a province, county or institution have together. A meeting counts once,
// also where both of its parties are of the group.
struct Quota {
  QuotaKind kind = QuotaKind::kRegion;
  std::string group;
  bool of_needs = true, of_offers = true;  // sides whose parties belong to it; one of them at least
  int min_meetings = 0;                    // wished for: what is missing to it is said
  int max_meetings = -1;                   // hard; -1: none
  std::vector<int> parties;                // that belong to it, ascending
  Place place;
};

struct Settings {
  std::string title, venue;
  double fair_share_max = 0.02;  // of the value that fairness may cost
  int max_meetings = -1;         // of a party that does not say; -1: none
  int protected_floor = 1;       // meetings that a protected party should have at least
  int most_wanted_max = -1;      // cap of the tenth of each side that most ask for; -1: none
  int utc_offset_minutes = 480;
};

struct Event {
  Settings settings;
  std::vector<Slot> slots;  // by date and time
  std::vector<Party> parties;
  std::vector<Table> tables;  // none: tables are not planned, and any number may meet
  std::vector<Pair> pairs;    // at most one for the same two parties
  std::vector<Lock> locks;
  std::vector<Session> sessions;
  std::vector<Quota> quotas;
};

// What is wrong with an entry, in Chinese.
struct Problem {
  Place place;
  std::string field, what, remedy;
  bool fatal = true;  // else a warning: the event can be planned

  std::string Text() const;  // 表“参会方”第 5 行“最多会谈”：… 改法：…
};

// Everything that contradicts itself, by sheet and row. No fatal problem: the planner accepts the event.
std::vector<Problem> Validate(const Event& event);

inline bool HasFatal(const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) {
    if (problem.fatal) return true;
  }
  return false;
}

// 地区“湖北”（供给方）
std::string QuotaName(const Quota& quota);

// The slots that are no breaks.
SlotSet MeetingSlots(const Event& event);

}  // namespace dongxi::plan
