#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace corunner::test {

// A certificate authority made up for one test, with files in `directory`.
class test_authority {
 public:
  // Self-signed, or an intermediate that `issuer` has signed.
  explicit test_authority(std::filesystem::path directory, std::string name = "test authority",
                          test_authority const* issuer = nullptr);
  ~test_authority();

  std::filesystem::path const& file() const { return file_; }
  std::string const& pem() const { return pem_; }

  struct pair {
    std::filesystem::path certificate;
    std::filesystem::path key;
  };
  // A certificate for `subject`, valid from now + `begin` to now + `end` seconds. Its alternative
  // names are OpenSSL's text form: "DNS:a.test,IP:127.0.0.1"; empty: none. `issuer_url` is where it
  // says that its issuer's certificate can be fetched.
  pair issue(std::string const& subject, std::string const& alternative_names, long begin = -3600,
             long end = 3600, std::string const& issuer_url = {});
  // One that nobody but itself vouches for.
  pair self_signed(std::string const& subject, std::string const& alternative_names);

 private:
  struct identity;
  pair sign(std::string const& subject, std::string const& alternative_names, long begin, long end,
            std::string const& issuer_url, identity const* issuer);
  std::filesystem::path directory_;
  std::filesystem::path file_;
  std::string pem_;
  std::unique_ptr<identity> own_;
};

}  // namespace corunner::test
