#include "bench/command.h"

int main(int argc, char** argv) { return dongxi::bench::RunBench(argc, argv); }
