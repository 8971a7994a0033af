// dongxi-indexer backup, restore, verify-backup: without a server.
#pragma once

#include <string>

#include "indexer/command/command.h"

namespace dongxi {

struct BackupCommandOptions {
  std::string data;
  std::string to;  // folder of backups; empty: data/backups
  std::string policy;
  std::string ranking;
};

struct RestoreCommandOptions {
  std::string data;
  std::string from;  // one backup
};

struct VerifyBackupCommandOptions {
  std::string from;
};

int RunBackup(const BackupCommandOptions& options, const CommandOutput& output);
int RunRestore(const RestoreCommandOptions& options, const CommandOutput& output);
int RunVerifyBackup(const VerifyBackupCommandOptions& options, const CommandOutput& output);

}  // namespace dongxi
