// Any bytes as a request, of a type that the first byte chooses: whatever protobuf decodes is measured
// before, and takes no more than was measured.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "dongxi/v1/catalogue.pb.h"
#include "dongxi/v1/engagement.pb.h"
#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/plan.pb.h"
#include "dongxi/v1/report.pb.h"
#include "tests/server/decoded_size_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const google::protobuf::Message* const kTypes[] = {
      &dongxi::v1::BatchUpsertRecordsRequest::default_instance(),
      &dongxi::v1::MakePlanRequest::default_instance(),
      &dongxi::v1::BatchRecordEngagementsRequest::default_instance(),
      &dongxi::v1::MatchRequest::default_instance(), &dongxi::v1::RunReportRequest::default_instance()};
  if (size == 0) return 0;
  const auto& type = *kTypes[data[0] % std::size(kTypes)];
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (!dongxi::FaultOfMeasure(type, bytes).empty()) std::abort();
  return 0;
}
