#include "runner/journal/storage.hpp"

namespace corunner {

namespace {

class scratch_storage final : public journal_storage {
 public:
  std::vector<std::string> names() override { return {}; }
  error_code append(std::string const&, std::string_view) override { return {}; }
  result<std::string> read(std::string const&) override { return not_there(); }
  result<std::uint64_t> size(std::string const&) override { return not_there(); }
  result<std::unique_ptr<spool>> open_spool(std::string const&) override {
    return open_spool_file();
  }
  void remove(std::string const&) override {}
  error_code sync(std::vector<std::string> const&) override { return {}; }

 private:
  static error_code not_there() { return asio::error::not_found; }
};

}  // namespace

std::unique_ptr<journal_storage> make_scratch_storage() {
  return std::make_unique<scratch_storage>();
}

}  // namespace corunner
