#!/usr/bin/env bash
# Runs the fuzz targets, each for some seconds: tests/fuzz/run.sh [SECONDS] [TARGET...]
#
# Needs cargo-fuzz (`cargo install cargo-fuzz`) and a C++ compiler; no nightly toolchain, no sanitizer: the targets are
# safe Rust, and what is looked for is panics, hangs and memory. Prints, per target, executions, executions a second,
# coverage and peak memory, and ends with 1 if anything was found. Finds are in `artifacts/`; minimise one with
#   cargo fuzz tmin --sanitizer none --fuzz-dir tests/fuzz TARGET FILE
# and keep it under `finds/TARGET/`, where an ordinary test replays it.
set -uo pipefail
cd "$(dirname "$0")/../.."
seconds="${1:-600}"
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(yaml template pipeline fixer edits import)
fuzz=tests/fuzz
shared="${KEYWAY_SHARED:-../shared}/corpus/nango-providers.yaml"
slice=120 # seconds a process lives: what is lowered is kept until it ends
export RUSTC_BOOTSTRAP=1 # cargo-fuzz asks for flags that only a nightly compiler takes without it

mkdir -p "$fuzz/work"
seeds="$fuzz/work/entries"
if [ ! -d "$seeds" ] && [ -f "$shared" ]; then # entries of the corpus, one a file; never kept
  mkdir -p "$seeds"
  awk -v dir="$seeds" '/^[a-z0-9]/ { n++; file = sprintf("%s/%04d.yaml", dir, n) } file && n % 4 == 0 { print > file }' "$shared"
fi
mkdir -p "$seeds"

host=$(rustc -vV | sed -n 's/^host: //p')
failed=0
for target in "${targets[@]}"; do
  cargo fuzz build --sanitizer none --fuzz-dir "$fuzz" "$target" >"$fuzz/work/$target.build" 2>&1 ||
    { tail -20 "$fuzz/work/$target.build"; exit 2; }
  log="$fuzz/work/$target.log"
  : >"$log"
  mkdir -p "$fuzz/work/corpus/$target" "$fuzz/artifacts/$target" "$fuzz/finds/$target"
  extra=()
  words="$fuzz/words.dict"
  [ "$target" != import ] || words="$fuzz/openapi.dict"
  case "$target" in template | import) ;; *) extra=("$seeds") ;; esac
  end=$(($(date +%s) + seconds))
  while left=$((end - $(date +%s))) && [ "$left" -gt 0 ]; do
    [ "$left" -lt "$slice" ] || left=$slice
    "${CARGO_TARGET_DIR:-$fuzz/target}/$host/release/$target" \
      "$fuzz/work/corpus/$target" "$fuzz/corpus/$target" "$fuzz/finds/$target" "${extra[@]}" \
      -artifact_prefix="$fuzz/artifacts/$target/" -max_total_time="$left" -rss_limit_mb=200 -timeout=10 -max_len=8192 -dict="$words" \
      -print_final_stats=1 -verbosity=1 >>"$log" 2>&1 || { failed=1; grep -aE 'panicked|SUMMARY|Test unit written' "$log" | tail -3; }
  done
  awk -v target="$target" -v seconds="$seconds" '
    /stat::number_of_executed_units/ { runs += $2 }
    /stat::peak_rss_mb/ { if ($2 > rss) rss = $2 }
    match($0, /cov: [0-9]+/) { cov = substr($0, RSTART + 5, RLENGTH - 5) }
    END { printf "%s: %d executions in %d s (%d a second), coverage %d edges, peak %d MB\n", target, runs, seconds, runs / seconds, cov, rss }
  ' "$log"
done
exit $failed
