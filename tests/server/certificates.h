// Certificates made with OpenSSL for the tests of TLS.
#pragma once

#include <memory>
#include <string>

namespace dongxi {

struct Certificate {
  std::string pem;
  std::string key_pem;
};

enum class CertificateValidity { kDay, kExpired };

// For localhost and 127.0.0.1. Signed by `issuer`, by itself without one.
Certificate MakeCertificate(const std::string& common_name, const Certificate* issuer = nullptr,
                            CertificateValidity validity = CertificateValidity::kDay);

}  // namespace dongxi
