// dongxi: command-line client of dongxi-server. Data go to standard output, messages to standard error.
#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include "cli/cli.h"

int main(int argc, char** argv) {
  winsize window{};
  const bool is_terminal = isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0;
  const bool asks = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  const dongxi::cli::Io io{std::cout, std::cerr, is_terminal ? window.ws_col : 0, isatty(STDERR_FILENO) == 1,
                           asks ? &std::cin : nullptr};
  return dongxi::cli::RunCli(argc, argv, io);
}
