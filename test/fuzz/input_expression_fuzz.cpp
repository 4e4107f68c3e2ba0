// Evaluates arbitrary text as an expression of a job's inputs. What is read ends within the text,
// and a value has a text; a fault says what is wrong.
#include "runner/job/expression.hpp"
#include "runner/job/expression_values.hpp"

#include <boost/json/parse.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace corunner;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

std::vector<gitlab::job_input> const& inputs() {
  static std::vector<gitlab::job_input> const some{
      {.key = "s", .type = "string", .content = "text"},
      {.key = "n", .type = "number", .content = 3},
      {.key = "a", .type = "array", .content = boost::json::parse(R"([1,"x",[true]])")},
      {.key = "o", .type = "struct", .content = boost::json::parse(R"({"k":{"m":null}})")},
      {.key = "p", .type = "string", .content = "secret", .sensitive = true}};
  return some;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const found = evaluate(text, inputs());
  if (auto const* const fault = std::get_if<expression_fault>(&found)) {
    require(!fault->message.empty());
    return 0;
  }
  auto const& good = std::get<evaluated>(found);
  require(good.length <= size && text.substr(0, good.length).ends_with("}}"));
  (void)as_text(good.value);
  return 0;
}
