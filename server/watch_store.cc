#include "server/watch_store.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/time/time.h"
#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"
#include "google/protobuf/util/field_mask_util.h"
#include "server/catalogue_page.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/engagement_convert.h"
#include "server/grpc_status.h"
#include "server/page_token.h"
#include "server/request_memory.h"
#include "server/tenant_count.h"
#include "store/catalogue_epoch.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr char kCollection[] = "watches/";
constexpr size_t kTitleMax = 200;
constexpr char kWatchKey = 'w';   // name: the watch
constexpr char kEpochMark = '@';  // in a cursor, behind the hex digits of `until`: the epoch, if there is one
constexpr const char* kChangeable[] = {"title", "kinds", "filter", "min_adequacy"};

std::string WatchKey(const std::string& name) { return kWatchKey + name; }

absl::Status NoSuchWatch(const std::string& name) {
  return WithReason(absl::NotFoundError(name + ": no such watch"), "WATCH_NOT_FOUND");
}

absl::Status CheckWatchName(const std::string& name, const std::string& field) {
  if (name.starts_with(kCollection)) return absl::OkStatus();
  return FieldError(field, "found '" + CutCharacters(name, 80) +
                               "', expected watches/{watch} as CreateWatch or ListWatches gave it");
}

bool Owns(const Caller& caller, const pb::Watch& watch) {
  return caller.viewer.all_tenants || watch.tenant() == caller.tenant();
}

// The etag is that of the bytes, so they hold none.
std::string EtagOfBytes(std::string_view bytes) {
  char etag[24];
  std::snprintf(etag, sizeof(etag), "\"%016" PRIx64 "\"", HashBytes(bytes));
  return etag;
}

// Adds the watch to the batch, as changed at `now_us`, and sets its etag.
void PutWatch(int64_t now_us, pb::Watch* watch, WriteBatch* batch) {
  EncodeMicros(now_us, watch->mutable_update_time());
  watch->clear_etag();
  std::string bytes = watch->SerializeAsString();
  watch->set_etag(EtagOfBytes(bytes));
  batch->puts.push_back({Table::kWatches, WatchKey(watch->name()), std::move(bytes)});
}

absl::Status CheckEtag(const std::string& sent, const std::string& field, const pb::Watch& watch) {
  if (sent.empty() || sent == watch.etag()) return absl::OkStatus();
  return WithReason(
      WithField(absl::AbortedError(field + ": " + watch.name() +
                                   " was changed since it was read; read it again and repeat the change"),
                field),
      "ETAG_MISMATCH");
}

// Takes over from `sent` what the mask names.
absl::Status Merge(const google::protobuf::FieldMask& mask, const pb::Watch& sent, pb::Watch* watch) {
  google::protobuf::FieldMask all;
  for (const char* const field : kChangeable) all.add_paths(field);
  for (const std::string& path : mask.paths()) {
    const bool known = path == "*" || std::find(std::begin(kChangeable), std::end(kChangeable), path) !=
                                          std::end(kChangeable);
    if (!known) {
      return WithReason(FieldError("update_mask", "found '" + CutCharacters(path, 80) +
                                                      "', expected title, kinds, filter or min_adequacy"),
                        "UPDATE_MASK_INVALID");
    }
  }
  const bool whole =
      mask.paths().empty() || std::find(mask.paths().begin(), mask.paths().end(), "*") != mask.paths().end();
  for (const std::string& path : whole ? all.paths() : mask.paths()) {
    watch->GetReflection()->ClearField(watch, pb::Watch::descriptor()->FindFieldByName(path));
  }
  pb::Watch taken = sent;
  google::protobuf::util::FieldMaskUtil::TrimMessage(whole ? all : mask, &taken);
  watch->MergeFrom(taken);
  return absl::OkStatus();
}

absl::StatusOr<pb::Watch> Parse(std::string_view bytes) {
  pb::Watch watch;
  if (watch.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    watch.set_etag(EtagOfBytes(bytes));
    return watch;
  }
  return absl::DataLossError("watches: an entry cannot be read; run dongxi-indexer verify");
}

// What can be said anew by an update.
absl::Status CheckSettings(const pb::Watch& watch, const Policy& policy) {
  DX_RETURN_IF_ERROR(CheckText("watch.title", watch.title(), kTitleMax, /*required=*/false));
  const absl::Status filter = DecodeFilter(watch.filter(), policy).status();
  if (!filter.ok()) return filter;
  if (watch.has_min_adequacy() && !(watch.min_adequacy() >= 0 && watch.min_adequacy() <= 1))
    return FieldError("watch.min_adequacy", "expected a number from 0 to 1");
  for (const int kind : watch.kinds()) {
    if (watch.target_case() == pb::Watch::kOffer)
      return FieldError("watch.kinds", "a watched offer has needs only; leave it empty");
    if (kind != pb::INSTITUTION && kind != pb::EXPERT && kind != pb::RESULT)
      return FieldError("watch.kinds", "expected INSTITUTION, EXPERT or RESULT");
  }
  return absl::OkStatus();
}

absl::Status CheckSavedRequest(const pb::MatchRequest& request, const CatalogueRecords& records,
                               const ServingState& state, int64_t now_us) {
  if (request.page_size() != 0 || !request.page_token().empty() || !request.kinds().empty() ||
      !request.filter().empty() || request.view() != pb::MATCH_VIEW_UNSPECIFIED) {
    return FieldError("watch.request", "page_size, page_token, kinds, filter and view belong to the watch");
  }
  DX_ASSIGN_OR_RETURN(MatchCall call,
                      DecodeMatchRequest(request, *state.policy(), DayInChina(absl::FromUnixMicros(now_us))));
  DX_RETURN_IF_ERROR(ChooseRanking(request, state.ranking(), &call));
  return call.need_name ? records.Get(*call.need_name).status() : absl::OkStatus();
}

absl::Status CheckTarget(const pb::Watch& watch, const CatalogueReader& reader, const Caller& caller,
                         const ServingState& state, int64_t now_us) {
  const CatalogueRecords records(reader, caller);
  switch (watch.target_case()) {
    case pb::Watch::kNeed: {
      DX_ASSIGN_OR_RETURN(const RecordName need, DecodeName(watch.need(), RecordKind::kNeed, "watch.need"));
      return records.Get(need).status();
    }
    case pb::Watch::kOffer: {
      DX_ASSIGN_OR_RETURN(const EngagementPair pair, DecodePair("needs/n", watch.offer(), "watch."));
      return records.Get(pair.offer).status();
    }
    case pb::Watch::kRequest:
      return CheckSavedRequest(watch.request(), records, state, now_us);
    case pb::Watch::TARGET_NOT_SET:
      break;
  }
  return FieldError("watch", "nothing to watch; set need, offer or request");
}

// Counts one more for the tenant. ResourceExhausted (TOO_MANY_WATCHES) if it has kWatchesMax already.
absl::Status CountOneMore(const CatalogueReader& reader, const std::string& tenant, WriteBatch* batch) {
  const auto is_of_tenant = [&tenant](std::string_view value) {
    const absl::StatusOr<pb::Watch> watch = Parse(value);
    return watch.ok() && watch->tenant() == tenant;
  };
  DX_ASSIGN_OR_RETURN(const int watches,
                      TenantCount(reader, Table::kWatches, tenant, kWatchKey, is_of_tenant));
  if (watches >= kWatchesMax) {
    return WithReason(absl::ResourceExhaustedError(
                          "there are " + std::to_string(watches) + " watches, and a tenant may have " +
                          std::to_string(kWatchesMax) +
                          "; DeleteWatch those that nobody reads (ListWatches), then create this one"),
                      "TOO_MANY_WATCHES");
  }
  PutTenantCount(Table::kWatches, tenant, watches + 1, batch);
  return absl::OkStatus();
}

// "watches/w-" and 16 hex digits, the time of creation or the next free number.
absl::StatusOr<std::string> FreeName(const CatalogueReader& reader, int64_t now_us) {
  for (uint64_t number = static_cast<uint64_t>(now_us);; ++number) {
    char id[24];
    std::snprintf(id, sizeof(id), "w-%016" PRIx64, number);
    const std::string name = std::string(kCollection) + id;
    DX_ASSIGN_OR_RETURN(const std::optional<std::string> taken,
                        reader.GetTable(Table::kWatches, WatchKey(name)));
    if (!taken) return name;
  }
}

}  // namespace

absl::StatusOr<pb::Watch> ReadWatch(const CatalogueReader& reader, const std::string& name,
                                    const Caller& caller) {
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                      reader.GetTable(Table::kWatches, WatchKey(name)));
  if (!bytes) return NoSuchWatch(name);
  absl::StatusOr<pb::Watch> watch = Parse(*bytes);
  if (watch.ok() && !Owns(caller, *watch)) return NoSuchWatch(name);
  return watch;
}

std::string EncodeWatchCursor(const std::string& watch, const WatchCursor& cursor) {
  char until[24];
  std::snprintf(until, sizeof(until), "%" PRIx64, cursor.until);
  const std::string epoch = cursor.epoch.empty() ? "" : kEpochMark + cursor.epoch;
  return EncodePageToken({.request_hash = HashBytes(watch, HashBytes("watch")),
                          .offset = cursor.from,
                          .generation = until + epoch,
                          .after = cursor.after});
}

absl::StatusOr<WatchCursor> DecodeWatchCursor(const std::string& watch, const std::string& text) {
  if (text.empty()) return WatchCursor();
  const absl::StatusOr<PageToken> token = DecodePageToken(text, HashBytes(watch, HashBytes("watch")));
  if (!token.ok()) {
    return WithReason(FieldError("cursor",
                                 "not a cursor of this watch; send it as it came, or leave it empty to get "
                                 "everything"),
                      "CURSOR_INVALID");
  }
  WatchCursor cursor = {.from = token->offset, .after = token->after};
  cursor.until = std::strtoull(token->generation.c_str(), nullptr, 16);  // as far as there are digits
  const size_t mark = token->generation.find(kEpochMark);
  if (mark != std::string::npos) cursor.epoch = token->generation.substr(mark + 1);
  return cursor;
}

absl::StatusOr<pb::Watch> WatchStore::Create(const pb::CreateWatchRequest& request, const Caller& caller,
                                             int64_t now_us) {
  pb::CreateWatchRequest content = request;
  content.clear_request_id();
  DX_ASSIGN_OR_RETURN(const RequestKey key,
                      MakeRequestKey(caller.tenant(), request.request_id(), "WatchService.CreateWatch",
                                     content.SerializeAsString()));
  pb::Watch watch;
  const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
    DX_ASSIGN_OR_RETURN(const bool repeated, AnswerAgain(reader, key, now_us, &watch));
    if (repeated) return WriteBatch();  // whatever today's policy says of it
    watch = request.watch();
    DX_RETURN_IF_ERROR(CheckSettings(watch, *state_->policy()));
    DX_RETURN_IF_ERROR(CheckTarget(watch, reader, caller, *state_, now_us));
    DX_ASSIGN_OR_RETURN(const std::string name, FreeName(reader, now_us));
    watch.set_name(name);
    watch.set_tenant(caller.tenant());
    EncodeMicros(now_us, watch.mutable_create_time());
    DX_ASSIGN_OR_RETURN(const std::string epoch, EpochOf(reader));
    watch.set_creation_cursor(
        EncodeWatchCursor(name, {.from = std::max<uint64_t>(1, reader.sequence()), .epoch = epoch}));
    WriteBatch batch;
    DX_RETURN_IF_ERROR(CountOneMore(reader, caller.tenant(), &batch));
    PutWatch(now_us, &watch, &batch);
    DX_RETURN_IF_ERROR(RememberAnswer(reader, key, watch.SerializeAsString(), now_us, &batch.puts));
    return batch;
  };
  const auto written = catalogue_->Write(plan, now_us);
  if (!written.ok()) return written.status();
  return watch;
}

absl::StatusOr<pb::Watch> WatchStore::Get(const std::string& name, const Caller& caller) const {
  DX_RETURN_IF_ERROR(CheckWatchName(name, "name"));
  return ReadWatch(*catalogue_, name, caller);
}

absl::StatusOr<std::vector<pb::Watch>> WatchStore::List(const std::string& after, int limit,
                                                        const Caller& caller, bool* more) const {
  std::vector<pb::Watch> watches;
  size_t bytes = 0;
  *more = false;
  absl::Status damage;
  const std::string first = after.empty() ? std::string(1, kWatchKey) : WatchKey(after);
  DX_RETURN_IF_ERROR(
      catalogue_->ScanTable(Table::kWatches, first, [&](std::string_view key, std::string_view value) {
        if (key.empty() || key.front() != kWatchKey) return false;
        if (key.substr(1) == after) return true;
        absl::StatusOr<pb::Watch> watch = Parse(value);
        if (!watch.ok()) {
          damage = watch.status();
          return false;
        }
        watch->clear_creation_cursor();
        if (!Owns(caller, *watch)) return true;
        bytes += value.size();
        *more = static_cast<int>(watches.size()) == limit || (!watches.empty() && bytes > kPageBytesMax);
        if (!*more) watches.push_back(*std::move(watch));
        return !*more;
      }));
  if (!damage.ok()) return damage;
  return watches;
}

absl::StatusOr<pb::Watch> WatchStore::Update(const pb::UpdateWatchRequest& request, const Caller& caller,
                                             int64_t now_us) {
  DX_RETURN_IF_ERROR(CheckWatchName(request.watch().name(), "watch.name"));
  pb::Watch watch;
  const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
    DX_ASSIGN_OR_RETURN(watch, ReadWatch(reader, request.watch().name(), caller));
    DX_RETURN_IF_ERROR(CheckEtag(request.watch().etag(), "watch.etag", watch));
    DX_RETURN_IF_ERROR(Merge(request.update_mask(), request.watch(), &watch));
    DX_RETURN_IF_ERROR(CheckSettings(watch, *state_->policy()));
    WriteBatch batch;
    PutWatch(now_us, &watch, &batch);
    return batch;
  };
  const auto written = catalogue_->Write(plan, now_us);
  if (!written.ok()) return written.status();
  return watch;
}

absl::Status WatchStore::Delete(const pb::DeleteWatchRequest& request, const Caller& caller, int64_t now_us) {
  DX_RETURN_IF_ERROR(CheckWatchName(request.name(), "name"));
  const auto plan = [&](const CatalogueReader& reader) -> absl::StatusOr<WriteBatch> {
    DX_ASSIGN_OR_RETURN(const pb::Watch watch, ReadWatch(reader, request.name(), caller));
    DX_RETURN_IF_ERROR(CheckEtag(request.etag(), "etag", watch));
    WriteBatch batch;
    batch.puts.push_back({Table::kWatches, WatchKey(watch.name()), std::nullopt});
    DX_RETURN_IF_ERROR(CountOneLess(reader, Table::kWatches, watch.tenant(), &batch));
    return batch;
  };
  return catalogue_->Write(plan, now_us).status();
}

}  // namespace dongxi
