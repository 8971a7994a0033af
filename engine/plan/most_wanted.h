// Whom most others ask for: the parties that the cap of the settings (最受欢迎方上限) is about.
#pragma once

#include <vector>

#include "engine/plan/event.h"

namespace dongxi::plan {

// The tenth of each side, rounded up, that most others ask for; needs first, most wanted first. A need
// without a word of its own asks for all that its pairs propose: an event made from a report has no requests,
// and the offer on most lists would otherwise never be a most wanted one. Offers do not ask for needs unless
// they say so. Pure; any thread.
std::vector<int> MostWanted(const Event& event);

}  // namespace dongxi::plan
