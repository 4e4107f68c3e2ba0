#pragma once

#include "runner/trace/byte_sink.hpp"
#include "runner/trace/phrase_masker.hpp"

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// What no stream of one command may show from now on; its streams share it.
class masked_values {
 public:
  masked_values();

  // Takes a value and what it becomes in base64, JSON, ... True when it was not known.
  bool add(std::string_view value);

  // As they are looked for; made anew only when it is asked for and values have come.
  std::shared_ptr<phrase_automaton const> phrases();

 private:
  std::set<std::string, std::less<>> values_;
  std::shared_ptr<phrase_automaton const> compiled_;
  bool stale_ = false;
};

// One output stream of a command whose lines may tell what is secret.
//
// A line `::add-mask::VALUE` (blanks may stand before it) hands VALUE to `announced` and shows as
// `::add-mask::[MASKED]`; what follows is masked, however it is cut into writes. %25, %0D and %0A
// in VALUE are also read as the bytes that they stand for, so that a value may have several lines.
// An announcement is held back until its line ends; of one that grows beyond most_announced bytes
// nothing is shown and nothing kept. Everything else is passed on at once, but for an end that a
// secret may begin with.
class output_mask final : public byte_sink {
 public:
  static constexpr std::size_t most_announced = 64 * 1024;  // bytes of a line

  using announcement = std::function<void(std::string const& value)>;

  output_mask(masked_values& values, byte_sink& next, announcement announced);

  void put(std::string_view bytes) override;
  // The stream has ended: what is held back goes out.
  void finish();

 private:
  enum class place { line_start, in_line, in_endless_announcement };

  std::size_t take_line_start(std::string_view bytes);
  void end_announcement(std::string_view line_end);
  void pass(std::string_view bytes);

  masked_values& values_;
  announcement announced_;
  std::shared_ptr<phrase_automaton const> phrases_;
  phrase_masker masker_;
  place where_ = place::line_start;
  std::string held_;  // of a line that begins like an announcement
};

}  // namespace corunner
