#include "runner/coordinator/git/answer_memory.hpp"

#include <algorithm>

namespace corunner::coordinator {

std::shared_ptr<std::string const> answer_memory::find(std::string_view question) const {
  auto const known = std::ranges::find(entries_, question, &entry::question);
  return known == entries_.end() ? nullptr : known->answer;
}

void answer_memory::keep(std::string question, std::string answer, std::uint64_t asked_at) {
  if (asked_at != generation_ || question.size() + answer.size() > most_of_one) return;
  if (find(question)) return;
  entries_.push_back({std::move(question), std::make_shared<std::string const>(std::move(answer))});
  size_ += entries_.back().size();
  while (size_ > most_in_all) {
    size_ -= entries_.front().size();
    entries_.pop_front();
  }
}

void answer_memory::forget() {
  entries_.clear();
  size_ = 0;
  ++generation_;
}

}  // namespace corunner::coordinator
