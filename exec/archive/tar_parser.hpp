#pragma once

#include "exec/archive/tar_format.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace corunner::exec {

// Takes a tar apart as it comes: ustar, pax, and GNU's long names.
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
  enum class state { header, extension, content, padding, over };
  std::string take_header(std::string_view block);
  std::string take_extension();
  void take_pax(std::string_view records);
  void apply_extensions(tar_block_fields& entry);
  std::string close();

  state state_ = state::header;
  std::string held_;       // a header or extension that is not complete
  std::uint64_t left_ = 0;  // bytes of the entry or its padding
  std::uint64_t padding_ = 0;
  char extension_ = 0;
  std::map<std::string, std::string, std::less<>> next_;  // pax keys for the next entry
};

}  // namespace corunner::exec
