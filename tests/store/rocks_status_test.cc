// What RocksDB says becomes what a caller can act on.
#include "store/rocks_status.h"

#include <gtest/gtest.h>

namespace dongxi {
namespace {

TEST(RocksStatusTest, WhereNothingMoreFitsIsResourceExhausted) {
  for (const rocksdb::Status& full :
       {rocksdb::Status::NoSpace("While appending to file: /d/1.log"),
        rocksdb::Status::IOError("While appending to file: /d/1.log", "File too large"),
        rocksdb::Status::IOError("While fsync: /d/1.log", "Disk quota exceeded")}) {
    const absl::Status status = FromRocks(full, "catalogue d: write");
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_NE(status.message().find("free some space"), std::string::npos) << status;
  }
}

TEST(RocksStatusTest, OtherFaultsOfTheDiskAreInternal) {
  const auto status =
      FromRocks(rocksdb::Status::IOError("While pwrite: /d/1.log", "Input/output error"), "write");
  EXPECT_TRUE(absl::IsInternal(status)) << status;
}

}  // namespace
}  // namespace dongxi
