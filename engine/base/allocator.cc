// How jemalloc is to work in our programs; it reads this name when a program starts.
// Few arenas: memory that one call gave back serves the next, whatever thread it runs on. Unused pages go
// back to the system within half a second by a thread of jemalloc's own, so that a build or report that took
// much leaves nothing behind. Measured against glibc's allocator: docs/figures.md.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,background_thread:true,dirty_decay_ms:300,muzzy_decay_ms:0";
}
