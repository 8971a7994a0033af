// The RPCs of proto/dongxi/v1/watch.proto. Any thread.
#pragma once

#include <atomic>

#include "dongxi/v1/watch.grpc.pb.h"
#include "server/call_gate.h"
#include "server/serving_state.h"
#include "server/watch_store.h"
#include "store/catalogue.h"

namespace dongxi {

class WatchService final : public dongxi::v1::WatchService::Service {
 public:
  // All outlive the service. `streams_max`: open streams at most; each holds one of the server's threads.
  WatchService(const ServingState* state, Catalogue* catalogue, const CallGate* gate, int streams_max)
      : state_(state),
        catalogue_(catalogue),
        gate_(gate),
        streams_max_(streams_max),
        store_(state, catalogue) {}

  // Open streams end as UNAVAILABLE, once the state begins its shutdown; to be called before that and before
  // gRPC's own shutdown, which would wait for them.
  void Stop() { stopping_ = true; }

  grpc::Status CreateWatch(grpc::ServerContext* context, const dongxi::v1::CreateWatchRequest* request,
                           dongxi::v1::Watch* response) override;
  grpc::Status GetWatch(grpc::ServerContext* context, const dongxi::v1::GetWatchRequest* request,
                        dongxi::v1::Watch* response) override;
  grpc::Status ListWatches(grpc::ServerContext* context, const dongxi::v1::ListWatchesRequest* request,
                           dongxi::v1::ListWatchesResponse* response) override;
  grpc::Status UpdateWatch(grpc::ServerContext* context, const dongxi::v1::UpdateWatchRequest* request,
                           dongxi::v1::Watch* response) override;
  grpc::Status DeleteWatch(grpc::ServerContext* context, const dongxi::v1::DeleteWatchRequest* request,
                           dongxi::v1::DeleteWatchResponse* response) override;
  grpc::Status PollWatch(grpc::ServerContext* context, const dongxi::v1::PollWatchRequest* request,
                         dongxi::v1::PollWatchResponse* response) override;
  grpc::Status StreamWatch(grpc::ServerContext* context, const dongxi::v1::StreamWatchRequest* request,
                           grpc::ServerWriter<dongxi::v1::PollWatchResponse>* writer) override;

 private:
  absl::Status Stream(const grpc::ServerContext& context, const dongxi::v1::StreamWatchRequest& request,
                      const Caller& caller, grpc::ServerWriter<dongxi::v1::PollWatchResponse>* writer);

  const ServingState* const state_;
  Catalogue* const catalogue_;
  const CallGate* const gate_;
  const int streams_max_;
  WatchStore store_;
  std::atomic<int> streams_ = 0;
  std::atomic<bool> stopping_ = false;
};

}  // namespace dongxi
