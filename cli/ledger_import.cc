#include "cli/ledger_import.h"

#include <grpcpp/channel.h>

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "cli/engagement_words.h"
#include "cli/error_text.h"
#include "cli/ledger_known.h"
#include "cli/table.h"
#include "engine/base/status_macros.h"
#include "engine/engagement/registration_number.h"

namespace dongxi::cli {
namespace {

constexpr size_t kBatchMax = 1'000;  // as the server takes
// Of the entries that are sent, which come back longer: the server takes and answers 3 MiB.
constexpr size_t kBatchBytesMax = size_t{2} << 20;

uint64_t Fnv(std::string_view bytes, uint64_t hash) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// The same content always has the same id. A clash of two contents would be refused by the server, not
// taken for a repeat: it keeps a hash of the request beside the id.
std::string RequestIdOf(const std::string& content) {
  const uint64_t high = Fnv(content, 0xcbf29ce484222325), low = Fnv(content, 0x9e3779b97f4a7c15);
  return absl::StrFormat("%08x-%04x-4%03x-%04x-%012x", high >> 32, (high >> 16) & 0xffff, high & 0xfff,
                         0x8000 | ((low >> 48) & 0x3fff), low & 0xffffffffffff);
}

std::string HeaderOfField(std::string_view field) {
  constexpr std::pair<std::string_view, std::string_view> kHeaders[] = {
      {"engagement.need", "需求编号"},
      {"engagement.offer", "供给方编号"},
      {"engagement.step", "步骤"},
      {"engagement.event_time", "日期"},
      {"engagement.amount_wan", "金额（万元）"},
      {"engagement.registration_number", "登记编号"},
      {"engagement.refusal_reason", "拒绝原因"},
      {"engagement.match_id", "匹配编号"},
      {"engagement.evidence", "凭据"},
      {"engagement.note", "备注"},
      {"engagement.actor", "登记单位"},
      {"engagement.mode", "方式"},
      {"engagement.task", "任务"},
      {"why", "更正理由"},
      {"actor", "登记单位"},
  };
  for (const auto& [name, header] : kHeaders) {
    if (field == name) return std::string(header);
  }
  return "";
}

struct Words {
  std::string_view reason, found, remedy;
};
constexpr Words kWords[] = {
    {"RECORD_NOT_FOUND", "目录里没有这条需求或供给方：编号不对、已被删除，或不对这个令牌公开",
     "核对编号；已删除的先恢复再登记。台账里以前的记录不受影响"},
    {"ENGAGEMENT_EXISTS", "同一单位已登记过这一步，内容不同",
     "若是更正：在“编号”写那一条的编号，并写“更正理由”；若确是又一次，写它自己的日期、金额或登记编号"},
    {"REGISTRATION_NUMBER_TAKEN", "这个登记编号已经登记过，一份合同只登记一次", "核对登记编号"},
    {"SIGNED_BEFORE_MET", "签约早于首次会谈",
     "核对两个日期；已登记的那个有误就先更正。若以前就有合作：先导入以前的合同，再导入后来的会谈"},
    {"SIGNATURE_MISSING", "之前没有签约的登记，或日期早于签约", "先登记签约，或核对日期"},
    {"REFUSAL_NOT_CLEARED", "这一对已被拒绝", "先用 dongxi engage clear 解除拒绝，再登记签约"},
    {"MATCH_NOT_FOUND", "没有这次匹配", "核对匹配编号；系统之外促成的不写"},
    {"MATCH_OF_OTHERS", "这次匹配问的是别的需求或供给方", "核对匹配编号"},
    {"MATCH_AFTER_EVENT", "这次匹配晚于这一步发生的日期", "不是由它促成的，不写匹配编号；日期有误就改日期"},
    {"PAIR_TOO_LONG", "这一对在台账里的条目已到上限", "查清是谁在反复登记；确是新的合作，另立需求再登记"},
    {"NOT_OWNER", "只有需求方、供给方或组织方可以登记拒绝", "由有权的一方登记"},
    {"ALREADY_CORRECTED", "这一条已被更正过", "更正最新的那一条：用 engage list --whole-ledger 查编号"},
    {"ENGAGEMENT_NOT_FOUND", "台账里没有这个编号", "用 dongxi engage list --csv 核对编号"},
    {"NOT_A_STEP", "这一条是撤回或解除，不是一个步骤", "另写一行登记，“编号”空着"},
};

// What the server says of a field in English and without a reason of its own.
struct English {
  std::string_view begin, chinese;
};
constexpr English kEnglish[] = {
    {"a correction keeps need and offer", "更正不能换需求或供给方：撤回这一条，另写一行登记"},
};

// The field that a message of the server begins with; empty if it is none of a column.
std::string FieldOf(const std::string& message) {
  const std::string field = message.substr(0, message.find(": "));
  return HeaderOfField(field).empty() ? "" : field;
}

// A server's message without the name of the request's field (the column says it), and of a record that is
// missing only its name.
std::string DetailOf(const std::string& message) {
  std::string detail = Printable(message);
  constexpr std::string_view kField = "engagement.", kMissing = ": no such record in the catalogue";
  if (detail.starts_with(kField) || !FieldOf(detail).empty()) {
    const size_t colon = detail.find(": ");
    if (colon != std::string::npos) detail.erase(0, colon + 2);
  }
  if (detail.ends_with(kMissing)) detail.resize(detail.size() - kMissing.size());
  return detail;
}

// What an office can read of a detail: Chinese as it stands; of English by how much something is too long, or
// the name of a record or of the last entry that it speaks of; else nothing.
std::string InChinese(const std::string& detail) {
  const auto is_chinese = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  if (std::any_of(detail.begin(), detail.end(), is_chinese)) return detail;
  for (const English& english : kEnglish) {
    if (detail.starts_with(english.begin)) return std::string(english.chinese);
  }
  const std::vector<std::string> words = absl::StrSplit(detail, absl::ByAnyChar(" ;"), absl::SkipEmpty());
  if (words.size() == 1) return detail;
  // "has 2300 characters, at most 2000", "found 40 entries, at most 20"
  if (words.size() == 6 && words[3] == "at" && words[4] == "most") {
    const char* const unit = words[2] == "characters," ? " 个字" : " 条";
    return absl::StrCat("有 ", words[1], unit, "，至多 ", words[5], unit);
  }
  for (auto word = words.rbegin(); word != words.rend(); ++word) {
    if (word->starts_with("engagements/")) return word->substr(0, word->find(':'));
  }
  return "";
}

Complaint ComplaintOf(const std::string& reason, const std::string& message, const std::string& expected) {
  const std::string detail = InChinese(DetailOf(message));
  for (const Words& words : kWords) {
    if (reason != words.reason) continue;
    std::string found(words.found);
    if (detail.starts_with(found)) {
      found = detail;
    } else if (!detail.empty()) {
      found += "（" + detail + "）";
    }
    return {found, expected, std::string(words.remedy)};
  }
  return {detail.empty() ? "服务不接受这一行，原文：" + DetailOf(message) : detail, expected,
          "按提示改正后再导入一次：已登记的行不会重复"};
}

// Items that are sent in one call.
struct Batch {
  std::vector<const LedgerItem*> items;
  size_t bytes = 0;
};

class Recorder {
 public:
  Recorder(const Client& client, bool dry_run, LedgerFile* file, LedgerImport* done)
      : client_(client),
        stub_(v1::EngagementService::NewStub(client.channel())),
        dry_run_(dry_run),
        file_(file),
        done_(done) {}

  absl::Status Run() {
    Sort();
    Batch batch;
    for (const LedgerItem& item : file_->items) {
      if (RepeatsNumber(item)) continue;
      if (!item.corrects.empty()) {
        DX_RETURN_IF_ERROR(Flush(&batch));
        DX_RETURN_IF_ERROR(Correct(item));
        continue;
      }
      // A pair is not cut: a check without writing sees its earlier steps in the same call only.
      const bool other_pair =
          !batch.items.empty() && (batch.items.back()->engagement.need() != item.engagement.need() ||
                                   batch.items.back()->engagement.offer() != item.engagement.offer());
      const size_t bytes = batch.bytes + item.engagement.ByteSizeLong();
      if (batch.items.size() >= kBatchMax || (bytes > kBatchBytesMax && !batch.items.empty()) ||
          (other_pair && (batch.items.size() >= kBatchMax / 2 || bytes > kBatchBytesMax / 2)))
        DX_RETURN_IF_ERROR(Flush(&batch));
      batch.items.push_back(&item);
      batch.bytes += item.engagement.ByteSizeLong();
    }
    return Flush(&batch);
  }

 private:
  void Sort() {
    const auto key = [](const LedgerItem& item) {
      const v1::Engagement& entry = item.engagement;
      // Refusals stand among the signatures by their day, behind those of it: a later contract is judged as
      // if the refusal had come in a file of before.
      const bool refusal = entry.step() == v1::ENGAGEMENT_STEP_REFUSED;
      const v1::EngagementStep step = refusal ? v1::ENGAGEMENT_STEP_SIGNED : entry.step();
      // Corrections first: a new step may only be true after them.
      return std::tuple(item.corrects.empty(), entry.need(), entry.offer(), static_cast<int>(step),
                        entry.event_time().seconds(), refusal);
    };
    std::stable_sort(file_->items.begin(), file_->items.end(),
                     [&](const LedgerItem& a, const LedgerItem& b) { return key(a) < key(b); });
  }

  // Two pairs of the file with one registration number: the server would see it too, but not in a check of
  // many calls.
  bool RepeatsNumber(const LedgerItem& item) {
    const std::string& number = item.engagement.registration_number();
    if (number.empty() || !item.corrects.empty()) return false;
    const std::string pair = item.engagement.need() + "\n" + item.engagement.offer();
    // What is simulated takes no number from what happened.
    const auto key = std::pair(item.engagement.simulated(), RegistrationNumberKey(number));
    const auto [known, added] = numbers_.try_emplace(key, pair, item.place.row);
    if (added || known->second.first == pair) return false;
    Reject(item, "登记编号",
           {absl::StrCat(number, " 与第 ", known->second.second, " 行重复"), "一份合同只登记一次",
            "核对登记编号"});
    return true;
  }

  absl::Status Flush(Batch* batch) {
    const absl::Status sent = Send(batch->items);
    *batch = {};
    return sent;
  }

  // Where to halve: between two pairs, as near to the middle as can be. A dry run sees no rows of a pair but
  // those of its batch. REQUIRES: two rows or more.
  static size_t MiddleOf(std::span<const LedgerItem* const> batch) {
    const size_t middle = batch.size() / 2;
    const auto cuts_none = [&](size_t at) {
      const v1::Engagement &before = batch[at - 1]->engagement, &behind = batch[at]->engagement;
      return before.need() != behind.need() || before.offer() != behind.offer();
    };
    for (size_t off = 0; off < middle; ++off) {
      if (cuts_none(middle - off)) return middle - off;
      if (middle + off < batch.size() && cuts_none(middle + off)) return middle + off;
    }
    return middle;
  }
  absl::Status Send(std::span<const LedgerItem* const> batch) {
    if (batch.empty()) return absl::OkStatus();
    v1::BatchRecordEngagementsRequest request;
    request.set_validate_only(dry_run_);
    for (const LedgerItem* item : batch) {
      v1::RecordEngagementRequest& one = *request.add_requests();
      *one.mutable_engagement() = item->engagement;
      one.set_request_id(RequestIdOf("record\n" + item->engagement.SerializeAsString()));
    }
    grpc::ClientContext context;
    client_.Prepare(&context);
    v1::BatchRecordEngagementsResponse response;
    const grpc::Status answered = stub_->BatchRecordEngagements(&context, request, &response);
    if (ReasonOf(answered) == "BATCH_TOO_LARGE" && batch.size() > 1) {  // nothing of it was recorded
      const size_t middle = MiddleOf(batch);
      DX_RETURN_IF_ERROR(Send(batch.first(middle)));
      return Send(batch.subspan(middle));
    }
    DX_RETURN_IF_ERROR(FromGrpc(answered, client_.context()));
    for (int i = 0; i < response.outcomes_size() && i < static_cast<int>(batch.size()); ++i) {
      const v1::EngagementOutcome& outcome = response.outcomes(i);
      if (outcome.code() == 0) {
        Accept(*batch[static_cast<size_t>(i)], outcome.response());
      } else {
        const std::string column = HeaderOfField(outcome.field());
        Reject(*batch[static_cast<size_t>(i)], column,
               ComplaintOf(outcome.reason(), outcome.message(), "台账能接受的内容"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status Correct(const LedgerItem& item) {
    v1::CorrectEngagementRequest request;
    request.set_name(item.corrects);
    if (item.withdraw) {
      request.set_withdraw(true);
    } else {
      *request.mutable_engagement() = item.engagement;
      for (const std::string& field : item.fields) request.mutable_update_mask()->add_paths(field);
    }
    request.set_why(item.why);
    request.set_actor(item.engagement.actor());
    request.set_request_id(RequestIdOf("correct\n" + request.SerializeAsString()));
    request.set_validate_only(dry_run_);
    grpc::ClientContext context;
    client_.Prepare(&context);
    v1::RecordEngagementResponse response;
    const grpc::Status status = stub_->CorrectEngagement(&context, request, &response);
    if (status.ok()) {
      Accept(item, response);
      return absl::OkStatus();
    }
    const absl::Status error = FromGrpc(status, client_.context());
    // Of a correction these two say that it does not fit the ledger: its row alone is wrong.
    const bool of_row = status.error_code() == grpc::StatusCode::FAILED_PRECONDITION ||
                        status.error_code() == grpc::StatusCode::ALREADY_EXISTS;
    if (ConcernsEveryCall(error) && !of_row) return error;
    const std::string column = HeaderOfField(FieldOf(status.error_message()));
    Reject(item, column.empty() ? "编号" : column,
           ComplaintOf(ReasonOf(status), status.error_message(), "台账能接受的更正"));
    return absl::OkStatus();
  }

  void Accept(const LedgerItem& item, const v1::RecordEngagementResponse& response) {
    const bool created = response.state() == v1::RecordEngagementResponse::CREATED && !response.repeat();
    Count(created ? &done_->created : &done_->unchanged);
    if (!created) return;
    for (const v1::EngagementWarning& warning : response.engagement().warnings()) {
      done_->warnings.push_back(absl::StrCat("第 ", item.place.row, " 行：", Printable(warning.message())));
    }
  }
  void Count(uint64_t* counter) {
    ++*counter;
    ++file_->report.accepted;
    ++file_->report.files.back().accepted;
  }
  void Reject(const LedgerItem& item, const std::string& column, const Complaint& complaint) {
    file_->report.Add(item.place, column, complaint);
    ++file_->report.rejected;
    ++file_->report.files.back().rejected;
  }

  const Client& client_;
  const std::unique_ptr<v1::EngagementService::Stub> stub_;
  const bool dry_run_;
  LedgerFile* const file_;
  LedgerImport* const done_;
  // Pair and row of each number, simulated ones apart.
  std::map<std::pair<bool, std::string>, std::pair<std::string, uint64_t>> numbers_;
};

}  // namespace

absl::Status RecordLedger(const Client& client, bool dry_run, LedgerFile* file, LedgerImport* done) {
  absl::Status status = CompareWithLedger(client, file);
  if (status.ok()) status = Recorder(client, dry_run, file, done).Run();
  // Rows went to the server in another order than they have in the file.
  std::stable_sort(file->report.problems.begin(), file->report.problems.end(),
                   [](const RowProblem& a, const RowProblem& b) {
                     return std::tie(a.file, a.sheet, a.row) < std::tie(b.file, b.sheet, b.row);
                   });
  return status;
}

}  // namespace dongxi::cli
