#include "engine/match/route_institutions.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi {
namespace {

using requirement::RequirementKind;
using requirement::RequirementVerdict;
using requirement::RouteRow;

constexpr char kNaming[] = "。本次合作机构中可以找：";

struct Partner {
  RecordName name;
  std::string title, type;
};

std::vector<Partner> PartnersOf(const DocumentTable& documents, const MatchList& list) {
  std::vector<Partner> partners;
  for (const MatchEntry& entry : list.entries) {
    const std::optional<DocId> doc = documents.Find(entry.name.kind, entry.name.id);
    if (!doc.has_value() || !entry.barred.empty() || documents.type(*doc).empty()) continue;
    partners.push_back({entry.name, entry.title, std::string(documents.type(*doc))});
  }
  return partners;
}

// The first of the verdict's routes that an institution of that type can take; null: none.
const RouteRow* RouteFor(const RequirementVerdict& verdict, const std::string& type) {
  for (const std::string& code : verdict.routes) {
    for (const RouteRow& row : requirement::BuiltInRequirementTables().routes()) {
      const auto& types = row.institutions;
      if (row.code == code && std::find(types.begin(), types.end(), type) != types.end()) return &row;
    }
  }
  return nullptr;
}

// Takes back what an earlier call wrote.
void Forget(RequirementVerdict& verdict) {
  if (verdict.route_institutions.empty()) return;
  verdict.route_institutions.clear();
  const size_t at = verdict.reason.rfind(kNaming);
  if (at != std::string::npos) verdict.reason.erase(at);
}

void Name(const std::vector<Partner>& partners, const RecordName& self, RequirementVerdict& verdict) {
  std::string text;
  for (const Partner& partner : partners) {
    if (verdict.route_institutions.size() == kRouteInstitutionsMax) break;
    const RouteRow* route = partner.name == self ? nullptr : RouteFor(verdict, partner.type);
    if (route == nullptr) continue;
    verdict.route_institutions.push_back({partner.name, partner.title, route->code});
    absl::StrAppend(&text, text.empty() ? "" : "、", partner.title, "（", route->name, "）");
  }
  if (!text.empty()) absl::StrAppend(&verdict.reason, kNaming, text);
}

}  // namespace

void NameRouteInstitutions(const DocumentTable& documents, MatchAnswer& answer) {
  const std::vector<Partner> partners = PartnersOf(documents, answer.partners);
  for (MatchList* list : {&answer.partners, &answer.experts, &answer.results}) {
    for (MatchEntry& entry : list->entries) {
      for (RequirementVerdict& verdict : entry.requirements) {
        if (verdict.kind != RequirementKind::kMaturity || verdict.routes.empty()) continue;
        Forget(verdict);
        Name(partners, entry.name, verdict);
      }
    }
  }
}

}  // namespace dongxi
