#include "runner/coordinator/git/lfs.hpp"

#include "runner/coordinator/api/body/file_answer.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/context.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <utility>
#include <vector>

namespace corunner::coordinator {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::string_view lfs_begin = "/info/lfs/";
constexpr std::string_view batch = "/info/lfs/objects/batch";
constexpr std::string_view object_begin = "/info/lfs/objects/";
constexpr std::size_t most_of_a_request = 4u << 20;
constexpr char const* media_type = "application/vnd.git-lfs+json";

reply lfs_reply(int status, json::value const& body) {
  return {status, {{"Content-Type", media_type}}, json::serialize(body)};
}

reply refusal(int status, std::string_view message) {
  return lfs_reply(status, json::object{{"message", message}});
}

bool is_oid(std::string_view text) {
  constexpr std::size_t digits_of_sha256 = 64;
  return text.size() == digits_of_sha256 &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Where a repository and its lenders keep large files.
std::vector<fs::path> stores_of(fs::path const& git_dir) {
  std::vector<fs::path> stores{git_dir / "lfs/objects"};
  std::ifstream lenders(git_dir / "objects/info/alternates");
  for (std::string objects; std::getline(lenders, objects);) {
    if (!objects.empty()) stores.push_back(fs::path(objects).parent_path() / "lfs/objects");
  }
  return stores;
}

json::object told(fs::path const& git_dir, json::value const& wanted, std::string const& url,
                  std::string_view authorization) {
  auto const* const given = wanted.is_object() ? wanted.get_object().if_contains("oid") : nullptr;
  auto const oid = given && given->is_string() ? std::string(given->get_string()) : std::string();
  json::object out{{"oid", oid}};
  std::error_code ec;
  auto const file = find_lfs_object(git_dir, oid);
  auto const size = file ? fs::file_size(*file, ec) : 0;
  if (!file || ec) {
    constexpr char const* why =
        "not in .git/lfs of the repository: `git lfs fetch` brings it there";
    out["error"] = {{"code", 404}, {"message", why}};
    return out;
  }
  out["size"] = size;
  out["authenticated"] = true;
  json::object const header{{"Authorization", authorization}};
  out["actions"] = {
      {"download", {{"href", url + std::string(object_begin) + oid}, {"header", header}}}};
  return out;
}

reply answer_batch(fs::path const& git_dir, std::string const& body, std::string const& url,
                   std::string_view authorization) {
  boost::system::error_code ec;
  auto const request = json::parse(body, ec);
  auto const* const question = ec ? nullptr : request.if_object();
  auto const* const wanted = question ? question->if_contains("objects") : nullptr;
  if (!wanted || !wanted->is_array()) return refusal(422, "not a request of Git LFS");
  auto const* const operation = question->if_contains("operation");
  if (!operation || *operation != "download") {
    return refusal(403, "You are not allowed to push code to this project.");
  }
  json::array objects;
  for (auto const& one : wanted->get_array()) {
    objects.push_back(told(git_dir, one, url, authorization));
  }
  return lfs_reply(200, json::object{{"transfer", "basic"}, {"objects", std::move(objects)}});
}

awaitable<reply> ask_batch(context& in, net::http_exchange& exchange, fs::path git_dir,
                           std::string url) {
  auto body = co_await exchange.read_all(most_of_a_request);
  if (!body) co_return refusal(413, "the request is too large or damaged");
  auto work = [git_dir = std::move(git_dir), body = std::move(*body), url = std::move(url),
               authorization = std::string(exchange.fields.get("Authorization"))] {
    return answer_batch(git_dir, body, url, authorization);
  };
  co_return co_await net::on_pool(in.pool, std::move(work));
}

}  // namespace

bool is_lfs_path(std::string_view inside) { return inside.starts_with(lfs_begin); }

std::optional<fs::path> find_lfs_object(fs::path const& git_dir, std::string_view oid) {
  if (!is_oid(oid)) return std::nullopt;
  auto const name = fs::path(oid.substr(0, 2)) / oid.substr(2, 2) / oid;
  for (auto const& store : stores_of(git_dir)) {
    std::error_code ec;
    if (fs::is_regular_file(store / name, ec)) return store / name;
  }
  return std::nullopt;
}

awaitable<void> serve_lfs(context& in, net::http_exchange& exchange, fs::path git_dir,
                          std::string inside, std::string project_url) {
  if (inside == batch && exchange.method == "POST") {
    auto answer = co_await ask_batch(in, exchange, std::move(git_dir), std::move(project_url));
    co_await send(exchange, std::move(answer));
    co_return;
  }
  auto look = [git_dir = std::move(git_dir),
               oid = inside.substr(std::min(inside.size(), object_begin.size()))] {
    return find_lfs_object(git_dir, oid);
  };
  auto const file = co_await net::on_pool(in.pool, std::move(look));
  if (!file || exchange.method != "GET") {
    auto answer = refusal(404, "not found");
    co_await send(exchange, std::move(answer));
    co_return;
  }
  file_answer what;
  what.path = *file;
  co_await send_file(in.pool, exchange, std::move(what));
}

}  // namespace corunner::coordinator
