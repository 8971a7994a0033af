#include "report/write_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "report/csv.h"
#include "report/html.h"
#include "report/json.h"
#include "report/overview.h"
#include "report/pdf.h"
#include "report/tables.h"
#include "report/xlsx.h"

namespace dongxi::report {
namespace {

constexpr char kBaseName[] = "匹配报告";
constexpr char kCsvFolder[] = "csv";

std::string FileOf(Format format) { return absl::StrCat(kBaseName, ".", WordOf(format)); }
std::string CsvFileOf(const std::string& table) { return absl::StrCat(kCsvFolder, "/", table, ".csv"); }

// Every name that a file of a report can have.
std::vector<std::string> OwnNames() {
  std::vector<std::string> names = {FileOf(Format::kHtml), FileOf(Format::kXlsx), FileOf(Format::kPdf),
                                    kReportJsonName};
  const MatchReport empty{};
  for (const Table& table : TablesOf(empty, Summarise(empty))) names.push_back(CsvFileOf(table.file));
  for (const std::string& table : OccasionalTableFiles()) names.push_back(CsvFileOf(table));
  return names;
}

absl::Status Stopped() { return absl::CancelledError("the writing of the report was cancelled"); }

absl::Status Explained(const std::string& file, const absl::Status& status) {
  if (status.ok() || absl::IsCancelled(status)) return status;
  return absl::Status(status.code(), absl::StrCat("写不了文件 ", file, "：", status.message(),
                                                  "。请核对文件夹是否存在、是否可写、磁盘是否已满"));
}

absl::Status SyncFile(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::InternalError(std::strerror(errno));
  const bool synced = ::fsync(fd) == 0;
  const absl::Status status = synced ? absl::OkStatus() : absl::InternalError(std::strerror(errno));
  ::close(fd);
  return status;
}

// libxlsxwriter writes files itself: into a neighbour first.
absl::Status WriteSheets(const std::vector<Table>& tables, int64_t created_s,
                         const std::filesystem::path& file, const std::function<bool()>& stop) {
  std::filesystem::path partial = file;
  partial += ".part";
  std::error_code error;
  absl::Status status = WriteXlsx(tables, created_s, partial, stop);
  if (status.ok()) status = SyncFile(partial);
  if (status.ok()) {
    std::filesystem::rename(partial, file, error);
    status = error ? absl::InternalError(error.message()) : SyncDirectory(file.parent_path());
  }
  if (!status.ok()) std::filesystem::remove(partial, error);
  return Explained(file.string(), status);
}

// The time of the last answer.
int64_t CreatedSeconds(const MatchReport& report) {
  int64_t latest = 0;
  for (const NeedMatches& need : report.needs) {
    latest = std::max<int64_t>(latest, need.answer.provenance().read_time().seconds());
  }
  return latest;
}

class FolderWriter {
 public:
  FolderWriter(const MatchReport& report, std::filesystem::path folder, const std::vector<Format>& formats,
               const BeforeFile& before, const std::function<bool()>& stop)
      : report_(report),
        folder_(std::move(folder)),
        formats_(formats),
        before_(before),
        stop_(stop),
        created_s_(CreatedSeconds(report)),
        tables_(TablesOf(report, Summarise(report))) {
    for (const Format format : kAllFormats) {
      if (Wants(format)) all_ += format == Format::kCsv ? tables_.size() : 1;
    }
  }

  absl::StatusOr<std::vector<WrittenFile>> Write() {
    DX_RETURN_IF_ERROR(WriteOne(Format::kHtml, FileOf(Format::kHtml), [this](const auto& file) {
      const std::string page = RenderHtml(report_, stop_);
      return page.empty() ? Stopped() : WriteReportFile(file, page);
    }));
    DX_RETURN_IF_ERROR(WriteOne(Format::kXlsx, FileOf(Format::kXlsx), [this](const auto& file) {
      return WriteSheets(tables_, created_s_, file, stop_);
    }));
    DX_RETURN_IF_ERROR(WriteOne(Format::kPdf, FileOf(Format::kPdf), [this](const auto& file) -> absl::Status {
      DX_ASSIGN_OR_RETURN(const std::string bytes, RenderPdf(report_, created_s_, stop_));
      return WriteReportFile(file, bytes);
    }));
    DX_RETURN_IF_ERROR(WriteOne(Format::kJson, kReportJsonName, [this](const auto& file) {
      return WriteReportJsonFile(report_, file, stop_);
    }));
    if (Wants(Format::kCsv)) DX_RETURN_IF_ERROR(WriteCsv());
    std::vector<std::string> names;
    for (const WrittenFile& file : written_) names.push_back(file.name);
    DX_RETURN_IF_ERROR(RemoveEarlierFiles(folder_, names));
    return std::move(written_);
  }

 private:
  bool Wants(Format format) const {
    return formats_.empty() || std::find(formats_.begin(), formats_.end(), format) != formats_.end();
  }

  template <typename WriteFile>
  absl::Status WriteOne(Format format, const std::string& name, WriteFile write) {
    if (!Wants(format)) return absl::OkStatus();
    if (before_) DX_RETURN_IF_ERROR(before_(written_.size(), all_));
    DX_RETURN_IF_ERROR(write(folder_ / name));
    written_.push_back({name, format});
    return absl::OkStatus();
  }

  absl::Status WriteCsv() {
    const std::filesystem::path folder = folder_ / kCsvFolder;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return Explained(folder.string(), absl::InternalError(error.message()));
    for (const Table& table : tables_) {
      DX_RETURN_IF_ERROR(WriteOne(Format::kCsv, CsvFileOf(table.file), [&table](const auto& file) {
        return WriteReportFile(file, CsvText(table));
      }));
    }
    return absl::OkStatus();
  }

  const MatchReport& report_;
  const std::filesystem::path folder_;
  const std::vector<Format>& formats_;
  const BeforeFile& before_;
  const std::function<bool()>& stop_;
  const int64_t created_s_;
  const std::vector<Table> tables_;
  size_t all_ = 0;
  std::vector<WrittenFile> written_;
};

}  // namespace

const char* WordOf(Format format) {
  switch (format) {
    case Format::kHtml:
      return "html";
    case Format::kXlsx:
      return "xlsx";
    case Format::kPdf:
      return "pdf";
    case Format::kJson:
      return "json";
    case Format::kCsv:
      return "csv";
  }
  return "";
}

std::optional<Format> FormatOf(std::string_view word) {
  for (const Format format : kAllFormats) {
    if (word == WordOf(format)) return format;
  }
  return std::nullopt;
}

absl::Status RemoveEarlierFiles(const std::filesystem::path& folder, const std::vector<std::string>& names) {
  for (const std::string& name : OwnNames()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    std::error_code error;
    std::filesystem::remove(folder / name, error);
    if (error) return Explained((folder / name).string(), absl::InternalError(error.message()));
  }
  return absl::OkStatus();
}

absl::Status WriteReportFile(const std::filesystem::path& file, const std::string& bytes) {
  return Explained(file.string(), WriteFileAtomically(file, bytes));
}

absl::Status WriteReportJsonFile(const MatchReport& report, const std::filesystem::path& file,
                                 const std::function<bool()>& stop) {
  std::filesystem::path partial = file;
  partial += ".part";
  const auto write = [&]() -> absl::Status {
    DX_ASSIGN_OR_RETURN(const auto writer, FileWriter::Create(partial));
    const auto append = [&](std::string_view text) { return writer->Append(text); };
    DX_RETURN_IF_ERROR(WriteReportJson(report, stop, append));
    return writer->Close().status();
  };
  absl::Status status = write();
  std::error_code error;
  if (status.ok()) {
    std::filesystem::rename(partial, file, error);
    const std::filesystem::path folder = file.parent_path();
    status = error ? absl::InternalError(error.message()) : SyncDirectory(folder.empty() ? "." : folder);
  }
  if (!status.ok()) std::filesystem::remove(partial, error);
  return Explained(file.string(), status);
}

absl::StatusOr<std::vector<WrittenFile>> WriteFolder(const MatchReport& report,
                                                     const std::filesystem::path& folder,
                                                     const std::vector<Format>& formats,
                                                     const BeforeFile& before,
                                                     const std::function<bool()>& stop) {
  return FolderWriter(report, folder, formats, before, stop).Write();
}

}  // namespace dongxi::report
