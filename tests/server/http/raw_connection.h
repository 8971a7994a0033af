// A TCP connection to a port of loopback that says what no HTTP client would.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>

namespace dongxi {

class RawConnection {
 public:
  explicit RawConnection(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{.tv_sec = 30, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawConnection() { ::close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // As far as known from what was sent and read.
  bool open() const { return open_; }

  // The bytes that were taken: not all if the other end gave up the connection (it is not open any more), or
  // took none for half a minute.
  size_t Send(const std::string& bytes) {
    size_t sent = 0;
    while (open_ && sent < bytes.size()) {
      const ssize_t taken = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
      if (taken <= 0) {
        open_ = errno == EAGAIN;
        break;
      }
      sent += static_cast<size_t>(taken);
    }
    return sent;
  }

  // What comes up to and with `mark`, or to the end of the connection: then it is not open any more.
  std::string ReadTo(const std::string& mark) {
    std::string text;
    char byte = 0;
    while (text.find(mark) == std::string::npos) {
      const ssize_t read = ::recv(socket_, &byte, 1, 0);
      if (read < 0 && errno == EAGAIN) return text;
      if (read <= 0) {
        open_ = false;
        return text;
      }
      text += byte;
    }
    return text;
  }
  // What comes to the end of the connection. It stays open if the end does not come within half a minute.
  std::string ReadToEnd() {
    std::string text;
    std::array<char, 4'096> bytes{};
    while (true) {
      const ssize_t read = ::recv(socket_, bytes.data(), bytes.size(), 0);
      if (read < 0 && errno == EAGAIN) return text;
      if (read <= 0) {
        open_ = false;
        return text;
      }
      text.append(bytes.data(), static_cast<size_t>(read));
    }
  }

 private:
  const int socket_;
  bool open_ = false;
};

}  // namespace dongxi
