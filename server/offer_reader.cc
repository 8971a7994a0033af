#include "server/offer_reader.h"

#include <memory>

#include "absl/time/clock.h"
#include "engine/match/read_ahead.h"

namespace dongxi {
namespace {

// As they are, whoever may see them: readings are no answers.
class AllRecords : public RecordSource {
 public:
  explicit AllRecords(const CatalogueReader& catalogue) : catalogue_(catalogue) {}

  absl::StatusOr<std::vector<std::optional<Record>>> GetMany(
      std::span<const RecordName> names) const override {
    return catalogue_.GetMany(names);
  }

 private:
  const CatalogueReader& catalogue_;
};

}  // namespace

void OfferReader::Start() {
  thread_ = std::thread([this] { Run(); });
}

void OfferReader::Run() {
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      const auto called = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_ || look_; };
      mutex_.Await(absl::Condition(&called));
      if (stopping_) return;
      look_ = false;
    }
    const std::shared_ptr<const Snapshot> served = state_->Current();
    if (served != nullptr && served->generation->manifest.generation != read_) Read(*served->generation);
  }
}

void OfferReader::Read(const Generation& generation) {
  const absl::Time begin = absl::Now();
  const absl::StatusOr<size_t> read = ReadOffersAhead(generation, AllRecords(*catalogue_), [this] {
    spare_.Await([this] { return Disturbed(); });
    return !Disturbed();
  });
  if (Disturbed()) return;
  read_ = generation.manifest.generation;
  if (!read.ok()) {
    log_->Warning("offers are read when they are asked for: " + std::string(read.status().message()));
  } else if (*read > 0) {
    log_->Info("read what " + std::to_string(*read) + " offers say in " +
               absl::FormatDuration(absl::Trunc(absl::Now() - begin, absl::Milliseconds(1))));
  }
}

bool OfferReader::Disturbed() const {
  const absl::MutexLock lock(&mutex_);
  return stopping_ || look_;
}

void OfferReader::Look() {
  const absl::MutexLock lock(&mutex_);
  look_ = true;
}

void OfferReader::Stop() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

}  // namespace dongxi
