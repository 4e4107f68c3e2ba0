#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace corunner::test {

// A variable of this process for the time of a test.
class set_variable {
 public:
  set_variable(char const* name, std::string const& value) : name_(name) {
    if (char const* const before = ::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~set_variable() { before_ ? ::setenv(name_, before_->c_str(), 1) : ::unsetenv(name_); }
  set_variable(set_variable const&) = delete;
  set_variable& operator=(set_variable const&) = delete;

 private:
  char const* name_;
  std::optional<std::string> before_;
};

}  // namespace corunner::test
