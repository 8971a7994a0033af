#include "tests/fuzz/rpc/live_values_known.h"

#include <string_view>

#include "tests/fuzz/rpc/live_values.h"

namespace dongxi::fuzz {
namespace {

struct Known {
  std::string_view field;
  std::vector<std::string_view> texts;
};

const std::vector<Known>& AllKnown() {
  static const auto& known = *new std::vector<Known>{
      {"filter",
       {"region = \"63\"",
        "kind = RESULT",
        "kind != EXPERT",
        "type = \"university\"",
        "field : \"盐湖\"",
        "maturity >= 6",
        "maturity : *",
        "mode : \"transfer\"",
        "mode : 转让",
        "condition : \"high_altitude\"",
        "year >= 2020",
        "illustrative = true",
        "name = \"results/r-lithium\"",
        "tenant = \"park\"",
        "valid_until >= 2026-12-31",
        "-valid_until:*",
        "NOT (kind = EXPERT OR maturity < 4)",
        "(mode : transfer OR mode : license) AND NOT kind = EXPERT",
        "done = false",
        "kind = \"backup\"",
        "done = true AND kind = \"verify\"",
        "((((((((kind = RESULT))))))))",
        "region = 青海 -year : *"}},
      {"request_id",
       {"0b8f1c7e-5d2a-4c3b-9e6f-112233445566", "7d0a1b2c-3e4f-4a5b-8c6d-000000000001",
        "7d0a1b2c-3e4f-4a5b-8c6d-000000000002", "0b8f1c7e-5d2a-1c3b-9e6f-112233445566", "not-a-uuid"}},
      {"region_code", {"63", "6301", "630102", "12", "1", "99", "", "6", "63010203", "青海"}},
      {"type",
       {"university", "research_institute", "enterprise", "technology", "patent", "variety", "publication",
        "project", "大学", "nonsense"}},
      {"modes", {"transfer", "license", "joint_rd", "flexible_hiring", "enclave_park", "转让", "nonsense"}},
      {"conditions", {"high_altitude", "cold", "arid", "saline", "高寒", "nonsense"}},
      {"valid_until",
       {"2026-12-31", "1999-01-01", "2026-02-29", "9999-12-31", "0000-00-00", "2026-1-1",
        "2026-12-31T00:00:00Z"}},
      {"text",
       {"高镁锂比盐湖卤水提锂吸附剂", "枸杞 干燥 节能", "a", "的", "ＡＩ　芯片", "CRISPR", "\u200b", "。，！",
        "🦙", "lithium brine adsorbent", "e\u0301", "\U00020000\U0002A6D6"}},
      {"task", {"3.2", "1", "0", "99.99"}},
      {"channel", {"keji-yuanqing", "keji-yuanjiang", "nonsense"}},
      {"ranking_profile",
       {"default", "policy_first", "content_only", "mature_first", "conditions_first", "regional_balance",
        "wide_choice", "nonsense"}},
      {"model", {"dongxi", "nonsense"}},
      {"registration_number", {"2026630100000001", "2026630100000002"}},
      {"actor", {"技术转移处", "office-1"}},
      {"why", {"录入有误", "双方重新接洽"}},
      {"note", {"现场会谈，有意向"}},
      {"next_page_token", {"AAAA", "not a token", "CgASAA=="}},
      {"etag", {"\"0\"", "0", "\"nonsense\""}},
      {"new_id",
       {"n-new", "r-new", "新-1", "..", "a/b", "with space", std::string_view("nul\0byte", 8), "-"}},
      {"results", {"results/absent", "results/", "results/a/b"}},
      {"needs", {"needs/absent", "needs/..", "needs/n-new"}},
      {"watches", {"watches/absent"}},
      {"operations", {"operations", "operations/absent"}},
      {"generations", {"generations/absent", "generations/..", "generations/../.."}},
      {"reports", {"reports/absent", "reports/r-0000000000000000", "reports/../catalogue"}},
      {"backups", {"backups/absent", "backups/..", "backups/../../catalogue"}},
      {"matches", {"matches/absent"}},
      {"engagements", {"engagements/absent"}},
  };
  return known;
}

struct Like {
  std::string_view field;
  std::vector<std::string> others;
};

const std::vector<Like>& AllLike() {
  static const std::vector<std::string> offers = {"results", "institutions", "experts", "needs"};
  static const std::vector<std::string> texts = {"text", "title", "statement", "abstract", "wanted"};
  static const auto& like = *new std::vector<Like>{
      {"page_token", {"next_page_token", "next_cursor"}},
      {"cursor", {"next_cursor", "creation_cursor"}},
      {"offer", offers},
      {"offer_name", offers},
      {"candidate", offers},
      {"owners", offers},
      {"need_filter", {"filter"}},
      {"compare_with", {"reports"}},
      {"need_region_code", {"region_code"}},
      {"offer_region_code", {"region_code"}},
      {"availability", {"modes"}},
      {"mode", {"modes"}},
      {"deadline", {"valid_until"}},
      {"query", texts},
      {"texts", texts},
      {"title", texts},
      {"description", texts},
      {"wanted", texts},
      {"statement", texts},
      {"match_id", {"watches"}},
      {"institution_id", {"new_id"}},
      {"expert_id", {"new_id"}},
      {"result_id", {"new_id"}},
      {"need_id", {"new_id"}},
      {"evidence_id", {"new_id"}},
      {"model", {"id"}},
  };
  return like;
}

}  // namespace

void AddKnownValues(LiveValues* values) {
  for (const Known& known : AllKnown()) {
    for (const std::string_view text : known.texts) values->Add(std::string(known.field), std::string(text));
  }
}

std::vector<std::string> FieldsLike(const std::string& field) {
  std::vector<std::string> fields = {field};
  for (const Like& like : AllLike()) {
    if (like.field == field) fields.insert(fields.end(), like.others.begin(), like.others.end());
  }
  return fields;
}

}  // namespace dongxi::fuzz
