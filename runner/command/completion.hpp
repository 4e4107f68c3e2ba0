#pragma once

#include "runner/command/command.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace corunner {

// A word that may stand where a person types.
struct candidate {
  std::string word;
  std::string_view about;
};

// What may stand there besides `words`: names of the file system, which the shell knows best.
enum class completed_by { words, files, directories };

struct completion {
  std::vector<candidate> words;
  completed_by more = completed_by::words;
};

// The words that can stand for the last one of `typed`, which is the command line without the
// program up to the cursor, the word at the cursor as far as it is there. Walks the tables of
// commands and their flags, as parsing does: nothing is run, no file is read.
completion complete(services& all, std::vector<std::string> const& typed);

}  // namespace corunner
