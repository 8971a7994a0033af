#include "server/generation_gauges.h"

namespace dongxi {

void MeasureGeneration(const Snapshot* served, absl::Time now, Metrics& metrics) {
  using Gauge = Metrics::Gauge;
  if (served == nullptr) {
    for (const Gauge gauge : {Gauge::kGenerationAge, Gauge::kGenerationSequence, Gauge::kDeltaRecords})
      metrics.Set(gauge, 0);
    return;
  }
  const Manifest& manifest = served->generation->manifest;
  metrics.Set(Gauge::kGenerationAge, absl::ToDoubleSeconds(now - served->build_time));
  metrics.Set(Gauge::kGenerationSequence, static_cast<double>(manifest.catalogue_sequence));
  metrics.Set(Gauge::kDeltaRecords, static_cast<double>(served->delta_size));
  if (manifest.embedder != "remote") metrics.Set(Gauge::kEmbedderHealthy, 1);
}

}  // namespace dongxi
