#include "runner/gitlab/full_chain.hpp"

#include "net/certificate_chain.hpp"
#include "test/net/temporary_directory.hpp"
#include "test/runner/gitlab/api_world.hpp"
#include "test/support/set_variable.hpp"
#include "test/support/test_authority.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <iterator>

using namespace corunner;

namespace {

std::string text_of(std::filesystem::path const& file) {
  std::ifstream in(file, std::ios::binary);
  return net::certificate_in({std::istreambuf_iterator<char>(in), {}}).value_or("");
}

// A leaf whose chain ends at itself, and a store that has its issuer's certificate.
struct world : test::api_world {
  test::temporary_directory directory;
  test::test_authority root{directory.path()};
  test::test_authority middle{directory.path(), "intermediate", &root};
  test::set_variable roots{"SSL_CERT_FILE", root.file().string()};
  std::string leaf =
      text_of(middle.issue("leaf", "DNS:gitlab.test", -3600, 3600, "http://store.test/middle.crt")
                  .certificate);

  gitlab::full_chain complete() { return ask(gitlab::complete_chain(http, leaf)); }
};

}  // namespace

TEST_CASE("a chain is made whole from where its certificates say and from the system's roots",
          "[gitlab][tls]") {
  world w;
  w.answers.push_back({200, {}, text_of(w.middle.file())});
  auto const out = w.complete();
  CHECK(out.trouble.empty());
  CHECK(out.chain == w.leaf + '\n' + text_of(w.middle.file()) + '\n' + text_of(w.root.file()));
  REQUIRE(w.seen.size() == 1);
  CHECK(w.seen[0].line == "GET /middle.crt");
  CHECK(w.seen[0].fields.get("RUNNER-TOKEN").empty());
}

TEST_CASE("an unknown root leaves what was found, with a warning", "[gitlab][tls]") {
  world w;
  test::temporary_directory elsewhere;
  test::test_authority stranger(elsewhere.path(), "stranger");
  test::set_variable const roots("SSL_CERT_FILE", stranger.file().string());
  w.answers.push_back({200, {}, text_of(w.middle.file())});
  auto const out = w.complete();
  CHECK(out.chain == w.leaf + '\n' + text_of(w.middle.file()));
  CHECK(out.trouble == "x509: certificate signed by unknown authority");
}

TEST_CASE("an issuer that cannot be had loses the chain", "[gitlab][tls]") {
  for (auto const& answer : {test::canned_answer{404}, test::canned_answer{200, {}, "<html>"},
                             test::canned_answer{.drop = true}}) {
    world w;
    w.answers.push_back(answer);
    if (answer.drop) w.answers.push_back(answer);
    auto const out = w.complete();
    CHECK(out.chain.empty());
    CHECK(out.trouble.find("http://store.test/middle.crt") != std::string::npos);
  }
}

TEST_CASE("issuers that name one another for ever are given up", "[gitlab][tls]") {
  world w;
  for (int i = 0; i < 20; ++i) w.answers.push_back({200, {}, w.leaf});
  auto const out = w.complete();
  CHECK(w.seen.size() == 14);
  CHECK_FALSE(out.trouble.empty());
}
