#include "indexer/command/import_command.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/policy/policy.h"
#include "engine/requirement/requirement_tables.h"
#include "engine/requirement/unit_fit.h"
#include "indexer/command/interrupt.h"
#include "indexer/command/progress_bar.h"
#include "indexer/import/report.h"

namespace dongxi {
namespace {

constexpr size_t kRecordsPerBatch = 1000;
constexpr size_t kProblemsShown = 50;

struct Written {
  uint64_t created = 0;
  uint64_t updated = 0;
  uint64_t unchanged = 0;
  uint64_t total() const { return created + updated + unchanged; }
};

// A row that was read without fault and refused by the catalogue or the server.
struct LateProblem {
  SourcePlace place;
  std::vector<RecordOutcome::Problem> problems;
};

// Collects records into batches and counts what becomes of them. Not thread-safe.
class BatchWriter {
 public:
  BatchWriter(ImportTarget& target, bool all_or_nothing, ProgressBar& bar)
      : target_(target), all_or_nothing_(all_or_nothing), bar_(bar) {}

  absl::Status Add(Record record, const SourcePlace& place) {
    batch_.push_back(std::move(record));
    places_.push_back(place);
    ++records_;
    bar_.Show("导入", "条", records_, 0);
    // An interrupt is answered here, where everything read so far can still be written.
    if (InterruptGuard::Interrupted() && all_or_nothing_) return absl::CancelledError("interrupted");
    const bool full = !all_or_nothing_ && batch_.size() >= kRecordsPerBatch;
    if (full || InterruptGuard::Interrupted()) DX_RETURN_IF_ERROR(Flush());
    return InterruptGuard::Interrupted() ? absl::CancelledError("interrupted") : absl::OkStatus();
  }

  absl::Status Flush() {
    if (batch_.empty()) return absl::OkStatus();
    absl::StatusOr<std::vector<RecordOutcome>> outcomes =
        all_or_nothing_ ? target_.WriteAllOrNothing(std::move(batch_)) : target_.Write(batch_);
    if (outcomes.ok()) Count(*outcomes);
    batch_.clear();
    places_.clear();
    // To the reader InvalidArgument means "this row", but what failed is the batch: it must end the import.
    const absl::Status& status = outcomes.status();
    return absl::IsInvalidArgument(status) ? absl::FailedPreconditionError(status.message()) : status;
  }

  const Written& written() const { return written_; }
  const std::vector<LateProblem>& late() const { return late_; }

 private:
  void Count(std::vector<RecordOutcome>& outcomes) {
    for (size_t i = 0; i < outcomes.size(); ++i) {
      if (outcomes[i].refused) {
        late_.push_back({places_[i], std::move(outcomes[i].problems)});
        continue;
      }
      switch (outcomes[i].state) {
        case UpsertState::kCreated:
          ++written_.created;
          break;
        case UpsertState::kUpdated:
          ++written_.updated;
          break;
        case UpsertState::kUnchanged:
          ++written_.unchanged;
          break;
      }
    }
  }

  ImportTarget& target_;
  const bool all_or_nothing_;
  ProgressBar& bar_;
  std::vector<Record> batch_;
  std::vector<SourcePlace> places_;
  uint64_t records_ = 0;
  Written written_;
  std::vector<LateProblem> late_;
};

// What should be known of indicators whose unit does not fit: the rows are imported all the same, for the
// text may be right where our table is not.
class UnitNotices {
 public:
  void Look(const Record& record, const SourcePlace& place) {
    for (const std::string& misfit :
         requirement::UnitMisfits(record, requirement::BuiltInRequirementTables())) {
      ++total_;
      if (notices_.size() < kNoticesShown)
        notices_.push_back(place.file + " 第 " + std::to_string(place.row) + " 行：考核指标“" + misfit +
                           "”单位与指标不符，请核对");
    }
  }
  void AppendTo(ImportReport& report) const {
    report.notices.insert(report.notices.end(), notices_.begin(), notices_.end());
    if (total_ > notices_.size())
      report.notices.push_back("另有 " + std::to_string(total_ - notices_.size()) +
                               " 项考核指标单位与指标不符");
  }

 private:
  static constexpr size_t kNoticesShown = 20;
  size_t total_ = 0;
  std::vector<std::string> notices_;
};

// Puts refused rows where they belong: into the counts of their file and, in order, between the other
// problems.
void MergeLate(const std::vector<LateProblem>& late, ImportReport& report) {
  if (late.empty()) return;
  for (const LateProblem& row : late) {
    for (const RecordOutcome::Problem& problem : row.problems)
      report.Add(row.place, problem.column, problem.complaint);
    --report.accepted;
    ++report.rejected;
    for (ImportReport::File& file : report.files) {
      if (file.file != row.place.file) continue;
      --file.accepted;
      ++file.rejected;
      break;
    }
  }
  const auto position = [&report](const std::string& name) {
    return std::find_if(report.files.begin(), report.files.end(),
                        [&name](const ImportReport::File& file) { return file.file == name; });
  };
  std::stable_sort(report.problems.begin(), report.problems.end(),
                   [&](const RowProblem& a, const RowProblem& b) {
                     const auto file_a = position(a.file);
                     const auto file_b = position(b.file);
                     if (file_a != file_b) return file_a < file_b;
                     return a.sheet == b.sheet && a.row < b.row;  // rows of two sheets stay as they came
                   });
}

absl::StatusOr<std::unique_ptr<ImportTarget>> OpenTarget(const ImportCommandOptions& options) {
  if (!options.server.address.empty()) return OpenServerTarget(options.server, options.dry_run);
  if (options.dry_run) return OpenDryRunTarget(CatalogueFolder(options.data));
  return OpenCatalogueTarget(CatalogueFolder(options.data));
}

std::string CountsOf(const Written& written) {
  return "新增 " + WithCommas(written.created) + " 条，更新 " + WithCommas(written.updated) + " 条，未变 " +
         WithCommas(written.unchanged) + " 条";
}

// "，另有 2 个文件没有读入": files and sheets with a problem of their own, whose rows nobody could count.
std::string UnreadFiles(const ImportReport& report) {
  std::set<std::string> files;
  for (const RowProblem& problem : report.problems) {
    if (problem.row == 0) files.insert(problem.file);
  }
  return files.empty() ? "" : "，另有 " + std::to_string(files.size()) + " 个文件没有读入或没有读全";
}

// One import from the open target to the printed report.
class ImportRun {
 public:
  ImportRun(const ImportCommandOptions& options, const Policy& policy, ImportTarget& target,
            const CommandOutput& output)
      : options_(options),
        policy_(policy),
        target_(target),
        output_(output),
        bar_(output.err, output.err_is_terminal),
        writer_(target, options.all_or_nothing, bar_) {}

  int Run() {
    const absl::Time start = absl::Now();
    const std::vector<std::filesystem::path> files(options_.files.begin(), options_.files.end());
    absl::StatusOr<ImportReport> report =
        ReadRecords(files, options_.reading, policy_, [this](Record record, const SourcePlace& place) {
          units_.Look(record, place);
          return writer_.Add(std::move(record), place);
        });
    absl::Status status = report.status();
    const bool withheld = report.ok() && options_.all_or_nothing && !report->clean();
    if (status.ok() && !withheld) status = writer_.Flush();
    if (absl::Status finished = target_.Finish(); status.ok()) status = std::move(finished);
    bar_.Clear();
    if (!status.ok()) return Broken(status);
    MergeLate(writer_.late(), *report);
    units_.AppendTo(*report);
    if (!WriteErrors(*report)) return kExitFailed;
    return Conclude(*report, withheld, absl::ToDoubleSeconds(absl::Now() - start));
  }

 private:
  // Ended before the last row: says what is in the catalogue now.
  int Broken(const absl::Status& status) {
    const bool interrupted = absl::IsCancelled(status) && InterruptGuard::Interrupted();
    const std::string done = options_.dry_run ? "这是试运行，没有写入任何记录"
                                              : "已导入 " + WithCommas(writer_.written().total()) + " 条（" +
                                                    CountsOf(writer_.written()) + "），其余没有导入";
    if (!interrupted) (void)Fail(output_, "import", status);
    output_.err << (interrupted ? "已中断：" : "导入没有完成：") << done
                << "。重新运行同一命令即可继续，已导入的不会重复。\n";
    return interrupted ? kExitInterrupted : kExitFailed;
  }

  bool WriteErrors(const ImportReport& report) {
    if (options_.errors.empty()) return true;
    const absl::Status status = WriteFileAtomically(options_.errors, CsvReport(report));
    if (status.ok()) return true;
    (void)Fail(output_, "import", status);
    output_.err << "错误清单没有写成；记录本身：" << CountsOf(writer_.written()) << "\n";
    return false;
  }

  int Conclude(const ImportReport& report, bool withheld, double seconds) {
    const Written& written = writer_.written();
    if (!report.clean() || !report.notices.empty()) output_.err << TextReport(report, kProblemsShown);
    const double rate = seconds > 0 ? static_cast<double>(written.total()) / seconds : 0;
    output_.out << (options_.dry_run ? "试运行，没有写入；将会" : "") << CountsOf(written) << "，拒绝 "
                << WithCommas(report.rejected) << " 行（共读取 " << WithCommas(report.rows_read) << " 行，"
                << absl::StrFormat("%.1f", seconds) << " 秒，每秒 " << WithCommas(static_cast<uint64_t>(rate))
                << " 条）\n";
    if (report.clean()) return kExitOk;
    if (!options_.errors.empty()) output_.err << "错误清单：" << options_.errors << "\n";
    if (withheld) {
      output_.err << "有问题，按 --all-or-nothing 一条也没有导入。改正后重新运行同一命令。\n";
    } else {
      output_.err << (options_.dry_run ? "将会导入 " : "已导入 ") << WithCommas(written.total())
                  << " 条，没有导入 " << WithCommas(report.rejected) << " 行" << UnreadFiles(report)
                  << "。改正后重新导入同一文件即可，已导入的不会重复。\n";
    }
    return kExitFailed;
  }

  const ImportCommandOptions& options_;
  const Policy& policy_;
  ImportTarget& target_;
  const CommandOutput& output_;
  ProgressBar bar_;
  BatchWriter writer_;
  UnitNotices units_;
};

}  // namespace

int RunImport(const ImportCommandOptions& options, const CommandOutput& output) {
  if (options.all_or_nothing && !options.server.address.empty()) {
    output.err << "dongxi-indexer import: --all-or-nothing 不能与 --server 一起用：服务器按批写入\n";
    return kExitUsage;
  }
  if (options.data.empty() && options.server.address.empty()) {
    output.err << "dongxi-indexer import: 要写到哪里？请给 --data 数据目录，或 --server HOST:PORT\n";
    return kExitUsage;
  }
  const InterruptGuard guard;
  const absl::StatusOr<std::shared_ptr<const Policy>> policy = LoadPolicy(options.policy);
  if (!policy.ok()) return Fail(output, "import", policy.status());
  const absl::StatusOr<std::unique_ptr<ImportTarget>> target = OpenTarget(options);
  if (!target.ok()) return Fail(output, "import", target.status());
  return ImportRun(options, **policy, **target, output).Run();
}

}  // namespace dongxi
