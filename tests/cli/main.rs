//! certctl from outside: exact exit codes, what it says, and what it leaves in the directory.

#![expect(clippy::unwrap_used, reason = "what helps the tests may end them as they do")]

mod cert;
mod sandbox;

mod architecture;
mod completions;
mod config;
mod files;
mod r#gen;
mod handshake;
mod hook;
mod interrupted;
mod issue;
mod keys_and_ca;
mod lossless;
mod names;
mod output;
mod plan;
mod profile;
mod readme;
mod renew;
mod renew_ca;
mod renew_some;
mod replace_ca;
mod secrets;
mod serial;
mod time;
