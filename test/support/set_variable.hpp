#pragma once

#include <cstdlib>
#include <string>

namespace corunner::test {

// A variable of this process for the time of a test.
class set_variable {
 public:
  set_variable(char const* name, std::string const& value) : name_(name) {
    ::setenv(name, value.c_str(), 1);
  }
  ~set_variable() { ::unsetenv(name_); }
  set_variable(set_variable const&) = delete;
  set_variable& operator=(set_variable const&) = delete;

 private:
  char const* name_;
};

}  // namespace corunner::test
