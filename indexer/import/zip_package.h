// A zip archive in memory, read with limits against zip bombs. No other file includes libzip. Not
// thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dongxi {

inline constexpr uint64_t kZipBytesMax = uint64_t{200} << 20;     // the file
inline constexpr uint64_t kUnzippedBytesMax = uint64_t{1} << 30;  // all members together
inline constexpr uint64_t kZipMembersMax = 2'000;
inline constexpr uint64_t kZipRatioMax = 200;  // of a member larger than kZipRatioFreeBytes
inline constexpr uint64_t kZipRatioFreeBytes = uint64_t{1} << 20;

class ZipPackage {
 public:
  // `bytes` must outlive the package. Errors are complaints (complaint.h): over a limit, encrypted, damaged,
  // no zip.
  static absl::StatusOr<std::unique_ptr<ZipPackage>> Open(std::string_view bytes);
  virtual ~ZipPackage() = default;

  // Names are compared without case, '\' is '/', a leading '/' is dropped: producers differ.
  virtual bool Has(std::string_view name) const = 0;

  // Gives the member's bytes to `take`, a chunk of at most 64 KB at a time. A member that turns out larger
  // than its directory entry says, or whose checksum differs, is an error. An error of `take` is returned as
  // it is.
  virtual absl::Status Stream(std::string_view name,
                              const std::function<absl::Status(std::string_view)>& take) const = 0;

  // The whole member; an error if it is larger than `bytes_max`.
  absl::StatusOr<std::string> Read(std::string_view name, size_t bytes_max) const;
};

}  // namespace dongxi
