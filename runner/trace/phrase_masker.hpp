#pragma once

#include "runner/trace/byte_sink.hpp"
#include "runner/trace/phrase_automaton.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

inline constexpr std::string_view mask_text = "[MASKED]";

// The phrases as they are looked for: trimmed of white space, without empty ones.
std::shared_ptr<phrase_automaton const> compile_phrases(std::vector<std::string> const& values);

// Replaces every occurrence of a phrase by [MASKED], however the stream is cut into writes.
//
// As if the whole stream were seen at once: of the occurrences those count that begin first, of
// each place the longest, one behind the other. Each shows as one [MASKED]; the bytes of those that
// do not count are hidden, too. Only what may still become (part of) an occurrence is held back,
// until the next bytes or finish(). Wire: job-lifecycle.md 11.1, with its correction for phrases
// that overlap themselves.
class phrase_masker final : public byte_sink {
 public:
  phrase_masker(std::shared_ptr<phrase_automaton const> phrases, byte_sink& next);

  void put(std::string_view bytes) override;
  // Lets go of what is held back: the stream has ended, or something else follows.
  void finish();
  // Other phrases from now on, also for what is held back.
  void replace(std::shared_ptr<phrase_automaton const> phrases);

 private:
  struct span {  // to be hidden, positions in the stream
    std::uint64_t begin;
    std::uint64_t starts;    // the occurrence that counts; a part of it may be hidden by one before
    std::uint64_t last_end;  // of that occurrence
    std::uint64_t end;
  };

  void scan(std::string_view bytes);
  void found(std::uint64_t end);
  std::size_t hide(span now);
  void release(std::uint64_t until, std::string_view bytes);
  void emit(std::uint64_t from, std::uint64_t to, std::string_view bytes);

  std::shared_ptr<phrase_automaton const> phrases_;
  byte_sink& next_;
  phrase_automaton::cursor cursor_;
  std::uint64_t base_ = 0;     // position of the write that is being scanned
  std::uint64_t emitted_ = 0;  // everything before has been let through or hidden
  std::string held_;           // bytes [emitted_, base_)
  std::vector<span> hidden_;   // not yet released, in order, apart from each other
};

}  // namespace corunner
