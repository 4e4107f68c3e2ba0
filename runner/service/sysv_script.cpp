#include "runner/service/sysv_script.hpp"

#include "exec/script/quoting.hpp"

#include <fmt/format.h>

namespace corunner {

std::string quoted_words(std::vector<std::string> const& words) {
  std::string out;
  for (auto const& word : words) out += ' ' + exec::quote_posix(word);
  return out;
}

namespace {

std::string lsb_header(service_definition const& what) {
  return fmt::format(R"sh(### BEGIN INIT INFO
# Provides:          {}
# Required-Start:    $local_fs $remote_fs $network $syslog
# Required-Stop:     $local_fs $remote_fs $network $syslog
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
# Short-Description: GitLab Runner
# Description:       GitLab Runner
### END INIT INFO
)sh",
                     what.name);
}

// What the scripts of all families begin with.
std::string sysv_values(service_definition const& what, std::string_view environment_directory) {
  return fmt::format(R"sh(name={}
program={}
pidfile="/var/run/$name.pid"
account={}
set_arguments() {{ arguments={}; }}
if [ -r {}/{} ]; then set -a; . {}/{}; set +a; fi
)sh",
                     exec::quote_posix(what.name), exec::quote_posix(what.program.string()),
                     exec::quote_posix(what.user), exec::quote_posix(quoted_words(what.arguments)),
                     environment_directory, what.name, environment_directory, what.name);
}

std::string debian_script(service_definition const& what) {
  return "#!/bin/sh\n" + lsb_header(what) + R"sh(
. /lib/lsb/init-functions
)sh" + sysv_values(what, "/etc/default") +
         R"sh(
start() {
  set_arguments
  eval "set -- $arguments"
  start-stop-daemon --start --quiet --oknodo --background --make-pidfile --pidfile "$pidfile" \
    ${account:+--chuid "$account"} --exec "$program" -- "$@"
}

stop() {
  start-stop-daemon --stop --quiet --oknodo --retry=TERM/60/KILL/5 --pidfile "$pidfile" --exec "$program" &&
    rm -f "$pidfile"
}

case "$1" in
  start) log_daemon_msg "Starting GitLab Runner" "$name"; start; log_end_msg $? ;;
  stop) log_daemon_msg "Stopping GitLab Runner" "$name"; stop; log_end_msg $? ;;
  restart|force-reload) log_daemon_msg "Restarting GitLab Runner" "$name"; stop && start; log_end_msg $? ;;
  reload) start-stop-daemon --stop --quiet --signal HUP --pidfile "$pidfile" --exec "$program" ;;
  status) status_of_proc -p "$pidfile" "$program" "$name" ;;
  *) echo "Usage: $0 {start|stop|restart|reload|force-reload|status}" >&2; exit 3 ;;
esac
)sh";
}

std::string redhat_script(service_definition const& what) {
  return "#!/bin/sh\n# chkconfig: - 99 01\n# description: GitLab Runner\n# processname: " +
         what.program.filename().string() + '\n' + lsb_header(what) + R"sh(
. /etc/rc.d/init.d/functions
)sh" + sysv_values(what, "/etc/sysconfig") +
         R"sh(lockfile="/var/lock/subsys/$name"

start() {
  [ -x "$program" ] || exit 5
  echo -n "Starting $name: "
  set_arguments
  daemon ${account:+--user="$account"} --pidfile="$pidfile" \
    "exec setsid \"$program\" $arguments </dev/null >>/var/log/$name.log 2>>/var/log/$name.err & echo \$! > \"$pidfile\""
  result=$?
  echo
  [ $result -eq 0 ] && touch "$lockfile"
  return $result
}

stop() {
  echo -n "Stopping $name: "
  killproc -p "$pidfile" -d 60 "$program" -TERM
  result=$?
  echo
  [ $result -eq 0 ] && rm -f "$lockfile"
  return $result
}

case "$1" in
  start) start ;;
  stop) stop ;;
  restart|force-reload) stop; start ;;
  reload) killproc -p "$pidfile" "$program" -HUP ;;
  status) status -p "$pidfile" "$name" ;;
  *) echo "Usage: $0 {start|stop|restart|reload|force-reload|status}" >&2; exit 2 ;;
esac
)sh";
}

std::string plain_script(service_definition const& what) {
  return "#!/bin/sh\n" + lsb_header(what) + sysv_values(what, "/etc/sysconfig") +
         R"sh(
runs() { [ -f "$pidfile" ] && kill -0 "$(cat "$pidfile")" 2>/dev/null; }

start() {
  if runs; then echo "Already started"; return 0; fi
  set_arguments
  eval "set -- $arguments"
  if [ -n "$account" ]; then
    setsid su -s /bin/sh "$account" -c 'exec "$0" "$@"' -- "$program" "$@" \
      </dev/null >>"/var/log/$name.log" 2>>"/var/log/$name.err" &
  else
    setsid "$program" "$@" </dev/null >>"/var/log/$name.log" 2>>"/var/log/$name.err" &
  fi
  echo $! >"$pidfile"
  sleep 1
  runs || { echo "Unable to start, see /var/log/$name.err" >&2; return 1; }
}

stop() {
  if ! runs; then echo "Not running"; return 0; fi
  kill "$(cat "$pidfile")"
  for _ in $(seq 60); do
    runs || { rm -f "$pidfile"; return 0; }
    sleep 1
  done
  echo "Not stopped; may still be shutting down" >&2
  return 1
}

case "$1" in
  start) start ;;
  stop) stop ;;
  restart|force-reload) stop && start ;;
  reload) runs && kill -HUP "$(cat "$pidfile")" ;;
  status) if runs; then echo "Running"; else echo "Stopped"; exit 3; fi ;;
  *) echo "Usage: $0 {start|stop|restart|reload|force-reload|status}" >&2; exit 1 ;;
esac
)sh";
}

}  // namespace

std::string sysv_script(init_system system, service_definition const& what) {
  if (system == init_system::sysv_debian) return debian_script(what);
  return system == init_system::sysv_redhat ? redhat_script(what) : plain_script(what);
}

}  // namespace corunner
