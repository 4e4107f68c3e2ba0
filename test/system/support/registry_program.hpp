#pragma once

#include "test/system/support/world.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corunner::test {

// A real container registry (docker-registry) on a free port of loopback, and somebody who
// publishes there. What was published is on disk as long as the object lives, also after stop().
class registry_program {
 public:
  // With `user` it lets only that one in; the password is "open-sesame".
  explicit registry_program(world& in, std::string user = "");

  std::string const& host() const { return host_; }  // "127.0.0.1:41234"
  void stop() { process_.reset(); }

  // Puts bytes there; their digest.
  std::string push_blob(std::string const& repository, std::string const& bytes);
  void push_manifest(std::string const& repository, std::string const& reference,
                     std::string const& media_type, std::string const& text);
  // A plugin with that layer for this machine (or another one), an index behind each of the tags;
  // its layer's digest.
  std::string publish(std::string const& repository, std::string const& version,
                      std::string const& layer, std::vector<std::string> const& tags,
                      std::string const& architecture = "");

  // Where it keeps a blob.
  std::filesystem::path blob_file(std::string_view digest) const;

 private:
  child_options configured();
  struct answer {
    int status = 0;
    std::string location;
    std::string body;
  };
  answer send(std::string const& method, std::string const& url, std::string body,
              std::string const& type);

  world& in_;
  std::string user_;
  std::filesystem::path directory_;
  net::socket_dialer dialer_;
  net::http_client client_;
  std::optional<child> process_;
  std::string host_;
};

}  // namespace corunner::test
