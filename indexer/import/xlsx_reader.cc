#include "indexer/import/xlsx_reader.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <utility>

#include "indexer/import/xlsx_sheet.h"
#include "indexer/import/xlsx_values.h"
#include "indexer/import/xml_stream.h"

namespace dongxi {
namespace {

constexpr size_t kPartBytesMax = size_t{32} << 20;  // workbook, relationships and styles are small
constexpr size_t kSheetsMax = 1'000;
constexpr size_t kStylesMax = 100'000;
constexpr std::string_view kRemedy = "用 Excel 或 WPS 打开，另存为 .xlsx 后重新导入";

absl::Status BadFile(std::string found) {
  return ToStatus({std::move(found), "Excel 或 WPS 保存的 .xlsx 工作簿", std::string(kRemedy)});
}

int ParseInt(std::string_view text, int otherwise) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

struct Relationship {
  std::string type;  // the last part of the URI: officeDocument, worksheet, styles …
  std::string target;
};

class RelationshipsHandler : public XmlHandler {
 public:
  absl::Status Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name != "Relationship" || by_id.size() > kZipMembersMax) return absl::OkStatus();
    const std::string_view type = attributes.Get("Type");
    by_id[std::string(attributes.Get("Id"))] = {std::string(type.substr(type.rfind('/') + 1)),
                                                std::string(attributes.Get("Target"))};
    return absl::OkStatus();
  }
  absl::Status End(std::string_view /*name*/) override { return absl::OkStatus(); }
  void Text(std::string_view /*text*/) override {}

  std::unordered_map<std::string, Relationship> by_id;
};

struct SheetEntry {
  std::string name;
  std::string relationship;
  bool hidden = false;
};

class WorkbookHandler : public XmlHandler {
 public:
  absl::Status Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "workbookPr") {
      const std::string_view value = attributes.Get("date1904");
      is_1904 = value == "1" || value == "true";
    } else if (name == "sheet") {
      if (sheets.size() >= kSheetsMax) return BadFile("超过 1000 个工作表");
      const std::string_view state = attributes.Get("state");
      sheets.push_back({std::string(attributes.Get("name")), std::string(attributes.Get("id")),
                        state == "hidden" || state == "veryHidden"});
    }
    return absl::OkStatus();
  }
  absl::Status End(std::string_view /*name*/) override { return absl::OkStatus(); }
  void Text(std::string_view /*text*/) override {}

  std::vector<SheetEntry> sheets;
  bool is_1904 = false;
};

class StylesHandler : public XmlHandler {
 public:
  absl::Status Start(std::string_view name, const XmlAttributes& attributes) override {
    if (name == "cellXfs") in_cell_formats_ = true;
    const int id = ParseInt(attributes.Get("numFmtId"), 0);
    if (name == "numFmt") custom_[id] = IsDateFormatCode(attributes.Get("formatCode"));
    if (name != "xf" || !in_cell_formats_) return absl::OkStatus();
    if (is_date.size() >= kStylesMax) return BadFile("单元格样式太多");
    const auto custom = custom_.find(id);
    is_date.push_back(custom != custom_.end() ? custom->second : IsDateFormatId(id));
    return absl::OkStatus();
  }
  absl::Status End(std::string_view name) override {
    if (name == "cellXfs") in_cell_formats_ = false;
    return absl::OkStatus();
  }
  void Text(std::string_view /*text*/) override {}

  std::vector<bool> is_date;

 private:
  std::unordered_map<int, bool> custom_;  // number formats stand before the cell formats
  bool in_cell_formats_ = false;
};

class SharedStringsHandler : public XmlHandler {
 public:
  explicit SharedStringsHandler(SharedStrings& strings) : strings_(strings) {}

  absl::Status Start(std::string_view name, const XmlAttributes& /*attributes*/) override {
    text_.Start(name);
    return absl::OkStatus();
  }
  absl::Status End(std::string_view name) override {
    text_.End(name);
    if (name != "si") return absl::OkStatus();
    strings_.push_back(text_.Take());
    bytes_ += strings_.back().size();
    const bool fits = strings_.size() <= kSharedStringsMax && bytes_ <= kSharedStringBytesMax;
    return fits ? absl::OkStatus() : BadFile("文字太多（共享字符串超过 400 万条或 512 MB）");
  }
  void Text(std::string_view text) override { text_.Text(text); }

 private:
  SharedStrings& strings_;
  RichText text_;
  size_t bytes_ = 0;
};

absl::Status ParseMember(const ZipPackage& package, std::string_view member, XmlHandler& handler) {
  XmlStream stream(handler);
  const absl::Status status =
      package.Stream(member, [&stream](std::string_view chunk) { return stream.Feed(chunk); });
  return status.ok() ? stream.Finish() : status;
}

absl::Status ParseSmallMember(const ZipPackage& package, std::string_view member, XmlHandler& handler) {
  const absl::StatusOr<std::string> bytes = package.Read(member, kPartBytesMax);
  if (!bytes.ok()) return bytes.status();
  XmlStream stream(handler);
  if (absl::Status status = stream.Feed(*bytes); !status.ok()) return status;
  return stream.Finish();
}

// A relationship's target: absolute in the package ("/xl/…", as WPS writes) or relative to the part's folder.
std::string Resolve(std::string_view part, std::string_view target) {
  std::vector<std::string> segments;
  const auto add = [&segments](std::string_view path) {
    while (!path.empty()) {
      const size_t end = std::min(path.find_first_of("/\\"), path.size());
      const std::string_view segment = path.substr(0, end);
      if (segment == "..") {
        if (!segments.empty()) segments.pop_back();
      } else if (!segment.empty() && segment != ".") {
        segments.emplace_back(segment);
      }
      path.remove_prefix(std::min(end + 1, path.size()));
    }
  };
  const bool is_absolute = target.starts_with('/') || target.starts_with('\\');
  if (!is_absolute) add(part.substr(0, part.rfind('/') == std::string_view::npos ? 0 : part.rfind('/')));
  add(target);
  std::string path;
  for (const std::string& segment : segments) path += (path.empty() ? "" : "/") + segment;
  return path;
}

std::string RelationshipsOf(std::string_view part) {
  const size_t slash = part.rfind('/');
  if (slash == std::string_view::npos) return "_rels/" + std::string(part) + ".rels";
  return std::string(part.substr(0, slash)) + "/_rels/" + std::string(part.substr(slash + 1)) + ".rels";
}

absl::StatusOr<std::string> FindWorkbook(const ZipPackage& package) {
  if (package.Has("_rels/.rels")) {
    RelationshipsHandler root;
    if (absl::Status status = ParseSmallMember(package, "_rels/.rels", root); !status.ok()) return status;
    for (const auto& [id, relationship] : root.by_id) {
      if (relationship.type != "officeDocument") continue;
      std::string part = Resolve("", relationship.target);
      if (part.ends_with(".bin")) return BadFile("二进制工作簿（.xlsb）");
      if (package.Has(part)) return part;
    }
  }
  if (package.Has("xl/workbook.xml")) return "xl/workbook.xml";
  return BadFile("这个压缩包不是 XLSX 工作簿");
}

// Gives values of cells merged downwards to the rows that they cover.
class MergeFiller {
 public:
  MergeFiller(const std::vector<MergedRange>& merges, uint64_t first_row) {
    for (const MergedRange& merge : merges) {
      if (merge.first_row >= first_row && merge.last_row > merge.first_row) {
        starts_[{merge.first_row, merge.first_column}] = merge.last_row;
      }
    }
  }

  void Fill(GridRow& row) {
    if (starts_.empty()) return;
    std::erase_if(active_, [&](const auto& entry) {
      const bool ended = entry.second.last_row < row.number;
      if (ended) active_bytes_ -= entry.second.cell.text.size();
      return ended;
    });
    for (const GridCell& cell : row.cells) {
      const auto start = starts_.find({row.number, cell.column});
      if (start != starts_.end()) Activate(start->second, cell);
    }
    for (const auto& [column, merge] : active_) {
      const auto at =
          std::lower_bound(row.cells.begin(), row.cells.end(), column,
                           [](const GridCell& cell, size_t wanted) { return cell.column < wanted; });
      if (at == row.cells.end() || at->column != column) row.cells.insert(at, merge.cell);
    }
  }

 private:
  void Activate(uint64_t last_row, const GridCell& cell) {
    if (active_bytes_ + cell.text.size() > kRowBytesMax || active_.contains(cell.column)) return;
    active_bytes_ += cell.text.size();
    active_[cell.column] = {last_row, cell};
  }

  struct PairHash {
    size_t operator()(const std::pair<uint64_t, size_t>& place) const {
      return place.first * 16'384 + place.second;
    }
  };
  struct Active {
    uint64_t last_row = 0;
    GridCell cell;
  };
  std::unordered_map<std::pair<uint64_t, size_t>, uint64_t, PairHash> starts_;
  std::unordered_map<size_t, Active> active_;  // by column
  size_t active_bytes_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<XlsxWorkbook>> XlsxWorkbook::Open(std::string_view bytes) {
  absl::StatusOr<std::unique_ptr<ZipPackage>> package = ZipPackage::Open(bytes);
  if (!package.ok()) return package.status();
  std::unique_ptr<XlsxWorkbook> workbook(new XlsxWorkbook(*std::move(package)));
  if (absl::Status status = workbook->Load(); !status.ok()) return status;
  return workbook;
}

absl::Status XlsxWorkbook::Load() {
  const absl::StatusOr<std::string> part = FindWorkbook(*package_);
  if (!part.ok()) return part.status();
  WorkbookHandler book;
  if (absl::Status status = ParseSmallMember(*package_, *part, book); !status.ok()) return status;
  RelationshipsHandler relationships;
  if (absl::Status s = ParseSmallMember(*package_, RelationshipsOf(*part), relationships); !s.ok()) return s;
  tables_.is_1904 = book.is_1904;
  for (SheetEntry& sheet : book.sheets) {
    const Relationship& relationship = relationships.by_id[sheet.relationship];
    if (relationship.type != "worksheet") continue;  // charts
    sheets_.push_back({std::move(sheet.name), Resolve(*part, relationship.target), sheet.hidden});
  }
  for (const auto& [id, relationship] : relationships.by_id) {
    const std::string member = Resolve(*part, relationship.target);
    if (relationship.type == "styles" && package_->Has(member)) {
      StylesHandler styles;
      if (absl::Status status = ParseSmallMember(*package_, member, styles); !status.ok()) return status;
      tables_.is_date_style = std::move(styles.is_date);
    } else if (relationship.type == "sharedStrings" && package_->Has(member)) {
      SharedStringsHandler strings(tables_.strings);
      if (absl::Status status = ParseMember(*package_, member, strings); !status.ok()) return status;
    }
  }
  return sheets_.empty() ? BadFile("工作簿里没有工作表") : absl::OkStatus();
}

absl::StatusOr<SheetScan> XlsxWorkbook::Scan(const XlsxSheet& sheet) const {
  SheetScan scan;
  const GridSink keep_first = [&scan](GridRow& row) -> absl::StatusOr<bool> {
    scan.has_rows = true;
    if (row.number <= kHeaderRowsMax + 3) scan.first_rows.push_back(std::move(row));
    return true;
  };
  SheetHandler handler(tables_, keep_first);
  if (absl::Status status = ParseMember(*package_, sheet.member, handler); !status.ok()) return status;
  scan.merges = handler.merges();
  return scan;
}

absl::Status XlsxWorkbook::Read(const XlsxSheet& sheet, const std::vector<MergedRange>& merges,
                                uint64_t first_row, const GridSink& sink) const {
  MergeFiller filler(merges, first_row);
  const GridSink fill = [&](GridRow& row) -> absl::StatusOr<bool> {
    if (row.number < first_row) return true;
    filler.Fill(row);
    return sink(row);
  };
  SheetHandler handler(tables_, fill);
  const absl::Status status = ParseMember(*package_, sheet.member, handler);
  return handler.done() ? absl::OkStatus() : status;
}

bool IsOle2(std::string_view bytes) { return bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"); }

absl::Status Ole2Error(std::string_view bytes) {
  // Names of streams are UTF-16LE.
  std::string encrypted;
  for (const char c : std::string_view("EncryptedPackage")) {
    encrypted += c;
    encrypted += '\0';
  }
  if (bytes.find(encrypted) != std::string_view::npos) {
    return ToStatus(
        {"文件有打开密码", "没有密码的 .xlsx 文件", "在 Excel 或 WPS 中去掉打开密码，另存为 .xlsx"});
  }
  return ToStatus(
      {"旧格式的表格（.xls 或 .et）", ".xlsx 或 UTF-8 的 .csv 文件", "用 Excel 或 WPS 打开，另存为 .xlsx"});
}

}  // namespace dongxi
