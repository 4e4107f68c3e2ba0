#pragma once

#include "exec/archive/tar_format.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace corunner::exec {

// Takes a tar apart as it comes: ustar, pax, and GNU's long names and sparse files.
//
// The owner implements what happens with the parts; each returns why it cannot go on, or nothing.
class tar_parser {
 public:
  virtual ~tar_parser() = default;

  // Returns why not, or nothing. After the two empty blocks at the end everything is ignored.
  std::string feed(std::string_view bytes);
  // True when the archive may end here.
  bool complete() const {
    return state_ == state::over || (state_ == state::header && held_.empty());
  }

 protected:
  virtual std::string begin_entry(tar_block_fields const& entry) = 0;
  virtual std::string content(std::string_view bytes) = 0;
  virtual std::string end_entry() = 0;

 private:
  enum class state { header, extension, sparse_map, content, padding, over };
  std::string take_header(std::string_view block);
  std::string take_extension();
  void take_pax(std::string_view records);
  bool apply_extensions(tar_block_fields& entry);
  bool begin_sparse(std::string_view block);
  std::string take_sparse_block();
  std::string begin_content();
  std::string close();

  state state_ = state::header;
  std::string held_;       // a header or extension that is not complete
  std::uint64_t left_ = 0;  // bytes of the entry or its padding
  std::uint64_t padding_ = 0;
  char extension_ = 0;
  tar_sparse_reader::pax_records next_;  // for the next entry
  tar_block_fields entry_;
  tar_sparse_reader sparse_;
};

}  // namespace corunner::exec
