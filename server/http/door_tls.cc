#include "server/http/door_tls.h"

#include <openssl/err.h>

namespace dongxi {
namespace {

// 1: go on, 0: end the handshake.
int ShowCertificate(SSL* connection, void* argument) {
  const auto& files = *static_cast<const DoorCertificate*>(argument);
  const bool loaded = SSL_use_certificate_chain_file(connection, files.certificate_file.c_str()) == 1 &&
                      SSL_use_PrivateKey_file(connection, files.key_file.c_str(), SSL_FILETYPE_PEM) == 1 &&
                      SSL_check_private_key(connection) == 1;
  if (!loaded) ERR_clear_error();
  return loaded ? 1 : 0;
}

}  // namespace

void HardenTls(SSL_CTX* context, const DoorCertificate* certificate) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // OpenSSL takes the argument without const and only hands it back.
  SSL_CTX_set_cert_cb(context, &ShowCertificate, const_cast<DoorCertificate*>(certificate));
}

}  // namespace dongxi
