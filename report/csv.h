// A table as CSV (RFC 4180): UTF-8 with a byte order mark, which spreadsheet programs ask for, CR LF. Pure
// functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "report/tables.h"

namespace dongxi::report {

// A cell that a spreadsheet program would take for a formula (it starts with = + - @, tab or CR) gets an
// apostrophe in front. Numbers are written so that they read back the same.
std::string CsvText(const Table& table);

}  // namespace dongxi::report
