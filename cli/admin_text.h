// How the administration's answers look on a terminal. Pure but for the printing.
#pragma once

#include <string>

#include "cli/io.h"
#include "dongxi/v1/admin.pb.h"
#include "google/longrunning/operations.pb.h"

namespace dongxi::cli {

void PrintGenerations(const v1::ListGenerationsResponse& response, const Io& io);
void PrintBackups(const v1::ListBackupsResponse& response, const Io& io);
void PrintOperations(const google::longrunning::ListOperationsResponse& response, const Io& io);
void PrintGeneration(const std::string& done, const v1::Generation& generation, const Io& io);
void PrintBackup(const v1::Backup& backup, const Io& io);
// True if nothing is damaged.
bool PrintVerification(const v1::VerifyResponse& response, const Io& io);

// "2026-11-26 09:30" in China.
std::string TimeText(const google::protobuf::Timestamp& time);
// "1.5 GB".
std::string BytesText(int64_t bytes);

}  // namespace dongxi::cli
