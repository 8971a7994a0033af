// Any bytes as a plan file. What is read, written and read again, is the same.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/plan/plan_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = dongxi::plan::PlanFileFromJson({reinterpret_cast<const char*>(data), size});
  if (!file.ok()) return 0;
  (void)dongxi::plan::EngagementsToJson(*file);
  const std::string once = dongxi::plan::PlanFileToJson(*file);
  const auto again = dongxi::plan::PlanFileFromJson(once);
  if (!again.ok() || dongxi::plan::PlanFileToJson(*again) != once) std::abort();
  return 0;
}
