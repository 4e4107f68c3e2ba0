#include "runner/trace/job_trace.hpp"

#include "runner/trace/encoded_forms.hpp"
#include "runner/trace/give_way.hpp"
#include "runner/trace/hide_phrases.hpp"
#include "runner/trace/line_stamper.hpp"
#include "runner/trace/phrase_masker.hpp"
#include "runner/trace/token_masker.hpp"
#include "runner/trace/trace_buffer.hpp"
#include "runner/trace/url_masker.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <utility>

namespace corunner {

namespace {

using automaton = std::shared_ptr<phrase_automaton const>;

// The filters of one stream, in the order in which bytes pass them.
class filter_chain {
 public:
  filter_chain(trace_options const& how, stream_name stream, automaton const& phrases,
               automaton const& prefixes, net::time_source const& time, byte_sink& end)
      : stamper_(how.timestamps, stream, time, end),
        tokens_(prefixes, stamper_),
        urls_(tokens_),
        phrases_(phrases, urls_) {}

  void write(std::string_view bytes) {
    phrases_.put(bytes);
    stamper_.end_write();
  }

  void finish() {
    phrases_.finish();
    urls_.finish();
    tokens_.finish();
    stamper_.finish();
  }

  void replace_phrases(automaton const& phrases) {
    phrases_.replace(phrases);
    stamper_.end_write();
  }

 private:
  line_stamper stamper_;
  token_masker tokens_;
  url_masker urls_;
  phrase_masker phrases_;
};

automaton compile(trace_options const& how) {
  return compile_phrases(how.encoded ? with_encoded_forms(how.masked) : how.masked);
}

// Of lines alone nobody's turn comes late.
constexpr std::size_t much_output = 4096;

constexpr std::string_view reset = "\x1b[0;m\n";

}  // namespace

std::vector<std::string> default_token_prefixes(bool all) {
  if (!all) return {"glpat-"};
  return {"glpat-",  "gloas-", "gldt-",  "glrt-",    "glcbt-",  "glrtr-",  "glptt-",
          "glft-",   "glimt-", "glagent-", "glsoat-", "glffct-", "_gitlab_session=", "gltok-"};
}

struct job_trace::state {
  state(asio::any_io_executor executor, net::time_source& clock, std::unique_ptr<spool> storage,
        trace_options how)
      : time(clock),
        options(std::move(how)),
        phrases(compile(options)),
        prefixes(compile_phrases(options.token_prefixes)),
        buffer(std::move(storage), options.limit),
        runner(options, {0, 'O'}, phrases, prefixes, time, buffer),
        out(options, {1, 'O'}, phrases, prefixes, time, buffer),
        err(options, {1, 'E'}, phrases, prefixes, time, buffer),
        grown(std::move(executor)),
        sink(*this) {}

  // Nothing is filtered that would be dropped.
  bool drops() const { return closed || buffer.full(); }

  void write(filter_chain& to, std::string_view bytes) {
    if (drops()) return;
    to.write(bytes);
    announce();
  }

  void announce() {
    if (buffer.size() >= awaited) grown.set();
  }

  void line(line_kind kind, std::string_view prefix, std::string_view text) {
    if (listener) listener(kind, text);
    std::string whole;
    whole.reserve(prefix.size() + text.size() + reset.size());
    whole.append(prefix).append(text).append(reset);
    write(runner, whole);
  }

  void section(std::string_view what, std::string_view name) {
    if (!options.sections) return;
    auto const seconds = std::chrono::system_clock::to_time_t(time.wall_now());
    write(runner, fmt::format("{}:{}:{}\r\x1b[0K", what, seconds, name));
  }

  class script_output final : public exec::output_sink {
   public:
    explicit script_output(state& owner) : owner_(owner) {}
    awaitable<void> write(exec::channel from, std::string_view bytes) override {
      owner_.write(from == exec::channel::out ? owner_.out : owner_.err, bytes);
      if (bytes.size() >= much_output) co_await give_way(owner_.time);
    }

   private:
    state& owner_;
  };

  net::time_source& time;
  trace_options options;
  automaton phrases;
  automaton prefixes;
  trace_buffer buffer;
  filter_chain runner;
  filter_chain out;
  filter_chain err;
  net::event grown;
  script_output sink;
  std::function<void(line_kind, std::string_view)> listener;
  std::uint64_t awaited = UINT64_MAX;
  bool closed = false;
};

job_trace::job_trace(asio::any_io_executor executor, net::time_source& time,
                     std::unique_ptr<spool> storage, trace_options how)
    : state_(std::make_unique<state>(std::move(executor), time, std::move(storage),
                                     std::move(how))) {}

job_trace::~job_trace() = default;

void job_trace::mask(std::vector<std::string> const& values) {
  auto& all = state_->options.masked;
  all.insert(all.end(), values.begin(), values.end());
  state_->phrases = compile(state_->options);
  for (auto* const chain : {&state_->runner, &state_->out, &state_->err}) {
    chain->replace_phrases(state_->phrases);
  }
  state_->announce();
}

std::optional<std::string> job_trace::hide(std::string_view text) const {
  return hide_phrases(*state_->phrases, text, shortest_encoded);
}

awaitable<void> job_trace::print(std::string_view text) {
  state_->line(line_kind::plain, "\x1b[0K", text);
  co_return;
}

awaitable<void> job_trace::info(std::string_view text) {
  state_->line(line_kind::info, "\x1b[32;1m", text);
  co_return;
}

awaitable<void> job_trace::warning(std::string_view text) {
  state_->line(line_kind::warning, "\x1b[0;33mWARNING: ", text);
  co_return;
}

awaitable<void> job_trace::error(std::string_view text) {
  state_->line(line_kind::error, "\x1b[31;1mERROR: ", text);
  co_return;
}

awaitable<void> job_trace::raw(std::string_view bytes) {
  state_->write(state_->runner, bytes);
  co_return;
}

awaitable<void> job_trace::section_start(std::string_view name) {
  state_->section("section_start", name);
  co_return;
}

awaitable<void> job_trace::section_end(std::string_view name) {
  state_->section("section_end", name);
  co_return;
}

exec::output_sink& job_trace::output() { return state_->sink; }

awaitable<void> job_trace::end_output() {
  state_->out.finish();
  state_->err.finish();
  state_->announce();
  co_return;
}

void job_trace::tell(std::function<void(line_kind, std::string_view)> listener) {
  state_->listener = std::move(listener);
}

awaitable<void> job_trace::end_lines() {
  state_->listener = nullptr;
  state_->runner.finish();
  state_->announce();
  co_return;
}

awaitable<void> job_trace::close() {
  if (std::exchange(state_->closed, true)) co_return;
  state_->out.finish();
  state_->err.finish();
  state_->runner.finish();
  state_->buffer.finish();
  state_->announce();
}

std::uint64_t job_trace::size() const { return state_->buffer.size(); }

std::string job_trace::checksum() const { return state_->buffer.checksum(); }

result<std::string> job_trace::read(std::uint64_t offset, std::size_t length) const {
  return state_->buffer.read(offset, length);
}

net::event& job_trace::grown_to(std::uint64_t size) {
  state_->awaited = size;
  state_->grown.reset();
  state_->announce();
  return state_->grown;
}

}  // namespace corunner
