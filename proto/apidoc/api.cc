#include "proto/apidoc/api.h"

#include <algorithm>

#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "google/protobuf/descriptor.pb.h"

namespace dongxi {
namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorSet;
using google::protobuf::SourceLocation;

constexpr size_t kSetBytesMax = size_t{64} << 20;

std::vector<std::string> LinesOf(const std::string& comment) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < comment.size();) {
    const size_t end = std::min(comment.find('\n', begin), comment.size());
    std::string line = comment.substr(begin, end - begin);
    if (!line.empty() && line[0] == ' ') line.erase(0, 1);
    lines.push_back(std::move(line));
    begin = end + 1;
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

absl::StatusOr<Api> ReadApi(const std::string& descriptor_set_file) {
  DX_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(descriptor_set_file, kSetBytesMax));
  FileDescriptorSet set;
  if (!set.ParseFromString(bytes))
    return absl::DataLossError(descriptor_set_file + ": not a descriptor set; make one with protoc");
  Api api;
  api.pool = std::make_unique<google::protobuf::DescriptorPool>();
  std::vector<std::string> names;
  for (const auto& file : set.file()) {
    const FileDescriptor* const built = api.pool->BuildFile(file);
    if (built == nullptr)
      return absl::DataLossError(descriptor_set_file + ": " + file.name() + " does not build");
    names.push_back(file.name());
    if (file.package() == "dongxi.v1" || file.package() == "google.longrunning") api.files.push_back(built);
  }
  std::ranges::sort(api.files, {}, [](const FileDescriptor* file) { return file->name(); });
  api.routes = RoutesOf(ApiServicesOf(*api.pool, names));
  return api;
}

template <typename Descriptor>
std::vector<std::string> CommentOf(const Descriptor& descriptor) {
  SourceLocation location;
  if (!descriptor.GetSourceLocation(&location)) return {};
  return LinesOf(location.leading_comments.empty() ? location.trailing_comments : location.leading_comments);
}

template std::vector<std::string> CommentOf(const google::protobuf::Descriptor&);
template std::vector<std::string> CommentOf(const google::protobuf::EnumDescriptor&);
template std::vector<std::string> CommentOf(const google::protobuf::EnumValueDescriptor&);
template std::vector<std::string> CommentOf(const google::protobuf::FieldDescriptor&);
template std::vector<std::string> CommentOf(const google::protobuf::MethodDescriptor&);
template std::vector<std::string> CommentOf(const google::protobuf::ServiceDescriptor&);

std::vector<std::string> FileCommentOf(const FileDescriptor& file) {
  SourceLocation location;
  if (!file.GetSourceLocation({google::protobuf::FileDescriptorProto::kSyntaxFieldNumber}, &location))
    return {};
  return LinesOf(location.leading_comments);
}

const Route& RouteOf(const Api& api, const google::protobuf::MethodDescriptor& method) {
  return *std::ranges::find(api.routes, &method, &Route::method);
}

}  // namespace dongxi
