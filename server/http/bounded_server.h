// The HTTP library's servers as our ports use them: a fixed number of threads, one request a connection, each
// within the bounds of bounded_connection.h. With a second request, what nobody read of the body of the first
// would be taken for one: the library reads on where it stopped.
#pragma once

#include <httplib.h>

#include <functional>
#include <memory>
#include <mutex>
#include <set>

#include "server/http/bounded_connection.h"
#include "server/http/door_tls.h"

namespace dongxi {

// The connections that servers serve just now: their bounds hold for each wait, and a caller who sends or
// takes a byte in each has no end. Thread-safe.
class OpenConnections {
 public:
  // One of them, from construction to destruction. `socket` stays open for longer.
  class Entry {
   public:
    Entry(OpenConnections* all, socket_t socket);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    OpenConnections* const all_;  // may be null
    const socket_t socket_;
  };

  // Ends all, also those that come from now on. What was written to them still arrives.
  void Cut();

 private:
  std::mutex mutex_;
  std::set<socket_t> sockets_;
  bool cut_ = false;
};

struct BoundedServerOptions {
  int threads = 1;  // connections served at a time; 64 wait, then those in the kernel's own short queue
  ConnectionBounds bounds;
  OpenConnections* open = nullptr;  // where those that are served are noted; null, or outlives the server
  // Told once when the server takes no more connections, also if that is since it was stopped; may be null.
  std::function<void()> ended;
};

// The time for a head counts from when the connection was taken. Of one that waited for a thread for longer,
// what came meanwhile is read, and no more: connections that say nothing keep others waiting for head_time at
// most, however many they are. Who waited when the server was stopped is still answered.
std::unique_ptr<httplib::Server> NewBoundedServer(const BoundedServerOptions& options);
// With the files of `certificate`, which outlives the server (see HardenTls); is_valid() unless they do not
// load. The time for a head counts from when a thread is there, and the handshake has to be done in it too.
std::unique_ptr<httplib::Server> NewBoundedTlsServer(const BoundedServerOptions& options,
                                                     const DoorCertificate* certificate);

}  // namespace dongxi
