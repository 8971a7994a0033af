// Early return on an error, for functions that return absl::Status or absl::StatusOr.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define DX_CONCAT_INNER(a, b) a##b
#define DX_CONCAT(a, b) DX_CONCAT_INNER(a, b)

// Returns the status of `expr` from the enclosing function unless it is OK.
#define DX_RETURN_IF_ERROR(expr)                                            \
  do {                                                                      \
    if (absl::Status dx_status = (expr); !dx_status.ok()) return dx_status; \
  } while (false)

// DX_ASSIGN_OR_RETURN(auto value, Compute()): returns the error or binds the value.
#define DX_ASSIGN_OR_RETURN(lhs, expr) DX_ASSIGN_OR_RETURN_IMPL(DX_CONCAT(dx_or_, __LINE__), lhs, expr)
#define DX_ASSIGN_OR_RETURN_IMPL(tmp, lhs, expr) \
  auto tmp = (expr);                             \
  if (!tmp.ok()) return tmp.status();            \
  lhs = *std::move(tmp)
