#include "server/http/bounded_server.h"

#include <sys/socket.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"

namespace dongxi {
namespace {

// Connections that wait for a thread; beyond that the kernel's own short queue fills and the next ones are
// turned away.
constexpr size_t kWaitingMax = 64;

// When the connection was taken that this thread serves: the library hands on its number alone.
thread_local absl::Time taken_at;

// A fixed number of threads and a short queue; enqueue waits while it is full.
class BoundedThreads : public httplib::TaskQueue {
 public:
  BoundedThreads(int threads, std::function<void()> ended) : ended_(std::move(ended)) {
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
  }

  void enqueue(std::function<void()> task) override {
    const absl::Time now = absl::Now();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return tasks_.size() < kWaitingMax || stopping_; });
    tasks_.emplace_back(now, std::move(task));
    changed_.notify_all();
  }

  // What the library calls first of all once it accepts no more; the threads may go on for long.
  void shutdown() override {
    if (ended_) ended_();
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  void Work() {
    while (true) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !tasks_.empty() || stopping_; });
      if (tasks_.empty()) return;
      taken_at = tasks_.front().first;
      const std::function<void()> task = std::move(tasks_.front().second);
      tasks_.pop_front();
      changed_.notify_all();
      lock.unlock();
      task();
    }
  }

  const std::function<void()> ended_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<absl::Time, std::function<void()>>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

class PlainServer : public httplib::Server {
 public:
  explicit PlainServer(const BoundedServerOptions& options) : bounds_(options.bounds), open_(options.open) {}

 private:
  bool process_and_close_socket(socket_t socket) override {
    BoundedConnection connection(socket, nullptr, bounds_, taken_at + bounds_.head_time);
    const OpenConnections::Entry entry(open_, socket);
    bool closed = false;
    return process_request(connection, /*close_connection=*/true, closed, nullptr);
  }

  const ConnectionBounds bounds_;
  OpenConnections* const open_;
};

class TlsServer : public httplib::SSLServer {
 public:
  TlsServer(const BoundedServerOptions& options, const DoorCertificate* certificate)
      : SSLServer(certificate->certificate_file.c_str(), certificate->key_file.c_str(),
                  certificate->client_ca_file.empty() ? nullptr : certificate->client_ca_file.c_str()),
        bounds_(options.bounds),
        open_(options.open) {
    if (is_valid()) HardenTls(ssl_context(), certificate);
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    BoundedConnection connection(socket, ssl_context(), bounds_, absl::Now() + bounds_.head_time);
    const OpenConnections::Entry entry(open_, socket);
    bool closed = false;
    return connection.Handshake() &&
           process_request(connection, /*close_connection=*/true, closed,
                           [&connection](httplib::Request& request) { request.ssl = connection.ssl(); });
  }

  const ConnectionBounds bounds_;
  OpenConnections* const open_;
};

void SetUp(const BoundedServerOptions& options, httplib::Server* server) {
  server->new_task_queue = [threads = options.threads, ended = options.ended] {
    return new BoundedThreads(threads, ended);
  };
  // Without SO_REUSEPORT, which the library sets by itself: a taken port is an error, where a second server
  // would get half of the connections.
  server->set_socket_options([](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
}

}  // namespace

OpenConnections::Entry::Entry(OpenConnections* all, socket_t socket) : all_(all), socket_(socket) {
  if (all_ == nullptr) return;
  const std::lock_guard lock(all_->mutex_);
  all_->sockets_.insert(socket_);
  if (all_->cut_) ::shutdown(socket_, SHUT_RDWR);
}

OpenConnections::Entry::~Entry() {
  if (all_ == nullptr) return;
  const std::lock_guard lock(all_->mutex_);
  all_->sockets_.erase(socket_);
}

void OpenConnections::Cut() {
  const std::lock_guard lock(mutex_);
  cut_ = true;
  for (const socket_t socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

std::unique_ptr<httplib::Server> NewBoundedServer(const BoundedServerOptions& options) {
  auto server = std::make_unique<PlainServer>(options);
  SetUp(options, server.get());
  return server;
}

std::unique_ptr<httplib::Server> NewBoundedTlsServer(const BoundedServerOptions& options,
                                                     const DoorCertificate* certificate) {
  auto server = std::make_unique<TlsServer>(options, certificate);
  SetUp(options, server.get());
  return server;
}

}  // namespace dongxi
