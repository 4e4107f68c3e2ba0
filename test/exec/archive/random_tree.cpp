#include "test/exec/archive/random_tree.hpp"

#include "exec/archive/crc32.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

namespace corunner::test {
namespace {

namespace fs = std::filesystem;

class gardener {
 public:
  gardener(std::mt19937& random, tree_habits habits) : random_(random), habits_(habits) {}

  void grow(std::string const& root) {
    fs::create_directories(root);
    directories_.push_back(root);
    auto const count = 12 + below(20);
    for (unsigned i = 0; i < count; ++i) plant(i);
    // What is below a directory changes its time: the deepest were made last.
    for (auto at = directories_.rbegin(); at != directories_.rend(); ++at) finish(*at, 0500);
  }

 private:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  template <class Range>
  auto const& one_of(Range const& all) { return all[below(static_cast<unsigned>(std::size(all)))]; }

  std::string name(unsigned number) {
    static constexpr std::array odd{
        "-rf",   "--",          "a b ",      " ",   "it's",
        "\"q\"", "$HOME",       "*",         "[x]", "~",
        "...",   ".hidden",     "a;b",       "#",   "\u00FC\u4E2D\U0001F600",
        "%41",   "back\\slash", "new\nline", "C:",  "&|<>"};
    static constexpr std::array raw{"\xFF", "latin1-\xE9", "\xED\xA0\x80", "\x01",   "tab\t",
                                    "\x7F", "\r",          "\xC0\xAF",     "e\u0301"};
    std::string made = below(2) ? "f" : one_of(odd);
    if (habits_.raw_names && below(5) == 0) made = one_of(raw);
    made += std::to_string(number);  // no two are the same
    if (habits_.long_names && below(4) == 0) {
      static constexpr std::array lengths{98u, 99u, 100u, 101u, 155u, 156u, 200u, 255u};
      made.resize(std::max<std::size_t>(made.size(), one_of(lengths)), 'x');
    }
    return made;
  }

  void plant(unsigned number) {
    auto const& parent = one_of(directories_);
    auto const path = parent + "/" + name(number);
    if (path.size() > 2500) return;
    switch (below(8)) {
      case 0:
      case 1:
        fs::create_directory(path);
        directories_.push_back(path);
        break;
      case 2:
        fs::create_symlink(target(number), path);
        set_time(path);
        break;
      default:
        write(path);
        finish(path, 0400);
        neighbours_.push_back(fs::path(path).filename().string());
    }
  }

  std::string target(unsigned number) {
    switch (below(6)) {
      case 0: return "nowhere/at all";
      case 1: return "/absolute/\u00FC";
      case 2: return name(number);
      case 3: return std::string(habits_.long_names ? 80 + below(200) : 20, 'l');
      case 4: return "..";
      default: return neighbours_.empty() ? "." : one_of(neighbours_);
    }
  }

  std::size_t size() {
    static constexpr std::array small{0u, 1u, 2u, 511u, 512u, 513u, 4096u, 65'535u, 65'536u};
    static constexpr std::array large{1u << 20, (1u << 20) + 1, (4u << 20) - 1,
                                      4u << 20, (4u << 20) + 1, 5'300'000u};
    if (habits_.large_files && below(12) == 0) return one_of(large);
    return below(3) ? below(3000) : below(4) ? one_of(small) : below(300'000);
  }

  void write(std::string const& path) {
    auto left = size();
    std::ofstream out(path, std::ios::binary);
    if (left > 100'000 && below(3) == 0) {  // a hole
      out << "begin";
      out.close();
      fs::resize_file(path, left);
      return;
    }
    auto const kind = below(3);  // dense, repetitive, both
    std::string piece;
    for (bool dense = kind == 0; left > 0; dense = kind == 2 ? !dense : dense) {
      piece.resize(std::min<std::size_t>(left, 1 + below(100'000)));
      if (dense) {
        for (std::size_t i = 0; i + 4 <= piece.size(); i += 4) {
          auto const four = static_cast<std::uint32_t>(random_());
          std::memcpy(piece.data() + i, &four, 4);
        }
      } else {
        auto const word = std::to_string(random_());
        for (std::size_t at = 0; at < piece.size(); at += word.size()) {
          word.copy(piece.data() + at, piece.size() - at);
        }
      }
      out << piece;
      left -= piece.size();
    }
  }

  void finish(std::string const& path, unsigned at_least) {
    ::chmod(path.c_str(), at_least | (below(4) ? 0644u : below(010000)));
    set_time(path);
  }

  void set_time(std::string const& path) {
    static constexpr std::array<std::int64_t, 3> old{-2'000'000'000, -86'400, -1};
    static constexpr std::array<std::int64_t, 9> far{0,
                                                     1,
                                                     315'532'799,
                                                     2'147'483'647,
                                                     2'147'483'648,
                                                     4'294'967'295,
                                                     4'294'967'296,
                                                     4'354'819'200,
                                                     9'000'000'000};
    timespec when{};
    when.tv_sec = 400'000'000 + below(1'500'000'000);
    if (habits_.far_times && below(4) == 0) when.tv_sec = one_of(far);
    if (habits_.far_times && habits_.old_times && below(8) == 0) when.tv_sec = one_of(old);
    when.tv_nsec = below(3) ? below(1'000'000'000) : 0;
    timespec const times[2] = {when, when};
    ::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW);
  }

  std::mt19937& random_;
  tree_habits habits_;
  std::vector<std::string> directories_;
  std::vector<std::string> neighbours_;
};

std::string escaped(std::string_view text) {
  std::string out;
  for (unsigned char const c : text) {
    if (c > 0x20 && c < 0x7F) {
      out += static_cast<char>(c);
    } else {
      out += fmt::format("<{:02x}>", c);
    }
  }
  return out;
}

std::string shown(timespec const& time, kept_time how) {
  switch (how) {
    case kept_time::exactly: return fmt::format(" {}.{:09}", time.tv_sec, time.tv_nsec);
    case kept_time::cut_to_seconds: return fmt::format(" {}", time.tv_sec);
    case kept_time::rounded_to_seconds:
      return fmt::format(" {}", time.tv_sec + (time.tv_nsec >= 500'000'000 ? 1 : 0));
    case kept_time::not_at_all: return "";
  }
  return "";
}

std::string described(fs::path const& path, view_rules rules) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) return "cannot be seen";
  if (S_ISLNK(info.st_mode)) {
    return "link" + shown(info.st_mtim, rules.link_time) + " " +
           escaped(fs::read_symlink(path).string());
  }
  auto const mode = fmt::format(" {:04o}", info.st_mode & rules.modes);
  auto const time = shown(info.st_mtim, rules.time);
  if (S_ISDIR(info.st_mode)) return "directory" + mode + time;
  std::string content(static_cast<std::size_t>(info.st_size), '\0');
  std::ifstream(path, std::ios::binary).read(content.data(), info.st_size);
  return fmt::format("file{}{} {} bytes {:08x}", mode, time, content.size(), exec::crc32(content));
}

}  // namespace

void grow_tree(std::string const& root, std::mt19937& random, tree_habits habits) {
  gardener(random, habits).grow(root);
}

tree_view view_tree(std::string const& root, view_rules rules) {
  tree_view view;
  view["."] = described(root, rules);
  for (auto const& entry : fs::recursive_directory_iterator(root)) {
    view[escaped(entry.path().string().substr(root.size() + 1))] = described(entry.path(), rules);
  }
  return view;
}

std::string difference(tree_view const& expected, tree_view const& found) {
  std::string text;
  int told = 0;
  auto const tell = [&](std::string const& path, std::string_view was, std::string_view is) {
    if (++told <= 5) text += fmt::format("{}: expected {}, found {}\n", path, was, is);
  };
  for (auto const& [path, what] : expected) {
    auto const there = found.find(path);
    if (there == found.end()) {
      tell(path, what, "nothing");
    } else if (there->second != what) {
      tell(path, what, there->second);
    }
  }
  for (auto const& [path, what] : found) {
    if (!expected.contains(path)) tell(path, "nothing", what);
  }
  return text;
}

}  // namespace corunner::test
