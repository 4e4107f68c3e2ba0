#include "runner/trace/url_masker.hpp"

#include "test/runner/trace/collected.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace corunner;

TEST_CASE("values of secret URL parameters are hidden wherever the stream is cut",
          "[trace][mask]") {
  auto const& [in, expected] = GENERATE(table<std::string, std::string>({
      {"/?a=1&Private_Token=z&b=2", "/?a=1&Private_Token=[MASKED]&b=2"},
      {"?id=1&X-Amz-Signature=abc&private_token=def",
       "?id=1&X-Amz-Signature=[MASKED]&private_token=[MASKED]"},
      {"?private_token=&b=2", "?private_token=[MASKED]&b=2"},
      {"rss_token=z", "rss_token=z"},
      {"?rss_token=z end", "?rss_token=[MASKED] end"},
      {"?rss_token=z\nend", "?rss_token=[MASKED]\nend"},
      {"?rss_token=z?rss_token=y", "?rss_token=[MASKED]?rss_token=[MASKED]"},
      {"?authenticity_token=\x7f", "?authenticity_token=[MASKED]\x7f"},
      {"?x-amz-credential=a/b%2F&x-amz-security-token=T==",
       "?x-amz-credential=[MASKED]&x-amz-security-token=[MASKED]"},
      {"??private_token=x", "??private_token=[MASKED]"},
      {"?&&rss_token=x", "?&&rss_token=[MASKED]"},
      {"?private_tokens=x", "?private_tokens=x"},
      {"?private_toke=x", "?private_toke=x"},
      {"?a_very_long_parameter_name_indeed&rss_token=x",
       "?a_very_long_parameter_name_indeed&rss_token=[MASKED]"},
      {"what? yes & no", "what? yes & no"},
      {"ends with ?rss_tok", "ends with ?rss_tok"},
      {"", ""},
  }));
  CAPTURE(in);
  for (std::size_t at = 0; at <= in.size(); ++at) {
    test::collected out;
    url_masker masker(out);
    masker.put(in.substr(0, at));
    masker.put(in.substr(at));
    masker.finish();
    CHECK(out.text == expected);
  }
  test::collected single;
  url_masker masker(single);
  for (char const c : in) masker.put(std::string(1, c));
  CHECK(single.text == expected);
}

TEST_CASE("a value that is cut off by the end of a stream does not hide the next one",
          "[trace][mask]") {
  test::collected out;
  url_masker masker(out);
  masker.put("?rss_token=abc");
  masker.finish();
  masker.put("def");
  CHECK(out.text == "?rss_token=[MASKED]def");
}
