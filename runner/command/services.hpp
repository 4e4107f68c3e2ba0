#pragma once

#include "config/file.hpp"
#include "net/asio.hpp"
#include "net/blocking_pool.hpp"
#include "net/dialer.hpp"
#include "net/time_source.hpp"
#include "runner/observe/log.hpp"

#include <boost/asio/io_context.hpp>

#include <string>

namespace corunner {

// What main.cpp composes and every command may use. Nothing here starts a thread or opens a file
// by itself. All outlive the command.
struct services {
  asio::io_context& io;
  net::time_source& time;
  net::blocking_pool& pool;
  net::dialer& connections;
  config::environment variables;
  log_target& log_output;
  logger log;

  std::string program;           // base name of argv[0], for texts
  std::string
      config_file;  // where the configuration is unless a flag of the command says otherwise
  bool level_given = false;      // --log-level, --debug or their variables: wins over the file
  bool format_given = false;     // --log-format or its variable: wins over the file
  log_filters::lease tokens;     // those of the configuration in force, kept out of the log
};

}  // namespace corunner
