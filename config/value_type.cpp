#include "config/value_type.hpp"

namespace corunner::config {

namespace {

constexpr value_type text{"text", R"("type": "string")"};
constexpr value_type number{"whole number", R"("type": "integer")"};
constexpr value_type truth{"boolean", R"("type": "boolean")"};
// A number is nanoseconds.
constexpr value_type length{
    "duration",
    R"("type": ["string", "integer"], "pattern": "^[+-]?(0|([0-9]*\\.?[0-9]+\\.?(ns|us|µs|μs|ms|s|m|h))+)$")"};

value_type of(std::string*) { return text; }
value_type of(boxed_text*) { return text; }
value_type of(std::optional<std::string>*) { return text; }
value_type of(secret*) { return {"secret text", text.schema}; }
value_type of(std::int64_t*) { return number; }
value_type of(std::optional<std::int64_t>*) { return number; }
value_type of(double*) { return {"number", R"("type": "number")"}; }
value_type of(bool*) { return truth; }
value_type of(std::optional<bool>*) { return truth; }
value_type of(duration*) { return length; }
value_type of(std::optional<duration>*) { return length; }
value_type of(std::optional<timestamp>*) {
  return {"date and time", R"("type": "string", "format": "date-time")"};
}
value_type of(std::vector<std::string>*) {
  return {"list of texts", R"("type": "array", "items": {"type": "string"})"};
}
value_type of(std::vector<std::int64_t>*) {
  return {"list of whole numbers", R"("type": "array", "items": {"type": "integer"})"};
}
value_type of(std::vector<double>*) {
  return {"list of numbers", R"("type": "array", "items": {"type": "number"})"};
}
value_type of(one_or_more*) {
  return {"text or list of texts", R"("type": ["string", "array"], "items": {"type": "string"})"};
}
value_type of(string_map*) {
  return {"table of texts", R"("type": "object", "additionalProperties": {"type": "string"})"};
}
value_type of(flag_map*) {
  return {"table of booleans", R"("type": "object", "additionalProperties": {"type": "boolean"})"};
}
value_type of(boxed<string_map>*) { return of(static_cast<string_map*>(nullptr)); }
value_type of(boxed<flag_map>*) { return of(static_cast<flag_map*>(nullptr)); }
value_type of(number_map*) {
  return {"table of whole numbers",
          R"("type": "object", "additionalProperties": {"type": "integer"})"};
}
value_type of(list_map*) {
  return {
      "table of lists of texts",
      R"("type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}})"};
}
value_type of(free_table*) { return {"table of anything", R"("type": "object")"}; }

}  // namespace

value_type type_of(field const& value) {
  return std::visit([](auto* target) { return of(target); }, value);
}

}  // namespace corunner::config
