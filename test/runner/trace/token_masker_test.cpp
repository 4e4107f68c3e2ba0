#include "runner/trace/token_masker.hpp"

#include "runner/trace/job_trace.hpp"
#include "test/runner/trace/collected.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

namespace {

std::shared_ptr<phrase_automaton const> prefixes(bool all) {
  auto names = default_token_prefixes(all);
  names.insert(names.end(), {"acme-", "extra1-", "extra2-", "glpat-x!"});
  return std::make_shared<phrase_automaton const>(names);
}

}  // namespace

TEST_CASE("what follows a token prefix is hidden wherever the stream is cut", "[trace][mask]") {
  auto const& [in, expected] = GENERATE(table<std::string, std::string>({
      {"glpat-AA-b=. end", "glpat-[MASKED] end"},
      {"glpat- x", "glpat- x"},
      {"tail glpat-", "tail glpat-"},
      {"glpat-abc_DEF.1=2-x, glrt-abc glcbt-abc gldt-a glft-b gltok-c",
       "glpat-[MASKED], glrt-[MASKED] glcbt-[MASKED] gldt-[MASKED] glft-[MASKED] gltok-[MASKED]"},
      {"acme-token acme- acme-!", "acme-[MASKED] acme- acme-!"},
      {"_gitlab_session=abc GLPAT-abc xglpat-abc",
       "_gitlab_session=[MASKED] GLPAT-abc xglpat-[MASKED]"},
      {"extra1-a extra2-b gloas-c glrtr-d glptt-e glimt-f glagent-g glsoat-h glffct-i",
       "extra1-[MASKED] extra2-[MASKED] gloas-[MASKED] glrtr-[MASKED] glptt-[MASKED] "
       "glimt-[MASKED] glagent-[MASKED] glsoat-[MASKED] glffct-[MASKED]"},
      {"glglpat-a", "glglpat-[MASKED]"},
      {"glpat-\xC3\xA9", "glpat-\xC3\xA9"},
      {"", ""},
  }));
  CAPTURE(in);
  for (std::size_t at = 0; at <= in.size(); ++at) {
    test::collected out;
    token_masker masker(prefixes(true), out);
    masker.put(in.substr(0, at));
    masker.put(in.substr(at));
    masker.finish();
    CHECK(out.text == expected);
  }
  test::collected single;
  token_masker masker(prefixes(true), single);
  for (char const c : in) masker.put(std::string(1, c));
  CHECK(single.text == expected);
}

TEST_CASE("without the flag only personal access tokens are hidden", "[trace][mask]") {
  test::collected out;
  token_masker masker(std::make_shared<phrase_automaton const>(default_token_prefixes(false)), out);
  masker.put("glpat-a glrt-b");
  CHECK(out.text == "glpat-[MASKED] glrt-b");
}

TEST_CASE("a stream that ends behind a prefix does not hide the next one", "[trace][mask]") {
  test::collected out;
  token_masker masker(prefixes(true), out);
  masker.put("glpat-");
  masker.finish();
  masker.put("abc");
  CHECK(out.text == "glpat-abc");
}
