#include "config/sections.hpp"

#include <array>

namespace corunner::config {

namespace {

using namespace declare;

constexpr std::array exec_action_keys{
    value<&exec_action::command>("command", "Argument vector, no shell"),
};

constexpr std::array http_header_keys{
    value<&http_header::name>("name", "Header name", {.write = writing::always}),
    value<&http_header::value>("value", "Header value", {.write = writing::always}),
};

constexpr std::array http_get_action_keys{
    value<&http_get_action::host>("host", "Host", {.unset = "pod IP", .write = writing::always}),
    table_list<&http_get_action::http_headers>("http_headers", "Request headers",
        http_header_section),
    value<&http_get_action::path>("path", "Path", {.write = writing::always}),
    value<&http_get_action::port>("port", "Port", {.write = writing::always}),
    value<&http_get_action::scheme>("scheme", "HTTP or HTTPS",
        {.unset = "HTTP", .write = writing::always}),
};

constexpr std::array tcp_socket_action_keys{
    value<&tcp_socket_action::host>("host", "Host", {.unset = "pod IP", .write = writing::always}),
    value<&tcp_socket_action::port>("port", "Port", {.write = writing::always}),
};

constexpr std::array lifecycle_handler_keys{
    optional_table<&lifecycle_handler::exec>("exec", "Command", exec_action_section),
    optional_table<&lifecycle_handler::http_get>("http_get", "HTTP request",
        http_get_action_section),
    optional_table<&lifecycle_handler::tcp_socket>("tcp_socket", "TCP connect",
        tcp_socket_action_section),
};

constexpr std::array container_lifecycle_keys{
    optional_table<&container_lifecycle::post_start>("post_start", "Hook after start",
        lifecycle_handler_section),
    optional_table<&container_lifecycle::pre_stop>("pre_stop", "Hook before stop",
        lifecycle_handler_section),
};

}  // namespace

constinit section const exec_action_section{exec_action_keys};
constinit section const http_header_section{http_header_keys};
constinit section const http_get_action_section{http_get_action_keys};
constinit section const tcp_socket_action_section{tcp_socket_action_keys};
constinit section const lifecycle_handler_section{lifecycle_handler_keys};
constinit section const container_lifecycle_section{container_lifecycle_keys};

}  // namespace corunner::config
