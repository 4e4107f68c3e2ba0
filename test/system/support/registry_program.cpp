#include "test/system/support/registry_program.hpp"

#include "exec/autoscale/oci_manifest.hpp"
#include "net/http_text.hpp"
#include "test/exec/autoscale/plugin_crafting.hpp"
#include "test/support/find_program.hpp"
#include "test/system/support/files.hpp"

namespace corunner::test {

namespace {

// What bcrypt (htpasswd -B) makes of it.
constexpr std::string_view password = "open-sesame";
constexpr std::string_view hash = "$2b$04$cKp3klIsxSDh8PZoiVJe.u5IOR/WZcgraKqtgLajF.F.ENMhAdxRy";

awaitable<result<std::string>> exchange(net::http_client& client, net::http_request request,
                                        int& status, std::string& location) {
  auto got = co_await client.send(std::move(request));
  if (!got) co_return got.error();
  status = got->status;
  location = got->fields.get("Location");
  co_return co_await got->read_all(1 << 20);
}

}  // namespace

registry_program::registry_program(world& in, std::string user)
    : in_(in),
      user_(std::move(user)),
      directory_(in.path("registry")),
      dialer_(in.loop.time),
      client_(dialer_, in.loop.time, {.user_agent = "system tests"}) {
  process_.emplace(in_.loop, configured());
  constexpr std::string_view key = "listening on ";
  auto const& said = process_->err();
  process_->wait_for_error(key);
  auto const begin = said.find(key) + key.size();
  REQUIRE(in_.loop.run_until([&] { return said.find('"', begin) != said.npos; }));
  host_ = said.substr(begin, said.find('"', begin) - begin);
}

child_options registry_program::configured() {
  auto const program = find_program("docker-registry");
  if (program.empty()) FAIL("there is no docker-registry, see tools/setup");
  auto const at = directory_.string();
  auto text = fmt::format(
      "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: '{}/data'}}}}\n"
      "http: {{addr: '127.0.0.1:0'}}\n",
      at);
  if (!user_.empty()) {
    write_file(directory_ / "users", fmt::format("{}:{}\n", user_, hash));
    text += fmt::format("auth: {{htpasswd: {{realm: test, path: '{}/users'}}}}\n", at);
  }
  write_file(directory_ / "config.yml", text);
  auto how = in_.program({"serve", at + "/config.yml"});
  how.program = program;
  return how;
}

registry_program::answer registry_program::send(std::string const& method, std::string const& url,
                                                std::string body, std::string const& type) {
  net::http_request request;
  request.method = method;
  request.target = net::parse_url(url.starts_with('/') ? "http://" + host_ + url : url).value();
  if (!user_.empty()) request.fields.set("Authorization", net::basic_credentials(user_, password));
  if (!type.empty()) request.fields.set("Content-Type", type);
  if (method != "GET") request.body = net::http_body::of(std::move(body));
  answer out;
  auto const got = in_.loop.run(exchange(client_, std::move(request), out.status, out.location));
  out.body = got ? *got : got.error().message();
  return out;
}

std::string registry_program::push_blob(std::string const& repository, std::string const& bytes) {
  auto const digest = exec::digest_of(bytes);
  auto const begun = send("POST", fmt::format("/v2/{}/blobs/uploads/", repository), "", "");
  INFO(begun.body);
  REQUIRE(begun.status == 202);
  auto const sign = begun.location.find('?') == std::string::npos ? '?' : '&';
  auto const done =
      send("PUT", fmt::format("{}{}digest={}", begun.location, sign, net::percent_encode(digest)),
           bytes, "application/octet-stream");
  INFO(done.body);
  REQUIRE(done.status == 201);
  return digest;
}

void registry_program::push_manifest(std::string const& repository, std::string const& reference,
                                     std::string const& media_type, std::string const& text) {
  auto const put =
      send("PUT", fmt::format("/v2/{}/manifests/{}", repository, reference), text, media_type);
  INFO(put.body);
  REQUIRE(put.status == 201);
}

std::string registry_program::publish(std::string const& repository, std::string const& version,
                                      std::string const& layer,
                                      std::vector<std::string> const& tags,
                                      std::string const& architecture) {
  constexpr auto manifest_type = "application/vnd.oci.image.manifest.v1+json";
  auto const digest = push_blob(repository, layer);
  auto const settings = push_blob(repository, "{}");
  auto const manifest = fmt::format(
      R"({{"schemaVersion": 2, "mediaType": "{}", "config": {{"mediaType": "application/vnd.oci.image.config.v1+json",)"
      R"( "digest": "{}", "size": 2}}, "layers": [{}]}})",
      manifest_type, settings, layer_descriptor(layer, version));
  auto const manifest_digest = exec::digest_of(manifest);
  push_manifest(repository, manifest_digest, manifest_type, manifest);
  auto const index = fmt::format(
      R"({{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [)"
      R"({{"mediaType": "{}", "digest": "{}", "size": {}, "platform": {{"os": "linux", "architecture": "{}"}}}}]}})",
      manifest_type, manifest_digest, manifest.size(),
      architecture.empty() ? exec::host_platform().architecture : architecture);
  for (auto const& tag : tags) {
    push_manifest(repository, tag, "application/vnd.oci.image.index.v1+json", index);
  }
  return digest;
}

std::filesystem::path registry_program::blob_file(std::string_view digest) const {
  auto const hex = std::string(digest.substr(digest.find(':') + 1));
  return directory_ / "data/docker/registry/v2/blobs/sha256" / hex.substr(0, 2) / hex / "data";
}

}  // namespace corunner::test
