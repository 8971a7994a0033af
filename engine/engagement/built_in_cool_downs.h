// data/engagement/cool_down.tsv as it was when the program was built. Private to engine/engagement.
#pragma once

#include <string_view>

namespace dongxi {

std::string_view BuiltInCoolDownText();

}  // namespace dongxi
