#pragma once

#include "exec/process/posix_launcher.hpp"
#include "exec/process/run_process.hpp"
#include "exec/script/shell_writer.hpp"
#include "test/exec/collecting_sink.hpp"
#include "test/exec/real_loop.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace corunner::test {

// A directory of its own for one test, removed afterwards.
class scratch_directory {
 public:
  scratch_directory() {
    std::string name = std::filesystem::temp_directory_path() / "exec-test-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~scratch_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch_directory(scratch_directory const&) = delete;
  scratch_directory& operator=(scratch_directory const&) = delete;

  std::string path() const { return path_; }
  std::string operator/(std::string const& name) const { return path_ + "/" + name; }

  std::string read(std::string const& name) const {
    std::ifstream in(*this / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(std::string const& name, std::string const& content) const {
    std::ofstream(*this / name, std::ios::binary) << content;
  }

 private:
  std::string path_;
};

struct shell_result {
  exec::exit_status status;
  std::string out;
  std::string err;
};

// Gives a script to a real shell, in a directory.
inline shell_result run_shell(std::vector<std::string> shell, std::string script,
                              std::string directory = {},
                              std::chrono::seconds patience = std::chrono::seconds(30)) {
  real_loop loop;
  loop.patience = patience;
  exec::posix_launcher launcher(loop.io.get_executor(), loop.time);
  collecting_sink sink;
  exec::process_options const what{
      .arguments = std::move(shell), .directory = directory, .input = std::move(script)};
  auto const ran = loop.run(exec::run_process(launcher, loop.time, what, sink));
  if (ran.how != exec::run_result::kind::ended) throw std::runtime_error(ran.message);
  return {ran.status, sink.out, sink.err};
}

inline bool is_installed(std::string const& program) {
  return run_shell({"sh", "-c", "command -v " + program}, "").status.ok();
}

}  // namespace corunner::test
