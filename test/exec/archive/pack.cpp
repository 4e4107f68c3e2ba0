#include "test/exec/archive/pack.hpp"

#include "exec/archive/file_selection.hpp"
#include "test/exec/real_loop.hpp"

#include <array>
#include <fstream>

namespace corunner::test {
namespace {

awaitable<packed_archive> read_all(net::blocking_pool& pool,
                                   std::shared_ptr<exec::archive_plan const> plan) {
  auto const loop = co_await asio::this_coro::executor;
  auto const source = exec::open_archive(loop, pool, plan);
  packed_archive packed;
  std::array<char, 10'000> buffer;
  while (true) {
    auto const got = co_await source->read_some(asio::buffer(buffer));
    if (!got || *got == 0) break;
    packed.bytes.append(buffer.data(), *got);
  }
  packed.failure = source->failure();
  packed.warnings = source->warnings();
  co_return packed;
}

}  // namespace

packed_archive pack(std::string const& root, std::vector<std::string> const& paths,
                    exec::archive_format format, exec::compression_level level,
                    std::function<void()> after_listing) {
  exec::file_selection selection(root, {});
  for (auto const& path : paths) selection.add_path(path);
  auto const plan = std::make_shared<exec::archive_plan>();
  plan->root = root;
  plan->entries = selection.entries();
  plan->format = format;
  plan->level = level;
  if (after_listing) after_listing();
  real_loop loop;
  net::blocking_pool pool(2);  // its threads hold on to the loop: they go first
  return loop.run(read_all(pool, plan));
}

std::string unpack(std::string const& archive, std::string const& root, unsigned workers) {
  scratch in;
  in.file("archive", archive);
  real_loop loop;
  net::blocking_pool pool(2);  // its threads hold on to the loop: they go first
  return loop.run(exec::extract_archive(pool, in.path("archive"), root, workers)).message;
}

}  // namespace corunner::test
