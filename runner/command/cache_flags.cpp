#include "runner/command/cache_flags.hpp"

#include "runner/command/artifact_flags.hpp"

namespace corunner {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

std::vector<flag> cache_transfer_flags::flags() {
  return {
      {"retry", &into_.retry, "How often to try again", ""},
      {"retry-time", &retry_time_, "How long to wait before that", ""},
      meter_flag(meter_frequency_),
      {"timeout", &into_.timeout, "How many minutes one request may take; 0: 10", ""},
      {"env-file", &into_.env_file, "File with more variables", ""},
      {"transfer-buffer-size", &into_.buffer_size, "Bytes of a transfer that are held at once",
       "CACHE_TRANSFER_BUFFER_SIZE"},
      {"chunk-size", &into_.chunk_size,
       "Bytes of a part of the archive, with FF_USE_PARALLEL_CACHE_TRANSFER", "CACHE_CHUNK_SIZE"},
      {"concurrency", &into_.concurrency,
       "Parts at a time, with FF_USE_PARALLEL_CACHE_TRANSFER; 0: one stream", "CACHE_CONCURRENCY"},
  };
}

void cache_transfer_flags::finish() {
  into_.retry_time = duration_cast<milliseconds>(retry_time_);
  into_.meter_frequency = duration_cast<milliseconds>(meter_frequency_);
}

}  // namespace corunner
