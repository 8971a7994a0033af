// A server over the small catalogue with its generation, and calls of its watches.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "tests/server/served_catalogue.h"

namespace dongxi {

class WatchServiceTest : public ServedCatalogueTest {
 protected:
  void Connect() override { watches_ = pb::WatchService::NewStub(running_.channel); }

  // A title alone is enough to be near: the collection is tiny, so no threshold is asked for.
  pb::Watch Create(const std::function<void(pb::Watch*)>& set) {
    pb::CreateWatchRequest request;
    request.mutable_watch()->set_min_adequacy(0.2);
    set(request.mutable_watch());
    grpc::ClientContext context;
    pb::Watch watch;
    const grpc::Status status = watches_->CreateWatch(&context, request, &watch);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return watch;
  }
  grpc::Status Poll(const pb::PollWatchRequest& request, pb::PollWatchResponse* response) {
    grpc::ClientContext context;
    return watches_->PollWatch(&context, request, response);
  }
  pb::PollWatchResponse MustPoll(const pb::Watch& watch, const std::string& cursor, int page_size = 0) {
    pb::PollWatchRequest request;
    request.set_name(watch.name());
    request.set_cursor(cursor);
    request.set_page_size(page_size);
    pb::PollWatchResponse response;
    const grpc::Status status = Poll(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  static std::vector<std::string> Names(const pb::PollWatchResponse& response) {
    std::vector<std::string> names;
    for (const pb::WatchItem& item : response.items()) names.push_back(item.entry().name());
    return names;
  }
  void Import(const std::vector<Record>& records) {
    grpc::ClientContext context;
    const auto stream = pb::CatalogueService::NewStub(running_.channel)->ImportRecords(&context);
    pb::ImportRecordsRequest request;
    for (const Record& record : records) ToProto(record, request.add_records());
    pb::ImportRecordsResponse response;
    ASSERT_TRUE(stream->Write(request));
    ASSERT_TRUE(stream->Read(&response));
    stream->WritesDone();
    ASSERT_TRUE(stream->Finish().ok());
    for (const pb::ImportOutcome& outcome : response.outcomes())
      EXPECT_NE(outcome.state(), pb::ImportOutcome::REFUSED) << outcome.ShortDebugString();
  }
  static Record NewResult(const std::string& id, const std::string& title = "高镁锂比盐湖卤水提锂新吸附剂") {
    Record record;
    record.kind = RecordKind::kResult;
    record.id = id;
    record.title = title;
    record.text =
        title.find("锂") != std::string::npos ? "低溶损的提锂吸附剂和工艺" : "低温干燥果实，节约电力";
    record.type = "technology";
    record.owners = {{RecordKind::kInstitution, "tj"}};
    record.illustrative = true;
    return record;
  }

  // A record of the small catalogue.
  static Record Known(const std::string& id) {
    const std::vector<Record> all = SmallCatalogue();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Record& one) { return one.id == id; });
    EXPECT_TRUE(found != all.end()) << id;
    return found == all.end() ? Record() : *found;
  }

  std::unique_ptr<pb::WatchService::Stub> watches_;
};

}  // namespace dongxi
