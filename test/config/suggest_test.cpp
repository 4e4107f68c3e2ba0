#include "config/suggest.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <array>

using namespace corunner;

TEST_CASE("the nearest name is found across typing errors and nothing far away",
          "[config][suggest]") {
  constexpr std::array<std::string_view, 4> names{"image", "pull_policy", "concurrent",
                                                  "tls-ca-file"};
  auto const [word, expected] = GENERATE(table<std::string, std::string>({
      {"imagee", "image"},
      {"iamge", "image"},
      {"IMAG", "image"},
      {"pull-policy", "pull_policy"},
      {"pullpolicy", "pull_policy"},
      {"concurent", "concurrent"},
      {"tls_ca_file", "tls-ca-file"},
      {"volumes", ""},
      {"x", ""},
      {"", ""},
      {std::string(1000, 'i'), ""},
  }));
  CAPTURE(word);
  CHECK(std::string(config::nearest(word, names).value_or("")) == expected);
}

TEST_CASE("an unknown key is told where it belongs", "[config][suggest]") {
  auto const [word, expected] = GENERATE(table<std::string, std::string>({
      {"limits", "did you mean 'limit'?"},
      {"services_limit", "it belongs to [runners.docker]"},
      {"concurrent", "it belongs to the top of the file, before the first table"},
      {"listen_address",
       "it belongs to the top of the file, before the first table or [session_server]"},
      {"metric_queries", "it is called 'queries'"},
      {"zebra", ""},
  }));
  CAPTURE(word);
  CHECK(config::hint_for(word, config::runner_section()) == expected);
}
