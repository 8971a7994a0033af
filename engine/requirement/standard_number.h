// The numbers of standards, which are no quantities: GB 18918-2002, NY/T 1668-2008, DB65/T 4321, ISO
// 9001:2015. Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>

#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

// The character after the standard's number that begins at `at`; `at` if none begins there. Capital letters
// of an issuer that we know, or any with a year behind the number.
size_t SkipStandardNumber(const ScanText& scan, size_t at);

}  // namespace dongxi::requirement
