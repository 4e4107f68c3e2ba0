// Feeds arbitrary bytes to the YAML loader and, when they load, to the whole evaluation.
//
// Beyond not crashing: the number of nodes stays below its limit, an invalid configuration always
// says why, and a plan survives its way through JSON.
#include "runner/pipeline/pipeline.hpp"
#include "runner/pipeline/yaml/load.hpp"

#include <boost/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace corunner::pipeline;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

class two_files : public file_reader {
 public:
  std::optional<std::string> read(std::string_view path) override {
    if (path == "a.yml") return ".a: {script: [a], rules: [{if: $CI}]}";
    if (path == "b.yml") return "include: a.yml\nb: {extends: .a}";
    return std::nullopt;
  }
  std::vector<std::string> list() override { return {"a.yml", "b.yml", "src/x.cpp"}; }
  std::optional<std::vector<std::string>> changed_paths(std::string_view) override {
    return list();
  }
};

pipeline_source source() {
  pipeline_source out;
  out.commit.sha = "4f3c2b1a0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a";
  out.commit.ref = "main";
  out.project.path = "group/demo";
  out.server.url = "https://gitlab.example.com";
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  yaml::load_limits const limits{.bytes = 1u << 16, .nodes = 5000};
  yaml::loaded const loaded = yaml::load(text, "f.yml", limits);
  if (loaded.error) {
    require(loaded.documents.empty() && !loaded.error->text.empty());
  } else {
    std::size_t nodes = 0;
    for (yaml::node const& document : loaded.documents) nodes += yaml::count_nodes(document);
    // Merge keys copy what was counted when the alias was met.
    require(nodes <= 2 * limits.nodes);
  }
  if (loaded.error) return 0;

  two_files files;
  evaluation const result = evaluate(text, files, source());
  require((result.outcome == verdict::invalid) == !result.errors.empty());
  for (diagnostic const& d : result.errors) require(!d.text.empty());
  if (result.outcome == verdict::planned) {
    require(!result.plan.jobs.empty());
    std::string const stored = boost::json::serialize(to_json(result.plan));
    require(plan_from_json(boost::json::parse(stored)) == result.plan);
  }
  return 0;
}
