#include "report/json_reader.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <ios>
#include <system_error>
#include <utility>

namespace dongxi::report {
namespace {

using Json = nlohmann::json;
using Event = Json::parse_event_t;

constexpr uintmax_t kReportBytesMax = uintmax_t{4} << 30;
constexpr char kNeeds[] = "needs";

// Depths as the parser counts them: of the keys of the report, of the items of needs, of the keys of such an
// item, of the keys of an object in it, and of those of an object in a list in it.
constexpr int kOfReport = 1, kItem = 2, kOfItem = 3, kOfInner = 4, kOfEntry = 5;

// What the parser asks of every key and value.
class Filter {
 public:
  Filter(const ReportKeys& keys, const TakeItem& take) : keys_(keys), take_(take) {}

  // Whether what was read stays in the report. An item never does.
  bool Keeps(int depth, Event event, Json& read) {
    if (event == Event::key) return KeepsKey(depth, read);
    if (event == Event::array_start && depth == kOfReport) in_needs_ = next_is_needs_;
    const bool is_whole = event == Event::value || event == Event::object_end || event == Event::array_end;
    if (!is_whole || !in_needs_ || depth != kItem) return true;
    take_(place_++, std::move(read));
    return false;
  }

 private:
  bool KeepsKey(int depth, const Json& read) {
    const std::string& key = read.get_ref<const std::string&>();
    switch (depth) {
      case kOfReport:
        in_needs_ = false;
        next_is_needs_ = key == kNeeds;
        return next_is_needs_ || keys_.report.contains(key);
      case kOfItem:
        return keys_.item.contains(key);
      case kOfInner:
        return keys_.inner.contains(key);
      case kOfEntry:
        return keys_.entry.contains(key);
      default:
        return true;
    }
  }

  const ReportKeys& keys_;
  const TakeItem& take_;
  bool next_is_needs_ = false;  // the value of the report's key that was read last is its needs
  bool in_needs_ = false;       // and it is a list
  size_t place_ = 0;
};

}  // namespace

absl::StatusOr<std::ifstream> OpenReport(const std::filesystem::path& file) {
  std::error_code error;
  const uintmax_t bytes = std::filesystem::file_size(file, error);  // fails of what is no file: a pipe
  if (!error && bytes > kReportBytesMax) {
    return absl::OutOfRangeError(file.string() + ": larger than the limit of " +
                                 std::to_string(kReportBytesMax) + " bytes");
  }
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open()) {
    const int code = errno;
    const std::string message = file.string() + ": cannot open: " + std::strerror(code);
    return code == ENOENT ? absl::NotFoundError(message) : absl::InternalError(message);
  }
  return absl::StatusOr<std::ifstream>(std::move(in));
}

absl::StatusOr<Json> ReadReport(std::istream& in, const ReportKeys& keys, const TakeItem& take) {
  Filter filter(keys, take);
  const auto keeps = [&filter](int depth, Event event, Json& read) {
    return filter.Keeps(depth, event, read);
  };
  try {
    return Json::parse(in, keeps, /*allow_exceptions=*/false);
  } catch (const std::ios_base::failure& error) {  // of the buffer of a file: the parser asks it directly
    return absl::InternalError(std::string("cannot read: ") + error.what());
  }
}

}  // namespace dongxi::report
