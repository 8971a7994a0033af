#include "cli/report_files.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>

#include "absl/strings/str_cat.h"
#include "cli/arguments.h"
#include "engine/base/status_macros.h"
#include "report/html.h"
#include "report/json.h"

namespace dongxi::cli {
namespace {

constexpr std::chrono::seconds kShownEvery{5};

std::string WordsOfFormats() {
  std::string words;
  for (const report::Format format : report::kAllFormats)
    absl::StrAppend(&words, words.empty() ? "" : "、", report::WordOf(format));
  return words;
}

// "写文件 3/17": one line of a terminal, written over.
void ShowWriting(size_t done, size_t all, const Io& io) {
  const std::string line = absl::StrCat("写文件 ", done, "/", all);
  if (io.err_is_terminal) {
    io.err << "\r" << line << (done == all ? "\n" : "") << std::flush;
  } else {
    io.err << line << "\n";
  }
}

// Elsewhere than on a terminal a line every few seconds at most.
report::BeforeFile WritingProgress(const Io& io) {
  using Clock = std::chrono::steady_clock;
  return [&io, shown = std::optional<Clock::time_point>()](size_t done, size_t all) mutable {
    const Clock::time_point now = Clock::now();
    if (!io.err_is_terminal && shown && now - *shown < kShownEvery) return absl::OkStatus();
    shown = now;
    ShowWriting(done, all, io);
    return absl::OkStatus();
  };
}

}  // namespace

absl::StatusOr<std::vector<report::Format>> ParseFormats(const std::vector<std::string>& words) {
  std::vector<report::Format> formats;
  for (const std::string& word : SplitWords(words)) {
    const std::optional<report::Format> format = report::FormatOf(word);
    if (!format) {
      return absl::InvalidArgumentError("--formats 的值“" + word + "”不对：应为 " + WordsOfFormats() +
                                        " 中的一个或几个，用逗号隔开");
    }
    formats.push_back(*format);
  }
  return formats;
}

std::vector<std::string> ShownPaths(const std::vector<std::string>& names, const std::string& folder) {
  std::vector<std::string> paths;
  for (const std::string& name : names) {
    const std::filesystem::path within = name;
    const std::string path = (std::filesystem::path(folder) / *within.begin()).string();
    if (paths.empty() || paths.back() != path) paths.push_back(path);
  }
  return paths;
}

absl::Status CheckOutputs(const ReportOptions& options) {
  for (const std::string& file : {options.out, options.json_out}) {
    if (file.empty()) continue;
    const std::filesystem::path parent = std::filesystem::path(file).parent_path();
    const std::string folder = parent.empty() ? "." : parent.string();
    std::error_code ignored;
    std::string reason;
    if (std::filesystem::is_directory(file, ignored)) {
      reason = "它是文件夹";
    } else if (::access(folder.c_str(), W_OK | X_OK) != 0) {  // written beside it and renamed
      reason = absl::StrCat("文件夹 ", folder, "：", std::strerror(errno));
    }
    if (reason.empty()) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("写不了文件 ", file, "：", reason, "。没有开始匹配；请核对文件夹是否存在、是否可写"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> WriteReport(const report::MatchReport& report,
                                                     const ReportOptions& options, const Io& io) {
  std::vector<std::string> written;
  if (!options.folder.empty()) {
    DX_ASSIGN_OR_RETURN(const std::vector<report::Format> formats, ParseFormats(options.formats));
    DX_ASSIGN_OR_RETURN(const std::vector<report::WrittenFile> files,
                        report::WriteFolder(report, options.folder, formats, WritingProgress(io)));
    if (!files.empty()) ShowWriting(files.size(), files.size(), io);
    std::vector<std::string> names;
    for (const report::WrittenFile& file : files) names.push_back(file.name);
    written = ShownPaths(names, options.folder);
  }
  if (!options.out.empty()) {
    DX_RETURN_IF_ERROR(report::WriteReportFile(options.out, report::RenderHtml(report)));
    written.push_back(options.out);
  }
  if (!options.json_out.empty()) {
    DX_RETURN_IF_ERROR(report::WriteReportJsonFile(report, options.json_out));
    written.push_back(options.json_out);
  }
  return written;
}

}  // namespace dongxi::cli
