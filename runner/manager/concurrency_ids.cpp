#include "runner/manager/concurrency_ids.hpp"

namespace corunner {

namespace {

int take_lowest(std::set<int>& used) {
  int free = 0;
  for (int const one : used) {
    if (one != free) break;
    ++free;
  }
  used.insert(free);
  return free;
}

template <class Map, class Key>
void give_back(Map& map, Key const& key, int number) {
  auto const place = map.find(key);
  place->second.erase(number);
  if (place->second.empty()) map.erase(place);
}

}  // namespace

concurrency_ids::lease::lease(concurrency_ids& from, std::string token, std::int64_t project,
                              int id, int project_id)
    : from_(&from), token_(std::move(token)), project_(project), id_(id), project_id_(project_id) {}

concurrency_ids::lease::lease(lease&& other) noexcept
    : from_(std::exchange(other.from_, nullptr)),
      token_(std::move(other.token_)),
      project_(other.project_),
      id_(other.id_),
      project_id_(other.project_id_) {}

concurrency_ids::lease::~lease() {
  if (!from_) return;
  give_back(from_->by_token_, token_, id_);
  give_back(from_->by_project_, std::pair(token_, project_), project_id_);
}

concurrency_ids::lease concurrency_ids::take(std::string const& token, std::int64_t project) {
  int const id = take_lowest(by_token_[token]);
  int const project_id = take_lowest(by_project_[{token, project}]);
  return lease(*this, token, project, id, project_id);
}

}  // namespace corunner
