// The API as its .proto files say it, with their comments, for what is generated from it. Immutable; any
// thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "server/http/routes.h"

namespace dongxi {

struct Api {
  std::unique_ptr<google::protobuf::DescriptorPool> pool;
  // Files that speak to callers: packages dongxi.v1 and google.longrunning, by name.
  std::vector<const google::protobuf::FileDescriptor*> files;
  std::vector<Route> routes;
};

// Reads what protoc wrote with --descriptor_set_out --include_imports --include_source_info.
absl::StatusOr<Api> ReadApi(const std::string& descriptor_set_file);

// Comment lines without the marks and the space after them; empty: none.
template <typename Descriptor>
std::vector<std::string> CommentOf(const Descriptor& descriptor);
std::vector<std::string> FileCommentOf(const google::protobuf::FileDescriptor& file);

// The route of a method of `api`.
const Route& RouteOf(const Api& api, const google::protobuf::MethodDescriptor& method);

}  // namespace dongxi
