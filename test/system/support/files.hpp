#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace corunner::test {

// Empty for a file that cannot be read.
std::string read_file(std::filesystem::path const& file);
// Makes the directories above it.
void write_file(std::filesystem::path const& file, std::string const& text);
// Every file, link and directory below, with mode, time of change and content: two equal lists mean
// that nothing was written in between. The times of git objects are left out.
std::vector<std::string> fingerprint(std::filesystem::path const& directory);
// Files below (any depth) that contain the text.
std::vector<std::filesystem::path> files_with(std::filesystem::path const& directory,
                                              std::string const& text);
// Names in a directory, sorted; empty for one that is not there.
std::vector<std::string> names_in(std::filesystem::path const& directory);

std::size_t count_of(std::string const& part, std::string const& text);

}  // namespace corunner::test
