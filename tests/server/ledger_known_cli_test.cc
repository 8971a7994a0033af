// Rows of a ledger file that name entries: repeated, corrected, edited without a reason, of another ledger.
// dongxi engage import against a real server.
#include "tests/server/statistics_fixture.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LedgerKnownCliTest : public StatisticsServiceTest {
 protected:
  // What `dongxi engage list --csv` writes.
  std::string Exported(std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {"engage", "list", "--csv"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    EXPECT_EQ(Dongxi(arguments), 0) << err_;
    return out_;
  }
  int ImportFile(const std::string& text) { return Dongxi({"engage", "import", File("导出.csv", text)}); }

  static std::string Edited(std::string text, const std::string& from, const std::string& to) {
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
  }
  std::string NameOf(pb::EngagementStep step) {
    std::string name;
    for (const pb::Engagement& entry : Ledger(/*whole=*/false)) {
      if (entry.step() == step) name = entry.name();
    }
    EXPECT_FALSE(name.empty());
    return name;
  }
};

TEST_F(LedgerKnownCliTest, ARowEditedWithoutAReasonIsNamedWithTheCellAndTheOthersAreUntouched) {
  ASSERT_EQ(Import(kLife), 0) << out_;
  const std::string exported = Exported();
  struct EditCase {
    const char *from, *to, *row, *column;
  };
  const EditCase cases[] = {
      {",120,", ",150,", "第 4 行", "金额（万元）"},
      {"2025-02-10", "2025-02-11", "第 3 行", "日期"},
      {",会谈,", ",意向,", "第 3 行", "步骤"},
      {",会谈,", ",撤回：会谈,", "第 3 行", "步骤"},
      {",会谈,", ",撤回,", "第 3 行", "步骤"},
      {"results/r-lithium", "results/r-magnesium", "第 2 行", "供给方编号"},
      {"2025630001", "2025630002", "第 5 行", "登记编号"},
      {"无经费", "其他", "第 6 行", "拒绝原因"},
      {"验收意见书", "验收意见书（二）", "第 8 行", "凭据"},
      {"青海省科技厅", "某厅", "第 2 行", "登记单位"},
      {",3.2,", ",3.1,", "第 2 行", "任务"},
  };
  for (const EditCase& edit : cases) {
    SCOPED_TRACE(edit.to);
    EXPECT_EQ(ImportFile(Edited(exported, edit.from, edit.to)), 1);
    EXPECT_THAT(out_, HasSubstr(edit.row));
    EXPECT_THAT(out_, HasSubstr(edit.column));
    EXPECT_THAT(out_, HasSubstr("更正理由"));
    EXPECT_THAT(out_, HasSubstr("已有编号未改动 6 行，有问题未登记 1 行"));
  }
  EXPECT_EQ(Ledger().size(), 7u) << "nothing is recorded of it";
}

TEST_F(LedgerKnownCliTest, AnIdThatThisLedgerDoesNotHaveIsNamedWithItsRow) {
  EXPECT_EQ(ImportFile("编号,需求编号,供给方编号,步骤,日期\n"
                       "engagements/e-0000000000000001,n-lithium,results/r-lithium,会谈,2025-02-10\n"
                       "7,n-lithium,results/r-lithium,签约,2025-03-10\n"),
            1);
  for (const char* words :
       {"第 2 行", "engagements/e-0000000000000001：这个台账里没有这一条", "第 3 行",
        "7：这个台账里没有这一条", "新的一步不写“编号”", "已有编号未改动 0 行，有问题未登记 2 行"}) {
    EXPECT_THAT(out_, HasSubstr(words));
  }
  EXPECT_THAT(Ledger(), IsEmpty());
}

TEST_F(LedgerKnownCliTest, AWholeExportIsUntouchedWhateverItsEntriesAre) {
  ASSERT_EQ(Import(kLife), 0) << out_;
  pb::RecordEngagementRequest request;
  pb::Engagement& contract = *request.mutable_engagement();
  contract.set_need("needs/n-goji");
  contract.set_offer("results/r-goji");
  contract.set_step(pb::ENGAGEMENT_STEP_SIGNED);
  contract.mutable_event_time()->set_seconds(Seconds(2025) + 9 * 86'400 + 37'815);  // with a clock time
  contract.set_amount_wan(1'234'567.8912);  // more digits than an export has
  contract.add_evidence("合同甲、合同乙");  // a separator of lists
  contract.add_evidence("=附件1");
  contract.set_note("-见附件\r\n第二行，“引号\"");  // a formula, to a spreadsheet
  contract.set_mode("转让");
  grpc::ClientContext context;
  pb::RecordEngagementResponse recorded;
  const grpc::Status status = engagements_->RecordEngagement(&context, request, &recorded);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(
      ImportFile("编号,需求编号,供给方编号,步骤,更正理由,备注\n" + NameOf(pb::ENGAGEMENT_STEP_DELIVERED) +
                 ",n-lithium,results/r-lithium,撤回,还没有验收,\n" + NameOf(pb::ENGAGEMENT_STEP_PAID) +
                 ",n-lithium,results/r-lithium,到账,漏了备注,第一笔\n"),
      0)
      << out_ << err_;
  ASSERT_EQ(
      Dongxi({"engage", "clear", "--need", "n-lithium", "--offer", "institutions/js", "--why", "有了经费"}),
      0)
      << err_;
  const std::vector<std::string> whole = {"--whole-ledger"};
  ASSERT_EQ(Ledger().size(), 11u);
  ASSERT_EQ(ImportFile(Exported(whole)), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("已有编号未改动 11 行，有问题未登记 0 行"));
  EXPECT_EQ(Ledger().size(), 11u);
}

TEST_F(LedgerKnownCliTest, AnExportedRowWhoseTaskIsEmptiedForAReasonHasNoneAfterwards) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,会谈,2025-02-10,,,,,,,3.2,\n"), 0) << out_;
  std::string csv = Edited(Exported(), "模拟数据\r\n", "模拟数据,更正理由\r\n");
  csv = Edited(csv, ",3.2,", ",,");
  csv.insert(csv.size() - 2, ",不属于任何一项任务");
  ASSERT_EQ(ImportFile(csv), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("新登记 1 行"));
  ASSERT_EQ(Ledger(/*whole=*/false).size(), 1u);
  EXPECT_EQ(Ledger(/*whole=*/false)[0].task(), "");
  ASSERT_EQ(ImportFile(csv), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("以前登记过 1 行"));
}

// The ledger as a collection of judgements is learnt from: what a simulation made is not.
TEST_F(LedgerKnownCliTest, TheLedgerIsWrittenAsLinesOfJsonWithoutSimulations) {
  ASSERT_EQ(Import(std::string(kLife) + "n-goji,results/r-goji,会谈,2025-02-10,,,,,,,,是\n"), 0) << out_;
  ASSERT_EQ(Dongxi({"engage", "list", "--jsonl"}), 0) << err_;
  EXPECT_THAT(err_, HasSubstr("没有写模拟数据 1 条"));
  EXPECT_EQ(std::count(out_.begin(), out_.end(), '\n'), 7);
  EXPECT_THAT(
      out_,
      HasSubstr(
          R"({"need":"n-lithium","candidate":"r-lithium","step":"met","time":"2025-02-10T00:00:00+08:00"})"));
  EXPECT_THAT(out_, HasSubstr(R"("step":"refused","time":"2025-05-10T00:00:00+08:00","reason":"no_budget")"));
  EXPECT_THAT(out_, Not(HasSubstr("r-goji")));
  EXPECT_EQ(Dongxi({"engage", "list", "--jsonl", "--whole-ledger"}), 2);
  EXPECT_THAT(err_, HasSubstr("--whole-ledger"));
}

TEST_F(LedgerKnownCliTest, ACorrectionThatWouldTakeTheMarkOfASimulationAwayIsNamed) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,会谈,2025-02-10,,,,,,,,是\n"
                   "n-lithium,results/r-lithium,意向,2025-02-01,,,,,,,,\n"),
            0)
      << out_;
  const auto correct = [&](const std::string& name, const std::string& step, const std::string& mark) {
    return ImportFile("编号,需求编号,供给方编号,步骤,日期,模拟数据,更正理由\n" + name +
                      ",n-lithium,results/r-lithium," + step + ",2025-02-12," + mark + ",日期录错\n");
  };
  const std::string simulated = NameOf(pb::ENGAGEMENT_STEP_MET),
                    real = NameOf(pb::ENGAGEMENT_STEP_INTERESTED);
  for (const char* mark : {"否", ""}) {
    EXPECT_EQ(correct(simulated, "会谈", mark), 1) << mark;
    for (const char* words : {"第 2 行", "模拟数据", "更正去不掉它"}) EXPECT_THAT(out_, HasSubstr(words));
  }
  EXPECT_EQ(Ledger().size(), 2u) << "nothing is recorded of it";
  EXPECT_EQ(correct(simulated, "会谈", "是"), 0) << out_ << err_;
  EXPECT_EQ(correct(real, "意向", "否"), 0) << out_ << err_;
  EXPECT_THAT(out_, Not(HasSubstr("更正去不掉它")));
  EXPECT_EQ(Ledger().size(), 4u);
}

}  // namespace
}  // namespace dongxi
