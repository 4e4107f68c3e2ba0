#pragma once

#include "config/secret.hpp"
#include "net/asio.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace corunner {

// A question without an answer: `register` cannot go on. Caught where the command ends.
class no_answer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

enum class need { required, optional };

// Asks a person, or whatever stands at standard input, for what flags did not tell (cli.md 6.2).
//
// A question goes to standard error, with the standing answer in brackets; an empty line takes
// that one. Not interactive, nothing is asked: the standing answer counts. Throws no_answer at the
// end of the input and when a required answer is missing.
class questions {
 public:
  questions(asio::any_io_executor executor, bool interactive);
  ~questions();

  awaitable<std::string> ask(std::string_view prompt, std::string_view flag, std::string standing,
                             need how);

  // One line, also when not interactive. On a terminal `prompt` is shown and what is typed is not.
  awaitable<std::string> ask_secret(std::string_view prompt);

  bool interactive() const { return interactive_; }

 private:
  struct input;
  awaitable<std::string> read_line();

  bool interactive_;
  asio::any_io_executor executor_;
  std::unique_ptr<input> input_;
};

}  // namespace corunner
