// What the import tests share: a vocabulary, files in a folder of their own, an import that keeps the
// records.
#pragma once

#include <gtest/gtest.h>
#include <zip.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/import/importer.h"

namespace dongxi {

class FakeVocabulary : public ImportVocabulary {
 public:
  std::string RegionCode(std::string_view name) const override {
    if (name == "天津") return "12";
    if (name == "青海") return "63";
    return name == "海西州" ? "6328" : "";
  }
  std::string ModeCode(std::string_view word) const override {
    for (const std::string_view known :
         {"转让", "许可", "联合攻关", "成果转化", "科技服务", "柔性引进", "transfer"}) {
      if (word == known) return "m_" + std::string(known);
    }
    return "";
  }
};

// Removes its folder at the end.
class TestFolder {
 public:
  TestFolder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::path(testing::TempDir()) /
            (std::string("dongxi-import-") + test->test_suite_name() + "-" + test->name());
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  std::filesystem::path Write(std::string_view name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

inline std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

struct Imported {
  ImportReport report;
  std::vector<Record> records;
  std::vector<SourcePlace> places;
};

inline Imported Import(const std::vector<std::filesystem::path>& files, const ImportOptions& options = {}) {
  Imported imported;
  absl::StatusOr<ImportReport> report =
      ReadRecords(files, options, FakeVocabulary(), [&imported](Record record, const SourcePlace& place) {
        imported.records.push_back(std::move(record));
        imported.places.push_back(place);
        return absl::OkStatus();
      });
  EXPECT_TRUE(report.ok()) << report.status();
  if (report.ok()) imported.report = *std::move(report);
  EXPECT_EQ(imported.report.accepted, imported.records.size());
  EXPECT_EQ(imported.report.rows_read, imported.report.accepted + imported.report.rejected);
  return imported;
}

// The only problem's `found`; a failure if there is not exactly one, or if a part is missing.
inline std::string OnlyProblem(const ImportReport& report) {
  EXPECT_EQ(report.problems_total, 1u) << TextReport(report);
  if (report.problems.empty()) return "";
  EXPECT_FALSE(report.problems[0].expected.empty());
  EXPECT_FALSE(report.problems[0].remedy.empty());
  return report.problems[0].found;
}

struct ZipMember {
  std::string name;
  std::string bytes;
};

// A zip archive of these members, deflated.
inline void WriteZip(const std::filesystem::path& file, const std::vector<ZipMember>& members,
                     const char* password = nullptr) {
  zip_t* archive = zip_open(file.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  ASSERT_NE(archive, nullptr);
  for (const ZipMember& member : members) {
    zip_source_t* source = zip_source_buffer(archive, member.bytes.data(), member.bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive, member.name.c_str(), source, 0);
    ASSERT_GE(index, 0);
    if (password != nullptr)
      zip_file_set_encryption(archive, static_cast<zip_uint64_t>(index), ZIP_EM_AES_256, password);
  }
  ASSERT_EQ(zip_close(archive), 0);
}

// The parts of a workbook, each to be replaced by the test that needs an odd one.
struct Workbook {
  std::string sheet_name = "需求";
  std::string sheet_target = "worksheets/sheet1.xml";
  std::string sheet_member = "xl/worksheets/sheet1.xml";
  std::string sheet_data;  // <row>…
  std::string after_data;  // <mergeCells>…
  std::string workbook_properties;
  std::string shared_strings;  // <si>…; empty: no part
  std::string styles;          // content of <styleSheet>

  std::vector<ZipMember> Members() const {
    const std::string main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";
    const std::string type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    const std::string rels =
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
    return {
        {"[Content_Types].xml", "<Types/>"},
        {"_rels/.rels", rels + "<Relationship Id=\"r1\" Type=\"" + type +
                            "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
        {"xl/workbook.xml", "<workbook " + main + " xmlns:r=\"x\">" + workbook_properties +
                                "<sheets><sheet name=\"" + sheet_name +
                                "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         rels + "<Relationship Id=\"rId1\" Type=\"" + type + "worksheet\" Target=\"" + sheet_target + "\"/>" +
             "<Relationship Id=\"rId2\" Type=\"" + type + "sharedStrings\" Target=\"sharedStrings.xml\"/>" +
             "<Relationship Id=\"rId3\" Type=\"" + type + "styles\" Target=\"styles.xml\"/></Relationships>"},
        {sheet_member,
         "<worksheet " + main + "><sheetData>" + sheet_data + "</sheetData>" + after_data + "</worksheet>"},
        {"xl/sharedStrings.xml", "<sst " + main + ">" + shared_strings + "</sst>"},
        {"xl/styles.xml", "<styleSheet " + main + ">" + styles + "</styleSheet>"},
    };
  }
  std::filesystem::path Write(const std::filesystem::path& file) const {
    WriteZip(file, Members());
    return file;
  }
};

// <row r="n"><c t="inlineStr">…: a row of texts from column A; "" leaves a cell out.
inline std::string TextRow(int number, const std::vector<std::string>& cells,
                           const std::string& attributes = "") {
  std::string row = "<row r=\"" + std::to_string(number) + "\" " + attributes + ">";
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].empty()) continue;
    row += "<c r=\"" + ColumnLetters(i) + std::to_string(number) + "\" t=\"inlineStr\"><is><t>" + cells[i] +
           "</t></is></c>";
  }
  return row + "</row>";
}

}  // namespace dongxi
