#pragma once

// The names every room uses for the asynchronous core: awaitable<T>, result<T>, error_code.
//
// They stand in namespace corunner so that net, exec and runner spell them alike.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace corunner {

namespace asio = boost::asio;

template <class T>
using awaitable = asio::awaitable<T>;

using boost::system::error_code;

// An expected outcome: the value, or why there is none.
template <class T>
using result = boost::system::result<T>;

}  // namespace corunner
