// What the HTTP library leaves open about TLS. Internal to server/http.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace dongxi {

struct DoorCertificate {
  std::string certificate_file, key_file;  // PEM
};

// TLS 1.2 and above only; each new connection is shown the certificate that the files hold at that moment, so
// that one that was replaced needs no restart. While the two files do not fit each other, new connections
// fail. `certificate` outlives the context.
void HardenTls(SSL_CTX* context, const DoorCertificate* certificate);

// The common name of the certificate that the client showed, with characters other than visible ASCII as '?';
// empty if he showed none.
std::string ClientNameOf(const SSL* connection);

}  // namespace dongxi
