#include "cli/admin_text.h"

#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "cli/operation_wait.h"
#include "cli/reason_words.h"
#include "cli/table.h"
#include "dongxi/v1/operations.pb.h"

namespace dongxi::cli {
namespace {

std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }

std::string MarksOf(const v1::Generation& generation) {
  std::string marks = generation.current() ? "当前" : "";
  if (generation.served()) marks += marks.empty() ? "在用" : "、在用";
  if (!generation.damage().empty()) marks += marks.empty() ? "损坏" : "、损坏";
  return marks;
}

std::string RecordsOf(const v1::Generation& generation) {
  int64_t records = 0;
  for (const auto& [collection, count] : generation.record_counts()) records += count;
  return std::to_string(records);
}

std::string StateText(const v1::OperationMetadata& metadata) {
  switch (metadata.state()) {
    case v1::OperationMetadata::QUEUED:
      return "排队";
    case v1::OperationMetadata::RUNNING:
      return absl::StrFormat("%d%% %s", static_cast<int>(metadata.progress() * 100),
                             StageText(metadata.stage()));
    case v1::OperationMetadata::SUCCEEDED:
      return "完成";
    case v1::OperationMetadata::CANCELLED:
      return "已取消";
    default:
      return "失败";
  }
}

// Why it failed; the reason stands first, since the end of a long cell is cut.
std::string FailureOf(const google::rpc::Status& error) {
  const std::string reason = ReasonOfFailure(error);
  if (reason.empty() || error.code() == static_cast<int>(absl::StatusCode::kCancelled))
    return error.message();
  const std::string headline = HeadlineOfReason(reason);
  return absl::StrCat("原因代码：", reason, "，", headline.empty() ? error.message() : headline);
}

}  // namespace

std::string TimeText(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "";
  return std::string(absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()),
                                      absl::FixedTimeZone(8 * 60 * 60)));
}

std::string BytesText(int64_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"KB", "MB", "GB", "TB"};
  if (bytes < 1'024) return absl::StrCat(bytes, " B");
  double value = static_cast<double>(bytes) / 1'024;
  size_t unit = 0;
  for (; value >= 1'024 && unit + 1 < kUnits.size(); ++unit) value /= 1'024;
  return absl::StrFormat("%.1f %s", value, kUnits[unit]);
}

void PrintGenerations(const v1::ListGenerationsResponse& response, const Io& io) {
  if (response.generations().empty()) {
    io.out << "还没有索引版本。用 dongxi admin build 建立\n";
    return;
  }
  Table table({{"版本", 0},
               {"状态"},
               {"写入序号", 0, Align::kRight},
               {"记录", 0, Align::kRight},
               {"大小", 0, Align::kRight},
               {"建成时间", 0},
               {"模型"}});
  for (const v1::Generation& generation : response.generations()) {
    table.AddRow({IdOf(generation.name()), MarksOf(generation),
                  std::to_string(generation.catalogue_sequence()), RecordsOf(generation),
                  BytesText(generation.size_bytes()), TimeText(generation.build_time()),
                  generation.damage().empty() ? generation.model() : generation.damage()});
  }
  table.Print(io.out, io.columns);
}

void PrintBackups(const v1::ListBackupsResponse& response, const Io& io) {
  if (response.backups().empty()) {
    io.out << "还没有备份。用 dongxi admin backup 备份\n";
    return;
  }
  Table table({{"备份", 0},
               {"写入序号", 0, Align::kRight},
               {"索引版本", 0},
               {"文件", 0, Align::kRight},
               {"大小", 0, Align::kRight},
               {"时间", 0},
               {"说明"}});
  for (const v1::Backup& backup : response.backups()) {
    table.AddRow({IdOf(backup.name()), std::to_string(backup.catalogue_sequence()), IdOf(backup.generation()),
                  std::to_string(backup.files()), BytesText(backup.size_bytes()),
                  TimeText(backup.create_time()), backup.damage().empty() ? "" : "损坏：" + backup.damage()});
  }
  table.Print(io.out, io.columns);
}

void PrintOperations(const google::longrunning::ListOperationsResponse& response, const Io& io) {
  if (response.operations().empty()) {
    io.out << "没有作业\n";
    return;
  }
  Table table({{"作业", 0}, {"种类", 0}, {"状态", 0}, {"开始", 0}, {"结束", 0}, {"说明", 0}});
  for (const auto& operation : response.operations()) {
    v1::OperationMetadata metadata;
    operation.metadata().UnpackTo(&metadata);
    table.AddRow({IdOf(operation.name()), KindText(metadata.kind()), StateText(metadata),
                  TimeText(metadata.start_time()), TimeText(metadata.end_time()),
                  FailureOf(operation.error())});
  }
  table.Print(io.out, io.columns);
  if (!response.next_page_token().empty()) io.out << "还有更早的作业没有列出\n";
}

void PrintGeneration(const std::string& done, const v1::Generation& generation, const Io& io) {
  io.out << done << " " << Printable(IdOf(generation.name())) << "（写入序号 "
         << generation.catalogue_sequence() << "，" << RecordsOf(generation) << " 条记录，"
         << BytesText(generation.size_bytes()) << "）\n";
}

void PrintBackup(const v1::Backup& backup, const Io& io) {
  io.out << "已备份 " << Printable(IdOf(backup.name())) << "（写入序号 " << backup.catalogue_sequence()
         << "，" << backup.files() << " 个文件，" << BytesText(backup.size_bytes()) << "）\n"
         << "恢复：在空机器上运行 dongxi-indexer restore --data 新文件夹 --from 备份文件夹/"
         << Printable(IdOf(backup.name())) << "\n";
}

bool PrintVerification(const v1::VerifyResponse& response, const Io& io) {
  for (const std::string& problem : response.problems()) io.out << "损坏  " << Printable(problem) << "\n";
  if (response.records() > 0) io.out << "已检查记录 " << response.records() << " 条\n";
  io.out << "已检查文件 " << response.files() << " 个，" << BytesText(response.size_bytes()) << "\n";
  if (response.problems().empty()) io.out << "全部完好\n";
  return response.problems().empty();
}

}  // namespace dongxi::cli
