#pragma once

#include <string>

namespace corunner::test {

// What scripts about services begin with, for sh: in the directory $HERE, any failure ends them,
// and `expect CODE TEXT ARGUMENTS...` runs $PROGRAM, which must end so and print that among others;
// `fails COMMAND...` is for a command that must not succeed.
inline std::string service_script() {
  return R"sh(
set -e
cd "$HERE"
expect() { # CODE TEXT COMMAND...: what it prints and how it ends
  code=$1; text=$2; shift 2
  set +e; said=$("$PROGRAM" "$@" 2>&1); got=$?; set -e
  case $said in *"$text"*) ;; *) echo "$*: said: $said"; exit 1 ;; esac
  [ "$got" = "$code" ] || { echo "$*: ended with $got: $said"; exit 1; }
}
fails() { ! "$@" >/dev/null 2>&1; } # a plain `!` would let the script go on
)sh";
}

}  // namespace corunner::test
