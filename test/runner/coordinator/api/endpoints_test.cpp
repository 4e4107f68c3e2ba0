// Every endpoint is called once for each answer that is worth having: the rows of
// parity/coordinator-endpoints.tsv. They cover every route that the coordinator has, and everything
// that GitLab Runner calls (parity/endpoints.tsv) but for what parity/endpoints-differences.tsv
// gives reasons.
//
// Columns: `as` is a user, `job` (its token as JOB-TOKEN), `none`, or fields, after ';' more
// fields; `answer` is '-' for an empty body, '=' and the body, or the keys of the object, or '['
// and the keys of the first of a list.
#include "runner/coordinator/token.hpp"
#include "test/runner/coordinator/world.hpp"
#include "test/support/tsv.hpp"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <set>
#include <sstream>

using namespace corunner;
using coordinator::role;
using test::coordinator_world;

namespace {

coordinator::server_options small_limits() {
  coordinator::server_options how;
  how.artifact_limit = 500;
  return how;
}

std::string form(std::string const& bytes) {
  return "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\n\r\n" +
         bytes + "\r\n--B--\r\n";
}

void replace(std::string& text, std::string const& what, std::string const& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

// A GitLab in which something of everything is there; see the members for what has which id.
class full_world : public coordinator_world {
 public:
  full_world() : coordinator_world(small_limits()) {
    add_project("group/one");    // project 1
    add_project("group/two");    // project 2
    add_project("other/three");  // project 3, takes no registrations
    add_user("ann");
    add_user("ben");
    add_member("ben", "group", role::developer);
    add_runners();
    auto& policies = in->data.policies;
    policies.set_registration_token(coordinator::policy_table::holder::project, 3,
                                    coordinator::sha256("GR1348941closed"));
    policies.set(coordinator::policy_table::holder::project, 3, {.registration_allowed = false});
    add_jobs();
  }

  test::answer call_row(std::vector<std::string> const& row) {
    net::http_fields fields;
    std::istringstream parts(row.at(3));
    for (std::string part; std::getline(parts, part, ';');) {
      auto const equals = part.find('=');
      if (part == "admin") {
        fields.set("PRIVATE-TOKEN", admin);
      } else if (part == "job") {
        fields.set("JOB-TOKEN", job_token_);
      } else if (part.starts_with(" boundary=")) {
        fields.set("Content-Type", std::string(fields.get("Content-Type")) + ";" + part);
      } else if (equals != std::string::npos) {
        fields.set(part.substr(0, equals), part.substr(equals + 1));
      } else if (part != "none") {
        fields.set("PRIVATE-TOKEN", "glpat-" + part);
      }
    }
    std::string body = row.at(4);
    replace(body, "{job_token}", job_token_);
    replace(body, "{long}", std::string(40'000, 'x'));
    replace(body, "{file}", form("zip"));
    replace(body, "{bigfile}", form(std::string(2000, 'z')));
    return call(row.at(0), row.at(2), body, std::move(fields));
  }

 private:
  void add_runners() {
    add_runner("glrt-1");                                           // 1
    make_runner(R"({"runner_type":"project_type","project_id":1})");  // 2
    make_runner(R"({"runner_type":"project_type","project_id":1})");  // 3, of project 2 too
    REQUIRE(admin_call("POST", "/projects/2/runners", R"({"runner_id":3})").status == 201);
    make_runner(R"({"runner_type":"group_type","group_id":1})");    // 4
    auto orphan = *in->data.runners.find(add_runner("glrt-o"));     // 5
    in->data.db.run("UPDATE runners SET type='project_type', token_hash=? WHERE id=?",
                    coordinator::sha256("glrt-orphan"), orphan.id);
    add_runner("glrt-picky", {"rare"}, false);                      // 6
    call("POST", "/runners/verify", R"({"token":"glrt-1","system_id":"s_1"})");
  }

  // Job 1 has ended, with log and archive; 2 runs; 3 waits; 4 is manual; 5 is another project's.
  void add_jobs() {
    add_pipeline(
        "done:\n  script: x\n  artifacts: {paths: [out]}\nrunning:\n  script: x\nwaiting:\n"
        "  script: x\nhand:\n  script: x\n  when: manual\n");
    auto const done = take_job("glrt-1");
    patch_trace(done, "0-10", "log of done");
    net::http_fields fields{{"JOB-TOKEN", std::string(done.at("token").as_string())},
                            {"Content-Type", "multipart/form-data; boundary=B"}};
    REQUIRE(call("POST", "/jobs/1/artifacts", form("archive"), fields).status == 201);
    put_job(done, "success");
    job_token_ = std::string(take_job("glrt-1").at("token").as_string());
    add_pipeline("far:\n  script: x\n  tags: [nobody]\n", 3);
  }

  std::string job_token_;
};

bool has_keys(boost::json::object const& object, std::string const& keys) {
  std::istringstream words(keys);
  for (std::string key; words >> key;) {
    if (object.contains(key)) continue;
    UNSCOPED_INFO("lacks " + key);
    return false;
  }
  return true;
}

bool is_answered_as(test::answer const& got, std::string const& wanted) {
  if (wanted == "-") return got.body.empty();
  if (wanted.starts_with('=')) return got.body == wanted.substr(1);
  if (!wanted.starts_with('[')) return has_keys(got.json().as_object(), wanted);
  auto const list = got.json();
  return !list.as_array().empty() && has_keys(list.as_array()[0].as_object(), wanted.substr(1));
}

auto const table_name = "parity/coordinator-endpoints.tsv";

std::set<std::string> statuses_in(std::string const& text) {
  std::set<std::string> found;
  for (std::size_t at = 0; at + 3 <= text.size(); ++at) {
    auto const digit = [&](std::size_t place) {
      return place < text.size() && std::isdigit(static_cast<unsigned char>(text[place])) != 0;
    };
    if (at > 0 && digit(at - 1)) continue;
    if (digit(at) && digit(at + 1) && digit(at + 2) && !digit(at + 3)) {
      found.insert(text.substr(at, 3));
    }
  }
  return found;
}

class difference_list {
 public:
  bool holds(std::string const& method, std::string const& path, std::string const& status) const {
    return std::any_of(rows_.begin(), rows_.end(), [&](auto const& row) {
      return row.at(0) == method && ::fnmatch(row.at(1).c_str(), path.c_str(), 0) == 0 &&
             (row.at(2) == "*" || row.at(2) == status) && !row.at(3).empty();
    });
  }

 private:
  std::vector<std::vector<std::string>> rows_ = test::read_tsv("parity/endpoints-differences.tsv");
};

}  // namespace

TEST_CASE("every endpoint answers as its table says", "[coordinator][endpoints]") {
  for (auto const& row : test::read_tsv(table_name)) {
    CAPTURE(row.at(0), row.at(2), row.at(3), row.at(4));
    full_world world;
    auto const got = world.call_row(row);
    CAPTURE(got.body);
    CHECK(std::to_string(got.status) == row.at(5));
    bool const json = row.at(6) != "-" && got.fields.get("Content-Type") == "application/json";
    bool const shaped = json || row.at(6).starts_with('=') || row.at(6) == "-";
    REQUIRE(shaped);
    CHECK(is_answered_as(got, row.at(6)));
  }
}

TEST_CASE("the table of endpoints is that of the routes", "[coordinator][endpoints]") {
  std::set<std::string> told;
  for (auto const& row : test::read_tsv(table_name)) told.insert(row.at(0) + " " + row.at(1));
  std::set<std::string> known;
  coordinator_world world;
  for (auto const table : world.answers->endpoints().tables()) {
    for (auto const& entry : table) known.insert(fmt::format("{} {}", entry.method, entry.path));
  }
  CHECK(told == known);
}

TEST_CASE("a known path tells its methods to who uses another", "[coordinator][endpoints]") {
  coordinator_world world;
  std::set<std::string> paths;
  for (auto const& row : test::read_tsv(table_name)) {
    if (!row.at(2).starts_with("/projects/1/runners/")) paths.insert(row.at(2));
  }
  for (auto const& path : paths) {
    CAPTURE(path);
    auto const got = world.call("OPTIONS", path);
    CHECK(got.status == 405);
    CHECK(got.body == R"({"error":"405 Not Allowed"})");
    CHECK_FALSE(got.field("Allow").empty());
  }
}

TEST_CASE("what GitLab Runner calls is answered with each status that it knows",
          "[coordinator][endpoints]") {
  std::set<std::string> told;
  for (auto const& row : test::read_tsv(table_name)) {
    told.insert(fmt::format("{} {} {}", row.at(0), row.at(1), row.at(5)));
  }
  difference_list const differences;
  for (auto const& row : test::read_tsv("parity/endpoints.tsv")) {
    auto const& method = row.at(0);
    auto path = row.at(1).substr(0, row.at(1).find('?'));
    bool const ours = path.starts_with("/api/v4");
    if (ours) path.erase(0, std::string_view("/api/v4").size());
    if (!ours) {
      CAPTURE(method, row.at(1));
      CHECK(differences.holds(method, row.at(1), "*"));
      continue;
    }
    for (auto const& status : statuses_in(row.at(4) + " " + row.at(5))) {
      CAPTURE(method, path, status);
      bool const answered = told.contains(fmt::format("{} {} {}", method, path, status));
      CHECK((answered || differences.holds(method, path, status)));
    }
  }
}
