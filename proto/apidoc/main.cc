// dongxi-apidoc DESCRIPTORS FOLDER: writes the reference and openapi.json. Run by ./run api-docs; not
// shipped.
#include <fstream>
#include <iostream>

#include "proto/apidoc/api.h"
#include "proto/apidoc/openapi.h"
#include "proto/apidoc/reference.h"

namespace {

bool Write(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.flush();
  if (!out) std::cerr << "dongxi-apidoc: cannot write " << file << "\n";
  return out.good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: dongxi-apidoc DESCRIPTORS FOLDER\n";
    return 2;
  }
  const absl::StatusOr<dongxi::Api> api = dongxi::ReadApi(argv[1]);
  if (!api.ok()) {
    std::cerr << "dongxi-apidoc: " << api.status().message() << "\n";
    return 1;
  }
  const std::string folder = std::string(argv[2]) + "/";
  bool written = Write(folder + "openapi.json", dongxi::OpenApiOf(*api));
  for (const auto& [name, text] : dongxi::ReferenceOf(*api)) written = Write(folder + name, text) && written;
  return written ? 0 : 1;
}
