#include "runner/command/help_pages.hpp"

#include <array>

namespace corunner {

namespace {

constexpr std::array examples{
    example{"", "local", "run this repository's pipeline here"},
    example{"", "register", "make this machine a runner of a GitLab; asks"},
    example{"", "run", "take jobs"},
    example{"local", "local --list", "the jobs"},
    example{"local", "local test", "one job and what it needs, as its plain log"},
    example{"local", "local --variable DEPLOY=no --artifacts-to out", ""},
    example{"coordinator", "coordinator --repo . --once",
            "serve this repository's pipeline to other runners"},
    example{"config explain", "config explain runners.docker.image", ""},
    example{"config schema", "config schema > config.schema.json", ""},
    example{"lint", "lint --config config.toml --strict", "exit 1 when something is wrong"},
    example{"register", "register", "asks, question by question"},
    example{"register", "register -n --url URL --token glrt-... --executor shell", "asks nothing"},
    example{"register", "register --executor docker --docker-image alpine", "asks for the rest"},
    example{"register", "register -n --ensure --url URL --group app --executor shell",
            "made there"},
    example{"reset-token", "reset-token --name build-1", ""},
    example{"reset-token", "reset-token --all-runners", ""},
    example{"run", "run", "the service; SIGQUIT lets jobs finish, SIGTERM ends them"},
    example{"run", "run --once", "one job; its log, and its result as exit code"},
    example{"run-single", "run-single --runner build-1", "an entry of the file"},
    example{"run-single", "run-single --url URL --token glrt-... --executor shell --max-builds 5",
            "no file"},
    example{"runners", "runners list --all --status online", "token: $GITLAB_TOKEN"},
    example{"runners", "runners pause 12 13", ""},
    example{"runners list", "runners list --all --status online", "administrators"},
    example{"runners list", "runners list --project group/app --tags docker --json", ""},
    example{"runners update", "runners update 12 --tags docker,linux --run-untagged=false", ""},
    example{"runners jobs", "runners jobs 12 --status failed --limit 5", ""},
    example{"runners assign", "runners assign 12 --project group/app", ""},
    example{"runners create", "runners create --project group/app --tags docker > FILE",
            "the token, alone"},
    example{"runners delete", "runners delete 12", "asks"},
    example{"runners delete", "runners delete --token-file FILE --yes", ""},
    example{"runners verify", "runners verify --token-file -", "a line of standard input"},
    example{"runners reset-token", "runners reset-token 12 --yes > FILE", "the new token, alone"},
    example{"runners reset-registration-token", "runners reset-registration-token --group app", ""},
    example{"unregister", "unregister --name build-1", ""},
    example{"unregister", "unregister --all-runners", ""},
    example{"verify", "verify", "exit 1 when GitLab refuses one"},
    example{"verify", "verify --delete", "take those out of the file"},
    example{"install", "install --user ci", "root: scripts run as that user"},
    example{"install", "install --user-service", "not root: a service of your own"},
    example{"fleeting", "fleeting install", "the plugins that the configuration names"},
    example{"fleeting", "fleeting list", "exit 1 when one is missing"},
    example{"fleeting login",
            "fleeting login --username ci --password-stdin registry.example.com < FILE", ""},
    example{"status", "status", "exit 0 runs the file's configuration, 2 an older one, 1 stands"},
    example{"completion", "completion bash > /etc/bash_completion.d/corunner", ""},
    example{"completion", "completion zsh > ~/.zfunc/_corunner", "a directory of $fpath"},
    example{"completion", "completion fish > ~/.config/fish/completions/corunner.fish", ""},
    example{"man", "man register | man -l -", "read one"},
    example{"man", "man --directory /usr/local/share/man/man1", "install all"},
    example{"wrapper", "wrapper --grpc-listen unix:///run/runner.sock -- run",
            "for a supervisor on this machine"},
};

// Shared by the commands that take the flags of an entry.
constexpr std::string_view jobs = "executor, shell, builds-dir, env, limit, request-concurrency";
constexpr std::string_view docker =
    "docker-image, docker-volumes, docker-privileged, docker-pull-policy";
constexpr std::string_view kubernetes = "kubernetes-host, kubernetes-namespace";
constexpr std::string_view ssh = "ssh-host, ssh-user, ssh-identity-file";
constexpr std::string_view caches = "cache-type, cache-s3-bucket-name";

constexpr std::array groups{
    flag_group{"register", "GitLab",
               "url, token, name, tls-ca-file, project, access-token-file, ensure"},
    flag_group{"register", "Configuration",
               "config, template-config, non-interactive, leave-runner"},
    flag_group{"register", "Jobs", jobs},
    flag_group{"register", "Docker", docker},
    flag_group{"register", "Kubernetes", kubernetes},
    flag_group{"register", "SSH", ssh},
    flag_group{"register", "Caches", caches},
    flag_group{"runners list", "Which", "all, project, group, type, status, paused, tag-list"},
    flag_group{"runners list", "How", "limit, json"},
    flag_group{"runners list", "GitLab", "url, access-token-file, tls-ca-file"},
    flag_group{"run-single", "GitLab", "url, token, tls-ca-file"},
    flag_group{"run-single", "Service",
               "config, runner, max-builds, wait-timeout, shutdown-timeout, state-directory"},
    flag_group{"run-single", "Jobs", jobs},
    flag_group{"run-single", "Docker", docker},
    flag_group{"run-single", "Kubernetes", kubernetes},
    flag_group{"run-single", "SSH", ssh},
    flag_group{"run-single", "Caches", caches},
};

}  // namespace

std::span<example const> all_examples() { return examples; }

std::span<flag_group const> main_flags() { return groups; }

}  // namespace corunner
