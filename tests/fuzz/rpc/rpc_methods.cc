#include "tests/fuzz/rpc/rpc_methods.h"

#include <algorithm>

namespace dongxi::fuzz {
namespace {

// FNV-1a, then the finish of MurmurHash3: the same on every machine.
uint64_t Weight(const std::string& name, uint16_t number) {
  uint64_t hash = 0xCBF29CE484222325u;
  const auto add = [&hash](uint8_t byte) { hash = (hash ^ byte) * 0x100000001B3u; };
  for (const char c : name) add(static_cast<uint8_t>(c));
  add(static_cast<uint8_t>(number & 0xFF));
  add(static_cast<uint8_t>(number >> 8));
  hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCDu;
  hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53u;
  return hash ^ (hash >> 33);
}

}  // namespace

absl::StatusOr<std::vector<const Method*>> UnaryMethods(std::span<const std::string> services) {
  std::vector<const Method*> methods;
  for (const std::string& name : services) {
    const auto* const service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) return absl::NotFoundError(name + ": this service is not linked in");
    for (int i = 0; i < service->method_count(); ++i) {
      const Method* const method = service->method(i);
      if (!method->client_streaming() && !method->server_streaming()) methods.push_back(method);
    }
  }
  std::ranges::sort(methods, {},
                    [](const Method* method) -> const std::string& { return method->full_name(); });
  return methods;
}

const Method* PickMethod(std::span<const Method* const> methods, uint16_t number) {
  return *std::ranges::max_element(
      methods, {}, [number](const Method* method) { return Weight(method->full_name(), number); });
}

std::string PathOf(const Method& method) { return "/" + method.service()->full_name() + "/" + method.name(); }

std::string GateNameOf(const Method& method) { return method.service()->name() + "." + method.name(); }

}  // namespace dongxi::fuzz
