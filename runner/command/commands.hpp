#pragma once

#include "runner/command/command.hpp"

#include <memory>

namespace corunner {

// One maker per command; the class itself lives in the source named after it.
std::unique_ptr<command> make_artifacts_downloader(services& all);
std::unique_ptr<command> make_artifacts_uploader(services& all);
std::unique_ptr<command> make_cache_archiver(services& all);
std::unique_ptr<command> make_cache_extractor(services& all);
std::unique_ptr<command> make_cache_init(services& all);
std::unique_ptr<command> make_complete(services& all);
std::unique_ptr<command> make_completion(services& all);
std::unique_ptr<command> make_config_explain(services& all);
std::unique_ptr<command> make_config_reference(services& all);
std::unique_ptr<command> make_config_schema(services& all);
std::unique_ptr<command> make_coordinator(services& all);
std::unique_ptr<command> make_fleeting_install(services& all);
std::unique_ptr<command> make_fleeting_list(services& all);
std::unique_ptr<command> make_fleeting_login(services& all);
std::unique_ptr<command> make_health_check(services& all);
std::unique_ptr<command> make_install(services& all);
std::unique_ptr<command> make_lint(services& all);
std::unique_ptr<command> make_list(services& all);
std::unique_ptr<command> make_local(services& all);
std::unique_ptr<command> make_man(services& all);
std::unique_ptr<command> make_proxy_exec(services& all);
std::unique_ptr<command> make_read_logs(services& all);
std::unique_ptr<command> make_register(services& all);
std::unique_ptr<command> make_reset_token(services& all);
std::unique_ptr<command> make_restart(services& all);
std::unique_ptr<command> make_run(services& all);
std::unique_ptr<command> make_run_single(services& all);
std::unique_ptr<command> make_start(services& all);
std::unique_ptr<command> make_status(services& all);
std::unique_ptr<command> make_steps_bootstrap(services& all);
std::unique_ptr<command> make_steps_proxy(services& all);
std::unique_ptr<command> make_stop(services& all);
std::unique_ptr<command> make_uninstall(services& all);
std::unique_ptr<command> make_unregister(services& all);
std::unique_ptr<command> make_verify(services& all);
std::unique_ptr<command> make_wrapper(services& all);

}  // namespace corunner
