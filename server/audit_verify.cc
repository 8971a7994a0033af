#include <algorithm>
#include <fstream>

#include "engine/base/status_macros.h"
#include "server/audit_line.h"
#include "server/audit_trail.h"
#include "server/digest.h"

namespace dongxi {
namespace {

// More findings say nothing new: after a gap every later file is suspect anyway.
constexpr size_t kFindingsMax = 20;

// Walks the chain line by line.
class Verifier {
 public:
  Verifier(AuditHead head, const std::string& key, bool archived, AuditReport* report)
      : head_(std::move(head)), key_(key), archived_(archived), report_(report) {}

  void File(const std::filesystem::path& file, bool is_last) {
    std::ifstream stream(file, std::ios::binary);
    std::string line;
    place_ = file.filename().string();
    number_ = 0;
    ++report_->files;
    while (std::getline(stream, line)) {
      if (stream.eof()) {  // No newline at its end.
        report_->torn_end = true;
        if (!is_last) Find("最后一行不完整，而它后面还有文件");
        // What a write began ends at the latest before the newline: nothing else can stand in its place.
        if (!line.empty() && DecodeAuditLink(line.substr(0, line.size() - 1)).ok())
          Find("最后一行的行尾被改动");
        return;
      }
      ++number_;
      if (number_ == 1 && report_->findings.size() < kFindingsMax) CheckName(file, line);
      Line(line);
    }
    if (stream.bad()) Find("读不出来");
  }

  void End() {
    // Only now is it known whether the log itself removed what came before.
    if (!archived_ && report_->first > std::max<uint64_t>(1, report_->removed_before)) {
      place_ = first_place_;
      number_ = 1;
      Find("日志从序号 " + std::to_string(report_->first) +
           " 开始：前面的文件不在了；如果是有意归档，请加 --archived");
    }
    if (head_.sequence > report_->last) {
      place_ = kAuditHeadName;
      number_ = 0;
      Find("记到第 " + std::to_string(head_.sequence) + " 行，日志却止于第 " + std::to_string(report_->last) +
           " 行：末尾的行被删掉了");
    }
  }

 private:
  void Find(const std::string& what) {
    if (report_->findings.size() >= kFindingsMax) return;
    report_->findings.push_back(place_ + (number_ > 0 ? " 第 " + std::to_string(number_) + " 行：" : "：") +
                                what);
  }

  void CheckName(const std::filesystem::path& file, const std::string& line) {
    const absl::StatusOr<AuditLink> link = DecodeAuditLink(line);
    if (link.ok() && AuditFile("", link->sequence).filename() != file.filename())
      Find("文件名与第一行的序号 " + std::to_string(link->sequence) + " 不符");
  }

  void Line(const std::string& line) {
    const absl::StatusOr<AuditLink> link = DecodeAuditLink(line);
    const std::string hash = Sha256Hex(line);
    if (!link.ok()) {
      Find("不是审计日志的行：内容被改动");
      previous_hash_ = hash;
      ++report_->last;
      return;
    }
    if (report_->lines == 0) {
      First(*link);
    } else if (link->sequence != report_->last + 1) {
      Find("序号应为 " + std::to_string(report_->last + 1) + "，实为 " + std::to_string(link->sequence) +
           "：有行被删掉、插入或换了位置");
    } else if (link->previous_hash != previous_hash_) {
      Find("与前一行的摘要不符：前一行或本行被改动");
    }
    if (!key_.empty() && !HasRightMac(line, key_)) Find("HMAC 不符：本行被改动，或密钥不是写日志时的密钥");
    if (link->method == kAuditGap) Find("服务启动时发现末尾的行被删掉或改动过");
    if (link->sequence == head_.sequence && hash != head_.hash) Find("与 HEAD 记下的摘要不符：本行被改动");
    previous_hash_ = hash;
    report_->last = link->sequence;
    report_->removed_before = std::max(report_->removed_before, link->removed_before);
    ++report_->lines;
  }

  void First(const AuditLink& link) {
    report_->first = link.sequence;
    first_place_ = place_;
    if (!archived_ && link.sequence == 1 && link.previous_hash != AuditGenesisHash())
      Find("第一行的前一行摘要应全为 0：本行被改动");
  }

  const AuditHead head_;
  const std::string& key_;
  const bool archived_;
  AuditReport* const report_;
  std::string place_, first_place_;
  uint64_t number_ = 0;  // of the line in its file, from 1
  std::string previous_hash_;
};

}  // namespace

absl::StatusOr<AuditReport> VerifyAudit(const std::filesystem::path& directory, const std::string& key,
                                        bool archived) {
  // Read before anything else: the server writes lines, and begins files, before it moves HEAD.
  DX_ASSIGN_OR_RETURN(AuditHead head, ReadAuditHead(directory));
  const std::vector<std::filesystem::path> files = AuditFiles(directory);
  if (files.empty()) return absl::NotFoundError(directory.string() + "：没有审计日志");
  AuditReport report;
  Verifier verifier(std::move(head), key, archived, &report);
  for (const std::filesystem::path& file : files) verifier.File(file, file == files.back());
  verifier.End();
  // A server that removed its oldest files meanwhile: what is there now is verified instead.
  const std::vector<std::filesystem::path> now = AuditFiles(directory);
  if (!now.empty() && now.front() != files.front()) return VerifyAudit(directory, key, archived);
  return report;
}

}  // namespace dongxi
