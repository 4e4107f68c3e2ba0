#include <fmt/format.h>

#include <array>

#include "runner/pipeline/entry/job_parts.hpp"

namespace corunner::pipeline::entry {
namespace {

constexpr std::size_t instance_limit = 200;

struct axis {
  std::string key;
  std::vector<std::string> values;
};

std::vector<axis> read_axes(diagnostics& errors, node const& value, std::string const& path) {
  std::vector<axis> out;
  if (!value.is_mapping() || value.entries.empty()) {
    fail(errors, value, path, "config should be a hash of key value pairs");
    return out;
  }
  for (node::entry const& e : value.entries) {
    axis one{e.key, {}};
    if (e.value.is_sequence()) {
      for (node const& item : e.value.items) one.values.push_back(read_scalar(errors, item, path));
    } else {
      one.values.push_back(read_scalar(errors, e.value, path));
    }
    if (one.values.empty()) fail(errors, e.value, path, "config requires at least 1 item");
    out.push_back(std::move(one));
  }
  return out;
}

// The cross product, the first key outermost. Stops growing beyond the limit.
std::vector<std::vector<variable>> multiply(std::vector<axis> const& axes) {
  std::vector<std::vector<variable>> out{{}};
  for (axis const& a : axes) {
    std::vector<std::vector<variable>> next;
    for (std::vector<variable> const& so_far : out) {
      for (std::string const& value : a.values) {
        if (next.size() > instance_limit) break;
        next.push_back(so_far);
        next.back().push_back({a.key, value});
      }
    }
    out = std::move(next);
  }
  return out;
}

void read_matrix(diagnostics& errors, node const& value, std::string const& path,
                 parallel_entry& out) {
  if (!value.is_sequence() || value.items.empty()) {
    fail(errors, value, path, "config should be an array of hashes");
    return;
  }
  for (node const& item : value.items) {
    for (std::vector<variable>& instance : multiply(read_axes(errors, item, path))) {
      if (!instance.empty()) out.instances.push_back(std::move(instance));
    }
  }
  if (out.instances.size() <= instance_limit) return;
  out.instances.resize(instance_limit);
  fail(errors, value, path,
       fmt::format("config generates too many jobs (maximum is {})", instance_limit));
}

}  // namespace

parallel_entry read_parallel(diagnostics& errors, node const& value, std::string const& path) {
  static constexpr std::array<std::string_view, 1> keys{"matrix"};
  parallel_entry out;
  if (value.type == yaml::kind::integer) {
    out.count = read_integer(value).value_or(-1);
    if (out.count < 1) fail(errors, value, path, "config must be greater than or equal to 1");
    if (out.count > static_cast<int>(instance_limit)) {
      fail(errors, value, path, "config must be less than or equal to 200");
    }
    return out;
  }
  if (!value.is_mapping()) {
    fail(errors, value, path, "config should be an integer or a hash");
    return out;
  }
  check_mapping(errors, value, path, {keys});
  if (node const* const matrix = given(value, "matrix")) {
    read_matrix(errors, *matrix, path + ":matrix", out);
  } else {
    fail(errors, value, path, "config missing required keys: matrix");
  }
  return out;
}

}  // namespace corunner::pipeline::entry
