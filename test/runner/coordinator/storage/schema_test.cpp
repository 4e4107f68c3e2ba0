#include "runner/coordinator/storage/store.hpp"

#include "test/net/temporary_directory.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>

using namespace corunner::coordinator;

TEST_CASE("what an older program stored is there in the newest layout", "[coordinator][storage]") {
  database db({});
  migrate(db, 1);
  db.script(R"sql(
    INSERT INTO users VALUES (1, 'root', 'Administrator', 'root@localhost', 1, 5);
    INSERT INTO groups VALUES (1, 'group');
    INSERT INTO projects VALUES (1, 'group/one', 1, '/repository', 'main', 6);
    INSERT INTO runners VALUES (1, 'uuid', 'project_type', 'hash', NULL, 'one', NULL, 1, 0, 1, '["a"]',
      'not_protected', NULL, NULL, 'authenticated_user', 'finished', 9, 7, 1, NULL);
    INSERT INTO runner_projects VALUES (1, 1);
    INSERT INTO runner_managers VALUES (1, 1, 's_1', '19.4.0', NULL, NULL, NULL, NULL, '{}', '::1', 8, 9);
  )sql");
  migrate(db);
  access_table access(db);
  project_table projects(db);
  runner_table runners(db);
  auto const user = access.find_user("root");
  REQUIRE(user);
  CHECK(user->administrator);
  CHECK_FALSE(user->auditor);
  auto const project = projects.find("group/one");
  REQUIRE(project);
  CHECK(project->instance_runners);
  CHECK(project->group_runners);
  CHECK(policy_table(db).of(policy_table::holder::project, 1).registration_allowed);
  auto const runner = runners.find_by_token_hash("hash");
  REQUIRE(runner);
  CHECK(runner->tags == std::vector<std::string>{"a"});
  CHECK(runner->updated_at == 7);
  CHECK(runners.assigned_at(1, 1) == 0);
  auto const manager = runners.find_manager(1, "s_1");
  REQUIRE(manager);
  CHECK(manager->version == "19.4.0");
  CHECK(manager->labels == "{}");
}

TEST_CASE("commits ask for a checkpoint again and again, and after one the log is used anew",
          "[coordinator][storage]") {
  corunner::test::temporary_directory directory;
  auto const file = directory.path() / "coordinator.db";
  auto const log = directory.path() / "coordinator.db-wal";
  database db(file);
  db.script("CREATE TABLE t (a TEXT)");
  int asked = 0;
  db.checkpoint_wanted = [&] { ++asked; };
  auto const write_until_asked = [&] {
    asked = 0;
    for (int i = 0; i < 100'000 && asked == 0; ++i) {
      db.run("INSERT INTO t VALUES (?)", std::string(9000, 'x'));
    }
  };
  write_until_asked();
  CHECK(asked == 1);
  auto const size = std::filesystem::file_size(log);

  // One that is done at rest lets the log begin anew: it does not grow.
  db.checkpoint_started();
  database::checkpoint(file);
  write_until_asked();
  CHECK(asked == 1);
  CHECK(std::filesystem::file_size(log) <= size + 100'000);

  // One that commits overtake does not, until the rest is moved at once.
  while (!db.wal_too_long()) {
    db.checkpoint_started();
    write_until_asked();
    REQUIRE(asked == 1);
  }
  db.checkpoint_here();
  CHECK_FALSE(db.checkpoint_due());
  db.run("INSERT INTO t VALUES ('x')");
  CHECK_FALSE(db.wal_too_long());
}

TEST_CASE("the database of a newer program is refused", "[coordinator][storage]") {
  database db({});
  migrate(db);
  migrate(db);  // again: nothing to do
  db.script("PRAGMA user_version=99");
  CHECK_THROWS_AS(migrate(db), database_error);
}
