// The RPCs of proto/dongxi/v1/report.proto: decode, one call, encode. Any thread.
#pragma once

#include "dongxi/v1/report.grpc.pb.h"
#include "server/call_gate.h"
#include "server/operations.h"
#include "server/report_store.h"
#include "server/serving_state.h"
#include "store/catalogue.h"

namespace dongxi {

class ReportService final : public dongxi::v1::ReportService::Service {
 public:
  // All outlive the service; the runner knows the kind "report".
  ReportService(const ServingState* state, const CatalogueReader* catalogue, ReportStore* store,
                OperationRunner* runner, const CallGate* gate)
      : state_(state), catalogue_(catalogue), store_(store), runner_(runner), gate_(gate) {}

  grpc::Status RunReport(grpc::ServerContext* context, const dongxi::v1::RunReportRequest* request,
                         google::longrunning::Operation* response) override;
  grpc::Status GetReport(grpc::ServerContext* context, const dongxi::v1::GetReportRequest* request,
                         dongxi::v1::Report* response) override;
  grpc::Status ListReports(grpc::ServerContext* context, const dongxi::v1::ListReportsRequest* request,
                           dongxi::v1::ListReportsResponse* response) override;
  grpc::Status DeleteReport(grpc::ServerContext* context, const dongxi::v1::DeleteReportRequest* request,
                            google::protobuf::Empty* response) override;
  grpc::Status DownloadReport(grpc::ServerContext* context, const dongxi::v1::DownloadReportRequest* request,
                              grpc::ServerWriter<dongxi::v1::DownloadReportResponse>* writer) override;

 private:
  absl::Status Download(const dongxi::v1::DownloadReportRequest& request, const Caller& caller,
                        grpc::ServerWriter<dongxi::v1::DownloadReportResponse>* writer) const;

  const ServingState* const state_;
  const CatalogueReader* const catalogue_;
  ReportStore* const store_;
  OperationRunner* const runner_;
  const CallGate* const gate_;
};

}  // namespace dongxi
