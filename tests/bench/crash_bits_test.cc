// Which bits are flipped, and in which files one that is not found may be passed over.
#include "bench/crash_bits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dongxi::bench {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(FlipPlacesTest, FirstMiddleAndLastByteEachOnce) {
  EXPECT_THAT(FlipPlaces(0), IsEmpty());
  EXPECT_THAT(FlipPlaces(1), ElementsAre(0u));
  EXPECT_THAT(FlipPlaces(2), ElementsAre(0u, 1u));
  EXPECT_THAT(FlipPlaces(1'000), ElementsAre(0u, 500u, 999u));
}

TEST(RocksDbsOwnTest, FilesWithRecordsAreNotAmongThem) {
  for (const char* name : {"IDENTITY", "LOCK", "LOG", "LOG.old.1732780000", "OPTIONS-000007"})
    EXPECT_TRUE(IsRocksDbsOwn(name)) << name;
  for (const char* name :
       {"CURRENT", "MANIFEST-000005", "000012.sst", "000013.log", "tokens", "IDENTITY.json"})
    EXPECT_FALSE(IsRocksDbsOwn(name)) << name;
}

}  // namespace
}  // namespace dongxi::bench
