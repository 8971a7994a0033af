#include "server/http/bounded_connection.h"

#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <limits>

#include "absl/time/clock.h"

namespace dongxi {
namespace {

// OpenSSL counts in int.
constexpr size_t kWriteBytesMax = size_t{1} << 20;

// What recv and send gave, which wait for `event`.
ssize_t Moved(ssize_t result, int event, int* awaited) {
  if (result < 0 && (errno == EAGAIN || errno == EINTR)) *awaited = event;
  return result;
}

void Describe(const sockaddr_storage& address, socklen_t size, std::string* ip, int* port) {
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> service{};
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address), size, host.data(),
                    static_cast<socklen_t>(host.size()), service.data(),
                    static_cast<socklen_t>(service.size()), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return;
  }
  *ip = host.data();
  *port = std::atoi(service.data());
}

}  // namespace

BoundedConnection::BoundedConnection(socket_t socket, SSL_CTX* tls, const ConnectionBounds& bounds,
                                     absl::Time head_deadline)
    : socket_(socket),
      ssl_(tls == nullptr ? nullptr : SSL_new(tls)),
      bounds_(bounds),
      head_deadline_(head_deadline) {
  // Whoever waits does so in Await, which knows the deadline.
  ::fcntl(socket_, F_SETFL, ::fcntl(socket_, F_GETFL) | O_NONBLOCK);
  if (ssl_ == nullptr) return;
  SSL_set_fd(ssl_, socket_);
  // The time for writing holds for what the other end takes at once, not for an answer of any length.
  SSL_set_mode(ssl_, SSL_MODE_ENABLE_PARTIAL_WRITE);
}

BoundedConnection::~BoundedConnection() {
  if (ssl_ != nullptr && SSL_is_init_finished(ssl_) != 0 && !tls_broken_) SSL_shutdown(ssl_);
  if (head_read_) Linger();
  SSL_free(ssl_);
  ERR_clear_error();
  ::shutdown(socket_, SHUT_RDWR);
  ::close(socket_);
}

bool BoundedConnection::Handshake() {
  if (ssl_ == nullptr) return false;
  return Repeat(head_deadline_, [this](int* awaited) { return Secured(SSL_accept(ssl_), awaited); }) > 0;
}

bool BoundedConnection::is_readable() const { return begin_ < end_ || Await(POLLIN, absl::Now()); }

// What a TLS peer says on closing is there to be read, as a sign of life would be: so we ask for the end.
bool BoundedConnection::is_writable() const { return !Await(POLLRDHUP, absl::Now()); }

ssize_t BoundedConnection::read(char* bytes, size_t size) {
  if (size == 0) return 0;
  if (begin_ == end_) {
    const ssize_t filled = Fill();
    if (filled <= 0) return filled;
  }
  // The library reads a head byte by byte: a block of it would hide where it ends.
  const size_t taken = head_read_ ? std::min(size, end_ - begin_) : 1;
  std::copy_n(buffer_.data() + begin_, taken, bytes);
  begin_ += taken;
  return Count(bytes, taken, size) ? static_cast<ssize_t>(taken) : -1;
}

ssize_t BoundedConnection::write(const char* bytes, size_t size) {
  if (size == 0) return 0;
  const size_t part = std::min(size, kWriteBytesMax);
  const ssize_t written = Repeat(absl::Now() + bounds_.write_time, [&](int* awaited) {
    return ssl_ == nullptr
               ? Moved(::send(socket_, bytes, part, MSG_DONTWAIT | MSG_NOSIGNAL), POLLOUT, awaited)
               : Secured(SSL_write(ssl_, bytes, static_cast<int>(part)), awaited);
  });
  // The library would try again after 0.
  return written > 0 ? written : -1;
}

void BoundedConnection::get_remote_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
    Describe(address, size, &ip, &port);
}

void BoundedConnection::get_local_ip_and_port(std::string& ip, int& port) const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0)
    Describe(address, size, &ip, &port);
}

ssize_t BoundedConnection::Repeat(absl::Time deadline, absl::FunctionRef<ssize_t(int* awaited)> attempt) {
  while (true) {
    int awaited = 0;
    // SSL_get_error would take for this call's what another of this thread has left.
    ERR_clear_error();
    const ssize_t moved = attempt(&awaited);
    if (awaited == 0) return moved;
    if (!Await(awaited, deadline)) return -1;
  }
}

ssize_t BoundedConnection::Secured(int result, int* awaited) {
  if (result > 0) return result;
  switch (SSL_get_error(ssl_, result)) {
    case SSL_ERROR_WANT_READ:
      *awaited = POLLIN;
      return -1;
    case SSL_ERROR_WANT_WRITE:
      *awaited = POLLOUT;
      return -1;
    case SSL_ERROR_ZERO_RETURN:
      return 0;
    default:
      tls_broken_ = true;
      return -1;
  }
}

bool BoundedConnection::Await(int events, absl::Time deadline) const {
  while (true) {
    pollfd awaited{.fd = socket_, .events = static_cast<short>(events), .revents = 0};
    const int64_t left = std::clamp<int64_t>(absl::ToInt64Milliseconds(deadline - absl::Now()), 0,
                                             std::numeric_limits<int>::max());
    const int ready = ::poll(&awaited, 1, static_cast<int>(left));
    if (ready >= 0 || errno != EINTR) return ready > 0;
  }
}

ssize_t BoundedConnection::Fill() {
  const absl::Time deadline = head_read_ ? absl::Now() + bounds_.read_time : head_deadline_;
  const ssize_t filled = Repeat(deadline, [this](int* awaited) {
    return ssl_ == nullptr
               ? Moved(::recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT), POLLIN, awaited)
               : Secured(SSL_read(ssl_, buffer_.data(), static_cast<int>(buffer_.size())), awaited);
  });
  begin_ = 0;
  end_ = filled > 0 ? static_cast<size_t>(filled) : 0;
  return filled;
}

bool BoundedConnection::Count(const char* bytes, size_t taken, size_t size) {
  if (!head_read_) return CountHead(*bytes);
  body_bytes_ += taken;
  // Lines are read byte by byte also between the chunks of a body, and bodies are not.
  line_bytes_ = size == 1 && *bytes != '\n' ? line_bytes_ + 1 : 0;
  return body_bytes_ <= bounds_.body_bytes_max && line_bytes_ <= kHeadBytesMax;
}

bool BoundedConnection::CountHead(char byte) {
  if (byte == '\n') {
    head_read_ = blank_line_ == 2;
    blank_line_ = 1;
  } else {
    blank_line_ = byte == '\r' && blank_line_ == 1 ? 2 : 0;
  }
  return ++head_bytes_ <= kHeadBytesMax;
}

// The kernel answers bytes that come too late with a reset, by which the caller might lose our answer.
void BoundedConnection::Linger() {
  ::shutdown(socket_, SHUT_WR);
  const absl::Time end = absl::Now() + bounds_.linger_time;
  while (body_bytes_ <= bounds_.body_bytes_max && Await(POLLIN, end)) {
    const ssize_t dropped = ::recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (dropped <= 0) return;
    body_bytes_ += static_cast<size_t>(dropped);
  }
}

}  // namespace dongxi
