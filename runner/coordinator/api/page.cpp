#include "runner/coordinator/api/page.hpp"

#include "net/url.hpp"
#include "runner/coordinator/context.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::coordinator {

namespace {

constexpr std::int64_t most_per_page = 100;
constexpr std::int64_t last_page = 1'000'000'000;  // further on all pages are alike: empty

// The request's URL with these parameters in place of its own; the credential is left out.
std::string url_with(context& in, api_request const& request, std::string_view replaced,
                     std::string const& more) {
  std::string query;
  for (auto const& [key, value] : split_form(request.exchange.query)) {
    if (key == replaced || key == "per_page" || key == "private_token") continue;
    query += fmt::format("{}={}&", net::percent_encode(key), net::percent_encode(value));
  }
  return fmt::format("{}{}?{}{}", in.url(), request.exchange.path, query, more);
}

std::string link(context& in, api_request const& request, page_wish wish, std::string_view rel) {
  auto const more = fmt::format("page={}&per_page={}", wish.page, wish.per_page);
  return fmt::format("<{}>; rel=\"{}\"", url_with(in, request, "page", more), rel);
}

}  // namespace

page_wish read_page(parameters& params) {
  page_wish wish;
  wish.page = params.integer("page").value_or(1);
  wish.per_page = params.integer("per_page").value_or(20);
  if (wish.page < 1) params.fault("page does not have a valid value");
  if (wish.per_page == 0) params.fault("per_page has a value not allowed");
  if (wish.per_page < 0) params.fault("per_page does not have a valid value");
  wish.page = std::clamp<std::int64_t>(wish.page, 1, last_page);
  wish.per_page = std::clamp<std::int64_t>(wish.per_page, 1, most_per_page);
  return wish;
}

reply page_reply(context& in, api_request const& request, page_wish wish, page_content content) {
  std::int64_t pages = 0;
  if (content.total) {
    pages = std::max<std::int64_t>(1, (*content.total + wish.per_page - 1) / wish.per_page);
  }
  // Past the end there is neither a next page nor one before.
  bool const outside = content.total && (*content.total == 0 || wish.page > pages);
  bool const has_previous = wish.page > 1 && !outside;
  bool const has_next = content.total ? wish.page < pages : content.more;

  std::vector<std::string> links;
  auto const add = [&](std::int64_t page, std::string_view rel) {
    links.push_back(link(in, request, {page, wish.per_page}, rel));
  };
  if (has_previous) add(wish.page - 1, "prev");
  if (has_next) add(wish.page + 1, "next");
  add(1, "first");
  if (content.total) add(pages, "last");

  auto answer = json_reply(200, std::move(content.items));
  answer.fields.set("X-Page", std::to_string(wish.page));
  answer.fields.set("X-Per-Page", std::to_string(wish.per_page));
  answer.fields.set("X-Next-Page", has_next ? std::to_string(wish.page + 1) : "");
  answer.fields.set("X-Prev-Page", has_previous ? std::to_string(wish.page - 1) : "");
  if (content.total) answer.fields.set("X-Total", std::to_string(*content.total));
  if (content.total) answer.fields.set("X-Total-Pages", std::to_string(pages));
  answer.fields.set("Link", fmt::format("{}", fmt::join(links, ", ")));
  return answer;
}

reply page_reply(context& in, api_request& request, std::size_t total,
                 std::function<boost::json::value(std::size_t)> const& item) {
  auto const wish = read_page(request.params);
  if (!request.params.good()) return error_reply(400, request.params.faults());
  auto const count = static_cast<std::int64_t>(total);
  page_content content;
  content.total = count;
  auto const end = std::min(count, wish.offset() + wish.per_page);
  for (auto place = wish.offset(); place < end; ++place) {
    content.items.push_back(item(static_cast<std::size_t>(place)));
  }
  return page_reply(in, request, wish, std::move(content));
}

reply keyset_reply(context& in, api_request const& request, page_wish wish,
                   boost::json::array items, std::string const& cursor) {
  auto answer = json_reply(200, std::move(items));
  if (cursor.empty()) return answer;
  auto const more =
      fmt::format("cursor={}&per_page={}", net::percent_encode(cursor), wish.per_page);
  answer.fields.set("Link",
                    fmt::format("<{}>; rel=\"next\"", url_with(in, request, "cursor", more)));
  return answer;
}

}  // namespace corunner::coordinator
