// Waiting for an operation of a server that goes away and comes back.
#include "cli/operation_wait.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <string>

#include "cli/admin_text.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "google/rpc/error_details.pb.h"

namespace dongxi::cli {
namespace {

namespace lro = google::longrunning;
using testing::HasSubstr;
using testing::Not;

// An error of an operation as the server keeps it.
google::rpc::Status ErrorOf(grpc::StatusCode code, const std::string& message, const std::string& reason) {
  google::rpc::Status error;
  error.set_code(static_cast<int>(code));
  error.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_reason(reason);
  error.add_details()->PackFrom(info);
  return error;
}

// Answers the first calls with an error, later ones with an operation that is done, or failed by `ended_by`.
struct FailingOperations final : lro::Operations::Service {
  int failures = 0;
  grpc::StatusCode code = grpc::StatusCode::UNAVAILABLE;
  int calls = 0;
  google::rpc::Status ended_by;

  grpc::Status WaitOperation(grpc::ServerContext*, const lro::WaitOperationRequest* request,
                             lro::Operation* response) override {
    if (++calls <= failures) return {code, "going down"};
    response->set_name(request->name());
    response->set_done(true);
    if (ended_by.code() != 0) *response->mutable_error() = ended_by;
    return grpc::Status::OK;
  }
};

class OperationWaitTest : public testing::Test {
 protected:
  OperationWaitTest() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    ConnectionOptions connection;
    connection.server = "127.0.0.1:" + std::to_string(port);
    client_ = *Client::Open(connection);
  }
  absl::StatusOr<lro::Operation> Wait() {
    std::ostringstream out, err;
    lro::Operation started;
    started.set_name("operations/1");
    absl::StatusOr<lro::Operation> ended = WaitForOperation(*client_, started, Io{out, err});
    said_ = err.str();
    return ended;
  }

  FailingOperations service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Client> client_;
  std::string said_;
};

TEST_F(OperationWaitTest, GoesOnAfterCallsThatFoundNoServer) {
  service_.failures = 2;
  const auto ended = Wait();
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(ended->name(), "operations/1");
  EXPECT_EQ(service_.calls, 3);
  EXPECT_THAT(said_, HasSubstr("服务暂时没有答复"));
  EXPECT_EQ(said_.find("没有答复"), said_.rfind("没有答复")) << "said once an outage";
}

TEST_F(OperationWaitTest, EndsAtOnceWhereWaitingDoesNotHelp) {
  service_.failures = 1;
  service_.code = grpc::StatusCode::PERMISSION_DENIED;
  EXPECT_EQ(Wait().status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(service_.calls, 1);
}

TEST_F(OperationWaitTest, AFailureSaysWhatItsReasonMeansAndNamesIt) {
  struct ReasonCase {
    grpc::StatusCode code;
    const char *reason, *headline;
  };
  const ReasonCase cases[] = {
      {grpc::StatusCode::ABORTED, "ATTEMPTS_EXHAUSTED", "服务没有做完：服务做这件事时意外退出了多次"},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, "BUILD_MEMORY", "调大 --build-memory-max"},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, "REPORT_TOO_LARGE", "减少需求"},
      {grpc::StatusCode::RESOURCE_EXHAUSTED, "STORAGE_FULL", "腾出空间"},
      {grpc::StatusCode::INTERNAL, "INTERNAL", "服务没有做完：server's words"},
  };
  for (const ReasonCase& c : cases) {
    SCOPED_TRACE(c.reason);
    service_.ended_by = ErrorOf(c.code, "server's words", c.reason);
    const absl::Status failed = Wait().status();
    EXPECT_EQ(static_cast<int>(failed.code()), static_cast<int>(c.code));
    const std::string said(failed.message());
    EXPECT_THAT(said, HasSubstr(c.headline));
    EXPECT_THAT(said, HasSubstr("server's words"));
    EXPECT_THAT(said, HasSubstr("原因代码：" + std::string(c.reason)));
  }
}

TEST_F(OperationWaitTest, AnErrorWithoutAReasonIsTheServersWords) {
  service_.ended_by.set_code(static_cast<int>(grpc::StatusCode::INTERNAL));
  service_.ended_by.set_message("broken");
  EXPECT_EQ(std::string(Wait().status().message()), "服务没有做完：broken");
}

TEST(PrintOperationsTest, AFailureNamesItsReasonFirst) {
  google::longrunning::ListOperationsResponse response;
  lro::Operation& failed = *response.add_operations();
  failed.set_name("operations/1");
  *failed.mutable_error() = ErrorOf(grpc::StatusCode::ABORTED, "given up", "ATTEMPTS_EXHAUSTED");
  lro::Operation& cancelled = *response.add_operations();
  cancelled.set_name("operations/2");
  *cancelled.mutable_error() = ErrorOf(grpc::StatusCode::CANCELLED, "cancelled", "CANCELLED");
  std::ostringstream out, err;
  PrintOperations(response, Io{out, err});
  EXPECT_THAT(out.str(), HasSubstr("原因代码：ATTEMPTS_EXHAUSTED，服务做这件事时意外退出了多次"));
  EXPECT_THAT(out.str(), Not(HasSubstr("原因代码：CANCELLED")));
}

}  // namespace
}  // namespace dongxi::cli
