#pragma once

#include "runner/journal/storage.hpp"

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <string>

namespace corunner::test {

// A disk in memory: files by name, which outlive the storages that use it. One that is full takes part
// of a write at most.
struct memory_disk : std::map<std::string, std::string> {
  using map::map;
  bool full = false;

  error_code write(std::string const& name, std::uint64_t offset, std::string_view bytes) {
    auto& file = (*this)[name];
    auto const part = full ? bytes.substr(0, bytes.size() / 2) : bytes;
    file.resize(std::max<std::size_t>(file.size(), offset + part.size()));
    file.replace(offset, part.size(), part);
    if (!full) return {};
    return {ENOSPC, boost::system::system_category()};
  }
};

// A process that died writes no more, though its coroutines may not know yet.
using life_sign = std::shared_ptr<bool const>;

class disk_spool final : public spool {
 public:
  disk_spool(memory_disk& disk, std::string name, life_sign alive)
      : disk_(disk), name_(std::move(name)), alive_(std::move(alive)) {
    if (*alive_) disk_.try_emplace(name_);
  }

  error_code write(std::uint64_t offset, std::string_view bytes) override {
    return *alive_ ? disk_.write(name_, offset, bytes) : error_code();
  }

  result<std::size_t> read(std::uint64_t offset, asio::mutable_buffer into) override {
    auto const found = disk_.find(name_);
    if (found == disk_.end()) return error_code(asio::error::not_found);
    auto const& file = found->second;
    if (offset >= file.size()) return std::size_t{0};
    auto const count = std::min<std::size_t>(into.size(), file.size() - offset);
    file.copy(static_cast<char*>(into.data()), count, offset);
    return count;
  }

 private:
  memory_disk& disk_;
  std::string name_;
  life_sign alive_;
};

class memory_storage final : public journal_storage {
 public:
  // `life` keeps the names of one process's files apart from those of others.
  memory_storage(memory_disk& disk, std::string life,
                 life_sign alive = std::make_shared<bool const>(true))
      : disk_(disk), prefix_(life + "/"), alive_(std::move(alive)) {}

  std::vector<std::string> names() override {
    std::vector<std::string> found;
    for (auto const& [name, content] : disk_) {
      if (name.starts_with(prefix_)) found.push_back(name.substr(prefix_.size()));
    }
    return found;
  }
  error_code append(std::string const& name, std::string_view bytes) override {
    if (!*alive_) return {};
    auto const whole = prefix_ + name;
    return disk_.write(whole, disk_[whole].size(), bytes);
  }
  result<std::string> read(std::string const& name) override {
    auto const found = disk_.find(prefix_ + name);
    if (found == disk_.end()) return error_code(asio::error::not_found);
    return found->second;
  }
  result<std::uint64_t> size(std::string const& name) override {
    auto const found = disk_.find(prefix_ + name);
    if (found == disk_.end()) return error_code(asio::error::not_found);
    return found->second.size();
  }
  result<std::unique_ptr<spool>> open_spool(std::string const& name) override {
    return std::unique_ptr<spool>(std::make_unique<disk_spool>(disk_, prefix_ + name, alive_));
  }
  void remove(std::string const& name) override {
    if (*alive_) disk_.erase(prefix_ + name);
  }
  error_code sync(std::vector<std::string> const&) override { return {}; }

 private:
  memory_disk& disk_;
  std::string prefix_;
  life_sign alive_;
};

}  // namespace corunner::test
