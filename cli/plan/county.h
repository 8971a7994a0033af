// Which regions are counties: their parties get the floor and the weight of protected ones. Pure; any thread.
#pragma once

#include <string_view>

namespace dongxi::cli {

// True for a GB/T 2260 code (six digits) of a county, banner or county-level city: 632821 乌兰县, 632801
// 格尔木市, 500241 秀山县. False for districts of cities, for prefectures (6328, 632800), provinces and what
// is no code.
bool IsCounty(std::string_view code);

}  // namespace dongxi::cli
