#include "runner/coordinator/git/upload_pack.hpp"

#include "exec/process/run_process.hpp"
#include "runner/coordinator/api/dispatch.hpp"
#include "runner/coordinator/context.hpp"

#include <fmt/format.h>

namespace corunner::coordinator {

namespace {

// The client went away: ends the child.
struct cannot_stream : std::runtime_error {
  using std::runtime_error::runtime_error;
};

net::http_fields fields_of(bool advertisement) {
  net::http_fields fields;
  fields.set("Content-Type", advertisement ? "application/x-git-upload-pack-advertisement"
                                           : "application/x-git-upload-pack-result");
  fields.set("Cache-Control", "no-cache, max-age=0, must-revalidate");
  fields.set("Pragma", "no-cache");
  return fields;
}

// Passes what upload-pack prints on to the client, and keeps it while it is short.
class answer_sink final : public exec::output_sink {
 public:
  answer_sink(net::http_exchange& exchange, bool advertisement)
      : exchange_(exchange), advertisement_(advertisement) {}

  awaitable<void> write(exec::channel from, std::string_view bytes) override {
    if (from == exec::channel::err || bytes.empty()) co_return;
    if (!begun_) {
      begun_ = true;
      auto fields = standard_fields(exchange_, fields_of(advertisement_));
      if (co_await exchange_.begin(200, std::move(fields), std::nullopt)) {
        throw cannot_stream("the client went away");
      }
      // Version 2 names itself; before, the service stands first.
      if (advertisement_ && !bytes.starts_with("000eversion 2")) {
        co_await pass("001e# service=git-upload-pack\n0000");
      }
    }
    co_await pass(bytes);
  }

  bool begun() const { return begun_; }
  bool is_short() const { return answer_.size() <= answer_memory::most_of_one; }
  std::string take() { return std::move(answer_); }

 private:
  awaitable<void> pass(std::string_view bytes) {
    if (is_short()) answer_.append(bytes.substr(0, answer_memory::most_of_one + 1));
    if (co_await exchange_.write(bytes)) throw cannot_stream("the client went away");
  }

  net::http_exchange& exchange_;
  bool advertisement_;
  bool begun_ = false;
  std::string answer_;
};

std::string question_of(upload_pack_request const& request) {
  return fmt::format("{}\n{}\n{}\n{}", request.git_dir, request.protocol, request.advertisement,
                     request.body);
}

git_call call_of(upload_pack_request request) {
  git_call call;
  call.arguments = {"-c", "safe.directory=*", "-c", "uploadpack.allowAnySHA1InWant=true",
                    "upload-pack", "--strict", "--stateless-rpc"};
  if (request.advertisement) call.arguments.push_back("--advertise-refs");
  else call.input = std::move(request.body);
  call.arguments.push_back(std::move(request.git_dir));
  call.environment.emplace_back("GIT_PROTOCOL", std::move(request.protocol));
  return call;
}

}  // namespace

awaitable<void> serve_upload_pack(context& in, net::http_exchange& exchange,
                                  upload_pack_request request) {
  bool const advertisement = request.advertisement;
  auto question = question_of(request);
  if (auto const known = in.git_answers.find(question)) {
    co_await send(exchange, {200, fields_of(advertisement), *known});
    co_return;
  }
  auto const asked_at = in.git_answers.generation();
  auto const how = git_process(call_of(std::move(request)));
  answer_sink output(exchange, advertisement);
  bool good = false;
  try {
    auto const ended = co_await exec::run_process(in.git_tool.launcher(), in.time, how, output);
    good = ended.how == exec::run_result::kind::ended && ended.status.ok();
  } catch (cannot_stream const&) {
    co_return exchange.drop();
  }
  if (!output.begun() && good) {
    // An empty request, by which git probes whether it is let in.
    co_await send(exchange, {200, fields_of(advertisement), {}});
    co_return;
  }
  if (!output.begun()) {
    co_await send(exchange, {500, {{"Content-Type", "text/plain"}}, "git upload-pack failed\n"});
    co_return;
  }
  if (!good) co_return exchange.drop();
  if (output.is_short()) in.git_answers.keep(std::move(question), output.take(), asked_at);
  co_await exchange.finish();
}

}  // namespace corunner::coordinator
