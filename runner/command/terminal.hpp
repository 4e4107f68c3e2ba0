#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace corunner {

// The person's side of the program: standard output, as a terminal or not.
//
// Writing waits when the reader is slow: the commands that use it (`local`, `run --once`) work for
// that reader. A reader that has gone away is not an error.
class terminal {
 public:
  terminal();

  void write(std::string_view text) const;
  // Colours and redrawing are welcome: a terminal, TERM is not dumb, NO_COLOR is not set.
  bool colours() const { return colours_; }

  // How many columns it has; 0 when it is no terminal.
  static std::size_t width();

  // `text` in an SGR style ("31;1") when colours are welcome.
  std::string styled(std::string_view style, std::string_view text) const;

 private:
  bool colours_;
};

// Text for the person that is not the result: errors, warnings.
void write_standard_error(std::string_view text);

}  // namespace corunner
