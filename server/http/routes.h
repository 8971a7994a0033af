// Which HTTP request stands for which RPC. Derived from descriptors by the rules of Google's AIPs, so that a
// new RPC has its route without a table of ours:
//   GetNeed            GET    /v1/{name=needs/*}          (AIP-131)
//   ListNeeds          GET    /v1/needs                   (AIP-132)
//   CreateNeed         POST   /v1/needs, body: need       (AIP-133)
//   UpdateNeed         PATCH  /v1/{need.name=needs/*}     (AIP-134)
//   DeleteNeed         DELETE /v1/{name=needs/*}          (AIP-135)
//   UndeleteNeed       POST   /v1/{name=needs/*}:undelete (AIP-136)
//   BatchGetNeeds      POST   /v1/needs:batchGet          (POST, because names do not fit a URL)
//   GetServerStatus    GET    /v1/serverStatus            (its request has no name: there is only one)
//   Match, any other   POST   /v1/match
// What a path and a body do not say comes from the query, by field ("pageSize=10", "need.title=…"). The
// collection of a resource is the field in which its List method returns it. Pure functions; immutable after
// construction; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"

namespace dongxi {

struct Route {
  std::string verb;        // GET, POST, PATCH or DELETE
  std::string collection;  // what follows /v1/: "needs", "match"
  std::string variable;    // the field that holds "needs/n-1": "name", "need.name"; empty: the path has no id
  std::string action;      // what follows the colon: "batchGet"; empty: none
  std::string body;        // "*": the body is the request; "need": it is that field; empty: no body
  const google::protobuf::MethodDescriptor* method = nullptr;

  // "/v1/{name=needs/*}:undelete".
  std::string Template() const;
};

// One route a method, in order of services and methods.
std::vector<Route> RoutesOf(std::span<const google::protobuf::ServiceDescriptor* const> services);

// The services of the API among the files of `pool`: those of the packages dongxi.v1 and google.longrunning,
// by name.
std::vector<const google::protobuf::ServiceDescriptor*> ApiServicesOf(
    const google::protobuf::DescriptorPool& pool, std::span<const std::string> files);
// Those that this program is linked with.
std::vector<const google::protobuf::ServiceDescriptor*> LinkedApiServices();

struct RouteMatch {
  const Route* route = nullptr;
  std::string resource;  // "needs/n-1" for the route's variable
};

class RouteTable {
 public:
  explicit RouteTable(std::vector<Route> routes) : routes_(std::move(routes)) {}

  // NotFound: no such path. Unimplemented: the path has other verbs, listed by VerbsOf. `path` is decoded.
  absl::StatusOr<RouteMatch> Find(std::string_view verb, std::string_view path) const;
  // "GET, POST": what Find accepts at the path; empty if nothing.
  std::string VerbsOf(std::string_view path) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  const std::vector<Route> routes_;
};

}  // namespace dongxi
