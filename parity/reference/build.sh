#!/usr/bin/env bash
# Builds the real components (etcd, kube-apiserver, kubectl, kube-controller-manager, kube-scheduler)
# from their published Go modules into a cache folder, and prints the folder with the binaries.
# Does nothing when they are there. Nothing of them is kept in this repository.
#
#   SLICEWISE_REFERENCE   the cache folder; default ${XDG_CACHE_HOME:-~/.cache}/slicewise/reference-1.36.3
#   SLICEWISE_KUBERNETES  another release than 1.36.3, with a cache folder of its own
#   SLICEWISE_PROGRAMS    some of the programs only
set -euo pipefail

kubernetes="${SLICEWISE_KUBERNETES:-1.36.3}"
staging="v0.${kubernetes#1.}"
etcd=v3.6.16
root="${SLICEWISE_REFERENCE:-${XDG_CACHE_HOME:-$HOME/.cache}/slicewise/reference-$kubernetes}"
bin="$root/bin"
read -ra programs <<<"${SLICEWISE_PROGRAMS:-etcd kube-apiserver kubectl kube-controller-manager kube-scheduler}"

missing=()
for program in "${programs[@]}"; do
  [ -x "$bin/$program" ] || missing+=("$program")
done
if [ "${#missing[@]}" -eq 0 ]; then
  echo "$bin"
  exit 0
fi
command -v go >/dev/null || { echo "reference: Go 1.26 or later is needed to build it" >&2; exit 1; }

say() { echo "reference: $*" >&2; }
mkdir -p "$bin" "$root/kubernetes" "$root/etcd"
exec 9>"$root/lock"
flock 9
export GOWORK=off GOFLAGS="-mod=mod -buildvcs=false" CGO_ENABLED=0

# A module that only depends on the programs: it takes every version that their own go.mod names.
write_kubernetes_module() {
  cd "$root/kubernetes"
  local source
  source="$(cd "$root" && go mod download -json "k8s.io/kubernetes@v$kubernetes" |
    sed -n 's/^\t"GoMod": "\(.*\)",$/\1/p')"
  [ -f "$source" ] || { say "the module k8s.io/kubernetes could not be fetched"; exit 1; }
  {
    echo "module reference"
    echo
    echo "go $(sed -n 's/^go //p' "$source")"
    echo
    echo "require k8s.io/kubernetes v$kubernetes"
    echo
    echo "replace ("
    sed -n "s#^\t\(k8s.io/[a-z-]*\) => ./staging/.*#\t\1 => \1 $staging#p" "$source"
    echo ")"
  } >go.mod
}

write_etcd_module() {
  cd "$root/etcd"
  printf 'module reference\n\ngo 1.24\n\nrequire go.etcd.io/etcd/server/v3 %s\n' "$etcd" >go.mod
}

version_flags() {
  local package flags="-s -w" minor="${kubernetes#*.}"
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    flags+=" -X $package.gitVersion=v$kubernetes -X $package.gitMajor=${kubernetes%%.*}"
    flags+=" -X $package.gitMinor=${minor%%.*} -X $package.gitTreeState=clean"
  done
  echo "$flags"
}

build() {
  local program="$1" started=$SECONDS log="$root/$1.log"
  say "building $program"
  if [ "$program" = etcd ]; then
    cd "$root/etcd"
    go build -ldflags "-s -w" -o "$bin/.etcd" go.etcd.io/etcd/server/v3 >"$log" 2>&1
  else
    cd "$root/kubernetes"
    go build -ldflags "$(version_flags)" -o "$bin/.$program" "k8s.io/kubernetes/cmd/$program" \
      >"$log" 2>&1
  fi || { say "$program does not build; the last lines of $log:"; tail -5 "$log" >&2; exit 1; }
  mv "$bin/.$program" "$bin/$program"
  say "$program built in $((SECONDS - started)) s"
}

write_etcd_module
write_kubernetes_module
for program in "${programs[@]}"; do
  [ -x "$bin/$program" ] || build "$program"
done
echo "$bin"
