#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "store/catalogue.h"
#include "tests/store/store_testing.h"

namespace dongxi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CatalogueViewTest : public testing::Test {
 protected:
  std::filesystem::path folder() const { return temporary_.path() / "catalogue"; }
  std::unique_ptr<Catalogue> OpenWriter() {
    absl::StatusOr<std::unique_ptr<Catalogue>> opened = Catalogue::Open(folder());
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  std::unique_ptr<CatalogueReader> OpenView() {
    absl::StatusOr<std::unique_ptr<CatalogueReader>> opened = OpenCatalogueView(folder());
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }
  TemporaryFolder temporary_;
};

Record Result(const std::string& id) { return Titled(RecordKind::kResult, id, "t"); }

TEST_F(CatalogueViewTest, SeesAllThatWasAcknowledgedWhileTheWriterIsOpen) {
  const std::unique_ptr<Catalogue> writer = OpenWriter();
  ASSERT_TRUE(writer->Upsert({Result("a")}, 1).ok());
  ASSERT_TRUE(writer->Flush().ok());
  ASSERT_TRUE(writer->Upsert({Result("b")}, 1).ok());
  const std::unique_ptr<CatalogueReader> view = OpenView();
  ASSERT_TRUE(writer->Upsert({Result("c")}, 1).ok());

  EXPECT_EQ(view->sequence(), 2u);
  EXPECT_EQ(view->Counts()[static_cast<size_t>(RecordKind::kResult)], 2u);
  EXPECT_THAT(IdsOf(*view, RecordKind::kResult), ElementsAre("a", "b"));
  EXPECT_EQ(ChangesOf(*view, 0).size(), 2u);
  EXPECT_EQ(view->Get(RecordKind::kResult, "b")->id, "b");
}

TEST_F(CatalogueViewTest, SeesTheCatalogueOfAWriterThatHasGone) {
  ASSERT_TRUE(OpenWriter()->Upsert(FullRecords(), 1).ok());
  EXPECT_EQ(OpenView()->sequence(), 1u);
  EXPECT_TRUE(OpenWriter()->Upsert({Result("later")}, 1).ok());  // a view takes no lock and leaves none
}

TEST_F(CatalogueViewTest, EmptyCatalogueHasAnEmptyView) {
  const std::unique_ptr<Catalogue> writer = OpenWriter();
  EXPECT_EQ(OpenView()->sequence(), 0u);
}

TEST_F(CatalogueViewTest, WithoutACatalogueSaysHowToMakeOne) {
  const absl::Status status = OpenCatalogueView(folder()).status();
  EXPECT_TRUE(absl::IsNotFound(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("dongxi-indexer import"));
  EXPECT_FALSE(std::filesystem::exists(folder()));
}

TEST_F(CatalogueViewTest, RemovesItsScratchFolder) {
  const std::unique_ptr<Catalogue> writer = OpenWriter();
  const std::filesystem::path scratch = temporary_.path() / "scratch";
  std::filesystem::create_directory(scratch);
  const char* old = std::getenv("TMPDIR");
  const std::string before = old == nullptr ? "" : old;
  ::setenv("TMPDIR", scratch.c_str(), 1);
  {
    const std::unique_ptr<CatalogueReader> view = OpenView();
    EXPECT_FALSE(std::filesystem::is_empty(scratch));
  }
  if (old == nullptr) {
    ::unsetenv("TMPDIR");
  } else {
    ::setenv("TMPDIR", before.c_str(), 1);
  }
  EXPECT_TRUE(std::filesystem::is_empty(scratch));
}

// The law: a view has every batch acknowledged before it was opened, whole, whatever the writer flushes
// meanwhile.
TEST_F(CatalogueViewTest, ViewsOpenedDuringWritesAndFlushesAreConsistent) {
  const std::unique_ptr<Catalogue> writer = OpenWriter();
  std::atomic<uint64_t> acknowledged = 0;
  std::atomic<bool> stop = false;
  std::jthread writing([&] {
    for (int i = 0; !stop; ++i) {
      const std::string id = std::to_string(i);
      ASSERT_TRUE(writer->Upsert({Result("a-" + id), Titled(RecordKind::kNeed, "b-" + id, "t")}, 1).ok());
      acknowledged = writer->sequence();
      if (i % 40 == 0) {  // far more often than a writer does; seldom enough for a view to get between
        ASSERT_TRUE(writer->Flush().ok());
      }
    }
  });
  for (int round = 0; round < 30; ++round) {
    SCOPED_TRACE(round);
    const uint64_t before = acknowledged;
    const std::unique_ptr<CatalogueReader> view = OpenView();
    if (view == nullptr) break;
    EXPECT_GE(view->sequence(), before);
    EXPECT_EQ(view->Counts()[static_cast<size_t>(RecordKind::kResult)], view->sequence());
    EXPECT_EQ(IdsOf(*view, RecordKind::kResult).size(), view->sequence());
    EXPECT_EQ(IdsOf(*view, RecordKind::kNeed).size(), view->sequence());
    EXPECT_EQ(ChangesOf(*view, 0).size(), 2 * view->sequence());
  }
  stop = true;
}

}  // namespace
}  // namespace dongxi
