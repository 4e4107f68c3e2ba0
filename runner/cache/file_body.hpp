#pragma once

#include "exec/archive/input_file.hpp"
#include "net/blocking_pool.hpp"
#include "net/http_message.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace corunner {

// An open file as the body of a request, read on the pool in pieces of `buffer_size`; it stays what
// it was when it was opened, whatever takes its name meanwhile. `sent` is told of the bytes that go
// out.
net::http_body file_body(net::blocking_pool& pool, std::shared_ptr<exec::input_file const> file,
                         std::size_t buffer_size, std::function<void(std::uint64_t)> sent);

}  // namespace corunner
