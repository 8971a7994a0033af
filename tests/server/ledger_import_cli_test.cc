// The import of ledger files by dongxi engage import, against a real server.
#include <xlsxwriter.h>

#include "tests/server/statistics_fixture.h"

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

using LedgerImportCliTest = StatisticsServiceTest;

TEST_F(LedgerImportCliTest, TheSameFileTwiceHasNoSecondEffectEvenAfterAWithdrawal) {
  ASSERT_EQ(Import(kLife), 0) << out_;
  const size_t before = Ledger().size();
  ASSERT_EQ(Import(kLife), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("新登记 0 行，以前登记过 7 行"));
  EXPECT_EQ(Ledger().size(), before);
  pb::CorrectEngagementRequest withdraw;
  for (const pb::Engagement& entry : Ledger()) {
    if (entry.step() == pb::ENGAGEMENT_STEP_DELIVERED) withdraw.set_name(entry.name());
  }
  withdraw.set_withdraw(true);
  withdraw.set_why("还没有验收");
  grpc::ClientContext context;
  pb::RecordEngagementResponse response;
  ASSERT_TRUE(engagements_->CorrectEngagement(&context, withdraw, &response).ok());
  EXPECT_EQ(MustCompute(Year(2025)).entries(), 6);
  ASSERT_EQ(Import(kLife), 0) << out_;
  EXPECT_EQ(MustCompute(Year(2025)).entries(), 6);
}

TEST_F(LedgerImportCliTest, AnAmountInYuanIsTheSameAsInTenThousands) {
  const auto rows = [](const std::string& contract, const std::string& payment) {
    return "n-lithium,results/r-lithium,签约,2025-03-10," + contract + ",,,,,,,\n" +
           "n-lithium,results/r-lithium,到账,2025-06-10," + payment + ",,,,,,,\n";
  };
  ASSERT_EQ(Import(rows("0.07亿元", "102000元")), 0) << out_ << err_;
  ASSERT_EQ(Import(rows("700", "10.2")), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("新登记 0 行，以前登记过 2 行"));
  EXPECT_EQ(Figure(MustCompute(Year(2025)).total(), pb::FIGURE_KIND_PAID).amount_wan(), 10.2);
}

TEST_F(LedgerImportCliTest, TheSumsOfAPairAreToldWithAllTheirDigits) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,签约,2025-03-10,1234567,,,,,,,\n"
                   "n-lithium,results/r-lithium,到账,2025-06-10,12345.67,,,,,,,\n"
                   "n-lithium,results/r-lithium,到账,2025-07-10,0.1,,,,,,,\n"),
            0)
      << out_ << err_;
  ASSERT_EQ(Dongxi({"engage", "pair", "--need", "n-lithium", "--offer", "results/r-lithium"}), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("签约 1234567 万元，登记 0 万元，到账 12345.77 万元"));
}

TEST_F(LedgerImportCliTest, ADryRunChecksWholePairsAndWritesNothing) {
  ASSERT_EQ(Import(kLife, {"--dry-run"}), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("试运行，没有写入：可登记 7 行"));
  EXPECT_THAT(Ledger(), IsEmpty());
}

TEST_F(LedgerImportCliTest, RowsOfLongTextsAreSentInBatchesThatTheServerTakes) {
  std::string note, rows;
  for (int i = 0; i < 1'900; ++i) note += "约";
  constexpr int kRows = 700;  // 4 MiB
  const char* offers[] = {"results/r-lithium", "results/r-magnesium", "institutions/js", "institutions/tj",
                          "experts/e-lithium"};
  for (int i = 0; i < kRows; ++i) {
    const absl::CivilDay day = absl::CivilDay(2023, 1, 1) + i;
    rows += std::string(i % 2 == 0 ? "n-lithium," : "n-goji,") + offers[i / 2 % 5] + ",会谈," +
            absl::FormatCivilTime(day) + ",,,,," + note + ",,,\n";
  }
  ASSERT_EQ(Import(rows), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("新登记 700 行"));
  EXPECT_EQ(Ledger().size(), static_cast<size_t>(kRows));
}

TEST_F(LedgerImportCliTest, WrongRowsAreNamedOneByOneAndTheOthersAreRecorded) {
  const std::string rows =
      "n-lithium,results/r-lithium,会谈,2025-05-01,,,,,,,,\n"
      "n-lithium,results/r-lithium,签约,2025-03-01,100,,,,,,,\n"     // 3: before the meeting
      "n-lithium,institutions/js,签约,2025-03-01,-5,,,,,,,\n"        // 4: negative
      "n-lithium,institutions/js,签约,2025-03-01,100吨,,,,,,,\n"     // 5: impossible unit
      "n-lithium,institutions/js,会谈,2025-03-01,,,,,,,9.9,\n"       // 6: unknown task
      "n-lithium,institutions/js,会谈,2025-03-02,,,,,,,5.1,\n"       // 7: task of another channel
      "n-gone,results/r-lithium,会谈,2025-03-01,,,,,,,,\n"           // 8: deleted need
      "n-lithium,results/r-lithium,喝茶,2025-03-01,,,,,,,,\n"        // 9: no step
      "n-lithium,results/r-lithium,会谈,昨天,,,,,,,,\n"              // 10: no date
      "n-lithium,results/r-lithium,拒绝,2025-03-01,,,不喜欢,,,,,\n"  // 11: no reason of the list
      "n-lithium,institutions/js,会谈,2025-03-03,,,,,好,,3.2,\n";
  const std::string errors = (folder_.path() / "问题.csv").string();
  EXPECT_EQ(Import(rows, {"--errors", errors}), 1);
  EXPECT_THAT(out_, HasSubstr("新登记 2 行"));
  EXPECT_THAT(out_, HasSubstr("有问题未登记 9 行"));
  const std::string report = *ReadFile(errors, 1 << 20);
  for (const char* words : {"\"3\"", "签约早于首次会谈", "\"4\"", "退款或冲减不写负数", "\"5\"", "100吨",
                            "\"6\"", "没有方案里的任务 9.9", "\"7\"", "不属于这条需求所在省区的通道", "\"8\"",
                            "已被删除", "\"9\"", "喝茶", "\"10\"", "昨天", "\"11\"", "不喜欢"}) {
    EXPECT_THAT(report, HasSubstr(words));
  }
  EXPECT_EQ(Ledger().size(), 2u);
}

TEST_F(LedgerImportCliTest, ARegistrationNumberCountsOnce) {
  const std::string signed_twice =
      "n-lithium,results/r-lithium,签约,2025-03-10,10,,,,,,,\n"
      "n-lithium,results/r-lithium,技术合同登记,2025-04-10,10,T-1,,,,,,\n"
      "n-lithium,institutions/js,签约,2025-03-10,10,,,,,,,\n"
      "n-lithium,institutions/js,技术合同登记,2025-04-10,10,T-1,,,,,,\n";
  EXPECT_EQ(Import(signed_twice), 1);
  EXPECT_THAT(out_, HasSubstr("一份合同只登记一次"));
  EXPECT_EQ(Figure(MustCompute(Year(2025)).total(), pb::FIGURE_KIND_REGISTERED).entries(), 1);
}

TEST_F(LedgerImportCliTest, ASimulatedRowAndARealOneOfAFileMayHaveOneNumber) {
  const std::string rows =
      "n-lithium,results/r-lithium,签约,2025-03-10,10,,,,,,,\n"
      "n-lithium,results/r-lithium,技术合同登记,2025-04-10,10,T-1,,,,,,\n"
      "n-lithium,institutions/js,签约,2025-03-10,10,,,,,,,是\n"
      "n-lithium,institutions/js,技术合同登记,2025-04-10,10,T-1,,,,,,是\n";
  EXPECT_EQ(Import(rows), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("新登记 4 行"));
  const std::string third =
      "n-lithium,institutions/tj,签约,2025-03-10,10,,,,,,,是\n"
      "n-lithium,institutions/tj,技术合同登记,2025-04-10,10,T 1,,,,,,是\n";
  EXPECT_EQ(Import(rows + third), 1) << "among simulated rows it still counts once";
  EXPECT_THAT(out_, HasSubstr("一份合同只登记一次"));
}

TEST_F(LedgerImportCliTest, AFileWithTwoContractsOfOnePairIsImportedOnce) {
  const std::string rows =
      "n-lithium,results/r-lithium,会谈,2025-02-10,,,,,,青海省科技厅,,\n"
      "n-lithium,results/r-lithium,签约,2025-03-10,120,,,,,青海省科技厅,,\n"
      "n-lithium,results/r-lithium,签约,2025-09-10,80,,,,二期,青海省科技厅,,\n"
      "n-lithium,results/r-lithium,技术合同登记,2025-04-10,120,T-1,,,,青海省科技厅,,\n"
      "n-lithium,results/r-lithium,技术合同登记,2025-10-10,80,T-2,,,,青海省科技厅,,\n";
  ASSERT_EQ(Import(rows, {"--dry-run"}), 0) << out_ << err_;
  ASSERT_EQ(Import(rows), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("新登记 5 行"));
  EXPECT_THAT(out_, HasSubstr("这是又一份合同"));
  ASSERT_EQ(Import(rows), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("新登记 0 行，以前登记过 5 行"));
  const pb::Statistics statistics = MustCompute(Year(2025));
  EXPECT_EQ(Figure(statistics.total(), pb::FIGURE_KIND_SIGNED).entries(), 2);
  EXPECT_EQ(Figure(statistics.total(), pb::FIGURE_KIND_SIGNED).pairs(), 1);
  EXPECT_EQ(Figure(statistics.total(), pb::FIGURE_KIND_SIGNED).amount_wan(), 200);
  EXPECT_EQ(Figure(statistics.total(), pb::FIGURE_KIND_REGISTERED).amount_wan(), 200);
}

TEST_F(LedgerImportCliTest, TwoContractsOfOneDayAreImportedOnceEach) {
  const std::string rows =
      "n-lithium,results/r-lithium,会谈,2025-02-10,,,,,,,,\n"
      "n-lithium,results/r-lithium,签约,2025-03-10,120,,,,,,,\n"
      "n-lithium,results/r-lithium,签约,2025-03-10,80,,,,,,,\n"
      "n-lithium,results/r-lithium,技术合同登记,2025-04-10,120,2025630001,,,,,,\n"
      "n-lithium,results/r-lithium,技术合同登记,2025-04-10,80,2025630002,,,,,,\n";
  ASSERT_EQ(Import(rows), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("新登记 5 行"));
  const size_t before = Ledger().size();
  ASSERT_EQ(Import(rows), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("新登记 0 行，以前登记过 5 行"));
  EXPECT_EQ(Ledger().size(), before);
  const pb::Statistics statistics = MustCompute(Year(2025));
  EXPECT_EQ(Figure(statistics.total(), pb::FIGURE_KIND_SIGNED).entries(), 2);
  EXPECT_EQ(Figure(statistics.total(), pb::FIGURE_KIND_SIGNED).amount_wan(), 200);
}

TEST_F(LedgerImportCliTest, AFileCanCorrectWhatWasRecordedAndNothingIsLost) {
  ASSERT_EQ(Import(kLife), 0);
  std::string name;
  for (const pb::Engagement& entry : Ledger()) {
    if (entry.step() == pb::ENGAGEMENT_STEP_SIGNED) name = entry.name();
  }
  const std::string file =
      File("更正.csv", "编号,需求编号,供给方编号,步骤,日期,金额（元）,更正理由\n" + name +
                           ",n-lithium,results/r-lithium,签约,2025-03-10,1500000,合同额录错\n");
  ASSERT_EQ(Dongxi({"engage", "import", file}), 0) << out_ << err_;
  EXPECT_EQ(Figure(MustCompute(Year(2025)).total(), pb::FIGURE_KIND_SIGNED).amount_wan(), 150);
  ASSERT_EQ(Dongxi({"engage", "import", file}), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("以前登记过 1 行"));
  EXPECT_EQ(Ledger(true).size(), 8u);
  EXPECT_EQ(Ledger(false).size(), 7u);
}

TEST_F(LedgerImportCliTest, ACorrectionKeepsWhatItsSheetHasNoColumnFor) {
  ASSERT_EQ(Dongxi({"match", "--need", "n-lithium", "--json"}), 0) << err_;
  const std::string match_id = Json()["match_id"], today = absl::FormatCivilTime(Today());
  ASSERT_EQ(Dongxi({"engage", "import",
                    File("签约.csv",
                         "需求编号,供给方编号,步骤,日期,金额（万元）,匹配编号,凭据,备注\n"
                         "n-lithium,results/r-lithium,签约," +
                             today + ",100," + match_id + ",合同1号,典型案例\n")}),
            0)
      << out_ << err_;
  std::string name = Ledger()[0].name();
  const auto corrected_by = [&](const std::string& columns, const std::string& cells) {
    const std::string file =
        File("更正.csv", "编号,需求编号,供给方编号,步骤,更正理由," + columns + "\n" + name +
                             ",n-lithium,results/r-lithium,签约,录错," + cells + "\n");
    EXPECT_EQ(Dongxi({"engage", "import", file}), 0) << out_ << err_;
    EXPECT_EQ(Dongxi({"engage", "import", file}), 0) << "again: " << out_;
    const pb::Engagement entry = Ledger(/*whole=*/false).at(0);
    name = entry.name();
    return entry;
  };
  const pb::Engagement amount = corrected_by("金额（万元）", "120");
  EXPECT_EQ(amount.amount_wan(), 120);
  EXPECT_THAT(amount.evidence(), ElementsAre("合同1号"));
  EXPECT_EQ(amount.note(), "典型案例");
  EXPECT_EQ(amount.match_id(), match_id);
  const pb::Engagement note = corrected_by("备注,凭据", ",合同2号");
  EXPECT_EQ(note.amount_wan(), 120);
  EXPECT_THAT(note.evidence(), ElementsAre("合同2号"));
  EXPECT_EQ(note.note(), "") << "a column without text says that there is none";
  EXPECT_EQ(note.event_time().seconds(), amount.event_time().seconds());
}

TEST_F(LedgerImportCliTest, AnAmountIsReadInTheUnitOfItsHeaderWhateverStandsAroundIt) {
  struct AmountCase {
    const char *header, *cell;
    double wan;  // below 0: refused
  };
  const AmountCase cases[] = {
      {"金额（元）", "\"￥300,000.00\"", 30}, {"金额（元）", "300 000", 30},
      {"金额（元）", "¥ 300000", 30},         {"金额（元）", "RMB300000", 30},
      {"金额（元）", "300000人民币", 30},     {"金额（元）", "30万", 30},
      {"金额（元）", "1.2亿元", 12000},       {"金额（元）", "￥30万元", 30},
      {"金额（元）", "￥-300000", -1},        {"金额（元）", "30万美元", -1},
      {"金额（元）", "约300000", -1},         {"金额（万元）", "￥30", 30},
      {"金额（万元）", "3 000", 3000},        {"金额（万元）", "300000元", 30},
      {"金额（亿元）", "￥1.2", 12000},       {"金额（亿元）", "1 .2亿", 12000},
      {"金额", "\"￥1,200.5\"", 1200.5},
  };
  int64_t day = 0;
  std::set<std::string> known;
  for (const AmountCase& one : cases) {
    SCOPED_TRACE(std::string(one.header) + " " + one.cell);
    const std::string date = absl::FormatCivilTime(absl::CivilDay(2020, 1, 1) + 40 * day++);
    const int exit_code =
        Dongxi({"engage", "import",
                File("金额.csv", std::string("需求编号,供给方编号,步骤,日期,") + one.header +
                                     "\nn-lithium,results/r-lithium,签约," + date + "," + one.cell + "\n")});
    EXPECT_EQ(exit_code, one.wan < 0 ? 1 : 0) << out_;
    for (const pb::Engagement& entry : Ledger()) {
      if (known.insert(entry.name()).second) {
        EXPECT_NEAR(entry.amount_wan(), one.wan, 1e-9);
      }
    }
  }
}

TEST_F(LedgerImportCliTest, ADateThatIsNoFullDayIsRefusedWithItsRow) {
  EXPECT_EQ(Import("n-lithium,results/r-lithium,会谈,2025.3,,,,,,,,\n"
                   "n-lithium,results/r-lithium,会谈,2024-02,,,,,,,,\n"
                   "n-lithium,results/r-lithium,会谈,2024年3月,,,,,,,,\n"
                   "n-lithium,results/r-lithium,会谈,2024,,,,,,,,\n"
                   "n-lithium,results/r-lithium,会谈,2024.3.5,,,,,,,,\n"
                   "n-lithium,results/r-lithium,会谈,20240306,,,,,,,,\n"
                   "n-lithium,results/r-lithium,会谈,2024年3月7日,,,,,,,,\n"
                   "n-lithium,results/r-lithium,会谈,2024/3/8 10:30,,,,,,,,\n"),
            1);
  EXPECT_THAT(out_, HasSubstr("新登记 4 行"));
  for (const char* words : {"2025.3", "2024-02", "2024年3月", "写全年、月、日"})
    EXPECT_THAT(out_, HasSubstr(words));
}

TEST_F(LedgerImportCliTest, StepsOfSecondContractsAreRecordedOnce) {
  const std::string rows =
      "n-lithium,results/r-lithium,会谈,2021-01-01,,,,,,,,\n"
      "n-lithium,results/r-lithium,意向,2021-01-02,,,,,,,,\n"
      "n-lithium,results/r-lithium,意向,2022-01-02,,,,,,,,\n"
      "n-lithium,results/r-lithium,签约,2021-02-01,100,,,,,,,\n"
      "n-lithium,results/r-lithium,签约,2022-02-01,200,,,,,,,\n"
      "n-lithium,results/r-lithium,到账,2022-05-01,100,,,,,,,\n"
      "n-lithium,results/r-lithium,到账,2022-05-01,200,,,,,,,\n"
      "n-lithium,results/r-lithium,验收,2022-12-01,,,,验1,,,,\n"
      "n-lithium,results/r-lithium,验收,2023-12-01,,,,验2,,,,\n";
  ASSERT_EQ(Import(rows), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("新登记 9 行"));
  ASSERT_EQ(Import(rows), 0) << out_;
  EXPECT_THAT(out_, HasSubstr("新登记 0 行，以前登记过 9 行"));
}

TEST_F(LedgerImportCliTest, WhatTheLedgerRefusesIsSaidInItsOwnWords) {
  const auto record = [this](std::vector<std::string> more, const char* offer = "results/r-lithium") {
    std::vector<std::string> arguments = {"engage", "record", "--need", "n-lithium", "--offer", offer};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return Dongxi(arguments);
  };
  ASSERT_EQ(record({"--step", "会谈", "--date", "2025-05-01"}), 0) << err_;
  EXPECT_EQ(record({"--step", "签约", "--date", "2025-03-01"}), 1);
  EXPECT_THAT(err_, HasSubstr("台账不接受这一步"));
  EXPECT_THAT(err_, Not(HasSubstr("dongxi-indexer")));
  EXPECT_EQ(record({"--step", "会谈", "--date", "2025-05-01", "--note", "别的"}), 1);
  EXPECT_THAT(err_, HasSubstr("已经登记过这一步"));
  EXPECT_EQ(Dongxi({"engage", "clear", "--need", "n-lithium", "--offer", "results/r-lithium", "--why", "无"}),
            1);
  EXPECT_THAT(err_, HasSubstr("这一对没有被拒绝"));
  ASSERT_EQ(record({"--step", "拒绝", "--reason", "无经费", "--date", "2025-06-01"}), 0) << err_;
  EXPECT_EQ(record({"--step", "签约", "--date", "2025-07-01"}), 1);
  EXPECT_THAT(err_, HasSubstr("engage clear"));
}

TEST_F(LedgerImportCliTest, ADryRunChecksCorrectionsAndWritesNothing) {
  ASSERT_EQ(Import(kLife), 0);
  std::string name;
  for (const pb::Engagement& entry : Ledger()) {
    if (entry.step() == pb::ENGAGEMENT_STEP_SIGNED) name = entry.name();
  }
  const std::string header = "编号,需求编号,供给方编号,步骤,日期,金额（万元）,更正理由\n";
  const std::string wrong =
      File("错.csv",
           header + name + ",n-lithium,results/r-lithium,签约,2025-01-20,120,日期录错\n" +
               "engagements/e-0000000000000001,n-lithium,results/r-lithium,签约,2025-03-10,1,没有这条\n");
  EXPECT_EQ(Dongxi({"engage", "import", wrong, "--dry-run"}), 1) << out_;
  EXPECT_THAT(out_, HasSubstr("签约早于首次会谈"));
  EXPECT_EQ(Ledger().size(), 7u);
  const std::string right =
      File("对.csv", header + name + ",n-lithium,results/r-lithium,签约,2025-03-11,120,日期录错\n");
  ASSERT_EQ(Dongxi({"engage", "import", right, "--dry-run"}), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("没有写入"));
  EXPECT_EQ(Ledger().size(), 7u);
  // What was checked can be written, and checked again as done.
  ASSERT_EQ(Dongxi({"engage", "import", right}), 0) << out_ << err_;
  EXPECT_EQ(Ledger().size(), 8u);
  ASSERT_EQ(Dongxi({"engage", "import", right, "--dry-run"}), 0) << out_ << err_;
}

TEST_F(LedgerImportCliTest, WhatTheServerSaysInEnglishStandsInChineseInTheListOfErrors) {
  ASSERT_EQ(Import(kLife), 0);
  std::string met, contract, corrected, note;
  for (const pb::Engagement& entry : Ledger()) {
    if (entry.step() == pb::ENGAGEMENT_STEP_MET) met = entry.name();
    if (entry.step() == pb::ENGAGEMENT_STEP_SIGNED) contract = entry.name();
  }
  const std::string header = "编号,需求编号,供给方编号,步骤,日期,金额（万元）,更正理由,备注,登记单位\n";
  const std::string pair = ",n-lithium,results/r-lithium,";
  const auto correction = [&](const char* amount) {
    return contract + pair + "签约,2025-03-10," + amount + ",录错,,\n";
  };
  ASSERT_EQ(Dongxi({"engage", "import", File("更正.csv", header + correction("130"))}), 0) << out_ << err_;
  for (const pb::Engagement& entry : Ledger()) {
    if (entry.corrects() == contract) corrected = entry.name();
  }
  for (int i = 0; i < 2'100; ++i) note += "约";
  const std::string errors = (folder_.path() / "问题.csv").string();
  EXPECT_EQ(Dongxi({"engage", "import",
                    File("错.csv", header + correction("140") + "engagements/e-0000000000000001" + pair +
                                       "签约,2025-03-10,1,没有这条,,\n" + met + pair +
                                       "会谈,2025-02-10,,补备注," + note + ",\n" + met +
                                       ",n-goji,results/r-lithium,会谈,2025-02-10,,换需求,,\n" + pair +
                                       "会谈,2025-02-10,,,别的,青海省科技厅\n"),
                    "--errors", errors}),
            1);
  const std::string report = *ReadFile(errors, 1 << 20);
  const std::vector<std::string> said = {"这一条已被更正过（" + corrected + "）",
                                         "更正最新的那一条",
                                         "台账里没有这个编号（engagements/e-0000000000000001）",
                                         "有 2100 个字，至多 2000 个字",
                                         "更正不能换需求或供给方",
                                         "同一单位已登记过这一步，内容不同（" + met + "）"};
  for (const std::string& words : said) {
    EXPECT_THAT(report, HasSubstr(words));
  }
  for (const char* words : {"corrected by", "correct that", "no such", "characters", "keeps", "recorded"})
    EXPECT_THAT(report, Not(HasSubstr(words)));
}

TEST_F(LedgerImportCliTest, ARegistrationNumberInAnotherWritingIsTheSameNumber) {
  ASSERT_EQ(Import("n-lithium,results/r-lithium,签约,2025-03-10,10,,,,,,,\n"
                   "n-lithium,results/r-lithium,技术合同登记,2025-04-10,10,2025-63-0001,,,,,,\n"
                   "n-lithium,institutions/js,签约,2025-03-10,10,,,,,,,\n"),
            0);
  for (const char* writing : {"２０２５－６３－０００１", "2025 63 0001", "202563—0001"}) {
    EXPECT_EQ(
        Import(std::string("n-lithium,institutions/js,技术合同登记,2025-04-10,10,") + writing + ",,,,,,\n"),
        1)
        << writing;
    EXPECT_THAT(out_, HasSubstr("一份合同只登记一次"));
  }
  // It is shown as it was written.
  for (const pb::Engagement& entry : Ledger()) {
    if (entry.step() == pb::ENGAGEMENT_STEP_REGISTERED) {
      EXPECT_EQ(entry.registration_number(), "2025-63-0001");
    }
  }
}

TEST_F(LedgerImportCliTest, AnExportedLedgerCanBeImportedWithoutEffect) {
  ASSERT_EQ(Import(kLife), 0);
  ASSERT_EQ(Dongxi({"engage", "list", "--csv"}), 0);
  ASSERT_EQ(Dongxi({"engage", "import", File("导出.csv", out_)}), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("已有编号未改动 7 行"));
  EXPECT_EQ(Ledger().size(), 7u);
}

TEST_F(LedgerImportCliTest, AContractAfterARefusalIsRefusedInOneFileAsInTwo) {
  const std::string met = "n-lithium,results/r-lithium,会谈,2024-01-10,,,,,,,,\n";
  const std::string refused = "n-lithium,results/r-lithium,拒绝,2024-03-10,,,无经费,,,,,\n";
  const std::string contract =
      "n-lithium,results/r-lithium,签约,2025-05-10,100,,,,,,,\n"
      "n-lithium,results/r-lithium,到账,2025-06-10,50,,,,,,,\n";
  for (const bool dry_run : {true, false}) {
    SCOPED_TRACE(dry_run);
    EXPECT_EQ(Import(met + contract + refused,
                     dry_run ? std::vector<std::string>{"--dry-run"} : std::vector<std::string>{}),
              1);
    EXPECT_THAT(out_, HasSubstr("台账.csv 第 3 行"));
    EXPECT_THAT(out_, HasSubstr("这一对已被拒绝"));
    EXPECT_THAT(out_, HasSubstr("engage clear"));
    EXPECT_THAT(out_, HasSubstr("台账.csv 第 4 行"));
    EXPECT_THAT(out_, HasSubstr("有问题未登记 2 行"));
    EXPECT_THAT(out_, Not(HasSubstr("仍登记为拒绝")));
  }
  EXPECT_EQ(Ledger().size(), 2u);
  ASSERT_EQ(
      Dongxi({"engage", "clear", "--need", "n-lithium", "--offer", "results/r-lithium", "--why", "有了经费"}),
      0)
      << err_;
  ASSERT_EQ(Import(met + contract + refused), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("新登记 2 行，以前登记过 2 行"));
}

TEST_F(LedgerImportCliTest, ARefusalOfTheDayOfTheContractOrLaterComesBehindItWithAWarning) {
  EXPECT_EQ(Import("n-lithium,results/r-lithium,拒绝,2024-03-10,,,无经费,,,,,\n"
                   "n-lithium,results/r-lithium,签约,2024-03-10,100,,,,,,,\n"
                   "n-lithium,institutions/js,拒绝,2024-04-10,,,无经费,,,,,\n"
                   "n-lithium,institutions/js,签约,2024-03-10,100,,,,,,,\n"
                   "n-lithium,institutions/js,到账,2024-05-10,100,,,,,,,\n"),
            0)
      << out_;
  EXPECT_THAT(out_, HasSubstr("新登记 5 行"));
  EXPECT_THAT(out_, HasSubstr("第 2 行：这一对已经签约，仍登记为拒绝"));
  EXPECT_THAT(out_, HasSubstr("第 4 行：这一对已经签约，仍登记为拒绝"));
}

TEST_F(LedgerImportCliTest, TwoColumnsOfOneMeaningAreNamedAndNothingOfTheirSheetIsRead) {
  EXPECT_EQ(Dongxi({"engage", "import",
                    File("两列.csv",
                         "需求编号,供给方编号,步骤,日期,金额（万元）,合同金额（元）\n"
                         "n-lithium,results/r-lithium,签约,2025-03-10,120,1200000\n")}),
            1);
  EXPECT_THAT(out_, HasSubstr("两列.csv 第 1 行"));
  EXPECT_THAT(out_, HasSubstr("E 列“金额（万元）”和 F 列“合同金额（元）”是同一个意思"));
  EXPECT_THAT(out_, Not(HasSubstr("前 20 行里没有表头")));
  EXPECT_THAT(Ledger(), IsEmpty());
}

TEST_F(LedgerImportCliTest, AHiddenSheetIsNotReadAndThatIsSaid) {
  const std::string file = (folder_.path() / "两张表.xlsx").string();
  lxw_workbook* const book = workbook_new(file.c_str());
  const auto add = [book](const char* name, const char* date) {
    lxw_worksheet* const sheet = workbook_add_worksheet(book, name);
    const char* const rows[2][4] = {{"需求编号", "供给方编号", "步骤", "日期"},
                                    {"n-lithium", "results/r-lithium", "会谈", date}};
    for (lxw_row_t row = 0; row < 2; ++row) {
      for (lxw_col_t column = 0; column < 4; ++column)
        worksheet_write_string(sheet, row, column, rows[row][column], nullptr);
    }
    return sheet;
  };
  add("台账", "2025-03-10");
  worksheet_hide(add("旧台账", "2024-03-10"));
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  ASSERT_EQ(Dongxi({"engage", "import", file}), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("两张表.xlsx［旧台账］：这是隐藏的工作表，没有读入"));
  EXPECT_THAT(out_, HasSubstr("新登记 1 行"));
  EXPECT_EQ(Ledger().size(), 1u);
}

TEST_F(LedgerImportCliTest, TheTemplateCanBeReadBack) {
  const std::string file = (folder_.path() / "模板.xlsx").string();
  ASSERT_EQ(Dongxi({"engage", "template", "--out", file}), 0) << err_;
  EXPECT_EQ(Dongxi({"engage", "import", file}), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("新登记 0 行"));
}

TEST_F(LedgerImportCliTest, FilesThatAreNoLedgerSaySo) {
  EXPECT_EQ(Dongxi({"engage", "import", File("别的.csv", "甲,乙\n1,2\n")}), 1);
  EXPECT_THAT(out_, HasSubstr("前 20 行里没有表头"));
  EXPECT_EQ(Dongxi({"engage", "import", (folder_.path() / "没有.xlsx").string()}), 1);
  EXPECT_THAT(out_, HasSubstr("没有.xlsx"));
}

}  // namespace
}  // namespace dongxi
