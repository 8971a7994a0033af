// What the tests of judgements share: a folder of their own, and sheets as judges send them back.
#pragma once

#include <gtest/gtest.h>
#include <xlsxwriter.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace dongxi::bench {

// Removes its folder at the end.
class TestFolder {
 public:
  TestFolder() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::path(testing::TempDir()) /
            (std::string("dongxi-judge-") + test->test_suite_name() + "-" + test->name());
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  std::string Write(std::string_view name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

inline std::string ReadAll(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// A workbook with one sheet; cells of one digit become numbers, as spreadsheet programs save them.
inline std::string WriteXlsx(const std::filesystem::path& file,
                             const std::vector<std::vector<std::string>>& rows) {
  lxw_workbook* book = workbook_new(file.c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "评判");
  for (size_t row = 0; row < rows.size(); ++row) {
    for (size_t column = 0; column < rows[row].size(); ++column) {
      const std::string& cell = rows[row][column];
      const auto at_row = static_cast<lxw_row_t>(row);
      const auto at_column = static_cast<lxw_col_t>(column);
      if (cell.size() == 1 && std::isdigit(static_cast<unsigned char>(cell[0])))
        worksheet_write_number(sheet, at_row, at_column, cell[0] - '0', nullptr);
      else if (!cell.empty())
        worksheet_write_string(sheet, at_row, at_column, cell.c_str(), nullptr);
    }
  }
  workbook_close(book);
  return file.string();
}

}  // namespace dongxi::bench
