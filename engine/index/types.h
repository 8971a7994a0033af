// Small types that the index files share.
#pragma once

#include <cstdint>

namespace dongxi {

// Row number of a document inside one generation; it never leaves its generation.
using DocId = uint32_t;

}  // namespace dongxi
