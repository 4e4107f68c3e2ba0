#pragma once

#include "runner/journal/storage.hpp"
#include "test/support/memory_disk.hpp"

#include <algorithm>
#include <memory>
#include <string>

namespace corunner::test {

// A process that died writes no more, though its coroutines may not know yet.
using life_sign = std::shared_ptr<bool const>;

class disk_spool final : public spool {
 public:
  disk_spool(memory_disk& disk, std::string name, life_sign alive)
      : disk_(disk), name_(std::move(name)), alive_(std::move(alive)) {}

  error_code write(std::uint64_t offset, std::string_view bytes) override {
    return *alive_ ? disk_.write(name_, offset, bytes) : error_code();
  }

  void cut(std::uint64_t size) override {
    if (*alive_) disk_.cut(name_, size);
  }

  result<std::size_t> read(std::uint64_t offset, asio::mutable_buffer into) override {
    auto const file = disk_.content(name_);
    if (!file) return error_code(asio::error::not_found);
    if (offset >= file->size()) return std::size_t{0};
    return file->copy(static_cast<char*>(into.data()), into.size(), offset);
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

  std::vector<std::string> names() override { return disk_.names(prefix_); }
  error_code append(std::string const& name, std::string_view bytes) override {
    if (!*alive_) return {};
    auto const there = disk_.content(prefix_ + name);
    return disk_.write(prefix_ + name, there ? there->size() : 0, bytes);
  }
  result<std::string> read(std::string const& name) override {
    auto const found = disk_.content(prefix_ + name);
    if (!found) return error_code(asio::error::not_found);
    return std::string(*found);
  }
  result<std::uint64_t> size(std::string const& name) override {
    auto const found = disk_.content(prefix_ + name);
    if (!found) return error_code(asio::error::not_found);
    return found->size();
  }
  result<std::unique_ptr<spool>> open_spool(std::string const& name) override {
    if (*alive_) {
      if (error_code const failed = disk_.make(prefix_ + name)) return failed;
    }
    return std::unique_ptr<spool>(std::make_unique<disk_spool>(disk_, prefix_ + name, alive_));
  }
  void remove(std::string const& name) override {
    if (*alive_) disk_.remove(prefix_ + name);
  }
  error_code sync(std::vector<std::string> const& names) override {
    if (*alive_) disk_.sync(prefix_, names);
    return {};
  }
  std::string machine_start() override { return disk_.machine_start(); }

 private:
  memory_disk& disk_;
  std::string prefix_;
  life_sign alive_;
};

}  // namespace corunner::test
