# What one types here. `just` alone lists it.

default:
    @just --list

# Build the program as it is released
build:
    cargo build --release

# The tests that need nothing else; other people's programs are used where they are
test:
    cargo test

# The tests against other people's programs, all of them required
peers:
    .ci/install-peers
    CERTCTL_PEERS=required cargo test --test peers

# Format and lint as CI does
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings

# Write the completions anew after a change to src/cli.rs
completions:
    CERTCTL_BLESS=1 cargo test --test cli completions

# Measure against gen.sh and renew.sh, side by side
bench:
    benches/compare.sh

# All that CI does
ci:
    .ci/run
