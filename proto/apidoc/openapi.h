// docs/api/openapi.json: OpenAPI 3.0 of the HTTP door. Pure functions; any thread.
#pragma once

#include <string>

#include "proto/apidoc/api.h"

namespace dongxi {

std::string OpenApiOf(const Api& api);

}  // namespace dongxi
