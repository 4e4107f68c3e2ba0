#include "runner/artifact/archiver_settings.hpp"

#include "exec/archive/input_file.hpp"

#include <fmt/format.h>

#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace corunner {
namespace {

constexpr std::int64_t most_workers = 64;

// A whole number from a variable into `into`, which keeps its value when the variable is not set.
std::string read_number(config::environment const& variables, std::string_view name,
                        std::string_view what, std::int64_t& into) {
  auto const text = variables(name).value_or("");
  if (text.empty()) return {};
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
  if (ec == std::errc() && end == text.data() + text.size()) return {};
  return fmt::format("{}: strconv.ParseInt: parsing \"{}\": invalid syntax", what, text);
}

archiver_settings with_workers(std::int64_t workers, std::string failure) {
  if (failure.empty() && workers < 1) failure = "concurrency must be at least 1";
  return {static_cast<unsigned>(std::clamp<std::int64_t>(workers, 1, most_workers)),
          std::move(failure)};
}

}  // namespace

unsigned processor_count() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  return static_cast<unsigned>(std::max(CPU_COUNT(&allowed), 1));
}

archiver_settings packing_settings(config::environment const& variables) {
  std::int64_t workers = processor_count();
  std::int64_t buffer = 0;
  auto failure = read_number(variables, "FASTZIP_ARCHIVER_CONCURRENCY",
                             "fastzip archiver concurrency", workers);
  if (failure.empty()) {
    failure = read_number(variables, "FASTZIP_ARCHIVER_BUFFER_SIZE", "fastzip archiver buffer size",
                          buffer);
  }
  auto const staging = variables("ARCHIVER_STAGING_DIR").value_or("");
  struct stat info;
  int wrong = staging.empty() || ::stat(staging.c_str(), &info) == 0 ? 0 : errno;
  if (wrong == 0 && !staging.empty() && !S_ISDIR(info.st_mode)) wrong = ENOTDIR;
  if (failure.empty() && wrong != 0) {
    failure = "fastzip archiver unable to create temporary directory: " +
              exec::system_message("stat", staging, wrong);
  }
  return with_workers(workers, std::move(failure));
}

archiver_settings unpacking_settings(config::environment const& variables) {
  std::int64_t workers = processor_count();
  auto failure = read_number(variables, "FASTZIP_EXTRACTOR_CONCURRENCY",
                             "fastzip extractor concurrency", workers);
  return with_workers(workers, std::move(failure));
}

}  // namespace corunner
