#include "indexer/command/inspect_command.h"

#include <memory>
#include <optional>

#include "engine/base/status_macros.h"
#include "engine/index/generation.h"
#include "indexer/build/build_folder.h"
#include "indexer/command/generation_choice.h"
#include "indexer/command/interrupt.h"
#include "indexer/command/progress_bar.h"
#include "indexer/command/record_json.h"
#include "store/catalogue.h"

namespace dongxi {
namespace {

absl::Status PrintCatalogue(const std::string& data, const CommandOutput& output) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<CatalogueReader> view, OpenCatalogueView(CatalogueFolder(data)));
  const RecordCounts counts = view->Counts();
  output.out << "记录库（catalogue）\n  位置      " << CatalogueFolder(data).string() << "\n  序号      "
             << view->sequence() << "\n";
  for (const RecordKind kind : kAllRecordKinds) {
    output.out << "  " << ChineseNameOf(kind) << "      " << WithCommas(counts[static_cast<size_t>(kind)])
               << "  （" << CollectionOf(kind) << "）\n";
  }
  return absl::OkStatus();
}

absl::StatusOr<size_t> VocabularyOf(const std::filesystem::path& directory, const char* collection) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<LexicalIndex> index,
                      OpenLexicalIndex(directory / collection / kPostingsFile));
  return index->vocabulary();
}

void PrintManifest(const Manifest& manifest, std::ostream& out) {
  out << "  格式版本  " << manifest.format_version << "\n  写入序号  " << manifest.catalogue_sequence
      << "\n  模型      " << manifest.model << "（" << (manifest.embedder == "remote" ? "远程" : "内置")
      << "，" << manifest.dim << " 维）\n  政策      " << manifest.policy << "\n  程序      "
      << manifest.builder << "\n";
  uint64_t records = 0;
  out << "  记录     ";
  for (const auto& [collection, count] : manifest.record_counts) {
    out << " " << collection << " " << WithCommas(count);
    records += count;
  }
  out << "\n";
  uint64_t bytes = 0;
  for (const auto& [path, summary] : manifest.files) {
    out << "  文件      " << path << "  " << WithCommas(summary.bytes) << " 字节\n";
    bytes += summary.bytes;
  }
  out << "  合计      " << WithCommas(bytes) << " 字节，每条记录 "
      << WithCommas(records > 0 ? bytes / records : 0) << " 字节\n";
  for (const auto& [name, value] : manifest.options) out << "  选项      " << name << " = " << value << "\n";
}

absl::Status PrintGeneration(const InspectCommandOptions& options, const CommandOutput& output) {
  const std::filesystem::path folder = GenerationsFolder(options.data);
  DX_ASSIGN_OR_RETURN(const std::filesystem::path directory,
                      ChooseGeneration(options.data, options.generation));
  DX_ASSIGN_OR_RETURN(const Manifest manifest, ReadManifest(directory));
  const absl::StatusOr<std::string> current = ReadCurrent(folder);
  output.out << "检索版本（generation）\n  名称      " << manifest.generation << "\n  位置      "
             << directory.string() << "\n";
  for (const std::string& name : ListGenerations(folder)) {
    output.out << "  现有      " << name << (current.ok() && *current == name ? "  （当前）" : "") << "\n";
  }
  PrintManifest(manifest, output.out);
  for (const char* collection : {kOffersName, kNeedsName}) {
    DX_ASSIGN_OR_RETURN(const size_t terms, VocabularyOf(directory, collection));
    output.out << "  词项数    " << collection << " " << WithCommas(terms) << "\n";
  }
  return absl::OkStatus();
}

absl::Status PrintRecord(const InspectCommandOptions& options, const RecordName& name,
                         const CommandOutput& output) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<CatalogueReader> view,
                      OpenCatalogueView(CatalogueFolder(options.data)));
  DX_ASSIGN_OR_RETURN(const Record record, view->Get(name.kind, name.id));
  output.out << RecordToJson(record, 2, true) << "\n";
  return absl::OkStatus();
}

}  // namespace

int RunInspect(const InspectCommandOptions& options, const CommandOutput& output) {
  if (!options.record.empty()) {
    const std::optional<RecordName> name = ParseResourceName(options.record);
    if (!name) {
      output.err << "dongxi-indexer inspect: --record 的值是“" << options.record
                 << "”，应为 institutions/编号、experts/编号、results/编号、needs/编号 或 evidence/编号\n";
      return kExitUsage;
    }
    const absl::Status status = PrintRecord(options, *name, output);
    return status.ok() ? kExitOk : Fail(output, "inspect", status);
  }
  // Each part is shown even if the other is missing.
  const absl::Status catalogue = PrintCatalogue(options.data, output);
  const absl::Status generation = PrintGeneration(options, output);
  if (!catalogue.ok()) (void)Fail(output, "inspect", catalogue);
  if (!generation.ok()) (void)Fail(output, "inspect", generation);
  return catalogue.ok() && generation.ok() ? kExitOk : kExitFailed;
}

int RunExport(const ExportCommandOptions& options, const CommandOutput& output) {
  const InterruptGuard guard;
  const auto view = OpenCatalogueView(CatalogueFolder(options.data));
  if (!view.ok()) return Fail(output, "export", view.status());
  uint64_t written = 0;
  const absl::Status status = (*view)->Scan(options.kind, "", [&](const Record& record) {
    output.out << RecordToJson(record, 0, false) << "\n";
    ++written;
    return output.out.good() && !InterruptGuard::Interrupted();
  });
  output.out.flush();
  if (!status.ok()) return Fail(output, "export", status);
  if (InterruptGuard::Interrupted()) {
    output.err << "已中断，只导出了 " << WithCommas(written) << " 条\n";
    return kExitInterrupted;
  }
  if (!output.out.good())
    return Fail(output, "export", absl::ResourceExhaustedError("标准输出写不进去：磁盘已满或管道已关闭"));
  output.err << "已导出 " << WithCommas(written) << " 条" << ChineseNameOf(options.kind) << "\n";
  return kExitOk;
}

}  // namespace dongxi
