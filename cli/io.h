// Where a command writes, and how it ends.
#pragma once

#include <istream>
#include <ostream>

namespace dongxi::cli {

// Exit codes of every command.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;  // the server, a file or the network said no
inline constexpr int kExitUsage = 2;   // the call itself is wrong; nothing was asked

struct Io {
  std::ostream& out;             // data
  std::ostream& err;             // messages
  int columns = 0;               // width of the terminal behind `out`; 0: none, lines are not cut
  bool err_is_terminal = false;  // progress may rewrite its line
  std::istream* in = nullptr;    // the keyboard; null: nobody can be asked
};

}  // namespace dongxi::cli
