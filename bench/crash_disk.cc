// The disk of dongxi-bench crash that turns read-only under a running server, as ext4 does after an I/O
// error. A remount with `ro` is no such fault: the kernel refuses it while a file is open for writing. So the
// data lies on an ext4 of its own in a file, which is told to abort; that takes root and a loop device.
#include <iostream>
#include <memory>

#include "bench/crash_rounds.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kTimeout = absl::Seconds(60);
constexpr uintmax_t kRoomBytes = uintmax_t{256} << 20;  // beyond twice the data; the file is sparse
// The kernel lets go of a killed server's files a moment after its end.
constexpr char kUnmount[] = "umount \"$1\" || { sleep 1; umount \"$1\"; }";
constexpr int kBatchesBefore = 20;
constexpr int kBatchesUntilTold = 20;

class LoopDisk {
 public:
  // Unavailable says why, where this machine or its user cannot.
  static absl::StatusOr<std::unique_ptr<LoopDisk>> Mount(const CrashOptions& options, uintmax_t bytes) {
    std::unique_ptr<LoopDisk> disk(new LoopDisk(options));
    std::error_code error;
    fs::create_directories(disk->folder_, error);
    if (error) return absl::UnavailableError(disk->folder_.string() + ": " + error.message());
    DX_RETURN_IF_ERROR(disk->Shell("truncate -s " + std::to_string(bytes) + " \"$0\""));
    DX_RETURN_IF_ERROR(disk->Shell("mkfs.ext4 -q -F \"$0\""));
    DX_RETURN_IF_ERROR(disk->Shell("mount -o loop \"$0\" \"$1\""));
    disk->mounted_ = true;
    return disk;
  }
  ~LoopDisk() {
    if (mounted_ && !Shell(kUnmount).ok())
      std::cerr << folder_.string() << ": cannot be unmounted; unmount it by hand\n";
    std::error_code ignored;
    fs::remove(image_, ignored);
  }
  LoopDisk(const LoopDisk&) = delete;
  LoopDisk& operator=(const LoopDisk&) = delete;

  const fs::path& folder() const { return folder_; }
  // What was copied here is on the disk: an abort throws away what the kernel has not written yet.
  absl::Status Sync() { return Shell("sync -f \"$1\""); }
  // Read-only from now on, open files too.
  absl::Status Abort() { return Shell("mount -o remount,abort \"$1\""); }
  // Writable again, as after a repair. Nobody may use it.
  absl::Status MountAgain() {
    DX_RETURN_IF_ERROR(Shell(kUnmount));
    mounted_ = false;
    DX_RETURN_IF_ERROR(Shell("mount -o loop \"$0\" \"$1\""));
    mounted_ = true;
    return absl::OkStatus();
  }

 private:
  explicit LoopDisk(const CrashOptions& options)
      : log_(CrashLog(options)),
        image_(options.data.parent_path() / "crash-disk.ext4"),
        folder_(options.data.parent_path() / "crash-disk") {}

  // $0 is the file, $1 the folder.
  absl::Status Shell(const std::string& command) const {
    DX_ASSIGN_OR_RETURN(const int code, RunToEnd({"/bin/sh", "-c", "PATH=$PATH:/usr/sbin:/sbin; " + command,
                                                  image_.string(), folder_.string()},
                                                 log_));
    if (code == 0) return absl::OkStatus();
    return absl::UnavailableError(command.substr(0, command.find(" \"")) + ": exit code " +
                                  std::to_string(code) + ", see " + log_.string());
  }

  const fs::path log_, image_, folder_;
  bool mounted_ = false;
};

struct ReadOnly {
  bool told = false;     // a write got an error
  bool records = false;  // records were read meanwhile
  bool matches = false;  // matches were answered meanwhile
  uint64_t lost = 0;     // of what was acknowledged, before and after
};

absl::Status Write(CrashServer& server, int batch, RecordPromises* promises) {
  const int group = batch % kCrashGroups;
  const absl::Status written = server.Import(CrashBatch(group, promises->Send(group)));
  if (written.ok()) promises->Acknowledge(group);
  return written;
}

absl::Status ServeUntilReadOnly(const CrashOptions& options, const fs::path& data, LoopDisk& disk,
                                RecordPromises* promises, ReadOnly* found) {
  DX_ASSIGN_OR_RETURN(const auto server, CrashServer::Start(options.programs, data, CrashLog(options)));
  DX_RETURN_IF_ERROR(server->WaitUntilAnswering(kTimeout).status());
  DX_ASSIGN_OR_RETURN(const auto before, server->Results());
  promises->StartFrom(before);
  for (int batch = 0; batch < kBatchesBefore; ++batch) DX_RETURN_IF_ERROR(Write(*server, batch, promises));
  DX_RETURN_IF_ERROR(disk.Abort());
  for (int batch = 0; batch < kBatchesUntilTold && !found->told; ++batch) {
    const absl::Status written = Write(*server, batch, promises);
    found->told = !written.ok();
    if (found->told) std::cerr << "read-only disk: " << written << "\n";
  }
  found->records = server->Results().ok();
  found->matches = server->Match().ok();
  return absl::OkStatus();
}

absl::StatusOr<ReadOnly> TurnReadOnly(const CrashOptions& options, LoopDisk& disk) {
  const fs::path data = disk.folder() / "data";
  fs::copy(options.data, data, fs::copy_options::recursive);
  DX_RETURN_IF_ERROR(disk.Sync());
  ReadOnly found;
  RecordPromises promises;
  DX_RETURN_IF_ERROR(ServeUntilReadOnly(options, data, disk, &promises, &found));
  DX_RETURN_IF_ERROR(disk.MountAgain());
  DX_ASSIGN_OR_RETURN(const auto again, CrashServer::Start(options.programs, data, CrashLog(options)));
  DX_RETURN_IF_ERROR(again->WaitUntilAnswering(kTimeout).status());
  DX_ASSIGN_OR_RETURN(const auto results, again->Results());
  for (const std::string& violation : promises.Check(results)) {
    std::cerr << "VIOLATION after a read-only disk: " << violation << "\n";
    ++found.lost;
  }
  if (!Write(*again, 0, &promises).ok()) ++found.lost;
  return found;
}

uintmax_t BytesOf(const fs::path& folder) {
  uintmax_t bytes = 0;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) bytes += entry.file_size();
  }
  return bytes;
}

double Yes(bool value) { return value ? 1.0 : 0.0; }

}  // namespace

absl::Status RunReadOnlyDisk(const CrashOptions& options, Report& report) {
  report.Section("Disk that turns read-only while serving (an ext4 that aborts)");
  const auto disk = LoopDisk::Mount(options, 2 * BytesOf(options.data) + kRoomBytes);
  if (!disk.ok()) {
    std::cerr << "NOT TRIED: a disk that turns read-only: " << disk.status().message() << "\n";
    report.Add({"tried", 0, "", std::nullopt,
                "NOT TRIED, needs root and a loop device: " + std::string(disk.status().message())});
    return absl::OkStatus();
  }
  DX_ASSIGN_OR_RETURN(const ReadOnly found, TurnReadOnly(options, **disk));
  report.Add({"tried", 1, "", std::nullopt, ""});
  report.Add({"write refused with an error", Yes(found.told), "", AtLeast(1), ""});
  report.Add({"records read meanwhile", Yes(found.records), "", AtLeast(1), ""});
  report.Add({"matches answered meanwhile", Yes(found.matches), "", AtLeast(1), ""});
  report.Add({"acknowledged writes lost", static_cast<double>(found.lost), "", AtMost(0),
              "after a restart on the disk mounted anew"});
  return absl::OkStatus();
}

}  // namespace dongxi::bench
