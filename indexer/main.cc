// dongxi-indexer: import, build, verify, inspect, export.
#include <unistd.h>

#include <iostream>

#include "indexer/command/command.h"

int main(int argc, char** argv) {
  return dongxi::RunIndexer(argc, argv, {std::cout, std::cerr, ::isatty(STDERR_FILENO) == 1});
}
