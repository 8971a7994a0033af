// Writing a report into a folder, every format side by side. Any thread, one folder each.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "report/model.h"

namespace dongxi::report {

// In the order in which a folder is written.
enum class Format { kHtml, kXlsx, kPdf, kJson, kCsv };
inline constexpr Format kAllFormats[] = {Format::kHtml, Format::kXlsx, Format::kPdf, Format::kJson,
                                         Format::kCsv};

// "html" and its like, and back.
const char* WordOf(Format format);
std::optional<Format> FormatOf(std::string_view word);

inline constexpr char kReportJsonName[] = "report.json";

struct WrittenFile {
  std::string name;  // within the folder: 匹配报告.html, csv/partners.csv
  Format format = Format::kHtml;
};

// Called before each file with how many are written and how many there will be; an error ends the writing.
using BeforeFile = std::function<absl::Status(size_t done, size_t all)>;

// Writes the report in the formats (empty: all) into `folder`, which exists. Each file is whole and durable
// or not there; after an error those before it are there. The files in the order written. `before` may be
// null, and so may `stop`, which is asked while a file takes long: Cancelled once it says yes. Then files of
// an earlier report go as RemoveEarlierFiles says. Errors name the file and the remedy, in Chinese;
// ResourceExhausted: the disk is full.
absl::StatusOr<std::vector<WrittenFile>> WriteFolder(const MatchReport& report,
                                                     const std::filesystem::path& folder,
                                                     const std::vector<Format>& formats,
                                                     const BeforeFile& before = nullptr,
                                                     const std::function<bool()>& stop = nullptr);

// Takes away the files of an earlier report in the folder, of any format, that the new one, whose files are
// `names` (report.json, csv/partners.csv …), does not have: beside it they would be taken for its own. Files
// of names that no report has stay. Errors as above.
absl::Status RemoveEarlierFiles(const std::filesystem::path& folder, const std::vector<std::string>& names);

// report.json alone (WriteReportJson), in place of an old one, with the same errors.
absl::Status WriteReportJsonFile(const MatchReport& report, const std::filesystem::path& file,
                                 const std::function<bool()>& stop = nullptr);

// One file in place of an old one, with the same errors.
absl::Status WriteReportFile(const std::filesystem::path& file, const std::string& bytes);

}  // namespace dongxi::report
