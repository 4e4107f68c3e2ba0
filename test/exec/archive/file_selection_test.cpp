#include "exec/archive/file_selection.hpp"

#include "test/exec/archive/scratch.hpp"

#include <catch2/catch_test_macros.hpp>

namespace corunner::exec {
namespace {

std::string names(file_selection const& of) {
  std::string all;
  for (auto const& entry : of.entries()) all += entry.path + "\n";
  return all;
}

std::string notes(file_selection const& of) {
  std::string all;
  for (auto const& [warning, text] : of.notes()) all += (warning ? "WARNING: " : "") + text + "\n";
  return all;
}

void make_tree(test::scratch const& in) {
  in.file("proj/a.txt", "a");
  in.file("proj/src/b.txt", "b");
  in.file("proj/src/deep/.c.txt", "c");
  in.file("proj/src/deep/d.log", "d");
  in.folder("proj/src/void");
}

TEST_CASE("a directory is taken with everything below it", "[exec][archive]") {
  test::scratch in;
  make_tree(in);
  file_selection selection(in.path("proj"), {});
  selection.add_path("src");
  selection.finish();
  CHECK(names(selection) ==
        "src\nsrc/b.txt\nsrc/deep\nsrc/deep/.c.txt\nsrc/deep/d.log\nsrc/void\n");
  CHECK(notes(selection) == "src: found 6 matching artifact files and directories\n");
}

TEST_CASE("the project itself can be taken, by several names", "[exec][archive]") {
  test::scratch in;
  in.file("proj/a", "a");
  for (auto const& path :
       {std::string("."), std::string("**"), in.path("proj"), std::string("../proj")}) {
    CAPTURE(path);
    file_selection selection(in.path("proj"), {});
    selection.add_path(path);
    CHECK(names(selection) == ".\na\n");
  }
}

TEST_CASE("a path may leave the project and come back, but not end outside", "[exec][archive]") {
  test::scratch in;
  make_tree(in);
  in.file("outside/x", "x");
  in.file("proj2/x", "x");
  file_selection selection(in.path("proj"), {});
  selection.add_path("../proj/src/*.txt");
  selection.add_path("src//../a.txt");
  selection.add_path("../outside/x");
  selection.add_path("..");
  selection.add_path("../*");
  selection.add_path("../proj2/x");
  CHECK(names(selection) == "a.txt\nsrc/b.txt\n");
  CHECK(notes(selection) ==
        "../proj/src/*.txt: found 1 matching artifact files and directories\n"
        "src//../a.txt: found 1 matching artifact files and directories\n"
        "WARNING: processPath: artifact path is not a subpath of project directory: ../outside/x\n"
        "WARNING: processPath: artifact path is not a subpath of project directory: ..\n"
        "WARNING: processPath: artifact path is not a subpath of project directory: ../*\n"
        "WARNING: processPath: artifact path is not a subpath of project directory: ../proj2/x\n");
}

TEST_CASE("what finds nothing is told, each in its own way", "[exec][archive]") {
  test::scratch in;
  file_selection selection(in.path(), {});
  selection.add_path("");
  selection.add_path("[");
  selection.add_path("missing");
  CHECK(names(selection).empty());
  CHECK(notes(selection) ==
        "WARNING: No matching files. Path is empty.\n"
        "WARNING: [: syntax error in pattern\n"
        "WARNING: missing: no matching files. Ensure that the artifact path is relative to the "
        "working directory (" + in.path() + ")\n");
}

TEST_CASE("an exclude takes single entries and prunes nothing", "[exec][archive]") {
  test::scratch in;
  make_tree(in);
  file_selection selection(in.path("proj"), {"src/deep", "**/*.log", "["});
  selection.add_path("src");
  selection.finish();
  CHECK(names(selection) == "src\nsrc/b.txt\nsrc/deep/.c.txt\nsrc/void\n");
  CHECK(notes(selection) ==
        "src: found 4 matching artifact files and directories\n"
        "src/deep: excluded 1 files\n"
        "**/*.log: excluded 1 files\n");
}

TEST_CASE("an exclude outside of the project hides the rules after it", "[exec][archive]") {
  test::scratch in;
  in.file("proj/a", "a");
  file_selection selection(in.path("proj"), {"../x", "a"});
  selection.add_path("a");
  CHECK(names(selection) == "a\n");
  CHECK(notes(selection) ==
        "WARNING: isExcluded: artifact path is not a subpath of project directory: ../x\n"
        "a: found 1 matching artifact files and directories\n");
}

TEST_CASE("untracked files come as git lists them", "[exec][archive]") {
  test::scratch in;
  in.file("new", "n");
  in.file("d/with \"blank\"", "n");
  file_selection selection(in.path(), {});
  selection.add_untracked(std::string_view("new\0d/with \"blank\"\0gone\0", 24));
  CHECK(names(selection) == "d/with \"blank\"\nnew\n");
  CHECK(notes(selection) == "untracked: found 2 files\n");
  file_selection none(in.path(), {});
  none.add_untracked("");
  CHECK(notes(none) == "WARNING: untracked: no files\n");
}

TEST_CASE("a link is an entry of its own and is not walked through", "[exec][archive]") {
  test::scratch in;
  in.file("real/a", "a");
  in.link("tree/up", "..");
  in.link("to", "real");
  file_selection selection(in.path(), {});
  selection.add_path("tree");
  selection.add_path("to/");
  CHECK(names(selection) == "to\ntree\ntree/up\n");
}

}  // namespace
}  // namespace corunner::exec
