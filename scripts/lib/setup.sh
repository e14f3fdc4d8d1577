# shellcheck shell=bash
# What ./bench, scripts/test and .ci/run share: Debian packages, configuring and building.
# Whoever sources this sets `root`, the directory of the checkout, first.

log_dir="${root:?}/build/log"

say() { printf 'lockbench: %s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

# Runs a command with its output in a log, which is shown only when the command fails.
#   logged NAME COMMAND…
logged() {
  local log="$log_dir/$1.log" status=0
  shift
  mkdir -p "$log_dir"
  "$@" </dev/null >"$log" 2>&1 || status=$?
  if ((status == 0)); then return 0; fi
  # Not what ninja got done before that.
  grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking) ' "$log" | tail -n 150 >&2
  say "exit status $status from: $*"
  say "the whole log: $log"
  return "$status"
}

# Lets one process a checkout install and build at a time, until `leave_build`. A second one
# waits, and then finds the work done.
enter_build() {
  if ! mkdir -p "$root/build" 2>/dev/null || [[ ! -w "$root/build" ]]; then
    fail "cannot write to $root/build, where the build goes"
  fi
  exec {build_lock}>"$root/build/.lock"
  local status=0
  flock --nonblock "$build_lock" 2>/dev/null || status=$?
  if ((status == 1)); then
    say "waiting for another build of this checkout …"
    flock "$build_lock"
  elif ((status != 0)); then  # some network file systems
    say "no locks in $root/build: going on without, so start no second build beside this one"
  fi
  trap 'echo >&2; say "interrupted; the next start goes on from here"; exit 130' INT
}

leave_build() {
  trap - INT
  exec {build_lock}>&-
}

# The packages of the groups named, one a line.
packages_of() {
  local group package
  while read -r group package _; do
    if [[ " $* " == *" $group "* ]]; then printf '%s\n' "$package"; fi
  done <"$root/scripts/packages.txt"
}

# Those of them that are not installed. No answer where there is no dpkg.
missing_packages() {
  local wanted
  mapfile -t wanted < <(packages_of "$@")
  if ! command -v dpkg-query >/dev/null; then return 0; fi
  # A name that dpkg-query does not know is not in its answer, which is all that counts here.
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
      sed -n 's/^installed //p' | sort)
}

has_packages() { command -v dpkg-query >/dev/null && [[ -z "$(missing_packages "$@")" ]]; }

# Installs what is missing of the groups named; with may_install=no, says how and stops.
ensure_packages() {
  local missing sudo=""
  mapfile -t missing < <(missing_packages "$@")
  if ((${#missing[@]} == 0)); then return 0; fi
  say "missing Debian packages: ${missing[*]}"

  if [[ "$(id -u)" != 0 ]]; then sudo="sudo "; fi
  local install="apt-get install -y --no-install-recommends ${missing[*]}"
  if [[ "${may_install:-yes}" == no ]]; then
    say "install them with:"
    printf '%s\n' "${sudo}apt-get update && $sudo$install"
    exit 1
  fi
  if [[ -n "$sudo" ]] && ! command -v sudo >/dev/null; then
    say "you are not root and there is no sudo; run this as root, then start again:"
    printf '%s\n' "apt-get update && $install" >&2
    exit 1
  fi

  say "installing them …"
  # A failed update is no reason to stop: the package lists at hand may do.
  # shellcheck disable=SC2086  # split into words on purpose: no package name holds a space
  logged apt-update ${sudo}apt-get update || say "going on with the package lists at hand"
  # shellcheck disable=SC2086
  logged apt-install ${sudo}env DEBIAN_FRONTEND=noninteractive $install \
    -o DPkg::Lock::Timeout=300 || fail "could not install the missing packages"
}

# Whether DIR was configured from this checkout and with these settings.
#   configured DIR [-DNAME=VALUE…]
configured() {
  local cache="$1/CMakeCache.txt" setting
  [[ -e "$1/build.ninja" ]] && grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache" || return
  for setting in "${@:2}"; do
    setting="${setting#-D}"
    grep -qxF "${setting%%=*}:BOOL=${setting#*=}" "$cache" || return
  done
}

# Configures a preset, unless that is done, and builds. With build_failures=0, goes on after
# errors, to show them all.
#   build PRESET TARGET [-DNAME=VALUE…]
build() {
  local preset="$1" target="$2" dir="$root/build/$1"
  shift 2
  if ! configured "$dir" "$@"; then
    # A moved checkout leaves a cache that CMake refuses.
    local fresh=()
    if ! grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt"; then
      fresh=(--fresh)
    fi
    logged "configure-$preset" cmake "${fresh[@]}" -S "$root" --preset "$preset" "$@" || return
  fi
  logged "build-$preset" "${at_fixed_addresses[@]}" \
    ninja -C "$dir" -j "$(nproc)" -k "${build_failures:-1}" "$target"
}

# In front of a command that runs programs built with ThreadSanitizer, where the kernel places
# them too randomly for it ("unexpected memory mapping"). Some containers forbid the cure.
at_fixed_addresses=()
use_fixed_addresses() {
  if setarch "$(uname -m)" --addr-no-randomize true 2>/dev/null; then
    at_fixed_addresses=(setarch "$(uname -m)" --addr-no-randomize)
  fi
}
