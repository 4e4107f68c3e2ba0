#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace corunner::coordinator {

// Answers of upload-pack: the jobs of a pipeline ask the same of the same commits.
//
// Holds at most `most_in_all` bytes, the newest; an answer beyond `most_of_one` is not for it. What
// repositories hold changes with forget() only, which whoever publishes calls.
class answer_memory {
 public:
  static constexpr std::size_t most_of_one = 256 * 1024;
  static constexpr std::size_t most_in_all = 4 * 1024 * 1024;

  // Nothing: not known.
  std::shared_ptr<std::string const> find(std::string_view question) const;

  // `asked_at`: what generation() was when the answer was begun; an answer from before a change is
  // not kept.
  void keep(std::string question, std::string answer, std::uint64_t asked_at);
  std::uint64_t generation() const { return generation_; }
  void forget();

 private:
  struct entry {
    std::string question;
    std::shared_ptr<std::string const> answer;
    std::size_t size() const { return question.size() + answer->size(); }
  };
  std::deque<entry> entries_;  // the oldest first
  std::size_t size_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace corunner::coordinator
