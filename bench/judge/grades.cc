#include "bench/judge/grades.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

#include "bench/judge/csv_text.h"
#include "bench/judge/pool_sheet.h"
#include "bench/judge/problems.h"
#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

std::string InQuotes(const std::string& text) {
  return text.empty() ? "空格" : "“" + CutCharacters(text, 60) + "”";
}

// As written, or as the CSV sheet shows it.
bool IsCell(const std::string& cell, const std::string& id) {
  const std::string shown = CellText(id);
  return cell == shown || cell == Neutralised(shown);
}

class GradeChecker {
 public:
  GradeChecker(const GradeSheet& sheet, const Pool& pool) : sheet_(sheet), pool_(pool), id_(PoolId(pool)) {
    grades_.file = sheet.file;
  }

  absl::StatusOr<JudgeGrades> Run(bool complete) {
    for (const GradeRow& row : sheet_.rows) {
      DX_RETURN_IF_ERROR(CheckPool(row));
      AddRow(row);
    }
    ListMissing(complete);
    DX_RETURN_IF_ERROR(problems_.ToStatus());
    if (!grades_.judgements.empty()) return std::move(grades_);
    AddProblem(sheet_.rows.front(), sheet_.rows.front().grade, kGradeColumn,
               {"整份表没有一个等级", "逐行填 0、1、2 或 3", "确认交回的是填好并保存过的文件"});
    return problems_.ToStatus();
  }

 private:
  void AddProblem(const GradeRow& row, const GradeCell& cell, std::string_view column,
                  const Complaint& complaint) {
    problems_.Add({row.place, cell.letters, std::string(column)}, complaint);
  }

  // A sheet of another pool has it wrong in every row: said once.
  absl::Status CheckPool(const GradeRow& row) const {
    const std::string& number = row.number.text;
    const size_t dash = number.find('-');
    if (dash != 9 || number[0] != 'P' || number.substr(1, 8) == id_) return absl::OkStatus();
    Problems problem;
    problem.Add({row.place, row.number.letters, std::string(kNumberColumn)},
                {InQuotes(number) + "，属于另一份评判表 P" + number.substr(1, 8),
                 "评判表 P" + id_ + " 的编号", "换成这份评判表的文件，或用 --key 给出那一份的密钥文件"});
    return problem.ToStatus();
  }

  // The place in the pool that a number names.
  std::optional<size_t> PairOf(const std::string& number) const {
    if (number.size() < 11 || number.size() > 20) return std::nullopt;
    size_t place = 0;
    for (const char digit : std::string_view(number).substr(10)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      place = place * 10 + static_cast<size_t>(digit - '0');
    }
    if (place == 0 || place > pool_.pairs.size() || PairNumber(id_, place - 1) != number) return std::nullopt;
    return place - 1;
  }

  void AddRow(const GradeRow& row) {
    if (row.number.complaint) return AddProblem(row, row.number, kNumberColumn, *row.number.complaint);
    const std::optional<size_t> pair = PairOf(row.number.text);
    if (!pair) {
      return AddProblem(row, row.number, kNumberColumn,
                        {InQuotes(row.number.text) + "，评判表里没有这一对",
                         PairNumber(id_, 0) + " 至 " + PairNumber(id_, pool_.pairs.size() - 1),
                         "恢复原来的编号；不要增加行"});
    }
    if (!IsRightPair(row, *pair)) return;
    const auto [before, is_new] = row_of_.emplace(*pair, &row);
    if (!is_new) {
      return AddProblem(
          row, row.number, kNumberColumn,
          {InQuotes(row.number.text) + " 第二次出现，前一次在 " + PlaceText({before->second->place, "", ""}),
           "每对一行", "删去重复的一行"});
    }
    AddGrade(row, *pair);
  }

  bool IsRightPair(const GradeRow& row, size_t pair) {
    const PoolPair& expected = pool_.pairs[pair];
    bool right = true;
    const auto check = [&](const GradeCell& cell, std::string_view column, const std::string& id) {
      if (!cell.complaint && IsCell(cell.text, id)) return;
      right = false;
      AddProblem(row, cell, column,
                 {cell.complaint ? cell.complaint->found : InQuotes(cell.text),
                  InQuotes(id) + "（编号 " + row.number.text + " 的那一对）",
                  "恢复原来的编号；排序时要选中整张表；CSV 会改写像数字的编号，可改用 XLSX"});
    };
    check(row.need, kNeedColumn, expected.need);
    check(row.candidate, kCandidateColumn, expected.candidate);
    return right;
  }

  void AddGrade(const GradeRow& row, size_t pair) {
    if (row.grade.complaint) return AddProblem(row, row.grade, kGradeColumn, *row.grade.complaint);
    const std::string text = Normalize(row.grade.text);  // ２ becomes 2
    if (text.empty()) return;                            // listed as missing
    if (text.size() != 1 || text[0] < '0' || text[0] >= '0' + kGradesOfJudges) {
      return AddProblem(
          row, row.grade, kGradeColumn,
          {InQuotes(row.grade.text), "0、1、2 或 3", "改为其中一级；无法判断时留空并在备注中说明"});
    }
    grades_.judgements[pair] = {text[0] - '0', row.need_title, row.candidate_title, row.remark};
  }

  void ListMissing(bool complete) {
    for (size_t pair = 0; pair < pool_.pairs.size(); ++pair) {
      if (grades_.judgements.contains(pair)) continue;
      const auto found = row_of_.find(pair);
      CellPlace place{{sheet_.file, "", 0}, "", PairNumber(id_, pair)};
      if (found != row_of_.end()) place = {found->second->place, found->second->grade.letters, place.name};
      grades_.missing.push_back(PlaceText(place) +
                                (found == row_of_.end() ? "：没有这一行" : "：等级是空的"));
      if (!complete) continue;
      problems_.Add(place, {found == row_of_.end() ? "没有这一行" : "等级是空的", "0、1、2 或 3",
                            "补上等级；不加 --complete 时可以留空"});
    }
  }

  const GradeSheet& sheet_;
  const Pool& pool_;
  const std::string id_;
  std::map<size_t, const GradeRow*> row_of_;
  JudgeGrades grades_;
  Problems problems_;
};

int Merged(const std::vector<int>& grades, MergeRule rule) {
  if (rule == MergeRule::kMax) return *std::max_element(grades.begin(), grades.end());
  if (rule == MergeRule::kMin) return *std::min_element(grades.begin(), grades.end());
  int sum = 0;
  for (const int grade : grades) sum += grade;
  const int count = static_cast<int>(grades.size());
  return (2 * sum + count) / (2 * count);
}

std::vector<int> GradesOfPair(std::span<const JudgeGrades> judges, size_t pair) {
  std::vector<int> grades;
  for (const JudgeGrades& judge : judges) {
    const auto found = judge.judgements.find(pair);
    if (found != judge.judgements.end()) grades.push_back(found->second.grade);
  }
  return grades;
}

}  // namespace

absl::StatusOr<JudgeGrades> CheckGrades(const GradeSheet& sheet, const Pool& pool, bool complete) {
  return GradeChecker(sheet, pool).Run(complete);
}

Qrels MergeGrades(std::span<const JudgeGrades> judges, const Pool& pool, MergeRule rule) {
  Qrels qrels;
  for (size_t pair = 0; pair < pool.pairs.size(); ++pair) {
    const std::vector<int> grades = GradesOfPair(judges, pair);
    if (!grades.empty()) qrels[pool.pairs[pair].need][pool.pairs[pair].candidate] = Merged(grades, rule);
  }
  return qrels;
}

std::vector<DoubleGrade> GradesOfBoth(const JudgeGrades& first, const JudgeGrades& second, const Pool& pool) {
  std::vector<DoubleGrade> both;
  for (const auto& [pair, judgement] : first.judgements) {
    const auto other = second.judgements.find(pair);
    if (other != second.judgements.end())
      both.push_back({pool.pairs[pair].need, judgement.grade, other->second.grade});
  }
  return both;
}

std::vector<Disagreement> Disagreements(std::span<const JudgeGrades> judges) {
  std::map<size_t, Disagreement> by_pair;
  for (const JudgeGrades& judge : judges) {
    for (const auto& [pair, judgement] : judge.judgements) {
      Disagreement& one =
          by_pair.emplace(pair, Disagreement{pair, judgement.grade, judgement.grade}).first->second;
      one.lowest = std::min(one.lowest, judgement.grade);
      one.highest = std::max(one.highest, judgement.grade);
    }
  }
  std::vector<Disagreement> list;
  for (const auto& [pair, one] : by_pair) {
    if (one.lowest < one.highest) list.push_back(one);
  }
  std::stable_sort(list.begin(), list.end(), [](const Disagreement& a, const Disagreement& b) {
    return a.highest - a.lowest > b.highest - b.lowest;
  });
  return list;
}

std::string DisagreementsCsv(std::span<const JudgeGrades> judges, const Pool& pool) {
  std::vector<std::string> cells = {"差距", "编号", "需求编号", "需求标题", "候选编号", "候选标题"};
  for (const JudgeGrades& judge : judges) {
    const std::string name = std::filesystem::path(judge.file).filename().string();
    cells.push_back("等级：" + name);
    cells.push_back("备注：" + name);
  }
  std::string csv = std::string(kUtf8Mark) + CsvLine(cells);
  const std::string id = PoolId(pool);
  for (const Disagreement& one : Disagreements(judges)) {
    const PoolPair& pair = pool.pairs[one.pair];
    cells = {std::to_string(one.highest - one.lowest),
             PairNumber(id, one.pair),
             pair.need,
             "",
             pair.candidate,
             ""};
    for (const JudgeGrades& judge : judges) {
      const auto found = judge.judgements.find(one.pair);
      const bool graded = found != judge.judgements.end();
      if (graded && cells[3].empty()) cells[3] = found->second.need_title;
      if (graded && cells[5].empty()) cells[5] = found->second.candidate_title;
      cells.push_back(graded ? std::to_string(found->second.grade) : "");
      cells.push_back(graded ? found->second.remark : "");
    }
    csv += CsvLine(cells);
  }
  return csv;
}

std::string QrelsLines(const Qrels& qrels) {
  std::string lines;
  for (const auto& [need, grades] : qrels) {
    for (const auto& [candidate, grade] : grades)
      lines += need + " 0 " + candidate + " " + std::to_string(grade) + "\n";
  }
  return lines;
}

}  // namespace dongxi::bench
