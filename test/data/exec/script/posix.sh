#!/usr/bin/env sh

trap 'exit 1' TERM
if [ -n "${BASH_VERSION-}" ]; then set -o pipefail; else case "$(set -o)" in *pipefail*) set -o pipefail ;; esac; fi
set -o errexit
set +o noclobber
(trap 'exit 1' TERM; eval "echo \"Running on \${HOSTNAME:-\$(hostname)}\"...
echo \"Running on \${HOSTNAME:-\$(hostname)}\"\" via runner host\"...
export NAME=\"it's a \\\$value
\"
export PLACE=\"\$PWD/here\"
[ -d \"/builds/project.tmp\" ] || mkdir -p \"/builds/project.tmp\"
printf %s \"the secret\" >| \"/builds/project.tmp/KEY\"
export KEY=\"/builds/project.tmp/KEY\"
export OLD_KEY=\"/builds/project.tmp/OLD_KEY\"
if [ ! -e \"/builds/project.tmp/gitlab_runner_env\" ]; then
  [ -d \"/builds/project.tmp\" ] || mkdir -p \"/builds/project.tmp\"
  printf %s '' >| \"/builds/project.tmp/gitlab_runner_env\"
fi
while read -r _runner_line || [ -n \"\$_runner_line\" ]; do export \"\$_runner_line\"; done < \"/builds/project.tmp/gitlab_runner_env\"
git init \"\\\$PWD/a b\"
CI_JOB_TOKEN=secret helper artifacts-uploader
git \"config\" \"include.path\" \"\$PLACE\"
printf '%s\\n' \"url=https://example.com
\" | git credential reject || :
if [ -d \"/a\" ]; then
  [ -d \"/a/b\" ] || mkdir -p \"/a/b\"
else
  if [ -e \"\$PWD/f\" ]; then
    [ ! -e \"\$PWD/f\" ] && [ ! -L \"\$PWD/f\" ] || rm -f \"\$PWD/f\"
  fi
  if [ -r \"/r\" ]; then
    :
  fi
  if [ -f \"/c\" ] && { _runner_lines=\"
\"; while read -r _runner_line; do _runner_lines=\"\$_runner_lines\$_runner_line\"\"
\"; done < \"/c\"; case \"\$_runner_lines\" in *\"
[a \\\"b\\\"]
c = d
\"*) ;; *) false ;; esac; }; then
    :
  fi
fi
if PATH=\"\$PATH:\${GIT_EXEC_PATH:-/usr/lib/git-core:/usr/libexec/git-core}\" command -v git-lfs >/dev/null 2>&1 && git lfs version >/dev/null 2>&1; then
  :
fi
if helper \"a b\"; then
  :
fi
if helper \"\$NAME\"; then
  :
fi
if (set -f; IFS=' .-'; set -- \$(git version); [ \"\${3:-0}\" -gt 2 ] || { [ \"\${3:-0}\" -eq 2 ] && { [ \"\${4:-0}\" -gt 49 ] || { [ \"\${4:-0}\" -eq 49 ] && [ \"\${5:-0}\" -ge 0 ]; }; }; }) 2>/dev/null; then
  printf '%s\\n' \"Git version at least \\\"2.49\\\"\"
fi
cd \"/builds/project\"
[ -d \"/builds/project.tmp/git-template\" ] || mkdir -p \"/builds/project.tmp/git-template\"
[ ! -e \"/old\" ] && [ ! -L \"/old\" ] || rm -r -f \"/old\" 2>/dev/null || { [ ! -d \"/old\" ] || chmod -R u+rwX \"/old\" || :; rm -r -f \"/old\"; }
if [ -d \"/builds/project/.git/refs\" ]; then
  find \"/builds/project/.git/refs\" -depth -type f -name \"*.lock\" -exec rm -f {} + || find \"/builds/project/.git/refs\" -depth -type f -name \"*.lock\" -exec rm -f {} \\;
fi
if [ -d \"/builds/project/.git/modules\" ]; then
  find \"/builds/project/.git/modules\" -depth -type d -name hooks -exec rm -r -f {} + || find \"/builds/project/.git/modules\" -depth -type d -name hooks -exec rm -r -f {} \\;
fi
printf %s \"[a]
	b = c
\" >| \"/conf\"
printf %s \"	d = e
\" >> \"/conf\"
if [ -e \"/builds/.gitlab-build-uid-gid\" ]; then
  chown -R \"\$(stat -c '%u:%g' \"/builds/.gitlab-build-uid-gid\")\" \"/builds\"
fi
printf '%s\\n' \"[0;mplain\"
printf '%s\\n' \"[32;1mnotice[0;m\"
printf '%s\\n' \"[0;33mwarning[0;m\"
printf '%s\\n' \"[31;1merror[0;m\"
echo
printf %s \"[credential \\\"https://example.com\\\"]
	helper =
	helper = \\\"!f() { [ \\\\\\\"\\\$1\\\\\\\" != get ] || printf 'password=%s\\\\\\\\n' \\\\\\\"\\\$CI_JOB_TOKEN\\\\\\\"; }; f\\\"
	username = gitlab-ci-token
\" >> \"/conf\"
[ -d \"/builds/project.tmp\" ] || mkdir -p \"/builds/project.tmp\"
printf %s \"TOKEN=\\\"a\\\\\\\"b\\\"
\" >| \"/builds/project.tmp/gitlab_runner_cache_env\"
printf '%s\\n' \"[32;1m\\\$ echo one[0;m\"
echo one
echo
printf '%s\\n' \"[32;1m\\\$ cat <<END # collapsed multi-line command[0;m\"
cat <<END
two
END
raw line
") < /dev/null
exit 0
