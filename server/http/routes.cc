#include "server/http/routes.h"

#include <algorithm>
#include <map>
#include <optional>

#include "google/protobuf/descriptor_database.h"

namespace dongxi {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr std::string_view kPrefix = "/v1/";

std::string LowerFirst(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

// A kind of resource, as methods name it.
struct Resource {
  std::string singular;    // Need
  std::string plural;      // Needs
  std::string collection;  // needs
};

bool HasName(const Descriptor& request) {
  const FieldDescriptor* const name = request.FindFieldByName("name");
  return name != nullptr && name->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !name->is_repeated();
}

const FieldDescriptor* FirstRepeatedMessage(const Descriptor& response) {
  for (int i = 0; i < response.field_count(); ++i) {
    const FieldDescriptor* const field = response.field(i);
    if (field->is_repeated() && !field->is_map() && field->message_type() != nullptr) return field;
  }
  return nullptr;
}

std::vector<Resource> ResourcesOf(std::span<const ServiceDescriptor* const> services) {
  std::map<std::string, Resource> found;
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const std::string& name = service->method(i)->name();
      if (!name.starts_with("List")) continue;
      const FieldDescriptor* const items = FirstRepeatedMessage(*service->method(i)->output_type());
      if (items == nullptr) continue;
      found[items->message_type()->name()] = {items->message_type()->name(), name.substr(4),
                                              items->json_name()};
    }
  }
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* const method = service->method(i);
      if (!method->name().starts_with("Get") || !HasName(*method->input_type())) continue;
      const std::string singular = method->name().substr(3);
      found.try_emplace(singular, Resource{singular, singular + "s", LowerFirst(singular) + "s"});
    }
  }
  std::vector<Resource> resources;
  for (auto& [singular, resource] : found) resources.push_back(std::move(resource));
  // The longest name first: PlanNeed before Need.
  std::ranges::stable_sort(
      resources, [](const Resource& a, const Resource& b) { return a.singular.size() > b.singular.size(); });
  return resources;
}

// "UndeleteNeed" is Undelete of a Need.
struct Phrase {
  std::string verb;
  const Resource* resource = nullptr;
};

std::optional<Phrase> PhraseOf(const std::string& method, const std::vector<Resource>& resources) {
  for (const Resource& resource : resources) {
    for (const std::string& noun : {resource.plural, resource.singular}) {
      if (method.size() > noun.size() && method.ends_with(noun))
        return Phrase{method.substr(0, method.size() - noun.size()), &resource};
    }
  }
  return std::nullopt;
}

const FieldDescriptor* FieldOfType(const Descriptor& request, const std::string& message) {
  for (int i = 0; i < request.field_count(); ++i) {
    const FieldDescriptor* const field = request.field(i);
    if (!field->is_repeated() && field->message_type() != nullptr && field->message_type()->name() == message)
      return field;
  }
  return nullptr;
}

Route RouteOfPhrase(const MethodDescriptor& method, const Phrase& phrase) {
  const Descriptor& request = *method.input_type();
  const Resource& resource = *phrase.resource;
  const FieldDescriptor* const item = FieldOfType(request, resource.singular);
  Route route;
  route.collection = resource.collection;
  if (HasName(request)) route.variable = "name";
  if (phrase.verb == "Get" || phrase.verb == "List" || phrase.verb == "Delete") {
    if (phrase.verb == "List")
      route.variable.clear();  // a collection has no id, even where a name is a filter
    route.verb = phrase.verb == "Delete" ? "DELETE" : "GET";
  } else if (phrase.verb == "Create") {
    route.verb = "POST";
    route.variable.clear();
    route.body = item == nullptr ? "*" : item->name();
  } else if (phrase.verb == "Update" && item != nullptr) {
    route.verb = "PATCH";
    route.variable = item->name() + ".name";
    route.body = item->name();
  } else {
    route.verb = "POST";
    route.action = LowerFirst(phrase.verb);
    route.body = "*";
  }
  return route;
}

// Resources that no List method and no name of a method tells.
struct Exception {
  std::string_view method, verb, collection, variable, action, body;
};

constexpr Exception kExceptions[] = {
    {"dongxi.v1.ReplayService.GetMatchRecord", "GET", "matches", "name", "", ""},
    {"dongxi.v1.ReplayService.ReplayMatch", "POST", "matches", "name", "replay", "*"},
    {"dongxi.v1.PlanService.Replan", "POST", "plans", "name", "replan", "*"},
    {"dongxi.v1.PlanService.RecordOutcome", "POST", "plans", "name", "recordOutcome", "*"},
};

Route RouteOf(const MethodDescriptor& method, const std::vector<Resource>& resources) {
  Route route;
  const std::string& name = method.name();
  for (const Exception& e : kExceptions) {
    if (method.full_name() != e.method) continue;
    return {.verb = std::string(e.verb),
            .collection = std::string(e.collection),
            .variable = std::string(e.variable),
            .action = std::string(e.action),
            .body = std::string(e.body),
            .method = &method};
  }
  if (const std::optional<Phrase> phrase = PhraseOf(name, resources); phrase && !method.client_streaming()) {
    route = RouteOfPhrase(method, *phrase);
  } else if (name.starts_with("Get") && !method.client_streaming()) {
    route = {.verb = "GET", .collection = LowerFirst(name.substr(3))};
  } else {
    route = {.verb = "POST", .collection = LowerFirst(name), .body = "*"};
  }
  route.method = &method;
  return route;
}

// A path behind /v1/, taken apart.
struct PathParts {
  std::string_view collection, id, action;
  bool valid = false;
};

PathParts PartsOf(std::string_view path) {
  PathParts parts;
  if (!path.starts_with(kPrefix)) return parts;
  path.remove_prefix(kPrefix.size());
  if (const size_t colon = path.rfind(':'); colon != std::string_view::npos) {
    parts.action = path.substr(colon + 1);
    path = path.substr(0, colon);
  }
  const size_t slash = path.find('/');
  parts.collection = path.substr(0, slash);
  if (slash != std::string_view::npos) parts.id = path.substr(slash + 1);
  const bool id_is_one_segment = parts.id.find('/') == std::string_view::npos;
  parts.valid =
      !parts.collection.empty() && id_is_one_segment && (slash == std::string_view::npos) == parts.id.empty();
  return parts;
}

bool Fits(const Route& route, const PathParts& parts) {
  return parts.valid && route.collection == parts.collection && route.action == parts.action &&
         route.variable.empty() == parts.id.empty();
}

}  // namespace

std::string Route::Template() const {
  std::string text(kPrefix);
  text += variable.empty() ? collection : "{" + variable + "=" + collection + "/*}";
  return action.empty() ? text : text + ":" + action;
}

std::vector<Route> RoutesOf(std::span<const ServiceDescriptor* const> services) {
  const std::vector<Resource> resources = ResourcesOf(services);
  std::vector<Route> routes;
  for (const ServiceDescriptor* service : services) {
    for (int i = 0; i < service->method_count(); ++i)
      routes.push_back(RouteOf(*service->method(i), resources));
  }
  return routes;
}

std::vector<const ServiceDescriptor*> ApiServicesOf(const DescriptorPool& pool,
                                                    std::span<const std::string> files) {
  std::vector<const ServiceDescriptor*> services;
  for (const std::string& name : files) {
    const FileDescriptor* const file = pool.FindFileByName(name);
    if (file == nullptr || (file->package() != "dongxi.v1" && file->package() != "google.longrunning"))
      continue;
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
  }
  std::ranges::sort(services, {}, [](const ServiceDescriptor* service) { return service->full_name(); });
  return services;
}

std::vector<const ServiceDescriptor*> LinkedApiServices() {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  return ApiServicesOf(*DescriptorPool::generated_pool(), files);
}

absl::StatusOr<RouteMatch> RouteTable::Find(std::string_view verb, std::string_view path) const {
  const PathParts parts = PartsOf(path);
  bool other_verb = false;
  for (const Route& route : routes_) {
    if (!Fits(route, parts)) continue;
    if (route.verb != verb) {
      other_verb = true;
      continue;
    }
    RouteMatch match{.route = &route, .resource = {}};
    if (!parts.id.empty()) match.resource = std::string(parts.collection) + "/" + std::string(parts.id);
    return match;
  }
  if (other_verb)
    return absl::UnimplementedError("this path takes " + VerbsOf(path) + "; found " + std::string(verb));
  return absl::NotFoundError("no such path; docs/api/openapi.json lists them");
}

std::string RouteTable::VerbsOf(std::string_view path) const {
  const PathParts parts = PartsOf(path);
  std::vector<std::string> verbs;
  for (const Route& route : routes_) {
    if (Fits(route, parts)) verbs.push_back(route.verb);
  }
  std::ranges::sort(verbs);
  std::string text;
  for (const std::string& verb : verbs) text += (text.empty() ? "" : ", ") + verb;
  return text;
}

}  // namespace dongxi
