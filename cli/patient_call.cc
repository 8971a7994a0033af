#include "cli/patient_call.h"

#include <string>

#include "absl/strings/str_format.h"

namespace dongxi::cli {
namespace {

constexpr absl::Duration kSaidEvery = absl::Seconds(5);

}  // namespace

BusyNotice::~BusyNotice() {
  if (said_ && io_.err_is_terminal) io_.err << "\r\x1b[K" << std::flush;
}

void BusyNotice::operator()(absl::Duration delay) {
  const absl::Time now = absl::Now();
  if (said_ && now - *said_ < kSaidEvery) return;
  said_ = now;
  const std::string line = absl::StrFormat("服务忙，按它的要求等 %.1f 秒再问", absl::ToDoubleSeconds(delay));
  if (io_.err_is_terminal) {
    io_.err << "\r\x1b[K" << line << std::flush;
  } else {
    io_.err << line << "\n";
  }
}

}  // namespace dongxi::cli
