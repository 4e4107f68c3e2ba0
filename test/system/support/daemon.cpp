#include "test/system/support/daemon.hpp"

#include "test/net/real_world.hpp"
#include "test/system/support/files.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <stdexcept>

namespace corunner::test {

namespace fs = std::filesystem;

std::uint16_t free_port(world& in) {
  auto const at = net::listen_tcp(in.loop.io.get_executor(), "127.0.0.1", 0).value();
  return port_of(*at);
}

child_options daemon_program(world& in, std::string const& program,
                             std::vector<std::string> arguments) {
  auto how = in.program(std::move(arguments));
  for (fs::path const folder : {"/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin"}) {
    if (!fs::exists(folder / program)) continue;
    how.program = folder / program;
    return how;
  }
  throw std::runtime_error(program + " is not installed; see tools/setup check");
}

squid::squid(world& in, std::string const& user, std::string const& password)
    : directory_(in.path("squid")),
      port_(free_port(in)),
      process_(in.loop, daemon_program(in, "squid", configure(in, user, password))) {
  process_.wait_for_error("Accepting HTTP Socket connections");
}

std::vector<std::string> squid::configure(world& in, std::string const& user,
                                          std::string const& password) {
  auto const at = directory_.string();
  auto const hash = in.run("openssl", {"passwd", "-apr1", password});
  write_file(directory_ / "passwords", user + ":" + hash);
  write_file(directory_ / "hosts", "127.0.0.1 gitlab.test\n");
  write_file(directory_ / "squid.conf", fmt::format(R"(
http_port {1}
pid_filename {0}/squid.pid
access_log stdio:{0}/access.log
cache_log {0}/cache.log
coredump_dir {0}
hosts_file {0}/hosts
cache deny all
cache_mem 1 MB
max_filedescriptors 1024
pinger_enable off
netdb_filename none
shutdown_lifetime 0 seconds
visible_hostname proxy.test
auth_param basic program /usr/lib/squid/basic_ncsa_auth {0}/passwords
auth_param basic children 1 startup=1
auth_param basic realm tests
acl known proxy_auth REQUIRED
http_access allow known
http_access deny all
)", at, address()));
  // Started by root it becomes the user `proxy`, who has to get here.
  if (::geteuid() == 0) {
    fs::permissions(directory_.parent_path(), fs::perms::others_exec, fs::perm_options::add);
    fs::permissions(directory_, fs::perms::all);
  }
  return {"-N", "-d", "1", "-n", fmt::format("corunner{}", ::getpid()), "-f", at + "/squid.conf"};
}

std::string squid::log() const { return read_file(directory_ / "access.log"); }

}  // namespace corunner::test
