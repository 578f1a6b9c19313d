# The Debian and Ubuntu packages that the project needs, each list with what needs it, and how they get
# installed. Sourced by linkdx and test, which set `program` (their name in messages) and `root` (the checkout); defines
# functions only. What goes wrong ends the script with one line.
# shellcheck shell=bash

# To build, the static preset too.
packages_to_build() {
  echo g++ cmake ninja-build gettext
  libraries_of_the_program
  echo libzydis-dev libzycore-dev doctest-dev
}

# find_package(LLVM) looks for every library that LLVM's own packages were configured with, even those that are not linked
# into linkdx, and for every file that its export list names (polly).
libraries_of_the_program() {
  echo llvm-19-dev libpolly-19-dev zlib1g-dev libzstd-dev libxml2-dev libffi-dev libedit-dev libcurl4-openssl-dev libz3-dev \
    libarchive-dev liblzma-dev libbz2-dev nettle-dev libfmt-dev libboost-program-options-dev libtomlplusplus-dev
}

# To build the preset aarch64 on another machine, beside the libraries for AArch64, and to run what it makes.
packages_to_build_for_aarch64() {
  echo gcc-aarch64-linux-gnu g++-aarch64-linux-gnu qemu-user
}

# To run the tests without live builds: yaml2obj, llvm-mc, FileCheck; checks of JSON reports against the schema and of HTML.
packages_to_test() {
  echo llvm-19 llvm-19-tools lld-19 python3 python3-jsonschema tidy binutils git
}

# To run the scenarios: native and cross compilers, linkers, assemblers, and what runs the programs they make.
packages_for_scenarios() {
  local arch cross
  arch=$(dpkg --print-architecture)
  echo gcc g++ clang clang-19 lld-19 lld mold make meson autoconf autotools-dev nasm patch qemu-user librust-cc-dev \
    nodejs gcc-mingw-w64-x86-64-win32 musl-tools
  # Debian 13 has gold in a package of its own.
  [ -z "$(candidate binutils-gold)" ] || echo binutils-gold
  for cross in amd64:x86-64-linux-gnu arm64:aarch64-linux-gnu armhf:arm-linux-gnueabihf riscv64:riscv64-linux-gnu; do
    [ "${cross%%:*}" = "$arch" ] || echo "gcc-${cross#*:}" "g++-${cross#*:}"
  done
  [ "$arch" = ppc64el ] || echo gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross
  # Debian 12's rustc is too old for the lock files of today; rustc-web is the one that it builds browsers with.
  if ! command -v cargo >/dev/null || ! command -v rustc >/dev/null; then
    if [ -n "$(candidate rustc-web)" ]; then echo rustc-web cargo-web; else echo rustc cargo; fi
  fi
}

# To try what is installed: manual page, completions, scripts, files of CI services.
packages_for_install() {
  echo man-db bash zsh fish shellcheck python3-yaml
}

# To hold the reference kernels against their definitions on other architectures.
packages_for_kernels() {
  echo gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross libclang-rt-19-dev nodejs
  # Where the distribution has them: WebAssembly with a C library.
  local package
  for package in wasi-libc libclang-rt-19-dev-wasm32; do
    [ -z "$(candidate "$package")" ] || echo "$package"
  done
}

say() { echo "${program:?}: $*" >&2; }
stop() {
  say "$*"
  exit 2
}

# The version that apt would install; nothing when it knows none.
candidate() { apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: //p' | grep -v '^(none)$' || true; }

# Those of the packages that are not installed. A virtual package counts as installed with its provider.
missing_packages() {
  local package installed
  installed=" $(dpkg-query -W -f='${db:Status-Abbrev} ${binary:Package} ${Provides}\n' 2>/dev/null |
    sed -n 's/^ii *//p' | sed 's/ *([^)]*)//g; s/:[a-z0-9]*//g; s/,/ /g' | tr '\n' ' ') "
  for package in "$@"; do
    [[ $installed == *" $package "* ]] || echo "$package"
  done
}

# Installs what is missing of the packages, or stops and says why it cannot. $1: what for.
install_packages() {
  local purpose=$1 log=${root:?}/.build/install.log missing package as_root=()
  shift
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    stop "needs apt-get to install its packages (Debian 12 or 13, Ubuntu 24.04); install them yourself and build with: cmake --preset release && cmake --build --preset release"
  fi
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      stop "cannot install as $(id -un) without sudo; have root run: apt-get install ${missing[*]}"
    if ! sudo -n true 2>/dev/null && ! { : </dev/tty; } 2>/dev/null; then
      stop "cannot ask for sudo's password without a terminal; have root run: apt-get install ${missing[*]}"
    fi
    as_root=(sudo)
  fi
  mkdir -p "$root/.build"
  say "installing, $purpose: ${missing[*]}"
  as_root+=(env DEBIAN_FRONTEND=noninteractive)
  # A source of packages that is out of order matters only if it is the one that is needed.
  "${as_root[@]}" apt-get -q update </dev/null >"$log" 2>&1 || true
  for package in "${missing[@]}"; do
    [ -n "$(candidate "$package")" ] && continue
    if grep -Eq '^(Err|E):' "$log"; then stop "cannot install $package: $(grep -E '^(W: Failed to fetch|E:)' "$log" | head -n 1)"; fi
    stop "cannot install $package: $(distribution) does not offer it (known to work: Debian 12 and 13, Ubuntu 24.04 with universe)"
  done
  "${as_root[@]}" apt-get -q -y --no-install-recommends install "${missing[@]}" </dev/null >>"$log" 2>&1 ||
    stop "apt-get install failed: $(grep -E '^E:' "$log" | tail -n 1) (all of it: $log)"
}

distribution() {
  local name=""
  # shellcheck disable=SC1091
  [ -r /etc/os-release ] && name=$(. /etc/os-release && echo "${PRETTY_NAME:-}")
  echo "${name:-this distribution}"
}

# Configures and builds a preset: build PRESET [TARGET...]. Nothing is printed when nothing is to do.
build() {
  local preset=$1 directory=$root/.build/$1 log=$root/.build/$1.log started=$root/.build/$1.started
  shift
  mkdir -p "$root/.build"
  # A directory that was configured elsewhere (a copied or moved tree) cannot be used here.
  if [ -f "$directory/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$directory/CMakeCache.txt"; then
    rm -rf "$directory"
  fi
  touch "$started"
  if [ ! -f "$directory/build.ninja" ]; then
    local launcher=()
    if command -v ccache >/dev/null; then
      launcher=(-DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    say "configuring .build/$preset"
    (cd "$root" && cmake --preset "$preset" "${launcher[@]}") </dev/null >"$log" 2>&1 || show_failure "$log" "cmake --preset $preset failed"
  fi
  if ! ninja -C "$directory" -n "$@" </dev/null 2>/dev/null | grep -q 'no work to do'; then
    say "building .build/$preset (some minutes the first time)"
    if [ -t 2 ]; then
      ninja -C "$directory" "$@" </dev/null 2>&1 | tee "$log" >&2
      [ "${PIPESTATUS[0]}" -eq 0 ] || stop "the build of .build/$preset failed (all of it: $log)"
    else
      ninja -C "$directory" "$@" </dev/null >"$log" 2>&1 || show_failure "$log" "the build of .build/$preset failed"
    fi
  fi
  mv "$started" "$root/.build/$preset.built"
}

show_failure() {
  { grep -E '(error|Error|FAILED)' "$1" || tail -n 5 "$1"; } | head -n 20 >&2 || true
  stop "$2 (all of it: $1)"
}
