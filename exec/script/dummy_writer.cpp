#include "exec/script/dummy_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace corunner::exec {
namespace {

// In the escapes that dummy_executor understands.
std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\x1b': out += "\\e"; break;
      case '\\': out += "\\\\"; break;
      default: out += c;
    }
  }
  return out;
}

}  // namespace

dummy_writer::dummy_writer(shell_writer_options how) : how_(std::move(how)) {}

bool dummy_writer::skipped() const {
  return std::ranges::find(taken_, false) != taken_.end();
}

void dummy_writer::otherwise() { taken_.back() = !taken_.back(); }

void dummy_writer::show(std::string_view text) {
  if (!skipped()) body_ += fmt::format("print {}\n", escaped(text));
}

void dummy_writer::user_commands(std::vector<std::string> const& commands,
                                 std::string_view /*section_prefix*/) {
  for (auto const& command : commands) {
    notice(fmt::format("$ {}", command));
    if (!skipped()) body_ += command + '\n';
  }
}

void dummy_writer::print(std::string_view literal) { show(fmt::format("\x1b[0;m{}", literal)); }

void dummy_writer::notice(std::string_view literal) {
  show(fmt::format("\x1b[32;1m{}\x1b[0;m", literal));
}

void dummy_writer::warning(std::string_view literal) {
  show(fmt::format("\x1b[0;33m{}\x1b[0;m", literal));
}

void dummy_writer::error(std::string_view literal) {
  show(fmt::format("\x1b[31;1m{}\x1b[0;m", literal));
}

void dummy_writer::running_on(std::string_view runner_host) {
  auto const via = runner_host.empty() ? std::string() : fmt::format(" via {}", runner_host);
  show(fmt::format("Running on {}{}...", how_.host_name.empty() ? "dummy" : how_.host_name, via));
}

std::string dummy_writer::make_temporary_directory(std::string_view name) {
  return temporary_file(name);
}

std::string dummy_writer::write_dotenv(std::string_view name,
                                       std::vector<std::pair<std::string, std::string>> const&) {
  return temporary_file(name);
}

std::string dummy_writer::join(std::string_view directory, std::string_view name) const {
  return fmt::format("{}/{}", directory, name);
}

std::string dummy_writer::temporary_file(std::string_view name) const {
  return join(how_.temporary_directory, name);
}

std::string dummy_writer::finish(bool) { return std::exchange(body_, {}); }

}  // namespace corunner::exec
