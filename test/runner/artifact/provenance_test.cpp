#include "runner/artifact/provenance.hpp"

#include "test/exec/archive/scratch.hpp"

#include <boost/json/serialize.hpp>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_adapters.hpp>

namespace corunner {
namespace {

provenance_statement statement_of(std::string const& started, std::string const& repo = "r") {
  provenance_options options;
  options.repo_url = repo;
  options.started_at = started;
  options.ended_at = "2026-01-02T03:05:05Z";
  provenance_facts facts;
  facts.job_id = 42;
  return make_statement(options, facts, {});
}

TEST_CASE("the statement's times are UTC, with a fraction of three, six or nine digits",
          "[artifact]") {
  auto const [given, shown] = GENERATE(table<std::string, std::string>({
      {"2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"},
      {"2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"},
      {"2026-01-02T03:04:05.5-07:30", "2026-01-02T10:34:05.500Z"},
      {"2026-01-02T03:04:05.1234Z", "2026-01-02T03:04:05.123400Z"},
      {"2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456789Z"},
  }));
  CAPTURE(given);
  auto const made = statement_of(given);
  CHECK(made.failure.empty());
  CHECK(boost::json::serialize(made.statement).find("\"startedOn\":\"" + shown + "\"") !=
        std::string::npos);
}

TEST_CASE("a time that is not RFC 3339 to the letter fails the statement", "[artifact]") {
  auto const* const given =
      GENERATE("2026-01-02t03:04:05Z", "2026-01-02T03:04:05z", "2026-01-02 03:04:05Z",
               "2026-01-02T03:04:05", "2026-01-02T03:04Z", "2026-02-30T03:04:05Z", "");
  CAPTURE(given);
  CHECK_FALSE(statement_of(given).failure.empty());
}

TEST_CASE("a statement without a repository names no source", "[artifact]") {
  auto const text = boost::json::serialize(statement_of("2026-01-02T03:04:05Z", "").statement);
  CHECK(text.find("\"uri\"") == std::string::npos);
  CHECK(text.find("\"source\":\"\"") != std::string::npos);
}

TEST_CASE("a name that is not UTF-8 cannot stand in a statement", "[artifact]") {
  test::scratch in;
  in.file("bad\xff", "x");
  exec::archive_entry entry;
  REQUIRE(exec::describe_entry(in.path(), "bad\xff", entry));
  std::string failure;
  CHECK(digest_files(in.path(), {entry}, failure).empty());
  CHECK(failure.find("not UTF-8") != std::string::npos);
}

}  // namespace
}  // namespace corunner
