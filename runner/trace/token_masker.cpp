#include "runner/trace/token_masker.hpp"

#include "runner/trace/phrase_masker.hpp"

#include <utility>

namespace corunner {

namespace {

bool is_token(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '_' || c == '=' || c == '-';
}

}  // namespace

token_masker::token_masker(std::shared_ptr<phrase_automaton const> prefixes, byte_sink& next)
    : prefixes_(std::move(prefixes)), next_(next) {}

void token_masker::put(std::string_view bytes) {
  std::size_t kept = 0;  // bytes before have been let through or hidden
  for (std::size_t i = 0; i < bytes.size();) {
    if (place_ == place::text) {
      i = find_prefix(bytes, i);
    } else if (place_ == place::behind_prefix) {
      if (!is_token(bytes[i])) {
        place_ = place::text;
        continue;
      }
      next_.put(bytes.substr(kept, i - kept));
      next_.put(mask_text);
      kept = i;
      place_ = place::in_token;
      cursor_ = {};
    } else {
      while (i < bytes.size() && is_token(bytes[i])) ++i;
      kept = i;
      if (i < bytes.size()) place_ = place::text;
    }
  }
  if (kept < bytes.size()) next_.put(bytes.substr(kept));
}

// The position behind the next complete prefix, or the end.
std::size_t token_masker::find_prefix(std::string_view bytes, std::size_t from) {
  std::size_t candidate = bytes.size();
  for (auto i = from; i < bytes.size();) {
    if (cursor_.node == 0) {
      i = prefixes_->next_candidate(bytes, i);
      if (i == bytes.size()) break;
      candidate = i;
    }
    prefixes_->step(cursor_, static_cast<unsigned char>(bytes[i]));
    ++i;
    if (prefixes_->matched(cursor_) != 0) {
      place_ = place::behind_prefix;
      return i;
    }
    if (cursor_.depth == 1 && i - 1 != candidate) {
      cursor_ = {};
      --i;
    }
  }
  return bytes.size();
}

void token_masker::finish() {
  place_ = place::text;
  cursor_ = {};
}

}  // namespace corunner
