#include "test/support/memory_disk.hpp"

#include <algorithm>
#include <cerrno>

namespace corunner::test {

namespace {

constexpr std::size_t many_changes = 256;

error_code no_space() { return {ENOSPC, boost::system::system_category()}; }

}  // namespace

memory_disk::memory_disk(std::initializer_list<std::pair<std::string, std::string>> files)
    : memory_disk() {
  for (auto const& [name, content] : files) write(name, 0, content);
}

bool memory_disk::empty() const {
  return std::ranges::none_of(files_, [](auto const& each) { return each.second.exists; });
}

std::vector<std::string> memory_disk::names(std::string const& prefix) const {
  std::vector<std::string> found;
  for (auto const& [name, what] : files_) {
    if (what.exists && name.starts_with(prefix)) found.push_back(name.substr(prefix.size()));
  }
  return found;
}

std::optional<std::string_view> memory_disk::content(std::string const& name) const {
  auto const found = files_.find(name);
  if (found == files_.end() || !found->second.exists) return std::nullopt;
  return found->second.content;
}

error_code memory_disk::make(std::string const& name) {
  if (content(name)) return {};
  if (refuses_files) return ++refused_files, no_space();
  files_[name] = file{.named = now()};
  return {};
}

error_code memory_disk::write(std::string const& name, std::uint64_t offset,
                              std::string_view bytes) {
  if (error_code const failed = make(name)) return failed;
  auto& into = files_[name];
  change made{now(), offset, std::string(full ? bytes.substr(0, bytes.size() / 2) : bytes), false};
  apply(into.content, made, made.bytes.size());
  into.pending.push_back(std::move(made));
  if (into.pending.size() > many_changes) write_back(into);
  if (!full) return {};
  ++refused_writes;
  return no_space();
}

void memory_disk::cut(std::string const& name, std::uint64_t size) {
  auto const found = files_.find(name);
  if (found == files_.end() || found->second.content.size() <= size) return;
  found->second.content.resize(size);
  found->second.pending.push_back({now(), size, "", true});
}

void memory_disk::remove(std::string const& name) {
  auto const found = files_.find(name);
  if (found == files_.end() || !found->second.exists) return;
  found->second.exists = false;
  found->second.named = now();
}

void memory_disk::sync(std::string const& prefix, std::vector<std::string> const& names) {
  for (auto const& name : names) {
    auto const found = files_.find(prefix + name);
    if (found == files_.end()) continue;
    found->second.durable = found->second.content;
    found->second.pending.clear();
  }
  for (auto& [name, what] : files_) {
    if (!name.starts_with(prefix)) continue;
    what.entered = what.exists;
    what.named.reset();
  }
}

void memory_disk::apply(std::string& to, change const& what, std::size_t length) {
  if (what.cut && to.size() > what.offset) to.resize(what.offset);
  if (length == 0) return;
  to.resize(std::max<std::size_t>(to.size(), what.offset + length));
  to.replace(what.offset, length, what.bytes, 0, length);
}

void memory_disk::write_back(file& what) const {
  auto const old = now() - written_back_after;
  auto const first_new = std::ranges::find_if(
      what.pending, [&](change const& each) { return !time_ || each.when > old; });
  for (auto each = what.pending.begin(); each != first_new; ++each) {
    apply(what.durable, *each, each->bytes.size());
  }
  what.pending.erase(what.pending.begin(), first_new);
  if (time_ && what.named && *what.named <= old) {
    what.entered = what.exists;
    what.named.reset();
  }
}

// All is lost, or kept up to some byte, or some changes are kept and others not, or all is kept.
memory_disk::remainder memory_disk::keep_some(
    file const& what, std::function<std::uint64_t(std::uint64_t)> const& below) {
  remainder out{.content = what.durable};
  auto const mode = below(4);
  auto const whole = mode == 3   ? what.pending.size()
                     : mode == 1 ? below(what.pending.size() + 1)
                                 : 0;
  for (std::size_t i = 0; i < what.pending.size(); ++i) {
    auto const& each = what.pending[i];
    bool const kept = mode == 2 ? below(2) == 0 : i < whole;
    auto const length = kept                      ? each.bytes.size()
                        : mode == 1 && i == whole ? below(each.bytes.size() + 1)
                                                  : 0;
    if (length > 0 && each.offset > out.content.size()) out.hole = true;
    if (!each.cut || kept) apply(out.content, each, length);
    if (length == each.bytes.size() && (kept || !each.cut)) {
      out.newest_kept = std::max(out.newest_kept.value_or(each.when), each.when);
    } else if (!out.oldest_lost) {
      out.oldest_lost = each.when;
    }
  }
  return out;
}

power_loss memory_disk::lose_power(std::function<std::uint64_t(std::uint64_t)> const& below) {
  power_loss report;
  std::vector<std::pair<time_point, std::string>> kept;
  std::vector<std::pair<time_point, std::string>> lost;
  for (auto& [name, what] : files_) {
    write_back(what);
    if (what.named && below(2) == 0) {  // what its directory says is lost
      if (what.exists) {
        report.damaged.insert(name);
        ++report.files_lost;
      } else if (what.entered) {
        ++report.files_back;
      }
      what.exists = what.entered;
    }
    if (!what.exists) continue;
    auto rest = keep_some(what, below);
    if (rest.newest_kept) kept.emplace_back(*rest.newest_kept, name);
    if (rest.oldest_lost) lost.emplace_back(*rest.oldest_lost, name);
    if (rest.content != what.content) {
      report.damaged.insert(name);
      if (rest.hole) ++report.holes;
      if (rest.content.size() < what.content.size()) ++report.torn;
    }
    what.content = std::move(rest.content);
  }
  std::erase_if(files_, [](auto const& each) { return !each.second.exists; });
  for (auto& [name, what] : files_) {
    what.durable = what.content;
    what.entered = true;
    what.pending.clear();
    what.named.reset();
  }
  for (auto const& [older, of] : lost) {
    report.out_of_order |= std::ranges::any_of(
        kept, [&](auto const& each) { return each.first > older && each.second != of; });
  }
  machine_start_ = "start " + std::to_string(++starts_);
  return report;
}

}  // namespace corunner::test
