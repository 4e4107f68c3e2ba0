#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace corunner {

// Hands out CI_CONCURRENT_ID and CI_CONCURRENT_PROJECT_ID: the lowest numbers free among the
// running jobs of one runner token, and of one project on it. Build directories are named by them,
// so two jobs at a time must never share one (job-lifecycle.md 2). The object must outlive its
// leases.
class concurrency_ids {
 public:
  // The numbers of one job, given back when it is destroyed.
  class lease {
   public:
    lease(lease&& other) noexcept;
    lease& operator=(lease&&) = delete;
    ~lease();

    int id() const { return id_; }
    int project_id() const { return project_id_; }

   private:
    friend class concurrency_ids;
    lease(concurrency_ids& from, std::string token, std::int64_t project, int id, int project_id);

    concurrency_ids* from_;
    std::string token_;
    std::int64_t project_;
    int id_;
    int project_id_;
  };

  lease take(std::string const& token, std::int64_t project);

 private:
  std::map<std::string, std::set<int>> by_token_;
  std::map<std::pair<std::string, std::int64_t>, std::set<int>> by_project_;
};

}  // namespace corunner
