#pragma once

#include "runner/trace/byte_sink.hpp"
#include "runner/trace/phrase_automaton.hpp"

#include <memory>
#include <string_view>

namespace corunner {

// Hides what follows a token prefix: the prefix stays, the run of [0-9A-Za-z._=-] behind it becomes
// [MASKED]. Any number of prefixes; holds nothing back. Wire: job-lifecycle.md 11.3.
class token_masker final : public byte_sink {
 public:
  token_masker(std::shared_ptr<phrase_automaton const> prefixes, byte_sink& next);

  void put(std::string_view bytes) override;
  void finish();

 private:
  enum class place { text, behind_prefix, in_token };

  std::size_t find_prefix(std::string_view bytes, std::size_t from);

  std::shared_ptr<phrase_automaton const> prefixes_;
  byte_sink& next_;
  phrase_automaton::cursor cursor_;
  place place_ = place::text;
};

}  // namespace corunner
