#include "runner/gitlab/full_chain.hpp"

#include "net/certificate_chain.hpp"
#include "net/error.hpp"

#include <fmt/format.h>

#include <utility>

namespace corunner::gitlab {

namespace {

using namespace std::chrono_literals;

constexpr int most_fetches = 14;
constexpr auto fetch_within = 15s;
constexpr std::size_t largest_answer = 256 * 1024;

awaitable<result<std::string>> fetch(net::http_client& http, net::url from) {
  net::http_request request;
  request.target = std::move(from);
  request.deadlines.total = fetch_within;
  auto response = co_await http.send(std::move(request));
  if (!response) co_return response.error();
  if (response->status != 200) co_return net::errc::bad_message;
  co_return co_await response->read_all(largest_answer);
}

// The certificate at `where`, or the trouble.
awaitable<full_chain> fetch_issuer(net::http_client& http, std::string where) {
  full_chain out;
  auto const url = net::parse_url(where);
  if (!url) {
    out.trouble = fmt::format("{} is no URL", where);
    co_return out;
  }
  auto const answer = co_await fetch(http, *url);
  if (!answer) {
    out.trouble =
        fmt::format("cannot fetch the issuer from {}: {}", where, answer.error().message());
    co_return out;
  }
  if (auto found = net::certificate_in(*answer)) {
    out.chain = std::move(*found);
  } else {
    out.trouble = fmt::format("{} gives no certificate", where);
  }
  co_return out;
}

}  // namespace

awaitable<full_chain> complete_chain(net::http_client& http, std::string chain) {
  full_chain out;
  for (int fetches = 0; fetches < most_fetches; ++fetches) {
    auto where = net::issuer_url(chain);
    if (!where) break;
    auto issuer = co_await fetch_issuer(http, std::move(*where));
    if (!issuer.trouble.empty()) co_return issuer;
    chain += '\n' + issuer.chain;
  }
  auto rooted = net::add_system_root(std::move(chain));
  if (!rooted) {
    out.trouble = rooted.error().message();
    co_return out;
  }
  out.chain = std::move(rooted->chain);
  if (!rooted->known) out.trouble = "x509: certificate signed by unknown authority";
  co_return out;
}

}  // namespace corunner::gitlab
