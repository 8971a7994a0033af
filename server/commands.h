// The commands of dongxi-server beside serving: they work on the files of a data folder, also while a server
// runs on it. What they print is Chinese. They return the exit code: 0 done, 1 failed, 2 wrong usage.
#pragma once

namespace dongxi {

// dongxi-server token create|list|show|revoke. `argv` begins with the word "token".
int RunTokenCommand(int argc, const char* const* argv);

// dongxi-server audit verify. `argv` begins with the word "audit". 1 if the log is not whole.
int RunAuditCommand(int argc, const char* const* argv);

}  // namespace dongxi
