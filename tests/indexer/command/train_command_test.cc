#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lzma.h>

#include "engine/embed/static_model.h"
#include "engine/embed/train/random.h"
#include "indexer/train/catalogue_texts.h"
#include "indexer/train/json_lines.h"
#include "indexer/train/recipe.h"
#include "indexer/train/retrieval_gain.h"
#include "tests/indexer/command/command_testing.h"

namespace dongxi::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kTopics = 8;

// `count` words of a topic; a topic has 12.
std::string WordsOf(int topic, int count, Random& random) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += " t" + std::to_string(topic) + "w" + std::to_string(random.Below(12));
  return text;
}

std::string Packed(const std::string& text) {
  std::string packed(lzma_stream_buffer_bound(text.size()), '\0');
  size_t size = 0;
  EXPECT_EQ(
      lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, nullptr, reinterpret_cast<const uint8_t*>(text.data()),
                              text.size(), reinterpret_cast<uint8_t*>(packed.data()), &size, packed.size()),
      LZMA_OK);
  packed.resize(size);
  return packed;
}

class TrainCommandTest : public CommandTest {
 protected:
  std::string Path(const std::string& name) const { return (folder_.path() / name).string(); }
  bool Exists(const std::string& name) const { return std::filesystem::exists(Path(name)); }

  // Inputs and a recipe of few steps; lexicon with two concepts.
  std::string WriteInputs() const {
    Random random(5);
    std::string papers, keywords, titles;
    for (int i = 0; i < 96; ++i) {
      const std::string id = "P" + std::to_string(i);
      const int topic = i % kTopics;
      papers += R"({"id":")" + id + R"(","title":")" + WordsOf(topic, 4, random) + R"(","paragraphs":[")" +
                WordsOf(topic, 12, random) + "。" + WordsOf(topic, 8, random) + "。\"]}\n";
      keywords += R"({"id":")" + id + R"(","keywords":["kept aside","t)" + std::to_string(topic) + "w1 t" +
                  std::to_string(topic) + "w2\"]}\n";
      titles += R"({"title":")" + WordsOf(topic, 6, random) + R"(","owners":["o)" + std::to_string(i % 24) +
                "\"]}\n";
    }
    WriteFile("papers.jsonl.xz", Packed(papers));
    WriteFile("keywords.jsonl", keywords);
    WriteFile("titles.jsonl", titles);
    std::filesystem::create_directories(Path("lexicon"));
    WriteFile("lexicon/l.tsv", "t0w1\tt0w2\nt1w1\tt1w2\n");
    return WriteFile("recipe.json", R"({"options":{"dim":16,"sizes":[8,16],"df_min":2,"steps":60,"batch":32},
      "shares":{"title_paragraph":2,"sentence_rest":1,"keyword_abstract":1,"same_owner":1,"lexicon":1},
      "inputs":[
        {"kind":"papers","file":"papers.jsonl.xz","licence":"CC0","attribution":"made up"},
        {"kind":"keywords","file":"keywords.jsonl","skip_first":1,"licence":"CC0","attribution":"made up"},
        {"kind":"owned_titles","file":"titles.jsonl","licence":"CC0","attribution":"made up"},
        {"kind":"lexicon","licence":"CC0","attribution":"made up"}]})");
  }

  std::vector<std::string> RecipeArguments(const std::string& out) const {
    return {"train",
            "--recipe",
            Path("recipe.json"),
            "--inputs",
            folder_.path().string(),
            "--lexicon",
            Path("lexicon"),
            "--out",
            Path(out)};
  }
  std::vector<std::string> CatalogueArguments() const {
    return {"train", "--data",         Data(),    "--base", Path("base.dxm"), "--lexicon", Path("lexicon"),
            "--out", Path("ours.dxm"), "--steps", "150"};
  }

  void TrainBase() const {
    WriteInputs();
    const CommandResult result = RunProgram(RecipeArguments("base.dxm"));
    ASSERT_EQ(result.exit_code, kExitOk) << result.err;
  }

  // Titles and texts with words that the base model has never seen; with `related`, those of a title and its
  // text are of one theme.
  void FillNewCatalogue(int count, bool related) const {
    Random random(11);
    std::vector<Record> records;
    for (int i = 0; i < count; ++i) {
      Record record = MakeRecord(RecordKind::kResult, i);
      const auto theme = [&] { return 100 + static_cast<int>(related ? i % 40 : random.Below(40)); };
      record.title = WordsOf(theme(), 5, random);
      record.text = WordsOf(theme(), 10, random) + "。" + WordsOf(theme(), 10, random) + "。";
      records.push_back(record);
    }
    MakeCatalogue(CatalogueFolder(Data()), std::move(records));
  }
};

TEST_F(TrainCommandTest, TrainsFromARecipeTheSameOnOneAndTwoThreads) {
  WriteInputs();
  std::vector<std::string> arguments = RecipeArguments("one.dxm");
  arguments.insert(arguments.end(), {"--threads", "1"});
  const CommandResult one = RunProgram(arguments);
  ASSERT_EQ(one.exit_code, kExitOk) << one.err;
  EXPECT_THAT(one.out, HasSubstr("papers.jsonl.xz  [CC0]  made up"));
  EXPECT_THAT(one.out, HasSubstr("crc32c"));
  arguments = RecipeArguments("two.dxm");
  arguments.insert(arguments.end(), {"--threads", "2"});
  ASSERT_EQ(RunProgram(arguments).exit_code, kExitOk);
  EXPECT_EQ(*ReadFile(Path("one.dxm"), 1 << 20), *ReadFile(Path("two.dxm"), 1 << 20));
}

TEST_F(TrainCommandTest, GoesOnAfterCtrlC) {
  WriteInputs();
  ASSERT_EQ(RunProgram(RecipeArguments("whole.dxm")).exit_code, kExitOk);
  std::vector<std::string> arguments = RecipeArguments("resumed.dxm");
  arguments.insert(arguments.end(), {"--checkpoint", Path("part")});
  const CommandResult interrupted = RunInterruptedAt("训练模型", true, arguments);
  EXPECT_EQ(interrupted.exit_code, 130);
  EXPECT_THAT(interrupted.err, HasSubstr("已保存进度"));
  EXPECT_TRUE(Exists("part"));
  EXPECT_FALSE(Exists("resumed.dxm"));
  ASSERT_EQ(RunProgram(arguments).exit_code, kExitOk);
  EXPECT_EQ(*ReadFile(Path("whole.dxm"), 1 << 20), *ReadFile(Path("resumed.dxm"), 1 << 20));
  EXPECT_FALSE(Exists("part"));
}

TEST_F(TrainCommandTest, SaysBeforeTrainingThatTheFolderIsMissing) {
  WriteInputs();
  const CommandResult result = RunProgram(RecipeArguments("no/such/model.dxm"));
  EXPECT_EQ(result.exit_code, kExitFailed);
  EXPECT_THAT(result.err, HasSubstr("no/such"));
}

TEST_F(TrainCommandTest, NeedsARecipeOrACatalogue) {
  EXPECT_EQ(RunProgram({"train", "--out", Path("m.dxm")}).exit_code, kExitUsage);
  EXPECT_EQ(RunProgram({"train", "--out", Path("m.dxm"), "--data", Data()}).exit_code, kExitUsage);
  EXPECT_EQ(RunProgram({"train", "--out", Path("m.dxm"), "--recipe", "r.json"}).exit_code, kExitUsage);
}

TEST_F(TrainCommandTest, AcceptsAModelThatGainsOnTheCatalogue) {
  TrainBase();
  FillNewCatalogue(600, /*related=*/true);
  const CommandResult result = RunProgram(CatalogueArguments());
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(result.out, HasSubstr("95% 区间 [+"));
  const auto base = StaticModel::Open(Path("base.dxm")), ours = StaticModel::Open(Path("ours.dxm"));
  ASSERT_TRUE(base.ok() && ours.ok());
  EXPECT_GT((*ours)->vocabulary(), (*base)->vocabulary());
}

TEST_F(TrainCommandTest, RefusesAModelThatGainsNothing) {
  TrainBase();
  FillNewCatalogue(600, /*related=*/false);
  const CommandResult result = RunProgram(CatalogueArguments());
  EXPECT_EQ(result.exit_code, kExitFailed);
  EXPECT_THAT(result.out, HasSubstr("MRR"));
  EXPECT_THAT(result.err, HasSubstr("没有可靠的提高"));
  EXPECT_FALSE(Exists("ours.dxm"));
  EXPECT_FALSE(Exists("ours.dxm.candidate"));
}

TEST_F(TrainCommandTest, RefusesToJudgeByAFewRecordsUnlessTold) {
  TrainBase();
  FillNewCatalogue(80, /*related=*/true);
  std::vector<std::string> arguments = CatalogueArguments();
  const CommandResult refused = RunProgram(arguments);
  EXPECT_EQ(refused.exit_code, kExitFailed);
  EXPECT_THAT(refused.err, HasSubstr("至少要 30 条"));
  EXPECT_FALSE(Exists("ours.dxm"));
  arguments.push_back("--accept-anyway");
  EXPECT_EQ(RunProgram(arguments).exit_code, kExitOk);
  EXPECT_TRUE(Exists("ours.dxm"));
}

TEST_F(TrainCommandTest, HoldsOutByNameAndKeepsNamesOfPeopleOutOfTraining) {
  std::vector<Record> records = MakeRecords({{RecordKind::kExpert, 100}, {RecordKind::kResult, 100}});
  MakeCatalogue(CatalogueFolder(Data()), records);
  const auto view = OpenCatalogueView(CatalogueFolder(Data()));
  ASSERT_TRUE(view.ok()) << view.status();
  const auto texts = ReadCatalogueTexts(**view, EmptyLexicon(), nullptr);
  ASSERT_TRUE(texts.ok()) << texts.status();
  EXPECT_EQ(texts->records, 200u);
  EXPECT_GT(texts->held_out.size(), 2u);
  EXPECT_LT(texts->held_out.size(), 45u);
  for (const TrainingText& text : texts->training.texts) EXPECT_THAT(text.title, Not(HasSubstr("专家")));
  for (const HeldOutRecord& record : texts->held_out) {
    for (const std::string& query : record.queries) EXPECT_THAT(query, Not(HasSubstr("专家")));
  }
}

TEST_F(TrainCommandTest, AGainOfAModelOverItselfIsNothing) {
  TrainBase();
  const auto model = StaticModel::Open(Path("base.dxm"));
  ASSERT_TRUE(model.ok()) << model.status();
  Random random(2);
  std::vector<HeldOutRecord> records;
  for (int i = 0; i < 40; ++i) {
    records.push_back({"r", {WordsOf(i % kTopics, 3, random)}, WordsOf(i % kTopics, 9, random)});
  }
  const auto gain = MeasureGain(records, *EmptyLexicon(), **model, **model, 2, nullptr);
  ASSERT_TRUE(gain.ok()) << gain.status();
  EXPECT_EQ(gain->queries, 40u);
  EXPECT_GT(gain->before, 1.0 / 40);
  EXPECT_THAT((std::vector{gain->difference(), gain->low, gain->high}), ElementsAre(0, 0, 0));
  // All documents alike: what chance gives, 1/40 of the sum of 1/1 to 1/40.
  for (HeldOutRecord& record : records) record.document = "t0w1";
  EXPECT_NEAR(MeasureGain(records, *EmptyLexicon(), **model, **model, 1, nullptr)->before, 4.278543 / 40,
              1e-6);
}

TEST_F(TrainCommandTest, RecipeErrorsNameFileAndKey) {
  struct Case {
    const char* recipe;
    const char* want;
  };
  const Case kCases[] = {
      {"{", "recipe.json: not valid JSON"},
      {"[]", "recipe.json: expected an object"},
      {"{}", "recipe.json: inputs: expected a list"},
      {R"({"inputs":[{"file":"a"}]})", "recipe.json: inputs[0].kind: missing"},
      {R"({"inputs":[{"kind":"novels"}]})", "inputs[0].kind: found 'novels', expected one of papers"},
      {R"({"inputs":[{"kind":"papers","file":"a","attribution":"b"}]})", "inputs[0].licence: missing"},
      {R"({"inputs":[{"kind":"papers","file":"a","licence":"b"}]})", "inputs[0].attribution: missing"},
      {R"({"inputs":[{"kind":"papers","licence":"b","attribution":"c"}]})", "inputs[0].file: missing"},
      {R"({"inputs":[{"kind":"tree","file":"a","licence":"b","attribution":"c","class":"d"}]})",
       "inputs[0].class: unknown"},
      {R"({"inputs":[{"kind":"keywords","file":"a","licence":"b","attribution":"c","skip_first":-1}]})",
       "inputs[0].skip_first: expected a whole number"},
      {R"({"options":{"step":1},"inputs":[]})", "options.step: unknown"},
      {R"({"options":{"steps":"1"},"inputs":[]})", "options.steps: expected a whole number"},
      {R"({"options":{"steps":5000000000},"inputs":[]})", "options.steps: expected a whole number"},
      {R"({"options":{"sizes":[1.5]},"inputs":[]})", "options.sizes: expected a list"},
      {R"({"options":{"learning_rate":"x"},"inputs":[]})", "options.learning_rate: expected a number"},
      {R"({"shares":{"titles":1},"inputs":[]})", "shares.titles: unknown"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.recipe);
    const absl::Status status = ReadRecipe(WriteFile("recipe.json", c.recipe)).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.want));
  }
}

TEST_F(TrainCommandTest, InputErrorsNameFileLineAndKey) {
  WriteInputs();
  const auto read = [&] {
    return ReadInputs(*ReadRecipe(Path("recipe.json")), folder_.path(), EmptyLexicon(), nullptr).status();
  };
  ASSERT_TRUE(read().ok()) << read();
  WriteFile("titles.jsonl", "{\"title\":\"a\"}\n\n{\"owners\":[]}\n");
  EXPECT_THAT(std::string(read().message()), HasSubstr("titles.jsonl:3: title"));
  WriteFile("titles.jsonl", "{\"title\":\"a\",\"owners\":\"o\"}");
  EXPECT_THAT(std::string(read().message()), HasSubstr("titles.jsonl:1: owners"));
  WriteFile("titles.jsonl", "no JSON\n");
  EXPECT_THAT(std::string(read().message()), HasSubstr("titles.jsonl:1: not a JSON object"));
  WriteFile("papers.jsonl.xz", "no xz");
  EXPECT_TRUE(absl::IsDataLoss(read()));
  WriteFile("papers.jsonl.xz", Packed(std::string(5000, ' ')).substr(0, 60));
  EXPECT_TRUE(absl::IsDataLoss(read()));
  std::filesystem::remove(Path("papers.jsonl.xz"));
  EXPECT_TRUE(absl::IsNotFound(read()));
}

TEST_F(TrainCommandTest, LeavesOutOtherLicencesAndExcludedSets) {
  WriteFile("t.jsonl",
            R"({"title":"a","c":["x"]}
{"title":"b","c":["x"],"licence":"MIT"}
{"title":"c","c":["x"],"licence":"none"}
{"title":"d","c":["x"],"set":"dev"}
{"title":"e","c":["y"]})");
  WriteFile("recipe.json",
            R"({"inputs":[{"kind":"classed_titles","file":"t.jsonl","class":"c","exclude_set":"dev",
      "licence":"MIT","attribution":"made up"}]})");
  const auto recipe = ReadRecipe(Path("recipe.json"));
  ASSERT_TRUE(recipe.ok()) << recipe.status();
  const auto corpus = ReadInputs(*recipe, folder_.path(), EmptyLexicon(), nullptr);
  ASSERT_TRUE(corpus.ok()) << corpus.status();
  std::string titles;
  for (const TrainingText& text : corpus->texts) titles += text.title;
  EXPECT_EQ(titles, "abe");
  EXPECT_THAT(corpus->same_class, ElementsAre(ElementsAre(0, 1)));
}

TEST_F(TrainCommandTest, TreePairsNameTheEntriesAbove) {
  WriteFile("t.jsonl", R"({"code":"A","name":"农业","parent":null}
{"code":"A1","name":"谷物","parent":"A"}
{"code":"A11","name":"青稞","parent":"A1"})");
  WriteFile("recipe.json",
            R"({"inputs":[{"kind":"tree","file":"t.jsonl","licence":"MIT","attribution":"made up"}]})");
  const auto corpus = ReadInputs(*ReadRecipe(Path("recipe.json")), folder_.path(), EmptyLexicon(), nullptr);
  ASSERT_TRUE(corpus.ok()) << corpus.status();
  std::vector<std::string> pairs;
  for (const TrainingPair& pair : corpus->tree) pairs.push_back(pair.query + "=" + pair.document);
  EXPECT_THAT(pairs, ElementsAre("谷物=农业", "青稞=谷物", "青稞=谷物 农业"));
}

TEST(ShippedRecipeTest, IsReadAndNamesLicences) {
  const auto recipe = ReadRecipe("models/recipe.json");
  ASSERT_TRUE(recipe.ok()) << recipe.status();
  EXPECT_GE(recipe->inputs.size(), 4u);
}

}  // namespace
}  // namespace dongxi::testing
