#include "runner/coordinator/git/bare_repository.hpp"

#include "config/atomic_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace corunner::coordinator {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void cannot_write(fs::path const& file) {
  throw fs::filesystem_error("cannot write", file, std::make_error_code(std::errc::io_error));
}

void write(fs::path const& file, std::string_view text) {
  std::ofstream out(file, std::ios::trunc | std::ios::binary);
  out << text;
  out.close();
  if (!out) cannot_write(file);
}

void replace(fs::path const& file, std::string_view text, bool durable) {
  if (durable) {
    if (config::replace_file(file, text)) cannot_write(file);
    return;
  }
  auto temporary = file;
  temporary += ".new";
  write(temporary, text);
  fs::rename(temporary, file);
}

std::string configuration(std::string_view format) {
  if (format != "sha256") return "[core]\n\trepositoryformatversion = 0\n\tbare = true\n";
  return "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n";
}

}  // namespace

void make_bare_repository(fs::path const& git_dir, std::string_view format,
                          std::string const& lender) {
  fs::create_directories(git_dir / "objects" / "info");
  fs::create_directories(git_dir / "objects" / "pack");
  fs::create_directories(git_dir / "refs");
  write(git_dir / "objects" / "info" / "alternates", lender.empty() ? "" : lender + "\n");
  // Written last: with it the directory is a repository.
  if (fs::exists(git_dir / "HEAD")) return;
  write(git_dir / "config", configuration(format));
  write(git_dir / "HEAD", "ref: refs/heads/main\n");
}

ref_map read_refs(fs::path const& git_dir) {
  ref_map refs;
  std::ifstream in(git_dir / "packed-refs");
  for (std::string line; std::getline(in, line);) {
    auto const space = line.find(' ');
    bool const is_ref = space != std::string::npos && line.front() != '#' && line.front() != '^';
    if (is_ref) refs.emplace(line.substr(space + 1), line.substr(0, space));
  }
  return refs;
}

void write_refs(fs::path const& git_dir, ref_map const& refs, std::string const& head,
                bool durable) {
  std::string text;
  for (auto const& [name, sha] : refs) text += fmt::format("{} {}\n", sha, name);
  replace(git_dir / "packed-refs", text, durable);
  // A file of its own would count more than a line there.
  for (auto const* const kind : {"heads", "tags"}) fs::remove_all(git_dir / "refs" / kind);
  replace(git_dir / "HEAD", fmt::format("ref: {}\n", head), durable);
}

bool is_ref_name(std::string_view name) {
  constexpr std::string_view never = " ~^:?*[\\\x7f";
  auto const is_bad = [&](char c) {
    return static_cast<unsigned char>(c) < 0x20 || never.find(c) != std::string_view::npos;
  };
  if (std::ranges::any_of(name, is_bad) || name.ends_with('.')) return false;
  if (name.find("..") != std::string_view::npos || name.find("@{") != std::string_view::npos) {
    return false;
  }
  while (true) {
    auto const part = name.substr(0, name.find('/'));
    if (part.empty() || part.starts_with('.') || part.ends_with(".lock")) return false;
    if (part.size() == name.size()) return true;
    name.remove_prefix(part.size() + 1);
  }
}

}  // namespace corunner::coordinator
