// Functions whose last bit must not depend on the machine. The C library picks its own log by CPU (with or
// without fused multiply-add), which may differ in the last place; scores and models must be the same bit for
// bit everywhere.
#pragma once

#include <cmath>

namespace dongxi {

// Natural logarithm of a positive, normal number, within 1e-15 relative or absolute, by plain additions,
// multiplications and divisions in a fixed order.
inline double StableLog(double x) {
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);  // exact; in [0.5, 1)
  if (mantissa < 0.70710678118654752) {
    mantissa *= 2;
    --exponent;
  }
  // ln m = 2 atanh(z); |z| < 0.172, so the 12th term is below 1e-18.
  const double z = (mantissa - 1) / (mantissa + 1);
  const double square = z * z;
  double series = 0;
  for (int k = 23; k >= 1; k -= 2) series = series * square + 1.0 / k;
  constexpr double kLn2 = 0.69314718055994530942;
  return exponent * kLn2 + 2 * z * series;
}

}  // namespace dongxi
