#include "test/simulation/servers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace corunner::simulation {

namespace {

weather draw_weather(chance& random) {
  if (random.percent(25)) return {};  // a fine day
  return {.error = static_cast<unsigned>(random.between(0, 15)),
          .drop_before = static_cast<unsigned>(random.between(0, 10)),
          .drop_after = static_cast<unsigned>(random.between(0, 10)),
          .slow = static_cast<unsigned>(random.between(0, 10)),
          .wrong_range = static_cast<unsigned>(random.between(0, 5)),
          .not_yet = static_cast<unsigned>(random.between(0, 20))};
}

fault fault_of(presence what) {
  switch (what) {
    case presence::refuses: return fault::server_refuses;
    case presence::stalls: return fault::server_stalls;
    default: return fault::server_unreachable;
  }
}

}  // namespace

server::server(parts with, std::size_t number, bool calm, net::task_group& tasks)
    : gitlab(with.executor, with.time, with.random, calm ? weather() : draw_weather(with.random),
             with.counts),
      with_(with),
      host_(fmt::format("gitlab{}.test", number)),
      calm_(calm),
      back_(with.executor),
      http_(with.executor, with.time,
            [this](net::http_exchange& exchange) { return handle(exchange); }),
      listener_(with.network.listen(host_, 80)) {
  back_.set();
  http_.failed = [this](std::string const& text) { failed(text); };
  tasks.spawn(http_.serve(*listener_));
}

awaitable<void> server::handle(net::http_exchange& exchange) {
  if (presence_ != presence::there) {
    co_await back_.wait();
    co_return exchange.drop();
  }
  co_await gitlab.handle(exchange);
}

void server::become(presence what) {
  if (for_good_) return;
  presence_ = what;
  if (what == presence::there) {
    there_since_ = with_.time.now();
    return back_.set();
  }
  with_.counts.add(fault_of(what));
  back_.reset();
  if (what == presence::refuses) with_.network.reset(host_);
}

void server::go_for_good(presence how) {
  become(how);
  with_.counts.add(fault::server_gone_for_good);
  for_good_ = true;
}

void server::stop() {
  http_.stop();
  listener_->close();
  back_.set();
}

test::dial_plan server::plan() {
  test::dial_plan how;
  if (presence_ == presence::refuses) how.refuse = asio::error::connection_refused;
  how.stall = presence_ == presence::unreachable;
  if (calm_) return how;
  auto& random = with_.random;
  for (auto* const lane : {&how.to_client, &how.to_server}) {
    if (random.percent(3)) {
      lane->reset_after = random.next() % 2000;
      with_.counts.add(fault::broken_connection);
    }
    if (random.percent(20)) {
      lane->split_seed = random.next();
      with_.counts.add(fault::split_bytes);
    }
  }
  return how;
}

servers::servers(server::parts with, net::task_group& tasks) {
  auto const count = with.random.percent(40) ? 1 : with.random.between(2, 4);
  for (std::int64_t i = 0; i < count; ++i) {
    all_.push_back(std::make_unique<server>(with, all_.size(), with.random.percent(40), tasks));
  }
  with.network.plan = [this](net::dial_target const& target, std::size_t) {
    auto const found =
        std::ranges::find(all_, target.host, [](auto const& each) { return each->host(); });
    return (*found)->plan();
  };
}

std::vector<server*> servers::lasting() const {
  std::vector<server*> out;
  for (auto const& each : all_) {
    if (!each->gone_for_good()) out.push_back(each.get());
  }
  return out;
}

bool servers::all_ended() const {
  return std::ranges::all_of(lasting(), [](server* each) { return each->gitlab.all_ended(); });
}

std::size_t servers::ended() const {
  using status = gitlab_world::status;
  std::size_t out = 0;
  each_job([&out](server&, std::int64_t, gitlab_world::job const& job) {
    if (job.now == status::success || job.now == status::failed || job.now == status::canceled) {
      ++out;
    }
  });
  return out;
}

std::size_t servers::held_polls() const {
  std::size_t out = 0;
  for (auto const& each : all_) out += each->gitlab.held_polls();
  return out;
}

void servers::each_job(
    std::function<void(server&, std::int64_t, gitlab_world::job const&)> const& see) const {
  for (auto const& each : all_) {
    for (auto const& [id, job] : each->gitlab.jobs()) see(*each, id, job);
  }
}

}  // namespace corunner::simulation
