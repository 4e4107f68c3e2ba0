#pragma once

#include "runner/artifact/artifact_context.hpp"
#include "runner/artifact/staged_file.hpp"
#include "runner/artifact/transfer_meter.hpp"
#include "runner/cache/cache_options.hpp"
#include "runner/cache/store_client.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace corunner {

// Fetches an archive from the object store that the options name, unless the one on disk is as
// young (helper.md 9.5, 2 and 3). Options and context outlive it.
class cache_download {
 public:
  cache_download(artifact_context& context, cache_extractor_options const& options);

  // One try. When it works the archive on disk is the store's, with its time and metadata, or was
  // younger before.
  awaitable<transfer_outcome> attempt();

 private:
  // What the answer to a HEAD says of an object; no time: there is none, or it does not say.
  struct presence {
    bool there = false;
    std::optional<net::time_source::wall_time> modified;
  };
  awaitable<std::string> choose();
  awaitable<presence> look(std::string const& url);
  awaitable<store_reply> get(std::string const& url, std::string range);
  awaitable<store_reply> probe(std::string const& url);
  awaitable<transfer_outcome> receive(std::string const& url, store_reply reply);
  awaitable<transfer_outcome> stream(net::http_response& from, staged_file& into);
  awaitable<transfer_outcome> fetch_ranges(std::string const& url, std::string const& tag,
                                           staged_file& into);
  awaitable<transfer_outcome> keep(staged_file& archive, net::http_fields const& described);
  bool is_up_to_date(net::http_fields const& described) const;
  bool wants_ranges() const;
  std::uint64_t range_length() const;

  artifact_context& context_;
  cache_extractor_options const& options_;
  store_client store_;
  transfer_meter meter_;
  std::optional<std::uint64_t> in_ranges_;  // the object's size, when ranges are worth it
};

}  // namespace corunner
