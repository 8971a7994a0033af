#include "bench/requirement/pair_file.h"

#include <array>

#include "bench/json_lines.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

using requirement::ByteSpan;
using requirement::Outcome;

constexpr std::array<Outcome, 4> kOutcomes = {Outcome::kMet, Outcome::kShort, Outcome::kContradictory,
                                              Outcome::kUnknown};

absl::StatusOr<ByteSpan> SpanOf(const nlohmann::json& value, const std::string& text) {
  if (!value.is_array() || value.size() != 2 || !value[0].is_number_unsigned() ||
      !value[1].is_number_unsigned())
    return absl::InvalidArgumentError("a span is [begin, end) in bytes");
  const ByteSpan span{value[0].get<uint32_t>(), value[1].get<uint32_t>()};
  if (span.begin >= span.end || span.end > text.size())
    return absl::InvalidArgumentError("a span lies outside its text");
  return span;
}

absl::StatusOr<LabelledIndicator> IndicatorOf(const nlohmann::json& object, const LabelledPair& pair) {
  LabelledIndicator indicator;
  const std::string label = StringOf(object, "label");
  bool known = false;
  for (const Outcome outcome : kOutcomes) {
    if (LabelOf(outcome) != label) continue;
    indicator.label = outcome;
    known = true;
  }
  if (!known)
    return absl::InvalidArgumentError("label \"" + label + "\"; expected met, short, contradictory, unknown");
  DX_ASSIGN_OR_RETURN(indicator.need, SpanOf(object.value("need_span", nlohmann::json()), pair.need));
  if (indicator.label == Outcome::kUnknown) return indicator;
  DX_ASSIGN_OR_RETURN(indicator.result, SpanOf(object.value("result_span", nlohmann::json()), pair.result));
  return indicator;
}

}  // namespace

std::string LabelOf(Outcome outcome) {
  switch (outcome) {
    case Outcome::kMet:
      return "met";
    case Outcome::kShort:
      return "short";
    case Outcome::kContradictory:
      return "contradictory";
    case Outcome::kUnknown:
      return "unknown";
  }
  return "";
}

absl::StatusOr<std::vector<LabelledPair>> ReadLabelledPairs(const std::filesystem::path& file) {
  std::vector<LabelledPair> pairs;
  DX_RETURN_IF_ERROR(ReadJsonLines(file, [&](const nlohmann::json& object) -> absl::Status {
    LabelledPair pair{.id = StringOf(object, "id"),
                      .field = StringOf(object, "field"),
                      .need = StringOf(object, "need"),
                      .result = StringOf(object, "result")};
    if (pair.id.empty() || pair.need.empty() || pair.result.empty())
      return absl::InvalidArgumentError("a pair has id, need and result");
    const auto half = object.find("half");
    if (half == object.end() || !half->is_number_integer())
      return absl::InvalidArgumentError("half is 1 to " + std::to_string(kPartsOfPairs));
    pair.half = half->get<int>();
    // The bars are measured part by part: a pair of another part would be left out in silence.
    if (pair.half < 1 || pair.half > kPartsOfPairs)
      return absl::InvalidArgumentError("half is 1 to " + std::to_string(kPartsOfPairs));
    for (const nlohmann::json& one : object.value("indicators", nlohmann::json::array())) {
      DX_ASSIGN_OR_RETURN(LabelledIndicator indicator, IndicatorOf(one, pair));
      pair.indicators.push_back(indicator);
    }
    pairs.push_back(std::move(pair));
    return absl::OkStatus();
  }));
  return pairs;
}

}  // namespace dongxi::bench
