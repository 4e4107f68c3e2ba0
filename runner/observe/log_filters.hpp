#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace corunner {

// What keeps secrets out of our own log: those who know some lend a filter that hides them, for as
// long as they hold its lease. Costs nothing while there is none.
class log_filters {
 public:
  // The text without its secrets; nothing when it has none.
  using filter = std::function<std::optional<std::string>(std::string_view text)>;

  // Takes the filter back at its end. The filters must outlive it.
  class lease {
   public:
    lease() = default;
    lease(lease&& other) noexcept { swap(other); }
    lease& operator=(lease&& other) noexcept {
      lease(std::move(other)).swap(*this);
      return *this;
    }
    ~lease() {
      if (of_) of_->filters_.erase(number_);
    }

   private:
    friend class log_filters;
    lease(log_filters& of, std::uint64_t number) : of_(&of), number_(number) {}
    void swap(lease& other) noexcept {
      std::swap(of_, other.of_);
      std::swap(number_, other.number_);
    }

    log_filters* of_ = nullptr;
    std::uint64_t number_ = 0;
  };

  log_filters() = default;
  log_filters(log_filters const&) = delete;
  log_filters& operator=(log_filters const&) = delete;

  [[nodiscard]] lease add(filter what) {
    filters_.emplace(++last_, std::move(what));
    return {*this, last_};
  }

  bool empty() const { return filters_.empty(); }

  // By all of them; nothing when none has to hide anything.
  std::optional<std::string> filtered(std::string_view text) const;

 private:
  std::map<std::uint64_t, filter> filters_;
  std::uint64_t last_ = 0;
};

}  // namespace corunner
