#pragma once

#include "runner/coordinator/api/router.hpp"

#include <boost/json/array.hpp>

#include <functional>
#include <optional>
#include <string>

namespace corunner::coordinator {

// Pages of lists, with the headers that clients follow (runners-api.md 1.5).

struct page_wish {
  std::int64_t page = 1;
  std::int64_t per_page = 20;
  std::int64_t offset() const { return (page - 1) * per_page; }
};

// Reads `page` and `per_page`; notes what is wrong with them.
page_wish read_page(parameters& params);

// What a page of a list holds. Without a total (counting is off) `more` tells whether another
// follows.
struct page_content {
  boost::json::array items;
  std::optional<std::int64_t> total;
  bool more = false;
};
reply page_reply(context& in, api_request const& request, page_wish wish, page_content content);

// A list that is whole in memory: `item` makes the JSON of the n-th of `total`. Refuses bad
// parameters.
reply page_reply(context& in, api_request& request, std::size_t total,
                 std::function<boost::json::value(std::size_t)> const& item);

// A page of the keyset form: only the way to the next, which begins after `cursor`; empty: the
// last.
reply keyset_reply(context& in, api_request const& request, page_wish wish,
                   boost::json::array items, std::string const& cursor);

// Above this many GitLab does not count.
inline constexpr std::int64_t most_counted = 10'000;

}  // namespace corunner::coordinator
