//! certctl from outside: exact exit codes, what it says, and what it leaves in the directory.

#![expect(clippy::unwrap_used, reason = "what helps the tests may end them as they do")]

mod cert;
mod craft;
mod forge;
mod request;
mod sandbox;

mod architecture;
mod check;
mod check_forms;
mod completions;
mod config;
mod connect;
mod csr;
mod export;
mod files;
mod form;
mod r#gen;
mod handing_on;
mod handshake;
mod hook;
mod hostile;
mod inspect;
mod inspect_forms;
mod inspect_tree;
mod intake;
mod interrupted;
mod issue;
mod k8s;
mod k8s_issuer;
mod keys_and_ca;
mod lossless;
mod names;
mod output;
mod plan;
mod profile;
mod readme;
mod readme_ci;
mod readme_recipes;
mod render_clients;
mod render_milvus;
mod render_pymilvus;
mod render_qdrant;
mod render_redis;
mod renew;
mod renew_ca;
mod renew_some;
mod replace_ca;
mod secrets;
mod serial;
mod sign;
mod time;
