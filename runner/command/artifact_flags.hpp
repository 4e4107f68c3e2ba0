#pragma once

#include "exec/process/posix_launcher.hpp"
#include "runner/artifact/archiver_settings.hpp"
#include "runner/artifact/artifact_context.hpp"
#include "runner/artifact/artifact_options.hpp"
#include "runner/command/flag.hpp"
#include "runner/command/services.hpp"
#include "runner/gitlab/tls_files.hpp"

#include <string>
#include <vector>

namespace corunner {

// What artifacts-uploader and artifacts-downloader share on the command line: whose job it is, and
// TLS files.
class credential_flags {
 public:
  explicit credential_flags(artifact_credentials& into) : into_(into) {}

  std::vector<flag> flags();
  // Puts what needs more than a flag where it belongs; call it after parsing. TLS files that no
  // flag names are looked for in `certificates`.
  void finish(std::filesystem::path const& certificates = gitlab::default_certificate_directory());

 private:
  artifact_credentials& into_;
  std::string ca_file_;
  std::string certificate_file_;
  std::string key_file_;
};

// --path, --exclude, --untracked and --verbose: which files.
std::vector<flag> selection_flags(std::vector<std::string>& paths,
                                  std::vector<std::string>& excludes, bool& untracked,
                                  bool& verbose);

// --transfer-meter-frequency
flag meter_flag(config::duration& into);

// --outage-timeout, which jobs of corunner set.
flag outage_flag(config::duration& into);

// What an artifact command stands on in the program: as many threads as there are processors,
// unlike the small pool of everybody else, because packing is all that this process does.
class artifact_world {
 public:
  explicit artifact_world(services& all);
  artifact_context& context() { return context_; }

 private:
  net::blocking_pool pool_;
  exec::posix_launcher processes_;
  artifact_context context_;
};

}  // namespace corunner
