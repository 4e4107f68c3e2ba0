#pragma once

#include "net/asio.hpp"
#include "net/event.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <string>

namespace corunner {

// The directories that jobs of this process work in. No two jobs share one, and none works inside
// another's. The numbers of jobs see to that, but GIT_CLONE_PATH may name the same for several:
// then the later waits. Must outlive its leases.
class build_directories {
  struct place {
    std::string path;
    std::int64_t job;
    std::shared_ptr<net::event> freed;
  };

 public:
  explicit build_directories(asio::any_io_executor executor) : executor_(std::move(executor)) {}

  // A directory for one job, given back when it is destroyed.
  class lease {
   public:
    lease(lease&& other) noexcept;
    lease& operator=(lease&&) = delete;
    ~lease();

   private:
    friend class build_directories;
    lease(build_directories& from, std::list<place>::iterator what) : from_(&from), what_(what) {}
    build_directories* from_;
    std::list<place>::iterator what_;
  };

  // Who is in the way of a job in `path` (absolute, clean), and what is set when it goes; no event:
  // nobody.
  struct obstacle {
    std::int64_t job = 0;
    std::shared_ptr<net::event> gone;
  };
  obstacle in_the_way_of(std::string const& path) const;

  // Nobody may be in the way.
  lease take(std::string path, std::int64_t job);

 private:
  asio::any_io_executor executor_;
  std::list<place> places_;
};

}  // namespace corunner
