#include "runner/artifact/upload_policy.hpp"

#include "runner/artifact/transfer_meter.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

namespace corunner {
namespace {

using namespace std::chrono_literals;

TEST_CASE("the pauses between tries grow to five seconds", "[artifact]") {
  using how = upload_result;
  CHECK(next_upload(how::unavailable, 1) == 1s);
  CHECK(next_upload(how::unavailable, 3) == 4s);
  CHECK(next_upload(how::unavailable, 5) == 5s);
  CHECK_FALSE(next_upload(how::unavailable, 6));
  CHECK(next_upload(how::broken, 2) == 2s);
  CHECK_FALSE(next_upload(how::broken, 3));
  CHECK_FALSE(next_upload(how::forbidden, 1));
  CHECK_FALSE(next_upload(how::too_large, 1));
}

TEST_CASE("the file is named after the last component and the format", "[artifact]") {
  auto const [name, format, expected] = GENERATE(table<std::string, std::string, std::string>({
      {"artifacts", "", "artifacts.zip"},
      {"x/y/build", "zip", "build.zip"},
      {"x/y/", "zip", "y.zip"},
      {"", "zip", "default.zip"},
      {".", "zip", "default.zip"},
      {".env", "gzip", ".env.gz"},
      {"a", "tarzstd", "a.tar.zst"},
      {"a", "zipzstd", "a.zip"},
      {"gl-sast-report.json", "raw", "gl-sast-report.json"},
      {"/", "", "/.zip"},
      {"//", "", "/.zip"},
  }));
  CAPTURE(name, format);
  CHECK(upload_name(name, format) == expected);
}

TEST_CASE("sizes are multiples of a thousand", "[artifact]") {
  CHECK(size_text(10, 2) == "10 B");
  CHECK(size_text(1'114, 2) == "1.11 KB");
  CHECK(size_text(1'500'000, 1) == "1.5 MB");
}

}  // namespace
}  // namespace corunner
