#include "cli/plan/county.h"

#include <algorithm>

namespace dongxi::cli {

bool IsCounty(std::string_view code) {
  const bool digits = std::all_of(code.begin(), code.end(), [](char c) { return '0' <= c && c <= '9'; });
  if (code.size() != 6 || !digits) return false;
  const int prefecture = (code[2] - '0') * 10 + (code[3] - '0');
  const int county = (code[4] - '0') * 10 + (code[5] - '0');
  if (county == 0) return false;
  // Of 北京, 天津, 上海 and 重庆 01 are the districts, whatever follows (500151 铜梁区), and 02 the counties.
  const std::string_view province = code.substr(0, 2);
  const bool is_municipality = province == "11" || province == "12" || province == "31" || province == "50";
  if (is_municipality && prefecture == 1) return false;
  // 21 to 50 are autonomous prefectures, leagues and areas: they have no districts, 01 to 20 are their
  // cities. 90 are places right under the province.
  if ((21 <= prefecture && prefecture <= 50) || prefecture == 90) return true;
  return county > 20;
}

}  // namespace dongxi::cli
