#include "cli/report_download.h"

#include <grpcpp/channel.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "cli/commands.h"
#include "cli/folder_lock.h"
#include "cli/report_files.h"
#include "cli/table.h"
#include "dongxi/v1/report.grpc.pb.h"
#include "engine/base/status_macros.h"
#include "report/file_digest.h"
#include "report/write_files.h"

namespace dongxi::cli {
namespace {

namespace fs = std::filesystem;

// Attempts in a row that brought nothing.
constexpr int kFruitlessMax = 3;
constexpr absl::Duration kPause = absl::Milliseconds(500);

absl::Status FolderError(const fs::path& place, const std::string& reason) {
  return absl::InternalError("写不了 " + place.string() + "：" + reason +
                             "。请核对文件夹是否可写、磁盘是否已满，再运行同样的命令接着下载");
}

// A name such as 匹配报告.html or csv/partners.csv. Names come from outside: none may lead elsewhere.
absl::Status CheckFileName(const std::string& name) {
  const fs::path path = name;
  bool plain = !name.empty() && path.is_relative();
  for (const fs::path& part : path) plain = plain && !part.empty() && part != "." && part != "..";
  if (plain) return absl::OkStatus();
  return absl::InvalidArgumentError("服务给出的文件名 “" + Printable(name) + "” 不能用，没有写任何文件");
}

uint64_t SizeOf(const fs::path& file) {
  std::error_code error;
  const uint64_t size = fs::file_size(file, error);
  return error ? 0 : size;
}

bool Fits(const fs::path& path, const v1::ReportFile& file) {
  const absl::StatusOr<report::FileDigest> digest = report::DigestOf(path);
  return digest.ok() && digest->sha256 == file.sha256() &&
         static_cast<int64_t>(digest->bytes) == file.size_bytes();
}

// The network, the deadline of the call or the server's end: the next attempt may go on.
bool IsPassing(const absl::Status& status) {
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) || absl::IsCancelled(status) ||
         absl::IsResourceExhausted(status) || absl::IsInternal(status) || absl::IsUnknown(status);
}

class Fetcher {
 public:
  Fetcher(const Client& client, const v1::Report& report, fs::path folder)
      : client_(client),
        report_(report),
        folder_(std::move(folder)),
        stub_(v1::ReportService::NewStub(client.channel())) {}

  absl::Status Fetch(const v1::ReportFile& file) {
    const fs::path target = folder_ / file.name();
    fs::path partial = target;
    partial += ".part";
    if (Fits(target, file)) return absl::OkStatus();
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    if (error) return FolderError(target.parent_path(), error.message());
    if (SizeOf(partial) > static_cast<uint64_t>(file.size_bytes())) fs::remove(partial, error);
    DX_RETURN_IF_ERROR(FetchAll(file, partial));
    if (!Fits(partial, file)) {
      // What was there from before may be of something else: once more from the beginning.
      fs::remove(partial, error);
      DX_RETURN_IF_ERROR(FetchAll(file, partial));
    }
    if (!Fits(partial, file)) {
      fs::remove(partial, error);
      return absl::DataLossError(target.string() +
                                 "：下载的内容与 SHA-256 不符，请让管理员运行 dongxi admin "
                                 "verify 检查服务的数据");
    }
    fs::rename(partial, target, error);
    return error ? FolderError(target, error.message()) : absl::OkStatus();
  }

 private:
  absl::Status FetchAll(const v1::ReportFile& file, const fs::path& partial) {
    for (int fruitless = 0;;) {
      const uint64_t before = SizeOf(partial);
      const absl::Status status = FetchFrom(before, file, partial);
      if (status.ok()) return status;
      fruitless = SizeOf(partial) > before ? 0 : fruitless + 1;
      if (!IsPassing(status) || fruitless == kFruitlessMax) return status;
      if (fruitless > 0) absl::SleepFor(kPause);
    }
  }

  // One call: appends what comes.
  absl::Status FetchFrom(uint64_t offset, const v1::ReportFile& file, const fs::path& partial) {
    std::ofstream out(partial, std::ios::binary | std::ios::app);
    if (!out.is_open()) return absl::FailedPreconditionError(FolderError(partial, "打不开").message());
    v1::DownloadReportRequest request;
    request.set_name(report_.name());
    request.set_file(file.name());
    request.set_offset(static_cast<int64_t>(offset));
    grpc::ClientContext context;
    client_.Prepare(&context);
    const auto reader = stub_->DownloadReport(&context, request);
    v1::DownloadReportResponse piece;
    while (out.good() && reader->Read(&piece))
      out.write(piece.data().data(), static_cast<std::streamsize>(piece.data().size()));
    out.close();
    if (!out.good()) {
      context.TryCancel();
      (void)reader->Finish();
      return absl::FailedPreconditionError(FolderError(partial, "没有写完").message());
    }
    return FromGrpc(reader->Finish(), client_.context());
  }

  const Client& client_;
  const v1::Report& report_;
  const fs::path folder_;
  const std::unique_ptr<v1::ReportService::Stub> stub_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> DownloadReport(const Client& client, const v1::Report& report,
                                                        const std::string& folder, const Io& io) {
  for (const v1::ReportFile& file : report.files()) DX_RETURN_IF_ERROR(CheckFileName(file.name()));
  Fetcher fetcher(client, report, folder);
  std::vector<std::string> names;
  for (const v1::ReportFile& file : report.files()) {
    if (io.err_is_terminal)
      io.err << "\r\x1b[K下载 " << names.size() + 1 << "/" << report.files_size() << " "
             << Printable(file.name()) << std::flush;
    DX_RETURN_IF_ERROR(fetcher.Fetch(file));
    names.push_back(file.name());
  }
  DX_RETURN_IF_ERROR(report::RemoveEarlierFiles(folder, names));
  if (io.err_is_terminal) io.err << "\r\x1b[K" << std::flush;
  return names;
}

int SaveReport(const Client& client, const v1::Report& report, const std::string& folder, const Io& io) {
  const absl::StatusOr<FolderLock> lock = TakeFolder(folder);
  if (!lock.ok()) return Fail(lock.status(), kExitFailed, io);
  const absl::StatusOr<std::vector<std::string>> names = DownloadReport(client, report, folder, io);
  if (!names.ok()) return Fail(names.status(), kExitFailed, io);
  for (const std::string& path : ShownPaths(*names, folder)) io.out << Printable(path) << "\n";
  io.err << Printable(report.name()) << "：" << report.need_count() << " 项需求，其中 "
         << report.unmatched_count() << " 项没有合适的匹配\n";
  return kExitOk;
}

}  // namespace dongxi::cli
