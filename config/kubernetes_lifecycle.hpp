#pragma once

#include "config/field_types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace corunner::config {

// [runners.kubernetes.container_lifecycle.post_start.exec]
struct exec_action : open_table {
  std::vector<std::string> command;

  bool operator==(exec_action const&) const = default;
};

// [[runners.kubernetes.container_lifecycle.post_start.http_get.http_headers]]
struct http_header : open_table {
  std::string name;
  std::string value;

  bool operator==(http_header const&) const = default;
};

// [runners.kubernetes.container_lifecycle.post_start.http_get]
struct http_get_action : open_table {
  std::string host;
  std::vector<http_header> http_headers;
  std::string path;
  std::int64_t port = 0;
  std::string scheme;

  bool operator==(http_get_action const&) const = default;
};

// [runners.kubernetes.container_lifecycle.post_start.tcp_socket]
struct tcp_socket_action : open_table {
  std::string host;
  std::int64_t port = 0;

  bool operator==(tcp_socket_action const&) const = default;
};

// [runners.kubernetes.container_lifecycle.post_start]
struct lifecycle_handler : open_table {
  std::optional<exec_action> exec;
  std::optional<http_get_action> http_get;
  std::optional<tcp_socket_action> tcp_socket;

  bool operator==(lifecycle_handler const&) const = default;
};

// [runners.kubernetes.container_lifecycle]
struct container_lifecycle : open_table {
  std::optional<lifecycle_handler> post_start;
  std::optional<lifecycle_handler> pre_stop;

  bool operator==(container_lifecycle const&) const = default;
};

}  // namespace corunner::config
