#include "runner/command/version.hpp"

#include "runner/command/build_branch.hpp"
#include "runner/command/build_facts.hpp"

namespace corunner {

namespace {

#if defined(__linux__)
constexpr std::string_view os_name = "linux";
#elif defined(__FreeBSD__)
constexpr std::string_view os_name = "freebsd";
#elif defined(__APPLE__)
constexpr std::string_view os_name = "darwin";
#elif defined(_WIN32)
constexpr std::string_view os_name = "windows";
#endif

#if defined(__x86_64__)
constexpr std::string_view arch_name = "amd64";
#elif defined(__aarch64__)
constexpr std::string_view arch_name = "arm64";
#elif defined(__arm__)
constexpr std::string_view arch_name = "arm";
#elif defined(__i386__)
constexpr std::string_view arch_name = "386";
#elif defined(__riscv) && __riscv_xlen == 64
constexpr std::string_view arch_name = "riscv64";
#elif defined(__s390x__)
constexpr std::string_view arch_name = "s390x";
#elif defined(__powerpc64__)
constexpr std::string_view arch_name = "ppc64le";
#elif defined(__loongarch64)
constexpr std::string_view arch_name = "loong64";
#endif

// "7d12ab34 2026-01-02T03:04:05+00:00", or "HEAD" outside of a checkout.
constexpr std::string_view commit = CORUNNER_COMMIT;
constexpr auto space = commit.find(' ');

#if defined(__clang__)
constexpr std::string_view compiler = "clang " __clang_version__;
#else
constexpr std::string_view compiler = "gcc " __VERSION__;
#endif

constexpr version_facts facts{
    CORUNNER_VERSION,
    commit.substr(0, space),
    CORUNNER_BRANCH,
    compiler,
    space == std::string_view::npos ? std::string_view("unknown") : commit.substr(space + 1),
    os_name,
    arch_name,
};

}  // namespace

version_facts const& version() { return facts; }

}  // namespace corunner
