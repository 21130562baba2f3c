//! certctl before other people's programs: do they accept what it makes, and refuse what they should?
//!
//! A program that is not installed is said (`skipped: no nginx`) and its test ends; with
//! `CERTCTL_PEERS=required`, as in CI, that is a failure. `.ci/install-peers` installs them all.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "../cli/hint_table.rs"]
mod hint_table;
#[path = "../cli/sandbox.rs"]
#[allow(dead_code, reason = "the other test crate uses all of it")]
mod sandbox;

mod ci_forms;
mod claims;
mod clients;
mod clock;
mod commons;
mod connect;
mod der;
mod der_forms;
mod differential;
mod enemy;
mod export;
mod fast_forward;
mod faults;
mod foreign;
mod gate;
mod gen_sh;
mod gnutls;
mod helm;
mod hints;
mod kubernetes;
mod layouts;
mod lint;
mod milvus;
mod milvus_render;
mod nginx;
mod nss;
mod openssl;
mod owners;
mod peer;
mod pem_forms;
mod postgres;
mod progress;
mod prometheus;
mod qdrant;
mod redis;
mod redis_render;
mod renewal;
mod requests;
mod secrets;
mod served;
mod stacks;
mod strace;
mod vectors;
