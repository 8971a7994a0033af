#include "bench/served_data.h"

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

class CatalogueRecords : public RecordSource {
 public:
  explicit CatalogueRecords(const CatalogueReader& catalogue) : catalogue_(catalogue) {}
  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    return catalogue_.GetMany(names);
  }

 private:
  const CatalogueReader& catalogue_;
};

}  // namespace

std::filesystem::path CatalogueIn(const std::filesystem::path& data) { return data / "catalogue"; }
std::filesystem::path GenerationsIn(const std::filesystem::path& data) { return data / "generations"; }

std::string FromRepository(const std::string& path) {
  std::error_code error;
  if (std::filesystem::exists(path, error)) return path;
  const std::filesystem::path program = std::filesystem::canonical("/proc/self/exe", error);
  if (error) return path;
  const std::filesystem::path inside = program.parent_path().parent_path().parent_path().parent_path() / path;
  return std::filesystem::exists(inside, error) ? inside.string() : path;
}

ServedData::~ServedData() = default;

absl::StatusOr<std::unique_ptr<ServedData>> ServedData::Open(const std::filesystem::path& data,
                                                             const ProgramTables& tables) {
  std::unique_ptr<ServedData> served(new ServedData());
  DX_ASSIGN_OR_RETURN(served->catalogue_, OpenCatalogueView(CatalogueIn(data)));
  served->records_ = std::make_unique<CatalogueRecords>(*served->catalogue_);
  DX_ASSIGN_OR_RETURN(const std::string current, ReadCurrent(GenerationsIn(data)));
  DX_ASSIGN_OR_RETURN(served->context_.generation, OpenGeneration(GenerationsIn(data) / current, nullptr));
  DX_ASSIGN_OR_RETURN(served->context_.policy, LoadPolicy(tables.policy));
  DX_ASSIGN_OR_RETURN(served->context_.ranking, LoadRankingConfig(tables.ranking));
  served->context_.records = served->records_.get();
  return served;
}

MatchQuestion QuestionOf(Record need) {
  MatchQuestion question;
  question.need = std::move(need);
  question.settings.today = absl::ToCivilDay(absl::Now(), absl::FixedTimeZone(8 * 60 * 60));
  return question;
}

}  // namespace dongxi::bench
