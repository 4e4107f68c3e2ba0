#include "test/simulation/drawn_configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace corunner::simulation {

drawn_configuration::drawn_configuration(chance& random, std::vector<std::string> hosts)
    : random_(random), hosts_(std::move(hosts)) {
  values_.concurrent = random_.between(1, 4);
  values_.check_interval = random_.between(1, 5);
  values_.shutdown_timeout = random_.percent(20) ? 0 : random_.between(1, 60);
  for (auto const& host : hosts_) values_.runners.push_back(draw_entry(host));
  auto const more = random_.between(0, 4);
  for (std::int64_t i = 0; i < more; ++i) values_.runners.push_back(draw_entry());
}

config::runner_entry drawn_configuration::draw_entry(std::string const& host) {
  auto const number = entries_made_++;
  config::runner_entry one;
  one.name = fmt::format("entry {}", number);
  one.url = "http://" + host;
  one.token = secret(fmt::format("glrt-{}simulated", number));
  one.executor = "dummy";
  one.shell = "dummy";
  one.builds_dir = "/simulated/builds";
  one.cache_dir = "/simulated/cache";
  one.limit = random_.percent(20) ? 1 : 0;
  one.request_concurrency = random_.percent(40) ? random_.between(2, 4) : 0;
  one.feature_flags.or_emplace()["FF_USE_ADAPTIVE_REQUEST_CONCURRENCY"] = random_.percent(50);
  return one;
}

std::string drawn_configuration::edit() {
  auto& runners = values_.runners;
  auto const place = runners.empty() ? 0 : random_.next() % runners.size();
  switch (random_.between(0, 6)) {
    case 0:
      runners.push_back(draw_entry());
      return "adds " + runners.back().name;
    case 1: {
      if (runners.empty()) break;
      auto const name = runners[place].name;
      runners.erase(runners.begin() + static_cast<std::ptrdiff_t>(place));
      return "removes " + name;
    }
    case 2:
      if (runners.empty()) break;
      runners[place].limit = random_.between(0, 2);
      return fmt::format("sets limit = {} of {}", runners[place].limit, runners[place].name);
    case 3:
      if (runners.empty()) break;
      runners[place].labels.or_emplace()["edited"] = std::to_string(random_.between(0, 9));
      return "labels " + runners[place].name;
    case 4:
      if (runners.size() < 2) break;
      std::swap(runners.front(), runners[place]);
      return "changes the order";
    case 5:
      values_.check_interval = random_.between(1, 30);
      return fmt::format("sets check_interval = {}", values_.check_interval);
    default:
      values_.concurrent = random_.between(0, 5);
      return fmt::format("sets concurrent = {}", values_.concurrent);
  }
  return "changes nothing";
}

void drawn_configuration::make_whole() {
  if (values_.concurrent == 0) values_.concurrent = 1;
  for (auto const& host : hosts_) {
    auto const url = "http://" + host;
    if (std::ranges::find(values_.runners, url, &config::runner_entry::url) ==
        values_.runners.end()) {
      values_.runners.push_back(draw_entry(host));
    }
  }
}

}  // namespace corunner::simulation
