#include "runner/coordinator/api/page.hpp"

#include "net/url.hpp"
#include "runner/coordinator/context.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::coordinator {

namespace {

constexpr std::int64_t most_per_page = 100;

struct page_wish {
  std::int64_t page = 1;
  std::int64_t per_page = 20;
};

page_wish read_wish(parameters& params) {
  page_wish wish;
  wish.page = params.integer("page").value_or(1);
  wish.per_page = params.integer("per_page").value_or(20);
  if (wish.page < 1) params.fault("page does not have a valid value");
  if (wish.per_page == 0) params.fault("per_page has a value not allowed");
  if (wish.per_page < 0) params.fault("per_page does not have a valid value");
  wish.per_page = std::min(wish.per_page, most_per_page);
  return wish;
}

std::string page_url(context& in, api_request const& request, std::int64_t page, std::int64_t per_page) {
  std::string query;
  for (auto const& [key, value] : split_form(request.exchange.query)) {
    if (key == "page" || key == "per_page" || key == "private_token") continue;
    query += fmt::format("{}={}&", net::percent_encode(key), net::percent_encode(value));
  }
  return fmt::format("{}{}?{}page={}&per_page={}", in.url(), request.exchange.path, query, page, per_page);
}

}  // namespace

reply page_reply(context& in, api_request& request, std::size_t total,
                 std::function<boost::json::value(std::size_t)> const& item) {
  auto const wish = read_wish(request.params);
  if (!request.params.good()) return error_reply(400, request.params.faults());
  auto const count = static_cast<std::int64_t>(total);
  auto const pages = std::max<std::int64_t>(1, (count + wish.per_page - 1) / wish.per_page);

  boost::json::array items;
  auto const first = wish.page > pages ? count : (wish.page - 1) * wish.per_page;
  for (auto place = first; place < std::min(count, first + wish.per_page); ++place) {
    items.push_back(item(static_cast<std::size_t>(place)));
  }

  std::vector<std::string> links;
  auto const link = [&](std::int64_t page, std::string_view rel) {
    links.push_back(fmt::format("<{}>; rel=\"{}\"", page_url(in, request, page, wish.per_page), rel));
  };
  bool const has_previous = wish.page > 1;
  bool const has_next = wish.page < pages;
  if (has_previous) link(wish.page - 1, "prev");
  if (has_next) link(wish.page + 1, "next");
  link(1, "first");
  link(pages, "last");

  auto answer = json_reply(200, std::move(items));
  answer.fields.set("X-Page", std::to_string(wish.page));
  answer.fields.set("X-Per-Page", std::to_string(wish.per_page));
  answer.fields.set("X-Next-Page", has_next ? std::to_string(wish.page + 1) : "");
  answer.fields.set("X-Prev-Page", has_previous ? std::to_string(wish.page - 1) : "");
  answer.fields.set("X-Total", std::to_string(count));
  answer.fields.set("X-Total-Pages", std::to_string(pages));
  answer.fields.set("Link", fmt::format("{}", fmt::join(links, ", ")));
  return answer;
}

}  // namespace corunner::coordinator
