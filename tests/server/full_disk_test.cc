// A disk without space, as the audit log meets it: what callers are told and what the log says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "server/own_fault.h"
#include "tests/server/security_fixture.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class FullDiskTest : public SecurityTest {
 protected:
  std::filesystem::path Audit() const { return data() / kAuditFolderName; }
  void TearDown() override {
    running_.channel.reset();
    running_.server.reset();
    ::umount(Audit().c_str());
  }
  grpc::Status CreateNeed(const std::string& request_id) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + operator_);
    context.AddMetadata("x-request-id", request_id);
    pb::CreateNeedRequest request;
    request.mutable_need()->set_title("盐湖提锂");
    request.mutable_need()->set_description("提锂吸附剂");
    request.mutable_need()->set_region_code("63");
    pb::Need need;
    return pb::CatalogueService::NewStub(running_.channel)->CreateNeed(&context, request, &need);
  }
  std::string LineOf(const std::string& log, const std::string& request_id) const {
    const size_t at = log.find("request=" + request_id);
    if (at == std::string::npos) return "";
    const size_t begin = log.rfind('\n', at) + 1;
    return log.substr(begin, log.find('\n', at) - begin);
  }
};

TEST_F(FullDiskTest, OfTheAuditLogIsStorageFullWithItsCauseInTheLogUntilThereIsSpace) {
  std::filesystem::create_directories(Audit());
  if (::mount("tmpfs", Audit().c_str(), "tmpfs", 0, "size=64k") != 0)
    GTEST_SKIP() << "needs the right to mount a small tmpfs";
  Start();
  ASSERT_TRUE(CreateNeed("before").ok());
  std::ofstream(Audit() / "filler") << std::string(1 << 20, 'x');
  grpc::Status status;
  // The last page of the log still takes some lines.
  for (int i = 0; i < 100 && status.ok(); ++i) status = CreateNeed("filling");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  EXPECT_EQ(DetailsOf(status).reason, kStorageFull);
  const grpc::Status next = CreateNeed("after");
  EXPECT_EQ(next.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << next.error_message();
  EXPECT_EQ(DetailsOf(next).reason, kStorageFull);
  EXPECT_THAT(next.error_message(), Not(HasSubstr("No space left")));
  std::filesystem::remove(Audit() / "filler");
  EXPECT_TRUE(CreateNeed("freed").ok());
  Stop();
  const std::string log = ReadText(data() / "log");
  EXPECT_THAT(LineOf(log, "after"), HasSubstr("level=error"));
  EXPECT_THAT(LineOf(log, "after"), HasSubstr("No space left"));
  EXPECT_THAT(log, HasSubstr("code=RESOURCE_EXHAUSTED"));
}

}  // namespace
}  // namespace dongxi
