#include "server/http/door_tls.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <memory>

namespace dongxi {
namespace {

// The store of the context is that of the start; a connection may have its own.
bool TrustOnly(SSL* connection, const std::string& authorities) {
  const std::unique_ptr<X509_STORE, decltype(&X509_STORE_free)> store(X509_STORE_new(), &X509_STORE_free);
  return store != nullptr && X509_STORE_load_file(store.get(), authorities.c_str()) == 1 &&
         SSL_set1_verify_cert_store(connection, store.get()) == 1;
}

// 1: go on, 0: end the handshake. OpenSSL asks before it looks at the client's certificate.
int ShowCertificate(SSL* connection, void* argument) {
  const auto& files = *static_cast<const DoorCertificate*>(argument);
  const bool loaded = (files.client_ca_file.empty() || TrustOnly(connection, files.client_ca_file)) &&
                      SSL_use_certificate_chain_file(connection, files.certificate_file.c_str()) == 1 &&
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
  if (certificate->client_ca_file.empty()) return;
  // A session that is taken up again has no certificate to hold against the authorities of the moment, and
  // OpenSSL ends the connection of a client who tries.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
}

std::string ClientNameOf(const SSL* connection) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(connection),
                                                                &X509_free);
  if (certificate == nullptr) return "";
  const X509_NAME* const subject = X509_get_subject_name(certificate.get());
  const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (place < 0) return "";
  const ASN1_STRING* const value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place));
  unsigned char* bytes = nullptr;
  const int size = ASN1_STRING_to_UTF8(&bytes, value);
  if (size < 0) return "";
  std::string name(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  OPENSSL_free(bytes);
  for (char& c : name) c = c > ' ' && c <= '~' ? c : '?';
  return name;
}

}  // namespace dongxi
