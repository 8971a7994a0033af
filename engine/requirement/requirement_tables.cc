#include "engine/requirement/requirement_tables.h"

#include <algorithm>
#include <utility>

#include "engine/base/status_macros.h"
#include "engine/policy/table_text.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

// Reads one table after the other into a RequirementTables.
class TableReader {
 public:
  explicit TableReader(const TableFiles& files) : files_(files) {}

  absl::StatusOr<std::shared_ptr<const RequirementTables>> Read() {
    DX_RETURN_IF_ERROR(ReadUnits());
    DX_RETURN_IF_ERROR(ReadDenominators());
    DX_RETURN_IF_ERROR(ReadQuantities());
    DX_RETURN_IF_ERROR(ReadComplements());
    DX_RETURN_IF_ERROR(ReadUnitFits());
    DX_RETURN_IF_ERROR(ReadQualifiers());
    DX_RETURN_IF_ERROR(ReadOpposites());
    DX_RETURN_IF_ERROR(ReadWords());
    DX_RETURN_IF_ERROR(ReadMaturity());
    DX_RETURN_IF_ERROR(ReadRoutes());
    DX_RETURN_IF_ERROR(ReadModes());
    DX_RETURN_IF_ERROR(ReadModePhrases());
    DX_RETURN_IF_ERROR(ReadParties());
    DX_RETURN_IF_ERROR(ReadConditions());
    DX_RETURN_IF_ERROR(ReadClaims());
    DX_RETURN_IF_ERROR(ReadLiveness());
    DX_RETURN_IF_ERROR(ReadElementWords());
    DX_RETURN_IF_ERROR(ReadSameQuantity());
    return std::move(tables_);
  }

 private:
  absl::StatusOr<std::vector<TableRow>> Rows(std::string_view file,
                                             const std::vector<std::string_view>& columns) {
    file_ = file;
    const auto found = files_.find(file);
    if (found == files_.end()) {
      return absl::NotFoundError("data/requirement: " + std::string(file) +
                                 " is missing; take it from the product's data folder");
    }
    return ParseTable(file, found->second, columns);
  }
  absl::Status Wrong(const TableRow& row, std::string_view column, std::string_view found,
                     std::string_view expected) const {
    return TableError({file_, row.line}, column, found, expected);
  }
  absl::Status AddWords(const TableRow& row, std::string_view cell, size_t id, bool fold,
                        WordFinder& finder) {
    for (const std::string& word : SplitWords(cell)) {
      const std::u32string scanned = fold ? FoldAscii(ScanWord(word)) : ScanWord(word);
      if (scanned.empty() || !finder.Add(scanned, id))
        return Wrong(row, "words", word, "a word of at most 40 characters that no other row has");
    }
    return absl::OkStatus();
  }
  absl::StatusOr<double> Number(const TableRow& row, std::string_view column, std::string_view text,
                                double low, double high) const {
    double value = 0;
    if (!ParseNumber(text, value) || !(value >= low && value <= high)) {
      return Wrong(row, column, text, "a number from " + std::to_string(low) + " to " + std::to_string(high));
    }
    return value;
  }
  absl::StatusOr<int> Level(const TableRow& row, std::string_view column, std::string_view text) const {
    DX_ASSIGN_OR_RETURN(const double value, Number(row, column, text, 1, 9));
    return static_cast<int>(value);
  }

  absl::Status ReadUnits() {
    DX_ASSIGN_OR_RETURN(const auto rows,
                        Rows("units.tsv", {"unit", "dimension", "factor", "offset", "words"}));
    for (const TableRow& row : rows) {
      UnitRow unit{.unit = std::string(row.cells[0])};
      absl::StatusOr<Dimension> dimension = Dimension::Parse(row.cells[1]);
      if (!dimension.ok())
        return Wrong(row, "dimension", row.cells[1], std::string(dimension.status().message()));
      unit.dimension = *std::move(dimension);
      DX_ASSIGN_OR_RETURN(unit.factor, Number(row, "factor", row.cells[2], 1e-30, 1e30));
      DX_ASSIGN_OR_RETURN(unit.offset, Number(row, "offset", row.cells[3], 0, 1000));
      const size_t id = tables_->units_.size();
      DX_RETURN_IF_ERROR(AddWords(row, row.cells[4], id, false, tables_->unit_words_));
      // Where units differ by case only, the first row is meant when the case is wrong.
      for (const std::string& word : SplitWords(row.cells[4]))
        tables_->unit_words_folded_.Add(FoldAscii(ScanWord(word)), id);
      tables_->units_.push_back(std::move(unit));
    }
    return absl::OkStatus();
  }

  absl::Status ReadDenominators() {
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("denominators.tsv", {"unit", "words"}));
    for (const TableRow& row : rows) {
      const auto unit = std::find_if(tables_->units_.begin(), tables_->units_.end(),
                                     [&](const UnitRow& one) { return one.unit == row.cells[0]; });
      if (unit == tables_->units_.end()) return Wrong(row, "unit", row.cells[0], "a unit of units.tsv");
      const auto id = static_cast<size_t>(unit - tables_->units_.begin());
      DX_RETURN_IF_ERROR(AddWords(row, row.cells[1], id, true, tables_->denominators_));
    }
    return absl::OkStatus();
  }

  absl::Status ReadQuantities() {
    static const std::pair<std::string_view, Better> kBetter[] = {{"none", Better::kNone},
                                                                  {"high", Better::kHigh},
                                                                  {"low", Better::kLow},
                                                                  {"reach_high", Better::kReachHigh},
                                                                  {"reach_low", Better::kReachLow}};
    static const std::pair<std::string_view, QuantityKind> kKinds[] = {{"plain", QuantityKind::kPlain},
                                                                       {"generic", QuantityKind::kGeneric},
                                                                       {"cut", QuantityKind::kCut},
                                                                       {"rise", QuantityKind::kRise}};
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("quantities.tsv", {"quantity", "better", "kind", "words"}));
    for (const TableRow& row : rows) {
      QuantityRow quantity{.quantity = std::string(row.cells[0])};
      const auto* better = std::find_if(std::begin(kBetter), std::end(kBetter),
                                        [&](const auto& one) { return one.first == row.cells[1]; });
      if (better == std::end(kBetter))
        return Wrong(row, "better", row.cells[1], "none, high, low, reach_high or reach_low");
      const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                      [&](const auto& one) { return one.first == row.cells[2]; });
      if (kind == std::end(kKinds)) return Wrong(row, "kind", row.cells[2], "plain, generic, cut or rise");
      quantity.better = better->second;
      quantity.kind = kind->second;
      DX_RETURN_IF_ERROR(
          AddWords(row, row.cells[3], tables_->quantities_.size(), true, tables_->quantity_words_));
      tables_->quantities_.push_back(std::move(quantity));
    }
    return absl::OkStatus();
  }

  absl::Status ReadComplements() {
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("complements.tsv", {"quantity", "complement"}));
    for (const TableRow& row : rows) {
      DX_RETURN_IF_ERROR(ReadHalf(row, 0, "quantity"));
      DX_RETURN_IF_ERROR(ReadHalf(row, 1, "complement"));
    }
    return absl::OkStatus();
  }

  absl::Status ReadHalf(const TableRow& row, size_t cell, std::string_view column) {
    bool found = false;
    for (QuantityRow& quantity : tables_->quantities_) {
      if (quantity.quantity != row.cells[cell]) continue;
      quantity.complement = {static_cast<uint16_t>(row.line), cell == 1};
      found = true;
    }
    return found ? absl::OkStatus() : Wrong(row, column, row.cells[cell], "a quantity of quantities.tsv");
  }

  absl::Status ReadUnitFits() {
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("unit_fits.tsv", {"bases", "max", "words"}));
    for (const TableRow& row : rows) {
      UnitFitRow fit;
      for (std::string& base : SplitWords(row.cells[0])) {
        const absl::StatusOr<Dimension> dimension = Dimension::Parse(base);
        if (!dimension.ok()) return Wrong(row, "bases", base, "base quantities of units.tsv");
        if (dimension->is_ratio()) {
          fit.ratio = true;
        } else {
          fit.bases.push_back(std::move(base));
        }
      }
      if (row.cells[1] != "-") {
        DX_ASSIGN_OR_RETURN(fit.share_max, Number(row, "max", row.cells[1], 1e-9, 1e9));
      }
      DX_RETURN_IF_ERROR(
          AddWords(row, row.cells[2], tables_->unit_fits_.size(), true, tables_->unit_fit_words_));
      tables_->unit_fits_.push_back(std::move(fit));
    }
    return absl::OkStatus();
  }

  absl::Status ReadQualifiers() {
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("qualifiers.tsv", {"class", "value", "words"}));
    std::map<std::u32string, size_t> places;
    for (const TableRow& row : rows) {
      for (const std::string& word : SplitWords(row.cells[2])) {
        const std::u32string scanned = FoldAscii(ScanWord(word));
        const auto [place, added] = places.emplace(scanned, tables_->qualifiers_.size());
        if (added) {
          tables_->qualifiers_.emplace_back();
          tables_->qualifier_words_.Add(scanned, place->second);
        }
        tables_->qualifiers_[place->second].push_back({std::string(row.cells[0]), std::string(row.cells[1])});
      }
    }
    return absl::OkStatus();
  }

  absl::Status ReadOpposites() {
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("opposites.tsv", {"class", "value", "words"}));
    std::map<std::string_view, uint16_t> classes, values;
    std::map<std::u32string, size_t> places;
    for (const TableRow& row : rows) {
      const OppositeWord told{classes.emplace(row.cells[0], classes.size()).first->second,
                              values.emplace(row.cells[1], values.size()).first->second};
      for (const std::string& word : SplitWords(row.cells[2])) {
        const std::u32string scanned = FoldAscii(ScanWord(word));
        const auto [place, added] = places.emplace(scanned, tables_->opposites_.size());
        if (added) {
          tables_->opposites_.emplace_back();
          tables_->opposite_words_.Add(scanned, place->second);
        }
        tables_->opposites_[place->second].push_back(told);
      }
    }
    return absl::OkStatus();
  }

  absl::Status ReadWords() {
    static constexpr std::string_view kNames[kWordClasses] = {
        "skip_number",     "not_unit", "baseline", "target", "versus", "prefix", "suffix",
        "condition_after", "negation", "measure",  "noun",   "topic",  "study"};
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("words.tsv", {"class", "words"}));
    for (const TableRow& row : rows) {
      const auto* name = std::find(std::begin(kNames), std::end(kNames), row.cells[0]);
      if (name == std::end(kNames))
        return Wrong(row, "class", row.cells[0], "a class named in the file's head");
      DX_RETURN_IF_ERROR(AddWords(row, row.cells[1], 0, true, tables_->words_[name - std::begin(kNames)]));
    }
    return absl::OkStatus();
  }

  absl::Status ReadMaturity() {
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("maturity.tsv", {"low", "high", "words", "side"}));
    for (const TableRow& row : rows) {
      MaturityRow level;
      DX_ASSIGN_OR_RETURN(level.low, Level(row, "low", row.cells[0]));
      DX_ASSIGN_OR_RETURN(level.high, Level(row, "high", row.cells[1]));
      if (level.high < level.low) return Wrong(row, "high", row.cells[1], "a level not below low");
      const std::string_view side = row.cells[3];
      if (side != "both" && side != "need" && side != "offer" && side != "none")
        return Wrong(row, "side", side, "both, need, offer or none");
      level.is_level = side != "none";
      for (const bool of_need : {false, true}) {
        if (side == (of_need ? "offer" : "need")) continue;
        WordFinder& words = tables_->maturity_words_[of_need ? 1 : 0];
        DX_RETURN_IF_ERROR(AddWords(row, row.cells[2], tables_->maturity_.size(), true, words));
      }
      tables_->maturity_.push_back(level);
    }
    return absl::OkStatus();
  }

  absl::Status ReadRoutes() {
    DX_ASSIGN_OR_RETURN(const auto rows,
                        Rows("routes.tsv", {"route", "name", "gap_min", "gap_max", "offered_min",
                                            "offered_max", "institutions", "reason"}));
    for (const TableRow& row : rows) {
      RouteRow route{.code = std::string(row.cells[0]), .name = std::string(row.cells[1])};
      DX_ASSIGN_OR_RETURN(route.gap_min, Level(row, "gap_min", row.cells[2]));
      DX_ASSIGN_OR_RETURN(route.gap_max, Level(row, "gap_max", row.cells[3]));
      DX_ASSIGN_OR_RETURN(route.offered_min, Level(row, "offered_min", row.cells[4]));
      DX_ASSIGN_OR_RETURN(route.offered_max, Level(row, "offered_max", row.cells[5]));
      route.institutions = SplitWords(row.cells[6]);
      route.reason = std::string(row.cells[7]);
      tables_->routes_.push_back(std::move(route));
    }
    return absl::OkStatus();
  }

  absl::Status ReadModes() {
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("modes.tsv", {"wanted", "offered", "fit", "reason"}));
    for (const TableRow& row : rows) {
      ModeFitRow fit{.reason = std::string(row.cells[3])};
      if (row.cells[2] == "fits") {
        fit.fit = ModeFit::kFits;
      } else if (row.cells[2] == "partly") {
        fit.fit = ModeFit::kPartly;
      } else if (row.cells[2] != "not") {
        return Wrong(row, "fit", row.cells[2], "fits, partly or not");
      }
      const std::string wanted(row.cells[0]), offered(row.cells[1]);
      if (!tables_->modes_[wanted].emplace(offered, std::move(fit)).second)
        return Wrong(row, "wanted, offered", wanted + " " + offered, "a pair that no other row has");
    }
    return absl::OkStatus();
  }

  absl::Status ReadModePhrases() {
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("mode_phrases.tsv", {"mode", "says", "phrases"}));
    DX_ASSIGN_OR_RETURN(tables_->mode_phrases_, ModePhraseTable::FromRows(file_, rows));
    return absl::OkStatus();
  }

  absl::Status ReadParties() {
    DX_ASSIGN_OR_RETURN(const auto rows,
                        Rows("parties.tsv", {"party", "name", "kinds", "types", "modes", "tasks", "words"}));
    for (const TableRow& row : rows) {
      DX_RETURN_IF_ERROR(PartyWords(row));
      tables_->parties_.push_back({std::string(row.cells[0]), std::string(row.cells[1]),
                                   SplitWords(row.cells[2]), SplitWords(row.cells[3]),
                                   SplitWords(row.cells[4]), SplitWords(row.cells[5])});
    }
    return absl::OkStatus();
  }

  // A word may ask for more than one party (进修 asks for people and for a trainer): the first row has it.
  absl::Status PartyWords(const TableRow& row) {
    for (const std::string& word : SplitWords(row.cells[6]))
      tables_->party_words_.Add(FoldAscii(ScanWord(word)), tables_->parties_.size());
    for (const std::string& kind : SplitWords(row.cells[2])) {
      if (kind != "institution" && kind != "expert" && kind != "result")
        return Wrong(row, "kinds", kind, "institution, expert or result");
    }
    return absl::OkStatus();
  }

  absl::Status ReadConditions() {
    DX_ASSIGN_OR_RETURN(const auto rows,
                        Rows("conditions.tsv", {"condition", "measure", "unit", "number", "scale", "near",
                                                "words", "hard", "names", "beside"}));
    for (const TableRow& row : rows) {
      if (row.cells[0] == "-") {
        DX_RETURN_IF_ERROR(AddWords(row, row.cells[6], 0, true, tables_->not_conditions_));
        continue;
      }
      ConditionRow condition{.code = std::string(row.cells[0])};
      if (row.cells[2] != "-") DX_RETURN_IF_ERROR(ReadMeasure(row, condition));
      condition.near = SplitWords(row.cells[5]);
      const size_t names = 2 * tables_->conditions_.size();
      DX_RETURN_IF_ERROR(AddWords(row, row.cells[8], names, true, tables_->condition_names_));
      DX_RETURN_IF_ERROR(AddWords(row, row.cells[9], names + 1, true, tables_->condition_names_));
      DX_RETURN_IF_ERROR(
          AddWords(row, row.cells[6], tables_->conditions_.size(), true, tables_->condition_words_));
      tables_->conditions_.push_back(std::move(condition));
    }
    return absl::OkStatus();
  }

  // A unit of units.tsv, or one over another: m/s. 1: a plain number.
  absl::Status MeasureUnit(const TableRow& row, ConditionRow& condition) {
    if (row.cells[2] == "1") return absl::OkStatus();
    const auto find = [this](std::string_view name) {
      return std::find_if(tables_->units_.begin(), tables_->units_.end(),
                          [&](const UnitRow& one) { return one.unit == name; });
    };
    const size_t slash = row.cells[2].find('/');
    const auto unit = find(row.cells[2].substr(0, slash));
    const auto over = slash == std::string_view::npos ? unit : find(row.cells[2].substr(slash + 1));
    if (unit == tables_->units_.end() || over == tables_->units_.end())
      return Wrong(row, "unit", row.cells[2], "a unit of units.tsv, or two of them with / between");
    condition.unit = std::string(row.cells[2]);
    condition.dimension =
        slash == std::string_view::npos ? unit->dimension : unit->dimension.Times(over->dimension, -1);
    condition.factor = slash == std::string_view::npos ? unit->factor : unit->factor / over->factor;
    condition.offset = slash == std::string_view::npos ? unit->offset : 0;
    return absl::OkStatus();
  }

  absl::Status ReadMeasure(const TableRow& row, ConditionRow& condition) {
    if (row.cells[1] != "-") condition.measure = std::string(row.cells[1]);
    const bool known = condition.measure.empty() ||
                       std::any_of(tables_->quantities_.begin(), tables_->quantities_.end(),
                                   [&](const QuantityRow& one) { return one.quantity == condition.measure; });
    if (!known) return Wrong(row, "measure", row.cells[1], "a quantity of quantities.tsv");
    if (row.cells[7] != "high" && row.cells[7] != "low")
      return Wrong(row, "hard", row.cells[7], "high or low");
    condition.low_is_hard = row.cells[7] == "low";
    DX_RETURN_IF_ERROR(MeasureUnit(row, condition));
    DX_ASSIGN_OR_RETURN(const double number, Number(row, "number", row.cells[3], -100, 10'000));
    DX_ASSIGN_OR_RETURN(const double scale, Number(row, "scale", row.cells[4], 0.001, 10'000));
    condition.number = number * condition.factor + condition.offset;
    condition.scale = scale * condition.factor;
    return absl::OkStatus();
  }

  absl::Status ReadClaims() {
    static constexpr std::string_view kPlaces[kClaimPlaces] = {
        "maturity_before", "asked_before",    "maturity_after", "demand", "condition_before",
        "condition_after", "liveness_before", "liveness_after", "other",  "maturity_other"};
    static constexpr std::string_view kEffects[] = {"none", "plan", "deny", "solve", "demand"};
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("claims.tsv", {"place", "effect", "reach", "words"}));
    for (const TableRow& row : rows) {
      const auto* place = std::find(std::begin(kPlaces), std::end(kPlaces), row.cells[0]);
      if (place == std::end(kPlaces))
        return Wrong(row, "place", row.cells[0], "a place named in the file's head");
      const auto* effect = std::find(std::begin(kEffects), std::end(kEffects), row.cells[1]);
      if (effect == std::end(kEffects))
        return Wrong(row, "effect", row.cells[1], "none, plan, deny, solve or demand");
      ClaimRow claim{.effect = static_cast<ClaimEffect>(effect - std::begin(kEffects))};
      DX_ASSIGN_OR_RETURN(const double reach, Number(row, "reach", row.cells[2], 0, 40));
      claim.reach = static_cast<size_t>(reach);
      const size_t id = tables_->claims_.size();
      WordFinder* const words = tables_->claim_words_;
      DX_RETURN_IF_ERROR(AddWords(row, row.cells[3], id, true, words[place - std::begin(kPlaces)]));
      // Another's level is no level of the offer: one list, with more words for maturity.
      if (*place == "other") {
        WordFinder& of_maturity = words[static_cast<size_t>(ClaimPlace::kMaturityOther)];
        DX_RETURN_IF_ERROR(AddWords(row, row.cells[3], id, true, of_maturity));
      }
      tables_->claims_.push_back(claim);
    }
    return absl::OkStatus();
  }

  absl::Status ReadLiveness() {
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("liveness.tsv", {"scope", "effect", "reason", "words"}));
    for (const TableRow& row : rows) {
      LivenessRow live{.reason = std::string(row.cells[2])};
      constexpr std::string_view kScopes[] = {"ip",       "expert",       "institution",  "load",
                                              "overload", "licence_ends", "retired_helps"};
      for (const std::string& scope : SplitWords(row.cells[0])) {
        if (std::find(std::begin(kScopes), std::end(kScopes), scope) == std::end(kScopes))
          return Wrong(row, "scope", scope,
                       "ip, expert, institution, load, overload, licence_ends or retired_helps");
      }
      live.scope = std::string(row.cells[0]);
      if (row.cells[1] != "block" && row.cells[1] != "lower" && row.cells[1] != "fine")
        return Wrong(row, "effect", row.cells[1], "block, lower or fine");
      live.effect = row.cells[1] == "block"   ? LivenessEffect::kBlock
                    : row.cells[1] == "lower" ? LivenessEffect::kLower
                                              : LivenessEffect::kFine;
      DX_RETURN_IF_ERROR(
          AddWords(row, row.cells[3], tables_->liveness_.size(), true, tables_->liveness_words_));
      tables_->liveness_.push_back(std::move(live));
    }
    return absl::OkStatus();
  }

  absl::Status ReadSameQuantity() {
    DX_ASSIGN_OR_RETURN(const auto rows,
                        Rows("same_quantity.tsv", {"tree", "node", "feature", "value", "below", "above"}));
    DX_ASSIGN_OR_RETURN(tables_->same_quantity_, SameQuantityModel::FromRows(file_, rows));
    return absl::OkStatus();
  }

  absl::Status ReadElementWords() {
    static constexpr std::string_view kNames[kElementWords] = {"demand",
                                                               "lead",
                                                               "skip",
                                                               "list",
                                                               "join",
                                                               "break",
                                                               "trim",
                                                               "empty",
                                                               "generic",
                                                               "absent",
                                                               "material_from",
                                                               "material_verb",
                                                               "material_after",
                                                               "method_head",
                                                               "product_head",
                                                               "product_before",
                                                               "effect_before",
                                                               "effect_after",
                                                               "effect_pair",
                                                               "effect_inside",
                                                               "application_before",
                                                               "application_after",
                                                               "application_end"};
    DX_ASSIGN_OR_RETURN(const auto rows, Rows("elements.tsv", {"class", "words"}));
    for (const TableRow& row : rows) {
      const auto* name = std::find(std::begin(kNames), std::end(kNames), row.cells[0]);
      if (name == std::end(kNames))
        return Wrong(row, "class", row.cells[0], "a class named in the file's head");
      DX_RETURN_IF_ERROR(
          AddWords(row, row.cells[1], 0, true, tables_->element_words_[name - std::begin(kNames)]));
    }
    return absl::OkStatus();
  }

  const TableFiles& files_;
  std::string_view file_;
  std::shared_ptr<RequirementTables> tables_ = std::make_shared<RequirementTables>();
};

absl::StatusOr<std::shared_ptr<const RequirementTables>> ParseRequirementTables(const TableFiles& files) {
  return TableReader(files).Read();
}

}  // namespace dongxi::requirement
