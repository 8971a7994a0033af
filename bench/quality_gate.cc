#include "bench/quality_gate.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

constexpr size_t kGateBytesMax = 1 << 20;
constexpr char kRemedy[] = "dongxi-bench sample-quality --update-gate writes it";

const GateFigure* FigureNamed(const std::vector<GateFigure>& figures, const std::string& name) {
  const auto found = std::find_if(figures.begin(), figures.end(),
                                  [&](const GateFigure& figure) { return figure.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

}  // namespace

absl::StatusOr<QualityGate> ReadGate(const std::filesystem::path& file) {
  const auto wrong = [&](const std::string& what) {
    return absl::InvalidArgumentError(file.string() + ": " + what + "; " + kRemedy);
  };
  if (!std::filesystem::exists(file))
    return absl::NotFoundError(file.string() + ": no gate of quality; " + kRemedy);
  DX_ASSIGN_OR_RETURN(const std::string text, ReadFile(file.string(), kGateBytesMax));
  const auto object = nlohmann::ordered_json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object() || !object.contains("figures") || !object["figures"].is_object())
    return wrong("expected {\"model\", \"ranking\", \"figures\": {name: number}}");
  QualityGate gate;
  for (const auto& [key, member] : {std::pair{"model", &gate.model}, std::pair{"ranking", &gate.ranking}}) {
    if (object.contains(key) && object[key].is_string()) *member = object[key].get<std::string>();
  }
  for (const auto& [name, value] : object["figures"].items()) {
    if (!value.is_number()) return wrong("figure \"" + name + "\" is no number");
    gate.figures.push_back({name, value.get<double>()});
  }
  if (gate.figures.empty()) return wrong("no figure");
  return gate;
}

absl::Status WriteGate(const std::filesystem::path& file, const QualityGate& gate) {
  nlohmann::ordered_json object = {{"model", gate.model}, {"ranking", gate.ranking}};
  for (const GateFigure& figure : gate.figures) {
    if (!std::isfinite(figure.value)) return absl::InvalidArgumentError(figure.name + " is not finite");
    object["figures"][figure.name] = nlohmann::ordered_json::parse(absl::StrFormat("%.4f", figure.value));
  }
  return WriteFileAtomically(file.string(), object.dump(2) + "\n");
}

absl::StatusOr<std::vector<double>> LowestPassing(const QualityGate& committed,
                                                  const std::vector<GateFigure>& now) {
  for (const GateFigure& figure : committed.figures) {
    if (FigureNamed(now, figure.name) == nullptr)
      return absl::InvalidArgumentError("the gate holds \"" + figure.name + "\", which is not measured; " +
                                        kRemedy);
  }
  std::vector<double> lowest;
  for (const GateFigure& figure : now) {
    const GateFigure* before = FigureNamed(committed.figures, figure.name);
    if (before == nullptr)
      return absl::InvalidArgumentError("the gate lacks \"" + figure.name + "\"; " + kRemedy);
    lowest.push_back(before->value - kGateSlack);
  }
  return lowest;
}

}  // namespace dongxi::bench
