#!/usr/bin/env bash

trap 'exit 1' TERM
set -o xtrace
if [ -n "${BASH_VERSION-}" ]; then set -o pipefail; else case "$(set -o)" in *pipefail*) set -o pipefail ;; esac; fi
set -o errexit
set +o noclobber
: | eval "echo \"Running on host1...\"
echo \"Running on host1 via runner host...\"
export NAME=\"it's a \\\$value
\"
export PLACE=\"\$PWD/here\"
[ -d \"/builds/project.tmp\" ] || mkdir -p \"/builds/project.tmp\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
printf %s \"the secret\" >| \"/builds/project.tmp/KEY\"
export KEY=\"/builds/project.tmp/KEY\"
export OLD_KEY=\"/builds/project.tmp/OLD_KEY\"
if [ ! -e \"/builds/project.tmp/gitlab_runner_env\" ]; then
  [ -d \"/builds/project.tmp\" ] || mkdir -p \"/builds/project.tmp\"
  _runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
  printf %s '' >| \"/builds/project.tmp/gitlab_runner_env\"
fi
while read -r _runner_line || [ -n \"\$_runner_line\" ]; do export \"\$_runner_line\"; done < \"/builds/project.tmp/gitlab_runner_env\"
git init \"\\\$PWD/a b\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
CI_JOB_TOKEN=secret helper artifacts-uploader
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
git \"config\" \"include.path\" \"\$PLACE\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
printf '%s\\n' \"url=https://example.com
\" | git credential reject || :
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
if [ -d \"/a\" ]; then
  [ -d \"/a/b\" ] || mkdir -p \"/a/b\"
  _runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
else
  if [ -e \"\$PWD/f\" ]; then
    [ ! -e \"\$PWD/f\" ] && [ ! -L \"\$PWD/f\" ] || rm -f \"\$PWD/f\"
    _runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
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
  echo \"Git version at least \\\"2.49\\\"\"
fi
cd \"/builds/project\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
[ -d \"/builds/project.tmp/git-template\" ] || mkdir -p \"/builds/project.tmp/git-template\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
[ ! -e \"/old\" ] && [ ! -L \"/old\" ] || rm -r -f \"/old\" 2>/dev/null || { [ ! -d \"/old\" ] || chmod -R u+rwX \"/old\" || :; rm -r -f \"/old\"; }
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
if [ -d \"/builds/project/.git/refs\" ]; then
  find \"/builds/project/.git/refs\" -depth -type f -name \"*.lock\" -exec rm -f {} + || find \"/builds/project/.git/refs\" -depth -type f -name \"*.lock\" -exec rm -f {} \\;
  _runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
fi
if [ -d \"/builds/project/.git/modules\" ]; then
  find \"/builds/project/.git/modules\" -depth -type d -name hooks -exec rm -r -f {} + || find \"/builds/project/.git/modules\" -depth -type d -name hooks -exec rm -r -f {} \\;
  _runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
fi
printf %s \"[a]
	b = c
\" >| \"/conf\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
printf %s \"	d = e
\" >> \"/conf\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
if [ -e \"/builds/.gitlab-build-uid-gid\" ]; then
  chown -R \"\$(stat -c '%u:%g' \"/builds/.gitlab-build-uid-gid\")\" \"/builds\"
  _runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
fi
echo \"[0;mplain\"
echo \"[32;1mnotice[0;m\"
echo \"[0;33mwarning[0;m\"
echo \"[31;1merror[0;m\"
echo
printf %s \"[credential \\\"https://example.com\\\"]
	helper =
	helper = \\\"!f() { [ \\\\\\\"\\\$1\\\\\\\" != get ] || printf 'password=%s\\\\\\\\n' \\\\\\\"\\\$CI_JOB_TOKEN\\\\\\\"; }; f\\\"
	username = gitlab-ci-token
\" >> \"/conf\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
[ -d \"/builds/project.tmp\" ] || mkdir -p \"/builds/project.tmp\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
printf %s \"TOKEN=\\\"a\\\\\\\"b\\\"
\" >| \"/builds/project.tmp/gitlab_runner_cache_env\"
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
echo \"[32;1m\\\$ echo one[0;m\"
echo one
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
echo
printf 'section_start:%s:%s[hide_duration=true,collapsed=true]\\r\\033[0K%s\\n' \"\${EPOCHSECONDS:-\$(date +%s)}\" section_script_step_2 \"[32;1m\\\$ cat <<END
two
END[0;m\"
printf 'section_end:%s:%s\\r\\033[0K\\n' \"\${EPOCHSECONDS:-\$(date +%s)}\" section_script_step_2
cat <<END
two
END
_runner_exit_code=\$?; [ \$_runner_exit_code -eq 0 ] || exit \$_runner_exit_code
raw line
"
exit 0
