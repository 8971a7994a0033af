// One connection that the HTTP library reads a request from, with the bounds that it lacks itself: it appends
// to a line until the line ends, waits for as long as each byte comes in time, and reads whatever length of
// body is announced. One thread at a time.
#pragma once

#include <httplib.h>
#include <openssl/ssl.h>

#include <array>
#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"

namespace dongxi {

// The request line and all headers together; also one line between the chunks of a body.
inline constexpr size_t kHeadBytesMax = size_t{32} << 10;

struct ConnectionBounds {
  absl::Duration head_time;    // for the whole head of a request
  absl::Duration read_time;    // for the next bytes of its body
  absl::Duration write_time;   // for the next bytes of the answer
  absl::Duration linger_time;  // for what comes after the answer, such as a body that nobody read
  size_t body_bytes_max = 0;   // taken of a body, whether anybody keeps it or not
};

class BoundedConnection : public httplib::Stream {
 public:
  // Takes `socket` over. `tls` null: plaintext. From `head_deadline` on no byte of the head is waited for;
  // what came before is still read.
  BoundedConnection(socket_t socket, SSL_CTX* tls, const ConnectionBounds& bounds, absl::Time head_deadline);
  // Ends the connection.
  ~BoundedConnection() override;
  BoundedConnection(const BoundedConnection&) = delete;
  BoundedConnection& operator=(const BoundedConnection&) = delete;

  // The first call under TLS. False: it failed, or is not done by the deadline of the head.
  bool Handshake();
  const SSL* ssl() const { return ssl_; }

  bool is_readable() const override;
  // Whether the other end still listens.
  bool is_writable() const override;
  // The number of bytes; 0: the other end has closed; -1: broken, late, or over a bound.
  ssize_t read(char* bytes, size_t size) override;
  ssize_t write(const char* bytes, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  // Attempts until one does not set `awaited` (POLLIN, POLLOUT) or what it waits for is late.
  ssize_t Repeat(absl::Time deadline, absl::FunctionRef<ssize_t(int* awaited)> attempt);
  // What OpenSSL's `result` means.
  ssize_t Secured(int result, int* awaited);
  bool Await(int events, absl::Time deadline) const;
  // Reads into the empty buffer.
  ssize_t Fill();
  // Counts what a call that asked for `size` bytes takes. False: a bound is passed.
  bool Count(const char* bytes, size_t taken, size_t size);
  bool CountHead(char byte);
  void Linger();

  const socket_t socket_;
  SSL* const ssl_;
  const ConnectionBounds bounds_;
  const absl::Time head_deadline_;
  bool tls_broken_ = false;
  std::array<char, 16 << 10> buffer_;
  size_t begin_ = 0, end_ = 0;  // what is left in the buffer
  bool head_read_ = false;
  int blank_line_ = 0;  // bytes of "\n\r\n" seen, which ends a head
  size_t head_bytes_ = 0, body_bytes_ = 0, line_bytes_ = 0;
};

}  // namespace dongxi
