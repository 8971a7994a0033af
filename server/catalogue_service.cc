#include "server/catalogue_service.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/catalogue_convert.h"
#include "server/catalogue_page.h"
#include "server/catalogue_records.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/decode_guard.h"
#include "server/engagement_convert.h"
#include "server/export_records.h"
#include "server/grpc_status.h"
#include "server/import_records.h"
#include "server/record_message.h"
#include "server/repeated_answer.h"
#include "server/request_memory.h"

namespace dongxi {
namespace {

constexpr int kBatchNamesMax = 1'000;
// A search takes milliseconds: larger batches are written without looking for near duplicates.
constexpr int kWarnedBatchMax = 100;
constexpr absl::Duration kNearDuplicatesPatience = absl::Seconds(2);
// How long a write waits for a slot to look for near duplicates in.
constexpr absl::Duration kNearDuplicatesWait = absl::Milliseconds(50);

std::string FullName(const char* method) { return std::string("CatalogueService.") + method; }

// Nothing of the batch was written because one record was refused: then every outcome says so.
bool IsRefusedWhole(const pb::BatchUpsertRecordsRequest& request,
                    const pb::BatchUpsertRecordsResponse& response) {
  return request.mode() != pb::BatchUpsertRecordsRequest::PARTIAL &&
         response.outcomes(0).state() == pb::ImportOutcome::REFUSED;
}

// Names what a batch writes, for the audit log.
void TouchWritten(const WriteBatch& batch, const Caller& caller) {
  for (const Record& record : batch.upserts) caller.Touched(RecordName{record.kind, record.id});
  for (const RecordName& name : batch.deletes) caller.Touched(name);
  for (const RecordName& name : batch.undeletes) caller.Touched(name);
}

// The same for one answer of an import.
void TouchWritten(const pb::ImportRecordsResponse& response, const Caller& caller) {
  for (const pb::ImportOutcome& outcome : response.outcomes()) {
    if (outcome.state() == pb::ImportOutcome::CREATED || outcome.state() == pb::ImportOutcome::UPDATED)
      caller.Touched(outcome.name());
  }
}

void EncodeDeleted(const PlannedDeletes& planned, int64_t now_us, pb::BatchDeleteRecordsResponse* response) {
  response->Clear();
  for (const Record& record : planned.answers) {
    pb::BatchDeleteRecordsResponse::Deleted* const deleted = response->add_deleted();
    deleted->set_name(ResourceName(record.kind, record.id));
    if (record.delete_time_us != 0) deleted->set_etag(EtagOf(record.revision));
  }
  EncodeMicros(now_us + kDeletedKeptUs, response->mutable_expire_time());
}

// Waits, so that a stream is no faster than its token's rate.
void Pace(absl::Duration wait, const std::function<bool()>& cancelled) {
  constexpr absl::Duration kLookAround = absl::Milliseconds(100);
  const absl::Time until = absl::Now() + wait;
  while (absl::Now() < until && !cancelled()) absl::SleepFor(std::min(kLookAround, until - absl::Now()));
}

template <typename Message>
void Encode(const Record& record, const google::protobuf::FieldMask& mask, Message* message) {
  ToProto(record, message);
  ApplyReadMask(mask, message);
}

template <typename Request>
std::string WithoutRequestId(Request request) {
  request.clear_request_id();
  return request.SerializeAsString();
}

int64_t NowUs() { return absl::ToUnixMicros(absl::Now()); }

// One for all records of a call.
absl::Time NearDuplicatesDeadline(const grpc::ServerContext& context) {
  return std::min(DeadlineOf(context), absl::Now() + kNearDuplicatesPatience);
}

// The plans of the requests that name a record, for the messages of any kind.
constexpr auto kDelete = [](const CatalogueReader& newest, const Caller& caller, const RecordName& name,
                            const auto& request, int64_t now_us) {
  return PlanDelete(newest, caller, name, request.etag(), request.allow_missing(), now_us);
};
constexpr auto kUndelete = [](const CatalogueReader& newest, const Caller& caller, const RecordName& name,
                              const auto& request, int64_t now_us) {
  return PlanUndelete(newest, caller, name, request.etag(), now_us);
};
constexpr auto kExpire = [](const CatalogueReader& newest, const Caller& caller, const RecordName& name,
                            const auto& request, int64_t now_us) {
  return PlanExpire(newest, caller, name, request.etag(), now_us);
};

// Of a batch of which the first `fit` records are all that an answer holds.
absl::Status AnswerTooLong(size_t fit) {
  return WithReason(FieldError("names", "these records are longer than an answer of " +
                                            std::to_string(kPageBytesMax) + " bytes; ask for the first " +
                                            std::to_string(fit) + " alone, or for fewer fields by read_mask"),
                    "ANSWER_TOO_LONG");
}

absl::StatusOr<std::vector<RecordName>> DecodeNames(
    const google::protobuf::RepeatedPtrField<std::string>& sent) {
  if (sent.empty() || sent.size() > kBatchNamesMax) {
    return FieldError("names", "has " + std::to_string(sent.size()) + " names, send 1 to " +
                                   std::to_string(kBatchNamesMax));
  }
  std::vector<RecordName> names;
  std::set<RecordName> before;
  for (int i = 0; i < sent.size(); ++i) {
    const std::string field = "names[" + std::to_string(i) + "]";
    const std::optional<RecordName> name = ParseResourceName(sent.Get(i));
    if (!name) return FieldError(field, "is no resource name of a record, such as needs/{id}");
    if (!before.insert(*name).second) return FieldError(field, "comes twice in this batch");
    names.push_back(*name);
  }
  return names;
}

void SetMessage(const pb::Institution& message, pb::Record* out) { *out->mutable_institution() = message; }
void SetMessage(const pb::Expert& message, pb::Record* out) { *out->mutable_expert() = message; }
void SetMessage(const pb::Result& message, pb::Record* out) { *out->mutable_result() = message; }
void SetMessage(const pb::Need& message, pb::Record* out) { *out->mutable_need() = message; }
void SetMessage(const pb::Evidence& message, pb::Record* out) { *out->mutable_evidence() = message; }

}  // namespace

CatalogueService::CatalogueService(const ServingState* state, Catalogue* catalogue, const CallGate* gate,
                                   std::unique_ptr<NearDuplicates> near, LoadControl* load)
    : state_(state), catalogue_(catalogue), gate_(gate), near_(std::move(near)), load_(load) {
  using Handler =
      grpc::internal::BidiStreamingHandler<CatalogueService, grpc::ByteBuffer, pb::ImportRecordsResponse>;
  ReplaceHandler(this, "ImportRecords",
                 std::make_unique<Handler>(std::mem_fn(&CatalogueService::Import), this));
}

template <typename Request, typename Message>
grpc::Status CatalogueService::Get(Context& context, const char* method, RecordKind kind,
                                   const Request& request, Message* response) const {
  return gate_->Run(context, FullName(method), [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const RecordName name, DecodeName(request.name(), kind, "name"));
    DX_RETURN_IF_ERROR(CheckReadMask(request.read_mask(), *Message::descriptor()));
    // Live and deleted of one moment: who is deleted or undeleted meanwhile is one of the two.
    const std::unique_ptr<CatalogueReader> moment = catalogue_->Snapshot();
    absl::StatusOr<Record> record = CatalogueRecords(*moment, caller).Get(name);
    if (absl::IsNotFound(record.status()) && request.show_deleted()) {
      record = GetDeleted(*moment, caller, name, NowUs());
      if (record.ok()) caller.Showed(*record);
    }
    if (!record.ok()) return record.status();
    Encode(*record, request.read_mask(), response);
    return absl::OkStatus();
  });
}

template <typename Request, typename Message>
grpc::Status CatalogueService::BatchGet(Context& context, const char* method, RecordKind kind,
                                        const Request& request,
                                        google::protobuf::RepeatedPtrField<Message>* records) const {
  return gate_->Run(context, FullName(method), [&](const Caller& caller) -> absl::Status {
    if (request.names().empty() || request.names_size() > kBatchNamesMax) {
      return FieldError("names", "has " + std::to_string(request.names_size()) + " names, send 1 to " +
                                     std::to_string(kBatchNamesMax));
    }
    DX_RETURN_IF_ERROR(CheckReadMask(request.read_mask(), *Message::descriptor()));
    std::vector<RecordName> names;
    for (int i = 0; i < request.names_size(); ++i) {
      DX_ASSIGN_OR_RETURN(RecordName name,
                          DecodeName(request.names(i), kind, "names[" + std::to_string(i) + "]"));
      names.push_back(std::move(name));
    }
    DX_ASSIGN_OR_RETURN(const auto found, CatalogueRecords(*catalogue_, caller).GetMany(names));
    size_t bytes = 0;
    for (size_t i = 0; i < names.size(); ++i) {
      if (!found[i]) return WithField(NoSuchRecord(names[i]), "names[" + std::to_string(i) + "]");
      Encode(*found[i], request.read_mask(), records->Add());
      bytes += records->rbegin()->ByteSizeLong();
      if (i > 0 && bytes > kPageBytesMax) return AnswerTooLong(i);
    }
    return absl::OkStatus();
  });
}

template <typename Request, typename Message>
grpc::Status CatalogueService::List(Context& context, const char* method, RecordKind kind,
                                    const Request& request,
                                    google::protobuf::RepeatedPtrField<Message>* records,
                                    std::string* next_page_token) const {
  return gate_->Run(context, FullName(method), [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const ListCall call,
                        DecodeList(kind, request.page_size(), request.page_token(), request.filter(),
                                   *state_->policy(), request.show_deleted(), request.read_mask()));
    DX_RETURN_IF_ERROR(CheckReadMask(request.read_mask(), *Message::descriptor()));
    const std::unique_ptr<CatalogueReader> moment = catalogue_->Snapshot();
    DX_ASSIGN_OR_RETURN(const RecordPage page,
                        ReadPage(*moment, kind, call, caller, NowUs(), CancelledOf(context)));
    for (const Record& record : page.records) {
      caller.Showed(record);
      Encode(record, request.read_mask(), records->Add());
    }
    if (page.more) *next_page_token = NextListToken(call, page.last_id);
    return absl::OkStatus();
  });
}

void CatalogueService::EncodeWarnings(const Near& near,
                                      google::protobuf::RepeatedPtrField<pb::RecordWarning>* out) {
  if (!near.looked) {
    pb::RecordWarning* warning = out->Add();
    warning->set_reason("DUPLICATES_NOT_CHECKED");
    warning->set_message("服务繁忙，没有查重，请自行核对是否重复登记");
  }
  for (const NearDuplicate& duplicate : near.found) {
    pb::RecordWarning* warning = out->Add();
    warning->set_reason("NEAR_DUPLICATE");
    warning->set_name(ResourceName(duplicate.name.kind, duplicate.name.id));
    warning->set_display_name(duplicate.title);
    warning->set_similarity(duplicate.similarity);
    warning->set_message("已有内容几乎相同的" + std::string(ChineseNameOf(duplicate.name.kind)) + "：" +
                         duplicate.title + "，请核对是否重复登记");
  }
}

CatalogueService::Near CatalogueService::NearOfOne(const Caller& caller, const Record& record,
                                                   absl::Time deadline) const {
  const auto slot = load_->Enter(Cost::kHeavy, std::min(deadline, absl::Now() + kNearDuplicatesWait));
  return slot.ok() ? NearOf(caller, record, deadline) : Near{.looked = false, .found = {}};
}

CatalogueService::Near CatalogueService::NearOf(const Caller& caller, const Record& record,
                                                absl::Time deadline) const {
  const absl::Time now = absl::Now();
  if (now >= deadline) return {.looked = false, .found = {}};
  absl::StatusOr<std::vector<NearDuplicate>> near = near_->Find(record, caller, now, deadline);
  return near.ok() ? Near{.looked = true, .found = *std::move(near)} : Near{.looked = false, .found = {}};
}

template <typename Request, typename Message>
absl::Status CatalogueService::WriteOnce(const Context& context, const Caller& caller, const char* method,
                                         const Request& request, Writing writing, int64_t now_us, Plan plan,
                                         Message* response) {
  DX_ASSIGN_OR_RETURN(const RequestKey key, MakeRequestKey(caller.tenant(), request.request_id(), method,
                                                           WithoutRequestId(request)));
  // Outside the writer's lock, on what would be written now; a plan that fails here may be a repeat.
  Near near;
  if (writing != Writing::kOther) {
    const absl::StatusOr<PlannedWrite> draft = plan(*catalogue_);
    if (draft.ok()) near = NearOfOne(caller, draft->answer, NearDuplicatesDeadline(context));
  }
  const auto once = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
    DX_ASSIGN_OR_RETURN(const bool repeated, AnswerAgain(newest, key, now_us, response));
    if (repeated) {
      DX_ASSIGN_OR_RETURN(const Record answered, FromProto(*response));
      if (writing == Writing::kCreate) caller.Showed(answered);
      if (writing != Writing::kCreate) DX_RETURN_IF_ERROR(ShowAgain(newest, caller, answered));
      DX_RETURN_IF_ERROR(KeepVisible(newest, caller, response->mutable_warnings()));
      return WriteBatch();
    }
    DX_ASSIGN_OR_RETURN(PlannedWrite planned, plan(newest));
    ToProto(planned.answer, response);
    EncodeWarnings(near, response->mutable_warnings());
    if (request.validate_only()) return WriteBatch();
    caller.Showed(planned.answer);
    TouchWritten(planned.batch, caller);
    DX_RETURN_IF_ERROR(
        RememberAnswer(newest, key, response->SerializeAsString(), now_us, &planned.batch.puts));
    return std::move(planned.batch);
  };
  return catalogue_->Write(once, now_us).status();
}

template <typename Request, typename Message>
grpc::Status CatalogueService::Create(Context& context, const char* method, RecordKind kind,
                                      const Request& request, const Message& sent, const std::string& id,
                                      const char* field, Message* response) {
  return gate_->Run(context, FullName(method), [&](const Caller& caller) -> absl::Status {
    pb::Record message;
    SetMessage(sent, &message);
    google::protobuf::Message* const inner = InnerOf(&message);
    ClearOutputOnly(inner);
    std::string name = NameIn(*inner);
    if (!id.empty() && !IsValidRecordId(id)) {
      return FieldError(std::string(field) + "_id",
                        "has 1 to 128 bytes: letters and digits of any script, '-', '_', '.'; leave it empty "
                        "and the server makes one");
    }
    if (!id.empty()) name = ResourceName(kind, id);
    if (name.empty()) name = ResourceName(kind, NewRecordId(kind));
    inner->GetReflection()->SetString(inner, Message::descriptor()->FindFieldByName("name"), name);
    const std::shared_ptr<const Policy> policy = state_->policy();
    const int64_t now_us = NowUs();
    // Decoded as it is planned: a repeat is answered again, whatever today's policy says of the record.
    return WriteOnce(
        context, caller, method, request, Writing::kCreate, now_us,
        [&](const CatalogueReader& newest) -> absl::StatusOr<PlannedWrite> {
          DX_ASSIGN_OR_RETURN(const Record record, DecodeRecord(message, *policy, field));
          return PlanCreate(newest, caller, record, now_us);
        },
        response);
  });
}

template <typename Request, typename Message>
grpc::Status CatalogueService::Update(Context& context, const char* method, RecordKind kind,
                                      const Request& request, const Message& sent, const char* field,
                                      Message* response) {
  return gate_->Run(context, FullName(method), [&](const Caller& caller) -> absl::Status {
    RecordUpdate update{.message = {},
                        .mask = request.update_mask(),
                        .etag = sent.etag(),
                        .allow_missing = request.allow_missing(),
                        .field = field};
    SetMessage(sent, &update.message);
    DX_RETURN_IF_ERROR(DecodeName(sent.name(), kind, update.field + ".name").status());
    const std::shared_ptr<const Policy> policy = state_->policy();
    const int64_t now_us = NowUs();
    return WriteOnce(
        context, caller, method, request, Writing::kUpdate, now_us,
        [&](const CatalogueReader& newest) { return PlanUpdate(newest, caller, update, *policy, now_us); },
        response);
  });
}

template <typename PlanOf, typename Request, typename Message>
grpc::Status CatalogueService::Change(Context& context, const char* method, RecordKind kind,
                                      const PlanOf& plan, const Request& request, Message* response) {
  return gate_->Run(context, FullName(method), [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const RecordName name, DecodeName(request.name(), kind, "name"));
    const int64_t now_us = NowUs();
    return WriteOnce(
        context, caller, method, request, Writing::kOther, now_us,
        [&](const CatalogueReader& newest) { return plan(newest, caller, name, request, now_us); }, response);
  });
}

std::vector<CatalogueService::Near> CatalogueService::NearOfAll(
    const Context& context, const Caller& caller, const pb::BatchUpsertRecordsRequest& request) const {
  std::vector<Near> near(static_cast<size_t>(request.records_size()));
  if (request.records_size() > kWarnedBatchMax) return near;
  const absl::Time deadline = NearDuplicatesDeadline(context);
  for (int i = 0; i < request.records_size() && !context.IsCancelled(); ++i) {
    const absl::StatusOr<Record> record = FromProto(request.records(i));
    if (!record.ok()) continue;
    // One slot, one search: who waits for his first goes before the second of this call.
    const bool others_wait = i > 0 && load_->load().waiting > 0;
    near[static_cast<size_t>(i)] =
        others_wait ? Near{.looked = false, .found = {}} : NearOf(caller, *record, deadline);
  }
  return near;
}

#define DX_METHOD(Name, Request, Response) \
  grpc::Status CatalogueService::Name(Context* context, const pb::Request* request, pb::Response* response)
#define DX_KIND_METHODS(Kind, Kinds, kind, kinds)                                                    \
  DX_METHOD(Get##Kind, Get##Kind##Request, Kind) {                                                   \
    return Get(*context, "Get" #Kind, RecordKind::k##Kind, *request, response);                      \
  }                                                                                                  \
  DX_METHOD(BatchGet##Kinds, BatchGet##Kinds##Request, BatchGet##Kinds##Response) {                  \
    return BatchGet(*context, "BatchGet" #Kinds, RecordKind::k##Kind, *request,                      \
                    response->mutable_##kinds());                                                    \
  }                                                                                                  \
  DX_METHOD(List##Kinds, List##Kinds##Request, List##Kinds##Response) {                              \
    return List(*context, "List" #Kinds, RecordKind::k##Kind, *request, response->mutable_##kinds(), \
                response->mutable_next_page_token());                                                \
  }                                                                                                  \
  DX_METHOD(Create##Kind, Create##Kind##Request, Kind) {                                             \
    return Create(*context, "Create" #Kind, RecordKind::k##Kind, *request, request->kind(),          \
                  request->kind##_id(), #kind, response);                                            \
  }                                                                                                  \
  DX_METHOD(Update##Kind, Update##Kind##Request, Kind) {                                             \
    return Update(*context, "Update" #Kind, RecordKind::k##Kind, *request, request->kind(), #kind,   \
                  response);                                                                         \
  }                                                                                                  \
  DX_METHOD(Delete##Kind, Delete##Kind##Request, Kind) {                                             \
    return Change(*context, "Delete" #Kind, RecordKind::k##Kind, kDelete, *request, response);       \
  }                                                                                                  \
  DX_METHOD(Undelete##Kind, Undelete##Kind##Request, Kind) {                                         \
    return Change(*context, "Undelete" #Kind, RecordKind::k##Kind, kUndelete, *request, response);   \
  }                                                                                                  \
  DX_METHOD(Expire##Kind, Expire##Kind##Request, Kind) {                                             \
    return Change(*context, "Expire" #Kind, RecordKind::k##Kind, kExpire, *request, response);       \
  }

DX_KIND_METHODS(Institution, Institutions, institution, institutions)
DX_KIND_METHODS(Expert, Experts, expert, experts)
DX_KIND_METHODS(Result, Results, result, results)
DX_KIND_METHODS(Need, Needs, need, needs)
DX_KIND_METHODS(Evidence, Evidence, evidence, evidence)

DX_METHOD(BatchUpsertRecords, BatchUpsertRecordsRequest, BatchUpsertRecordsResponse) {
  const char* const method = "BatchUpsertRecords";
  return gate_->Run(*context, FullName(method), [&](const Caller& caller) -> absl::Status {
    DX_RETURN_IF_ERROR(CheckBatchUpsert(*request));
    DX_ASSIGN_OR_RETURN(const RequestKey key, MakeRequestKey(caller.tenant(), request->request_id(), method,
                                                             WithoutRequestId(*request)));
    const std::shared_ptr<const Policy> policy = state_->policy();
    caller.Charge(request->records_size() - 1);
    const std::vector<Near> near = NearOfAll(*context, caller, *request);
    const int64_t now_us = NowUs();
    const auto once = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
      DX_ASSIGN_OR_RETURN(const bool repeated, AnswerAgain(newest, key, now_us, response));
      if (repeated) {
        DX_RETURN_IF_ERROR(ShowAgain(newest, caller, response));
        return WriteBatch();
      }
      DX_ASSIGN_OR_RETURN(WriteBatch batch,
                          PlanBatchUpsert(newest, caller, *request, *policy, now_us, response));
      for (size_t i = 0; i < near.size(); ++i) {
        pb::ImportOutcome* outcome = response->mutable_outcomes(static_cast<int>(i));
        if (outcome->state() != pb::ImportOutcome::REFUSED)
          EncodeWarnings(near[i], outcome->mutable_warnings());
      }
      if (request->validate_only() || IsRefusedWhole(*request, *response)) return WriteBatch();
      TouchWritten(batch, caller);
      DX_RETURN_IF_ERROR(RememberAnswer(newest, key, response->SerializeAsString(), now_us, &batch.puts));
      return batch;
    };
    return catalogue_->Write(once, now_us).status();
  });
}

DX_METHOD(BatchDeleteRecords, BatchDeleteRecordsRequest, BatchDeleteRecordsResponse) {
  const char* const method = "BatchDeleteRecords";
  return gate_->Run(*context, FullName(method), [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(const std::vector<RecordName> names, DecodeNames(request->names()));
    DX_ASSIGN_OR_RETURN(const RequestKey key, MakeRequestKey(caller.tenant(), request->request_id(), method,
                                                             WithoutRequestId(*request)));
    caller.Charge(request->names_size() - 1);
    const int64_t now_us = NowUs();
    const auto once = [&](const CatalogueReader& newest) -> absl::StatusOr<WriteBatch> {
      DX_ASSIGN_OR_RETURN(const bool repeated, AnswerAgain(newest, key, now_us, response));
      if (repeated) {
        DX_RETURN_IF_ERROR(ShowAgain(newest, caller, request->allow_missing(), response));
        return WriteBatch();
      }
      DX_ASSIGN_OR_RETURN(PlannedDeletes planned,
                          PlanDeletes(newest, caller, names, request->allow_missing(), now_us));
      EncodeDeleted(planned, now_us, response);
      if (request->validate_only()) return WriteBatch();
      TouchWritten(planned.batch, caller);
      DX_RETURN_IF_ERROR(
          RememberAnswer(newest, key, response->SerializeAsString(), now_us, &planned.batch.puts));
      return std::move(planned.batch);
    };
    return catalogue_->Write(once, now_us).status();
  });
}

grpc::Status CatalogueService::Import(Context* context, ImportStream* stream) {
  return gate_->Run(*context, FullName("ImportRecords"), [&](const Caller& caller) -> absl::Status {
    grpc::ByteBuffer bytes;
    while (caller.AwaitPeer([&] { return stream->Read(&bytes); })) {
      DX_RETURN_IF_ERROR(caller.StillAdmitted());
      pb::ImportRecordsRequest request;
      DX_RETURN_IF_ERROR(DecodeWithinBounds(bytes, &request));
      bytes.Clear();
      const bool validate_only = request.validate_only();
      const int records = request.records_size();
      DX_ASSIGN_OR_RETURN(const pb::ImportRecordsResponse response,
                          ImportBatch(std::move(request), NowUs(), caller, *state_->policy(), catalogue_));
      if (!validate_only) TouchWritten(response, caller);
      DX_RETURN_IF_ERROR(caller.Commit());
      if (!caller.AwaitPeer([&] { return stream->Write(response); }))
        return absl::CancelledError("the caller went away during the import");
      Pace(caller.Charge(records), CancelledOf(*context));
    }
    if (context->IsCancelled()) return absl::CancelledError("the caller went away during the import");
    return absl::OkStatus();
  });
}

grpc::Status CatalogueService::ExportRecords(Context* context, const pb::ExportRecordsRequest* request,
                                             grpc::ServerWriter<pb::ExportRecordsResponse>* writer) {
  return gate_->Run(*context, FullName("ExportRecords"), [&](const Caller& caller) -> absl::Status {
    const std::unique_ptr<CatalogueReader> moment = catalogue_->Snapshot();
    return ExportAll(*moment, caller, *request, *state_->policy(), CancelledOf(*context),
                     [&](const pb::ExportRecordsResponse& message) {
                       return caller.AwaitPeer([&] { return writer->Write(message); });
                     });
  });
}

}  // namespace dongxi
