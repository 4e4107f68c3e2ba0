// Any bytes, any phrases, any cut: the filters of a trace give the same text as without cuts, leave
// no occurrence of a phrase or of one of its encoded forms, and the repaired end is what the spool
// holds.

#include "runner/trace/base64_forms.hpp"
#include "runner/trace/encoded_forms.hpp"
#include "runner/trace/phrase_masker.hpp"
#include "runner/trace/token_masker.hpp"
#include "runner/trace/url_masker.hpp"
#include "runner/trace/utf8_repair.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace corunner;

struct collected final : byte_sink {
  std::string text;
  void put(std::string_view bytes) override { text.append(bytes); }
};

// The first byte tells how many phrases follow, each with its length, and whether their encoded
// forms are hidden, too; then come bytes that tell how to cut, a zero, and the text.
struct parsed {
  bool encoded = false;
  std::vector<std::string> phrases;
  std::string cuts;
  std::string text;
};

parsed take_apart(std::string_view data) {
  parsed out;
  auto const byte = [&]() -> std::size_t {
    if (data.empty()) return 0;
    auto const value = static_cast<unsigned char>(data.front());
    data.remove_prefix(1);
    return value;
  };
  auto const head = byte();
  out.encoded = (head & 8) != 0;
  for (auto count = head % 8; count > 0; --count) {
    auto const phrase = data.substr(0, byte() % 24);
    out.phrases.emplace_back(phrase);
    data.remove_prefix(std::min(phrase.size(), data.size()));
  }
  for (auto step = byte(); step != 0; step = byte()) out.cuts += static_cast<char>(step);
  out.text = std::string(data);
  return out;
}

std::string filtered(parsed const& input, bool cut) {
  collected out;
  auto const prefixes =
      std::make_shared<phrase_automaton const>(std::vector<std::string>{"glpat-", "gl", "_x="});
  token_masker tokens(prefixes, out);
  url_masker urls(tokens);
  phrase_masker phrases(
      compile_phrases(input.encoded ? with_encoded_forms(input.phrases) : input.phrases), urls);
  std::string_view rest = input.text;
  for (std::size_t i = 0; cut && i < input.cuts.size(); ++i) {
    auto const part = rest.substr(0, static_cast<unsigned char>(input.cuts[i]));
    phrases.put(part);
    rest.remove_prefix(part.size());
  }
  phrases.put(rest);
  phrases.finish();
  urls.finish();
  tokens.finish();
  return out.text;
}

std::string repaired(std::string const& text, std::size_t cut) {
  utf8_repair repair;
  std::string room;
  std::string out(repair.next(std::string_view(text).substr(0, cut), room));
  out.append(repair.next(std::string_view(text).substr(std::min(cut, text.size())), room));
  return out + repair.finish();
}

std::string masked(std::shared_ptr<phrase_automaton const> const& phrases, std::string_view text) {
  collected out;
  phrase_masker masker(phrases, out);
  masker.put(text);
  masker.finish();
  return out.text;
}

bool is_trimmed(std::string const& value) {
  return compile_phrases({value})->longest() == value.size();
}

// Every form of a value shows as a mark alone. In base64 behind other bytes at most one character
// stays that holds bits of it.
void check_forms(std::string const& value) {
  auto const forms = encoded_forms(value);
  auto const phrases = compile_phrases(with_encoded_forms({value}));
  for (auto const& form : forms) {
    if (masked(phrases, form) != mask_text) std::abort();
  }
  if (forms.empty() || !is_trimmed(value)) return;
  for (std::size_t before = 0; before < 3; ++before) {
    auto const shown = masked(phrases, base64_forms(std::string(before, 'x') + value)[1]);
    auto const mark = shown.find(mask_text);
    if (mark > (before * 8 + 5) / 6) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const input = take_apart({reinterpret_cast<char const*>(data), size});
  auto const whole = filtered(input, false);
  if (filtered(input, true) != whole) std::abort();
  for (auto const& phrase : input.phrases) {
    if (input.encoded) check_forms(phrase);
    // A phrase may come back only through what we write ourselves.
    auto const trimmed = is_trimmed(phrase);
    bool const ours = phrase.find_first_of("[]MASKED") != std::string::npos;
    bool const beside = whole.find(mask_text) != std::string::npos;
    if (!phrase.empty() && trimmed && !ours && !beside && whole.find(phrase) != std::string::npos) {
      std::abort();
    }
  }
  auto const valid = repaired(whole, whole.size());
  for (std::size_t cut = 0; cut <= whole.size() && cut < 32; ++cut) {
    if (repaired(whole, cut) != valid) std::abort();
  }
  std::string room;
  utf8_repair again;
  if (again.next(valid, room) != valid || !again.finish().empty()) std::abort();
  return 0;
}
