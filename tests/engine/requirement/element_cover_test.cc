// Which offers cover an element, with the shipped model and by words alone.
#include "engine/requirement/element_cover.h"

#include <gtest/gtest.h>

namespace dongxi::requirement {
namespace {

double EveryTermAlike(std::string_view) { return 1; }

PhraseOf By(const StaticModel* model) {
  if (model == nullptr) return nullptr;
  return [model](const std::string& text) { return MakePhraseVector(text, *model); };
}

class ElementCoverTest : public testing::Test {
 protected:
  ElementCoverTest() {
    auto model = StaticModel::Open("models/dongxi-static.dxm");
    EXPECT_TRUE(model.ok()) << model.status();
    model_ = *std::move(model);
  }
  static Record Result(std::string id, std::string text) {
    return {.kind = RecordKind::kResult, .id = std::move(id), .title = "成果", .text = std::move(text)};
  }
  bool Covers(const std::string& element, const std::string& offer, const StaticModel* model) const {
    const ElementCover cover(std::span(&element, 1), EveryTermAlike, By(model), tables_);
    return cover.CoveredBy(ReadOfferClauses(Result("r", offer), model, tables_)) == 1;
  }

  const RequirementTables& tables_ = BuiltInRequirementTables();
  std::shared_ptr<const StaticModel> model_;
};

TEST_F(ElementCoverTest, TheSameWordsCoverWithAndWithoutAModel) {
  for (const StaticModel* model : {static_cast<const StaticModel*>(nullptr), model_.get()}) {
    EXPECT_TRUE(Covers("固沙植被技术", "在流动沙丘上恢复固沙植被，三年盖度六成。", model));
    EXPECT_FALSE(Covers("固沙植被技术", "鲜奶杀菌与发酵设备，日处理两吨。", model));
  }
}

TEST_F(ElementCoverTest, TheModelSeesWhatOtherWordsSay) {
  const std::string element = "降氮减磷";
  const auto closeness = [&](const std::string& offer, const StaticModel* model) {
    const ElementCover cover(std::span(&element, 1), EveryTermAlike, By(model), tables_);
    return cover.Closeness(0, ReadOfferClauses(Result("r", offer), model, tables_));
  };
  constexpr char kNear[] = "湿地出水总氮年均削减56%。", kFar[] = "鲜奶杀菌与发酵设备，日处理两吨。";
  EXPECT_EQ(closeness(kNear, nullptr), 0) << "no word in common";
  EXPECT_GT(closeness(kNear, model_.get()), closeness(kFar, model_.get()) + 0.2);
}

TEST_F(ElementCoverTest, AClauseThatDeniesItDoesNotCover) {
  EXPECT_TRUE(Covers("采收成熟度判定", "采收成熟度判定用果面色泽。", model_.get()));
  EXPECT_FALSE(Covers("采收成熟度判定", "采收成熟度判定未包含。", model_.get()));
}

TEST_F(ElementCoverTest, LatinWordsStandAlone) {
  EXPECT_TRUE(Covers("DNA", "用DNA芯片", nullptr));
  EXPECT_FALSE(Covers("DNA", "用mtdnaseq流程", nullptr));
}

TEST_F(ElementCoverTest, ManyElementsAreJudgedOneByOne) {
  const std::vector<std::string> texts = {"鲜奶杀菌", "固沙植被", "", "的"};
  const ElementCover cover(texts, EveryTermAlike, By(model_.get()), tables_);
  EXPECT_EQ(cover.CoveredBy(ReadOfferClauses(Result("r", "固沙植被恢复"), model_.get(), tables_)), 0b0010u);
  EXPECT_EQ(cover.CoveredBy({}), 0u);
}

TEST_F(ElementCoverTest, KeptClausesAreThoseOfTheRecordAndTheModel) {
  OfferClauseReadings kept(tables_, 2);
  const auto first = kept.Of(Result("r", "固沙植被恢复"), model_.get());
  EXPECT_EQ(kept.Of(Result("r", "固沙植被恢复"), model_.get()), first);
  EXPECT_NE(kept.Of(Result("r", "固沙植被恢复"), nullptr), first) << "another model";
  const auto changed = kept.Of(Result("r", "鲜奶杀菌"), model_.get());
  ASSERT_EQ(changed->size(), 1u) << "成果 is too short";
  EXPECT_EQ((*changed)[0].text, U"鲜奶杀菌");
  kept.Of(Result("s", "x"), model_.get());
  kept.Of(Result("t", "x"), model_.get());
  EXPECT_EQ(kept.size(), 2u);
}

TEST_F(ElementCoverTest, PhrasesAreNearestToThemselves) {
  const PhraseVector sand = MakePhraseVector("固沙植被", *model_),
                     milk = MakePhraseVector("鲜奶杀菌", *model_);
  EXPECT_NEAR(Cosine(sand, sand), 1, 1e-9);
  EXPECT_LT(Cosine(sand, milk), 0.5);
  EXPECT_EQ(Cosine(sand, {}), 0);
  EXPECT_TRUE(MakePhraseVector("", *model_).values.empty());
}

}  // namespace
}  // namespace dongxi::requirement
