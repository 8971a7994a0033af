#include "server/watch_poll.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/match/matcher.h"
#include "server/catalogue_page.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/convert_parts.h"
#include "server/engine_question.h"
#include "server/pair_index.h"
#include "server/refusals.h"
#include "server/watch_touched.h"
#include "store/catalogue_epoch.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

// Names that one question is restricted to: one page holds them all.
constexpr size_t kNamesAQuestion = kMatchEntriesMax;
// Items that are made at a time: so few does the audit log name beyond those of a page that its bytes end.
constexpr size_t kItemsAtOnce = 200;

// Passes what `inner` (may be null) passes, of some candidates. Evidence votes for those only.
class OnlyFilter final : public Filter {
 public:
  OnlyFilter(std::vector<RecordName> names, std::shared_ptr<const Filter> inner)
      : names_(std::move(names)), inner_(std::move(inner)) {
    std::sort(names_.begin(), names_.end());
  }
  bool Matches(const FilterRow& row) const override {
    const RecordName name{row.kind(), std::string(row.id())};
    return std::binary_search(names_.begin(), names_.end(), name) && (!inner_ || inner_->Matches(row));
  }
  bool ReadsEvidence() const override { return inner_ && inner_->ReadsEvidence(); }
  std::vector<std::string> FailedConditions(const FilterRow& row) const override {
    return inner_ ? inner_->FailedConditions(row) : std::vector<std::string>();
  }
  std::vector<FilterRelaxation> Relaxations() const override { return {}; }
  std::string ToString() const override { return "only " + std::to_string(names_.size()) + " names"; }

 private:
  std::vector<RecordName> names_;  // ascending
  std::shared_ptr<const Filter> inner_;
};

std::shared_ptr<const Filter> OnlyThese(std::vector<RecordName> names, std::shared_ptr<const Filter> inner) {
  return std::make_shared<const OnlyFilter>(std::move(names), std::move(inner));
}

// Asks the watched query of one moment, about some candidates or all. Straight to the engine: a watch has its
// own cursor, no pages.
class Questions {
 public:
  static absl::StatusOr<Questions> Create(const CatalogueReader& catalogue, const Snapshot& snapshot,
                                          const WatchQuery& query, const Caller& caller,
                                          const RunLimits& limits) {
    DX_ASSIGN_OR_RETURN(const uint64_t last, LastEngagement(catalogue));
    Questions questions(catalogue, snapshot, query, caller, {last, caller.viewer, DayInChina(absl::Now())});
    DX_RETURN_IF_ERROR(questions.offers() ? questions.PrepareMatch() : questions.PrepareReverse());
    questions.settings().limit = kMatchEntriesMax;
    questions.settings().viewer = caller.viewer;
    questions.settings().deadline = limits.deadline;
    questions.settings().cancelled = limits.cancelled;
    return questions;
  }

  bool offers() const { return query_.watch.target_case() != pb::Watch::kOffer; }

  // What is adequate of `names`, by name, with no more than its name and adequacy; nobody is shown it yet.
  // REQUIRES: at most kNamesAQuestion names, not empty. The same of Show.
  absl::Status Adequate(std::vector<RecordName> names, std::map<std::string, MatchEntry>* out) {
    return AskAbout(std::move(names), Detail::kNamesOnly, Unshown(), out);
  }

  // Makes adequate entries what the query's view shows, and tells the audit log of them.
  absl::Status Show(std::map<std::string, MatchEntry>* entries) {
    std::vector<RecordName> names;
    for (const auto& [name, entry] : *entries) names.push_back(entry.name);
    const Detail detail = DetailOf(query_.view);
    if (detail != Detail::kNamesOnly) {
      entries->clear();
      return AskAbout(std::move(names), detail, caller_, entries);
    }
    const Generation& generation = *snapshot_.generation;
    const DocumentTable& documents = *(offers() ? generation.offers : generation.needs).documents;
    for (const RecordName& name : names) TellName(documents, name, caller_.note);
    return absl::OkStatus();
  }

  void Encode(const MatchEntry& entry, pb::MatchEntry* out) const {
    // Of the two sides of a matched term, the asking one is told first.
    EncodeMatchEntry(entry, query_.view, offers() ? RecordKind::kNeed : RecordKind::kResult, out);
    if (offers()) TellInFreeText(call_, out);
  }

  // All that is adequate of the best kWatchWholeListMax of each list, as Adequate.
  absl::Status AllAdequate(std::map<std::string, MatchEntry>* out) {
    settings().detail = Detail::kNamesOnly;
    for (int asked = 0; asked < kWatchWholeListMax; asked += kMatchEntriesMax) {
      settings().offset = asked;
      DX_ASSIGN_OR_RETURN(const bool more, Ask(Unshown(), out));
      if (!more) break;
    }
    settings().offset = 0;
    return absl::OkStatus();
  }

 private:
  Questions(const CatalogueReader& catalogue, const Snapshot& snapshot, const WatchQuery& query,
            const Caller& caller, LedgerSight sight)
      : catalogue_(catalogue),
        snapshot_(snapshot),
        query_(query),
        caller_(caller),
        sight_(std::move(sight)),
        ranking_(snapshot.ranking) {}

  MatchSettings& settings() { return offers() ? match_.settings : reverse_.settings; }
  CatalogueRecords records() const { return CatalogueRecords(catalogue_, caller_, snapshot_.sequence); }

  absl::Status PrepareMatch() {
    pb::MatchRequest request = query_.watch.request();
    if (query_.watch.target_case() == pb::Watch::kNeed) request.set_need_name(query_.watch.need());
    request.set_filter(query_.watch.filter());
    request.set_per_institution_max(kMatchEntriesMax);
    *request.mutable_kinds() = query_.watch.kinds();
    DX_ASSIGN_OR_RETURN(MatchCall call,
                        DecodeMatchRequest(request, *snapshot_.policy, DayInChina(absl::Now())));
    DX_RETURN_IF_ERROR(TakeRanking(request, call));
    match_ = std::move(call.question);
    if (call.need_name) {
      DX_ASSIGN_OR_RETURN(match_.need, records().Get(*call.need_name));
    }
    const CatalogueRecords unshown(catalogue_, Unshown(), snapshot_.sequence);
    DX_ASSIGN_OR_RETURN(const std::string asking, NeedAskedAbout(request, unshown));
    if (const std::optional<RecordName> need = ParseResourceName(asking))
      DX_RETURN_IF_ERROR(ReadPast(*need, match_.settings));
    if (!call.region.empty()) match_.need.region = call.region;
    call_ = std::move(call);
    return absl::OkStatus();
  }

  // Profile and weights of a saved request decide what is adequate; its diversity and cap only order a page.
  absl::Status TakeRanking(const pb::MatchRequest& request, MatchCall call) {
    if (query_.watch.target_case() != pb::Watch::kRequest) return absl::OkStatus();
    DX_RETURN_IF_ERROR(ChooseRanking(request, snapshot_.ranking, &call));
    ranking_ = call.ranking.config;
    return absl::OkStatus();
  }

  absl::Status PrepareReverse() {
    pb::ReverseMatchRequest request;
    request.set_offer_name(query_.watch.offer());
    request.set_filter(query_.watch.filter());
    DX_ASSIGN_OR_RETURN(ReverseMatchCall call,
                        DecodeReverseMatchRequest(request, *snapshot_.policy, DayInChina(absl::Now())));
    reverse_.settings = std::move(call.settings);
    DX_ASSIGN_OR_RETURN(reverse_.offer, records().Get(call.offer_name));
    return ReadPast(call.offer_name, reverse_.settings);
  }

  // What the watched record's pairs went through.
  absl::Status ReadPast(const RecordName& watched, MatchSettings& settings) {
    DX_ASSIGN_OR_RETURN(settings.excluded, RefusedFor(catalogue_, watched, caller_.viewer));
    DX_ASSIGN_OR_RETURN(PairMemories memories, MemoriesOf(catalogue_, watched, sight_));
    settings.memories = std::make_shared<const PairMemories>(std::move(memories));
    return absl::OkStatus();
  }

  // Reads what nobody is shown, so that the audit log does not hear of it.
  Caller Unshown() const {
    Caller unshown = caller_;
    unshown.note = nullptr;
    return unshown;
  }

  absl::Status AskAbout(std::vector<RecordName> names, Detail detail, const Caller& reader,
                        std::map<std::string, MatchEntry>* out) {
    const std::shared_ptr<const Filter> filter = settings().filter;
    settings().filter = OnlyThese(std::move(names), filter);
    settings().detail = detail;
    const absl::Status asked = Ask(reader, out).status();
    settings().filter = filter;
    return asked;
  }

  // One question, its records read for `reader`; true if a list has more.
  absl::StatusOr<bool> Ask(const Caller& reader, std::map<std::string, MatchEntry>* out) {
    const CatalogueRecords source(catalogue_, reader, snapshot_.sequence);
    const LedgerLoads loads(catalogue_, sight_);
    const MatchContext context = {
        snapshot_.generation, snapshot_.policy, ranking_, &source, caller_.stages, &loads};
    if (!offers()) {
      DX_ASSIGN_OR_RETURN(ReverseAnswer answer, AboutRecord(ReverseMatch(context, reverse_), "name"));
      return Keep(std::move(answer.needs), out);
    }
    DX_ASSIGN_OR_RETURN(MatchAnswer answer, AboutRecord(Match(context, match_), "name"));
    bool more = false;
    for (MatchList* list : {&answer.partners, &answer.experts, &answer.results})
      more = Keep(std::move(*list), out) || more;
    return more;
  }

  bool Keep(MatchList list, std::map<std::string, MatchEntry>* out) const {
    for (MatchEntry& entry : list.entries) {
      const bool adequate =
          query_.watch.has_min_adequacy() ? entry.adequacy >= query_.watch.min_adequacy() : entry.adequate;
      if (adequate) (*out)[ResourceName(entry.name.kind, entry.name.id)] = std::move(entry);
    }
    return list.more;
  }

  const CatalogueReader& catalogue_;
  const Snapshot& snapshot_;
  const WatchQuery& query_;
  const Caller& caller_;
  const LedgerSight sight_;
  std::shared_ptr<const RankingConfig> ranking_;  // the served one, or as a saved request changes it
  MatchQuestion match_;                           // of a watch for offers
  MatchCall call_;                                // the same, without its question
  ReverseQuestion reverse_;                       // of a watch for needs
};

// Every adequate candidate, touched by its own last write.
absl::StatusOr<Touched> WholeList(const CatalogueReader& catalogue, Questions& questions) {
  std::map<std::string, MatchEntry> all;
  DX_RETURN_IF_ERROR(questions.AllAdequate(&all));
  std::vector<RecordName> names;
  for (const auto& [name, entry] : all) names.push_back(*ParseResourceName(name));
  DX_ASSIGN_OR_RETURN(const auto records, catalogue.GetMany(names));
  Touched touched;
  for (const std::optional<Record>& record : records) {
    if (record) touched[ResourceName(record->kind, record->id)] = record->revision;
  }
  return touched;
}

bool IsWantedKind(const pb::Watch& watch, RecordKind kind) {
  return watch.kinds().empty() ||
         std::find(watch.kinds().begin(), watch.kinds().end(), KindToProto(kind)) != watch.kinds().end();
}

std::optional<RecordName> TargetOf(const pb::Watch& watch) {
  if (watch.target_case() == pb::Watch::kNeed) return ParseResourceName(watch.need());
  if (watch.target_case() == pb::Watch::kOffer) return ParseResourceName(watch.offer());
  return ParseResourceName(watch.request().need_name());
}

std::string ItemId(const pb::Watch& watch, const std::string& name, uint64_t sequence) {
  return watch.name() + ":" + name + "@" + std::to_string(sequence);
}

// Adds items until the page is full: of items, or of bytes unless its first item is longer.
class Page {
 public:
  Page(const WatchQuery& query, const Touched& touched, WatchCursor* cursor, pb::PollWatchResponse* response)
      : query_(query), touched_(touched), cursor_(cursor), response_(response) {}

  // Items of these adequate entries in order, as far as there is room; `more` is set if there are others.
  absl::Status Add(std::map<std::string, MatchEntry> adequate, Questions& questions) {
    while (!adequate.empty() && !response_->more()) {
      const auto room = static_cast<size_t>(std::max(0, query_.limit - response_->items_size()));
      std::map<std::string, MatchEntry> shown;
      while (!adequate.empty() && shown.size() < std::min(room, kItemsAtOnce))
        shown.insert(adequate.extract(adequate.begin()));
      if (!shown.empty()) DX_RETURN_IF_ERROR(questions.Show(&shown));
      response_->set_more(room == 0 || !AddItems(shown, questions));
    }
    return absl::OkStatus();
  }

 private:
  bool AddItems(const std::map<std::string, MatchEntry>& shown, const Questions& questions) {
    for (const auto& [name, entry] : shown) {
      pb::WatchItem item;
      item.set_id(ItemId(query_.watch, name, touched_.at(name)));
      item.set_sequence(static_cast<int64_t>(touched_.at(name)));
      questions.Encode(entry, item.mutable_entry());
      bytes_ += item.ByteSizeLong();
      if (bytes_ > kPageBytesMax && response_->items_size() > 0) return false;
      *response_->add_items() = std::move(item);
      cursor_->after = name;
    }
    return true;
  }

  const WatchQuery& query_;
  const Touched& touched_;
  WatchCursor* const cursor_;
  pb::PollWatchResponse* const response_;
  size_t bytes_ = 0;
};

// Takes touched candidates behind the cursor, a question at a time, until the page is full.
absl::Status FillPage(const WatchQuery& query, const Touched& touched, Questions& questions,
                      WatchCursor* cursor, pb::PollWatchResponse* response) {
  Page page(query, touched, cursor, response);
  auto next = touched.upper_bound(cursor->after);
  while (next != touched.end()) {
    std::vector<RecordName> names;
    for (; next != touched.end() && names.size() < kNamesAQuestion; ++next) {
      std::optional<RecordName> name = ParseResourceName(next->first);
      if (name && IsWantedKind(query.watch, name->kind)) names.push_back(*std::move(name));
    }
    std::map<std::string, MatchEntry> adequate;
    if (!names.empty()) DX_RETURN_IF_ERROR(questions.Adequate(std::move(names), &adequate));
    DX_RETURN_IF_ERROR(page.Add(std::move(adequate), questions));
    if (response->more()) return absl::OkStatus();
  }
  *cursor = {.from = cursor->until};
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<pb::PollWatchResponse> PollWatch(const CatalogueReader& catalogue, const Snapshot& snapshot,
                                                const WatchQuery& query, const Caller& caller,
                                                const RunLimits& limits) {
  const uint64_t now = snapshot.sequence;
  WatchCursor cursor = query.cursor;
  // A cursor of before a restore: numbers after the backup's are used anew for other writes, so that all is
  // told again.
  DX_ASSIGN_OR_RETURN(const std::string epoch, EpochOf(catalogue));
  DX_ASSIGN_OR_RETURN(const uint64_t shared, SharedWithEpoch(catalogue, cursor.epoch));
  if (std::max(cursor.from, cursor.until) > shared) cursor = {};
  if (cursor.until == 0) cursor.until = now;
  pb::PollWatchResponse response;
  EncodeProvenance(snapshot, absl::Now(), response.mutable_provenance());
  if (cursor.from < cursor.until) {
    DX_ASSIGN_OR_RETURN(Questions questions, Questions::Create(catalogue, snapshot, query, caller, limits));
    DX_ASSIGN_OR_RETURN(TouchedWindow window, TouchedIn(catalogue, *snapshot.generation->offers.documents,
                                                        {.from = cursor.from,
                                                         .until = cursor.until,
                                                         .now = std::max(now, cursor.until),
                                                         .target = TargetOf(query.watch),
                                                         .offers = questions.offers(),
                                                         .viewer = caller.viewer}));
    Touched touched = std::move(window.candidates);
    if (window.everything) {
      DX_ASSIGN_OR_RETURN(touched, WholeList(catalogue, questions));
    }
    DX_RETURN_IF_ERROR(FillPage(query, touched, questions, &cursor, &response));
  } else {
    cursor = {.from = cursor.from};
  }
  cursor.epoch = epoch;
  response.set_next_cursor(EncodeWatchCursor(query.watch.name(), cursor));
  return response;
}

}  // namespace dongxi
