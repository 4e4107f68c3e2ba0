#include "runner/coordinator/storage/json_list.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace corunner::coordinator {

std::string to_json_list(std::vector<std::string> const& items) {
  boost::json::array list;
  for (auto const& item : items) list.emplace_back(item);
  return boost::json::serialize(list);
}

std::string to_json_list(std::vector<std::int64_t> const& items) {
  return boost::json::serialize(boost::json::array(items.begin(), items.end()));
}

std::vector<std::string> from_json_list(std::string const& text) {
  std::vector<std::string> items;
  auto const parsed = boost::json::parse(text);
  for (auto const& item : parsed.as_array()) items.emplace_back(item.as_string());
  return items;
}

}  // namespace corunner::coordinator
