// The RPCs of proto/dongxi/v1/catalogue.proto. Any thread.
#pragma once

#include <memory>

#include "absl/functional/function_ref.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "server/call_gate.h"
#include "server/near_duplicates.h"
#include "server/record_write.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

class CatalogueService final : public dongxi::v1::CatalogueService::Service {
 public:
  // All outlive the service. `near` finds what a new record nearly repeats, as a heavy call of `load`.
  CatalogueService(const ServingState* state, Catalogue* catalogue, const CallGate* gate,
                   std::unique_ptr<NearDuplicates> near, LoadControl* load);

  using Context = grpc::ServerContext;

// The eight methods of one kind; each is two lines of the templates below, in catalogue_service.cc.
#define DX_METHOD(Name, Request, Response)                                                                \
  grpc::Status Name(Context* context, const dongxi::v1::Request* request, dongxi::v1::Response* response) \
      override
#define DX_KIND_METHODS(Kind, Kinds)                                               \
  DX_METHOD(Get##Kind, Get##Kind##Request, Kind);                                  \
  DX_METHOD(BatchGet##Kinds, BatchGet##Kinds##Request, BatchGet##Kinds##Response); \
  DX_METHOD(List##Kinds, List##Kinds##Request, List##Kinds##Response);             \
  DX_METHOD(Create##Kind, Create##Kind##Request, Kind);                            \
  DX_METHOD(Update##Kind, Update##Kind##Request, Kind);                            \
  DX_METHOD(Delete##Kind, Delete##Kind##Request, Kind);                            \
  DX_METHOD(Undelete##Kind, Undelete##Kind##Request, Kind);                        \
  DX_METHOD(Expire##Kind, Expire##Kind##Request, Kind)

  DX_KIND_METHODS(Institution, Institutions);
  DX_KIND_METHODS(Expert, Experts);
  DX_KIND_METHODS(Result, Results);
  DX_KIND_METHODS(Need, Needs);
  DX_KIND_METHODS(Evidence, Evidence);
  DX_METHOD(BatchUpsertRecords, BatchUpsertRecordsRequest, BatchUpsertRecordsResponse);
  DX_METHOD(BatchDeleteRecords, BatchDeleteRecordsRequest, BatchDeleteRecordsResponse);
#undef DX_KIND_METHODS
#undef DX_METHOD

  grpc::Status ExportRecords(Context* context, const dongxi::v1::ExportRecordsRequest* request,
                             grpc::ServerWriter<dongxi::v1::ExportRecordsResponse>* writer) override;

 private:
  using Plan = absl::FunctionRef<absl::StatusOr<PlannedWrite>(const CatalogueReader& newest)>;

  // The method ImportRecords. It gets bytes, so that it can bound what they are decoded to.
  using ImportStream = grpc::ServerReaderWriter<dongxi::v1::ImportRecordsResponse, grpc::ByteBuffer>;
  grpc::Status Import(Context* context, ImportStream* stream);

  // The standard methods, for the messages of any kind. `method` is the name of the RPC.
  template <typename Request, typename Message>
  grpc::Status Get(Context& context, const char* method, RecordKind kind, const Request& request,
                   Message* response) const;
  template <typename Request, typename Message>
  grpc::Status BatchGet(Context& context, const char* method, RecordKind kind, const Request& request,
                        google::protobuf::RepeatedPtrField<Message>* records) const;
  template <typename Request, typename Message>
  grpc::Status List(Context& context, const char* method, RecordKind kind, const Request& request,
                    google::protobuf::RepeatedPtrField<Message>* records, std::string* next_page_token) const;
  template <typename Request, typename Message>
  grpc::Status Create(Context& context, const char* method, RecordKind kind, const Request& request,
                      const Message& sent, const std::string& id, const char* field, Message* response);
  template <typename Request, typename Message>
  grpc::Status Update(Context& context, const char* method, RecordKind kind, const Request& request,
                      const Message& sent, const char* field, Message* response);
  // Delete, Undelete and Expire: what a request with a name does, `plan`, is all that they differ in.
  template <typename PlanOf, typename Request, typename Message>
  grpc::Status Change(Context& context, const char* method, RecordKind kind, const PlanOf& plan,
                      const Request& request, Message* response);

  // kCreate and kUpdate look for near duplicates first. A repeated creation shows what its sender sent anew.
  enum class Writing { kCreate, kUpdate, kOther };
  // Runs the plan of one write, once for each request_id; with validate_only without writing. A repeat shows
  // what its sender may see (repeated_answer.h).
  template <typename Request, typename Message>
  absl::Status WriteOnce(const Context& context, const Caller& caller, const char* method,
                         const Request& request, Writing writing, int64_t now_us, Plan plan,
                         Message* response);
  // What is nearly the same as one record. Not looked for where that would hinder a write or the matches that
  // wait for their turn.
  struct Near {
    bool looked = true;
    std::vector<NearDuplicate> found;
  };
  static void EncodeWarnings(const Near& near,
                             google::protobuf::RepeatedPtrField<dongxi::v1::RecordWarning>* out);
  // As a heavy call of its own, if there is a slot for one soon.
  Near NearOfOne(const Caller& caller, const Record& record, absl::Time deadline) const;
  // In the slot of the caller.
  Near NearOf(const Caller& caller, const Record& record, absl::Time deadline) const;
  std::vector<Near> NearOfAll(const Context& context, const Caller& caller,
                              const dongxi::v1::BatchUpsertRecordsRequest& request) const;

  const ServingState* const state_;
  Catalogue* const catalogue_;
  const CallGate* const gate_;
  const std::unique_ptr<NearDuplicates> near_;
  LoadControl* const load_;
};

}  // namespace dongxi
