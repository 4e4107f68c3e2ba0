#include "exec/process/orphans.hpp"

#include "exec/process/posix_launcher.hpp"
#include "exec/process/stray_hunt.hpp"
#include "exec/process/strays.hpp"

#include <utility>

namespace corunner::exec {

awaitable<std::size_t> end_orphans(net::time_source& time, net::blocking_pool& pool,
                                   std::string mark) {
  strays who;
  who.find = [&pool, &mark]() -> awaitable<std::vector<int>> {
    auto work = [mark] { return processes_with(mark_variable, mark); };
    return net::on_pool(pool, std::move(work));
  };
  who.is_one = [&mark](int pid) { return has_in_environment(pid, mark_variable, mark); };
  co_return co_await end_all(time, std::move(who), {});
}

awaitable<std::size_t> end_members(net::time_source& time, control_group group) {
  strays who;
  who.find = [&group]() -> awaitable<std::vector<int>> { co_return group.members(); };
  who.is_one = [&group](int pid) { return group.contains(pid); };
  who.kill_all = [&group] { group.kill(); };
  auto const met = co_await end_all(time, std::move(who), {});
  co_await remove_soon(time, std::move(group));
  co_return met;
}

}  // namespace corunner::exec
