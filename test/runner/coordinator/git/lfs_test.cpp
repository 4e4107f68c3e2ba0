#include "runner/coordinator/git/lfs.hpp"

#include "test/net/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>

namespace corunner::coordinator {

namespace fs = std::filesystem;

TEST_CASE("large files are found in a repository and in its lenders, by their digests only",
          "[coordinator][git]") {
  test::temporary_directory const at;
  auto const put = [&](fs::path const& file, std::string const& text) {
    fs::create_directories((at.path() / file).parent_path());
    std::ofstream(at.path() / file) << text;
  };
  std::string const ours(64, 'a');
  std::string const lent(64, 'b');
  put("bare/objects/info/alternates", (at.path() / "user/.git/objects").string() + "\n");
  put("bare/lfs/objects/aa/aa/" + ours, "1");
  put("user/.git/lfs/objects/bb/bb/" + lent, "2");
  put("bare/lfs/objects/secret", "3");
  auto const bare = at.path() / "bare";
  CHECK(find_lfs_object(bare, ours) == bare / "lfs/objects/aa/aa" / ours);
  CHECK(find_lfs_object(bare, lent) == at.path() / "user/.git/lfs/objects/bb/bb" / lent);
  CHECK_FALSE(find_lfs_object(bare, std::string(64, 'c')));
  CHECK_FALSE(find_lfs_object(bare, std::string(64, 'A')));
  CHECK_FALSE(find_lfs_object(bare, ours.substr(1)));
  CHECK_FALSE(find_lfs_object(bare, "../../../secret"));
  CHECK_FALSE(find_lfs_object(bare, ""));
  CHECK_FALSE(find_lfs_object(at.path() / "none", ours));
}

}  // namespace corunner::coordinator
