#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace corunner::test {

// A certificate authority made up for one test, with files in `directory`.
class test_authority {
 public:
  explicit test_authority(std::filesystem::path directory, std::string name = "test authority");
  ~test_authority();

  std::filesystem::path const& file() const { return file_; }
  std::string const& pem() const { return pem_; }

  struct pair {
    std::filesystem::path certificate;
    std::filesystem::path key;
  };
  // A certificate for `subject`, valid from now + `begin` to now + `end` seconds. Its alternative
  // names are OpenSSL's text form: "DNS:a.test,IP:127.0.0.1".
  pair issue(std::string const& subject, std::string const& alternative_names,
             long begin = -3600, long end = 3600);

 private:
  struct identity;
  std::filesystem::path directory_;
  std::filesystem::path file_;
  std::string pem_;
  std::unique_ptr<identity> own_;
  long serial_ = 1;
};

}  // namespace corunner::test
