#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// Values, and lines of them, that are shorter have no encoded forms: as text of their own such
// forms would hide what is no secret. It is also the least that GitLab accepts as a masked value.
inline constexpr std::size_t shortest_encoded = 8;  // bytes
// The forms of all values of one job together; the plain values do not count.
inline constexpr std::size_t most_encoded_bytes = 512 * 1024;

// The other texts by which programs show a value, without the value itself, sorted, each once:
//   JSON          as most programs escape, with \/, with \u003c for < > &, and in ASCII alone
//   percent       the sets of RFC 3986 (all, and for user information), encodeURIComponent,
//                 Python's quote and HTML forms; upper and lower case digits; blanks as %20 and +
//   shell words   $'...' of our bash_writer and of bash, "...", '..'\''..' and '..'"'"'..', \x
//   base64        at each of the three places that a value can have in a longer text, also at its
//                 end and before a last newline; both alphabets, padded or not; and in lines of 64
//                 and 76 characters
//   lines         of a value with several, trimmed of white space; a line "-----..." of PEM is not
//                 secret
// Of shell words and base64 it is what stands between quotes and padding. In base64, a character at
// the border of a value that also holds bits of its neighbours stays: up to four bits of its first
// and its last byte, and those only inside of a longer text. Empty for values that are too short.
std::vector<std::string> encoded_forms(std::string_view value);

// All values, trimmed of white space and not empty, and their forms. Those that would exceed
// most_encoded_bytes have none; short values come first.
std::vector<std::string> with_encoded_forms(std::vector<std::string> const& values);

}  // namespace corunner
