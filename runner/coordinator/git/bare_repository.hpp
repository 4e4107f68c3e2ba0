#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace corunner::coordinator {

// The bare repositories that hold snapshots, written as files: git would be started five times for
// what is a few lines in a layout that it documents (gitrepository-layout). What is here throws
// std::filesystem::filesystem_error.

// A repository without objects of its own, unless it is there; it borrows those of `lender`, a
// directory of objects (empty: of nobody). `format` is that of the objects: "sha1" or "sha256".
void make_bare_repository(std::filesystem::path const& git_dir, std::string_view format,
                          std::string const& lender);

// "refs/heads/main" and what it points to.
using ref_map = std::map<std::string, std::string, std::less<>>;

// Those that packed-refs holds, which is all that write_refs() ever wrote.
ref_map read_refs(std::filesystem::path const& git_dir);

// Replaces all branches, tags and others, and what HEAD names, each in one step. `durable`: they
// are on the disk when it returns.
void write_refs(std::filesystem::path const& git_dir, ref_map const& refs, std::string const& head,
                bool durable);

// May a ref have this name? The rules of git-check-ref-format.
bool is_ref_name(std::string_view name);

}  // namespace corunner::coordinator
