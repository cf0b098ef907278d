# What the scripts of this folder share; each has the repository's root as its folder.

results=bench/RESULTS.md
server_core=1 generator_core=0

need_two_cores() {
  [ "$(nproc)" -ge 2 ] || { echo "Two cores are needed: one for the server, one for the generator." >&2; exit 1; }
}

build() {                                        # prints the path of what it built
  dotnet build "$1" -c Release -v quiet -nologo -clp:NoSummary >&2 &&
  dotnet msbuild "$1" -p:Configuration=Release -getProperty:TargetPath
}

# What is built now, whatever is edited while it runs. The folders are those that it is built from.
commit_of() {
  local commit
  commit=$(git rev-parse --short HEAD 2>/dev/null || echo none)
  [ -z "$(git status --porcelain -- "$@" ":!$results" 2>/dev/null)" ] || commit="$commit with uncommitted changes"
  echo "$commit"
}

machine() {
  echo "$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(awk '/MemTotal/ {printf "%.0f GiB", $2 / 1048576}' /proc/meminfo), Linux $(uname -r)"
}

aspnet_version() { dotnet --list-runtimes | sed -n 's/^Microsoft.AspNetCore.App \(10[^ ]*\).*/\1/p' | tail -1; }

free_port() { echo $((20000 + RANDOM % 10000)); }   # below the range from which the kernel takes the generator's own ports

# Until the file has the word; fails when the process is gone before it has.
wait_for_word() {                                # word, file, process
  local i
  for i in $(seq 100); do
    ! grep -q "$1" "$2" || return 0
    kill -0 "$3" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}

declare -A pids=()
stop() {                                         # the servers that run, if any
  local one
  for one in "${pids[@]}"; do kill "$one" 2>/dev/null && wait "$one" 2>/dev/null || true; done
  pids=()
}

# The page's sections that bench/run does not write, in their order.
other_sections=("Two servers over Redis" "Clients that flood" "The chat: 500 users in one room" "The steps of a message")

section() { awk -v head="## $1" '/^## / { shown = $0 == head } shown' "$results"; }

other_sections() {
  local name
  for name in "${other_sections[@]}"; do echo; section "$name"; done | cat -s
}

# Puts what comes in into the section's place; the others stay as they are.
write_section() {                                # name
  local new page name
  new=$(echo "## $1"; echo; cat)
  page=$(awk -v heads="$(printf '## %s\n' "${other_sections[@]}")" 'BEGIN { n = split(heads, all, "\n"); for (i = 1; i <= n; i++) other[all[i]] } /^## / { hidden = $0 in other } !hidden' "$results")
  {
    echo "$page"
    for name in "${other_sections[@]}"; do
      echo
      if [ "$name" = "$1" ]; then echo "$new"; else section "$name"; fi
    done
  } | cat -s >"$results.new"
  mv "$results.new" "$results"
}
