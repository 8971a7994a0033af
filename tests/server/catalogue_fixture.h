// A server over the small catalogue with its generation, and calls of its catalogue service.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "tests/server/served_catalogue.h"

namespace dongxi {

class CatalogueFixture : public ServedCatalogueTest {
 protected:
  void Connect() override { stub_ = pb::CatalogueService::NewStub(running_.channel); }

  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (pb::CatalogueService::Stub::*method)(grpc::ClientContext*, const Request&,
                                                                       Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    response->Clear();
    return (stub_.get()->*method)(&context, request, response);
  }
  grpc::Status Create(const pb::CreateResultRequest& request, pb::Result* result) {
    return Call(&pb::CatalogueService::Stub::CreateResult, request, result);
  }
  grpc::Status Update(const pb::UpdateResultRequest& request, pb::Result* result) {
    return Call(&pb::CatalogueService::Stub::UpdateResult, request, result);
  }
  grpc::Status Delete(const pb::DeleteResultRequest& request, pb::Result* result) {
    return Call(&pb::CatalogueService::Stub::DeleteResult, request, result);
  }
  grpc::Status Undelete(const std::string& name, pb::Result* result) {
    pb::UndeleteResultRequest request;
    request.set_name(name);
    return Call(&pb::CatalogueService::Stub::UndeleteResult, request, result);
  }
  grpc::Status Get(const std::string& name, pb::Result* result, bool show_deleted = false) {
    pb::GetResultRequest request;
    request.set_name(name);
    request.set_show_deleted(show_deleted);
    return Call(&pb::CatalogueService::Stub::GetResult, request, result);
  }
  static pb::CreateResultRequest NewResult(const std::string& id, const std::string& title) {
    pb::CreateResultRequest request;
    request.set_result_id(id);
    request.mutable_result()->set_title(title);
    return request;
  }
  std::vector<std::string> NamesOf(bool show_deleted) {
    std::vector<std::string> names;
    pb::ListResultsRequest request;
    request.set_page_size(2);  // several pages
    request.set_show_deleted(show_deleted);
    pb::ListResultsResponse page;
    do {
      EXPECT_TRUE(Call(&pb::CatalogueService::Stub::ListResults, request, &page).ok());
      for (const pb::Result& result : page.results()) names.push_back(result.name());
      request.set_page_token(page.next_page_token());
    } while (!page.next_page_token().empty());
    return names;
  }

  std::unique_ptr<pb::CatalogueService::Stub> stub_;
};

}  // namespace dongxi
