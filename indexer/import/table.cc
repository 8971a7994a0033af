#include "indexer/import/table.h"

namespace dongxi {

std::string ColumnLetters(size_t column) {
  std::string letters;
  for (size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return letters;
}

}  // namespace dongxi
