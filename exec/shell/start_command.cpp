#include "exec/shell/start_command.hpp"

#include "exec/script/powershell_quoting.hpp"
#include "exec/script/quoting.hpp"

#include <fmt/format.h>

#include <string_view>

namespace corunner::exec {
namespace {

using words = std::vector<std::string>;

bool is_powershell(job_environment const& job) {
  return job.shell == "pwsh" || job.shell == "powershell";
}

// Starts the PowerShell that reads the script, with stdin and output in UTF-8 whatever the console
// says, and ends as that one does.
std::string powershell_start(std::string_view shell) {
  return powershell_encoded(fmt::format(
      "$utf8 = New-Object System.Text.UTF8Encoding $false\n"
      "$OutputEncoding = $utf8\n"
      "[Console]::InputEncoding = $utf8\n"
      "[Console]::OutputEncoding = $utf8\n"
      "{} -NoProfile -NonInteractive -Command -\n"
      "if ($?) {{ exit 0 }}\n"
      "if ($LASTEXITCODE) {{ exit $LASTEXITCODE }}\n"
      "exit 1\n",
      shell));
}

words powershell_words(job_environment const& job) {
  if (is_script_a_file(job)) {
    return {job.shell, "-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-File"};
  }
  words all{job.shell,       "-NoProfile", "-NoLogo",         "-InputFormat",     "text",
            "-OutputFormat", "text",       "-NonInteractive", "-ExecutionPolicy", "Bypass"};
  if (job.shell == "pwsh") {
    all.insert(all.end(), {"-EncodedCommand", powershell_start(job.shell)});
  } else {
    all.insert(all.end(), {"-Command", "-"});
  }
  return all;
}

words shell_words(job_environment const& job) {
  if (job.shell == "cmd") return {"cmd", "/C"};
  if (is_powershell(job)) return powershell_words(job);
  words all{job.shell};
  if (job.login_shell) all.push_back("-l");
  return all;
}

// The words as one line for a shell.
std::string one_line(words const& what) {
  std::string line;
  for (auto const& word : what) line += (line.empty() ? "" : " ") + quote_posix(word);
  return line;
}

}  // namespace

bool is_script_a_file(job_environment const& job) {
  return job.shell == "cmd" || (is_powershell(job) && job.script_as_file && job.user.empty());
}

std::string script_file_name(job_environment const& job) {
  return job.shell == "cmd" ? "script.cmd" : "script.ps1";
}

words shell_command_line(job_environment const& job) {
  words all;
  // What the proxy says of its start is none of the job's.
  if (!job.proxy.empty()) {
    all = {job.proxy, "--log-level", "warn", "proxy-exec", "--temp-dir", job.temporary_directory};
  }
  auto const shell = shell_words(job);
  all.insert(all.end(), shell.begin(), shell.end());
  if (job.user.empty()) return all;
  // Not `su -l`: the login shell inside reads the profile. The proxy runs as the user, too, whose
  // script must be able to write what it makes.
  auto const inside = one_line(all);
#ifdef __linux__
  // Words with quotes are no command to PowerShell.
  auto const starter = !is_powershell(job)  ? "/bin/" + job.shell
                       : job.proxy.empty() ? "/usr/bin/" + job.shell
                                           : "/bin/sh";
  return {"su", "-s", starter, job.user, "-c", inside};
#else
  return {"su", job.user, "-c", inside};
#endif
}

}  // namespace corunner::exec
