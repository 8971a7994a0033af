#include "indexer/import/zip_package.h"

#include <zip.h>

#include <unordered_map>
#include <utility>
#include <vector>

#include "indexer/import/complaint.h"

namespace dongxi {
namespace {

constexpr std::string_view kXlsxRemedy = "用 Excel 或 WPS 打开，另存为 .xlsx 后重新导入";

absl::Status Damaged(std::string found) {
  return ToStatus({std::move(found), "完好的 .xlsx 文件", std::string(kXlsxRemedy)});
}

absl::Status OverLimit(std::string found, std::string expected) {
  return ToStatus({std::move(found), std::move(expected), "把数据复制到新的工作簿，或拆成几个文件"});
}

std::string Key(std::string_view name) {
  std::string key;
  for (const char c : name)
    key += c == '\\' ? '/' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return key.starts_with('/') ? key.substr(1) : key;
}

struct ArchiveCloser {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct FileCloser {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

class LibzipPackage : public ZipPackage {
 public:
  explicit LibzipPackage(zip_t* archive) : archive_(archive) {}

  absl::Status ReadDirectory() {
    const zip_int64_t members = zip_get_num_entries(archive_.get(), 0);
    if (members < 0 || static_cast<uint64_t>(members) > kZipMembersMax) {
      return OverLimit("压缩包内有 " + std::to_string(members) + " 个文件", "最多 2000 个");
    }
    uint64_t total = 0;
    for (zip_uint64_t i = 0; i < static_cast<zip_uint64_t>(members); ++i) {
      zip_stat_t stat;
      zip_stat_init(&stat);
      if (zip_stat_index(archive_.get(), i, 0, &stat) != 0 || stat.name == nullptr)
        return Damaged("压缩包目录损坏");
      if (absl::Status status = CheckMember(stat); !status.ok()) return status;
      total += stat.size;
      if (total > kUnzippedBytesMax) return OverLimit("解压后超过 1 GB", "解压后最多 1 GB");
      members_.emplace(Key(stat.name), Member{i, stat.size});
    }
    return absl::OkStatus();
  }

  bool Has(std::string_view name) const override { return members_.contains(Key(name)); }

  absl::Status Stream(std::string_view name,
                      const std::function<absl::Status(std::string_view)>& take) const override {
    const auto found = members_.find(Key(name));
    if (found == members_.end()) return Damaged("压缩包内没有 " + std::string(name));
    const std::unique_ptr<zip_file_t, FileCloser> file(
        zip_fopen_index(archive_.get(), found->second.index, 0));
    if (file == nullptr) return Damaged(std::string(name) + " 无法解压");
    std::vector<char> buffer(size_t{64} << 10);
    for (uint64_t total = 0;;) {
      const zip_int64_t got = zip_fread(file.get(), buffer.data(), buffer.size());
      if (got < 0) return Damaged(std::string(name) + " 解压出错，文件可能没有下载完整");
      if (got == 0) return absl::OkStatus();
      total += static_cast<uint64_t>(got);
      if (total > found->second.size) return Damaged(std::string(name) + " 解压后比目录所说的大");
      if (absl::Status status = take({buffer.data(), static_cast<size_t>(got)}); !status.ok()) return status;
    }
  }

 private:
  struct Member {
    zip_uint64_t index = 0;
    uint64_t size = 0;
  };

  static absl::Status CheckMember(const zip_stat_t& stat) {
    const zip_uint64_t needed = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if ((stat.valid & needed) != needed) return Damaged("压缩包目录损坏");
    if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE) {
      return ToStatus({"文件有密码", "没有密码的 .xlsx 文件", "去掉打开密码后另存"});
    }
    const bool is_bomb = stat.size > kZipRatioFreeBytes && stat.size / kZipRatioMax >= stat.comp_size;
    if (is_bomb) return OverLimit(std::string(stat.name) + " 的压缩比超过 200", "正常的表格文件");
    if (stat.size > kUnzippedBytesMax) return OverLimit("解压后超过 1 GB", "解压后最多 1 GB");
    return absl::OkStatus();
  }

  const std::unique_ptr<zip_t, ArchiveCloser> archive_;
  std::unordered_map<std::string, Member> members_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ZipPackage>> ZipPackage::Open(std::string_view bytes) {
  if (bytes.size() > kZipBytesMax) {
    return OverLimit(std::to_string(bytes.size() >> 20) + " MB 的文件", "最多 200 MB");
  }
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  zip_t* archive = source == nullptr ? nullptr : zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    zip_source_free(source);
    zip_error_fini(&error);
    return Damaged("压缩包无法打开，文件可能没有下载完整");
  }
  zip_error_fini(&error);
  auto package = std::make_unique<LibzipPackage>(archive);
  if (absl::Status status = package->ReadDirectory(); !status.ok()) return status;
  return package;
}

absl::StatusOr<std::string> ZipPackage::Read(std::string_view name, size_t bytes_max) const {
  std::string bytes;
  const absl::Status status = Stream(name, [&](std::string_view chunk) -> absl::Status {
    if (bytes.size() + chunk.size() > bytes_max) {
      return OverLimit(std::string(name) + " 太大", "最多 " + std::to_string(bytes_max >> 20) + " MB");
    }
    bytes += chunk;
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return bytes;
}

}  // namespace dongxi
