// Opening the catalogue on another file system, for tests of failing disks. Internal to store/.
#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "rocksdb/env.h"
#include "store/catalogue.h"

namespace dongxi {

// As Catalogue::Open, on the files of `env`, which must outlive the catalogue.
absl::StatusOr<std::unique_ptr<Catalogue>> OpenCatalogueOn(rocksdb::Env* env,
                                                           const std::filesystem::path& directory);

}  // namespace dongxi
