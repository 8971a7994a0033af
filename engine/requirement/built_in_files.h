// The files of data/requirement as they were when the program was built. Private to engine/requirement.
#pragma once

#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

TableFiles BuiltInFiles();

}  // namespace dongxi::requirement
