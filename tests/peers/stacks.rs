//! TLS stacks with a script each (stacks/): mutual TLS with what `gen` made, on both ends.

use std::{path::PathBuf, process::Command, sync::OnceLock};

use crate::{
    peer::{each_kind, fixture, have, installed},
    sandbox::{Run, Sandbox},
};

/// Every line is `ok …`, or tells that this version of the program cannot.
fn judge(sandbox: &Sandbox, program: &str, arguments: &[&str]) {
    let mut command = Command::new(program);
    let said = Run::of(command.args(arguments).arg(sandbox.dir())).code(0).stdout();
    assert!(said.lines().filter(|line| line.starts_with("ok ")).count() >= 6, "{said}");
    print!("{said}");
}

#[test]
fn python() {
    if have(&["python3"]) {
        each_kind(|set| judge(set, "python3", &[&fixture("stacks/tls.py")]));
    }
}

#[test]
fn node() {
    if have(&["node"]) {
        each_kind(|set| judge(set, "node", &[&fixture("stacks/tls.mjs")]));
    }
}

#[test]
fn java() {
    if have(&["javac", "java"]) {
        let classes = Sandbox::new();
        classes.run("javac", &["-d", ".", &fixture("stacks/Tls.java")]).code(0);
        let path = classes.dir().to_str().unwrap();
        each_kind(|set| judge(set, "java", &["-cp", path, "Tls"]));
    }
}

#[test]
fn grpc() {
    if let Some(python) = installed("venv/bin/python", "grpcio") {
        let python = python.to_str().unwrap();
        each_kind(|set| judge(set, python, &[&fixture("stacks/grpc_tls.py")]));
    }
}

#[test]
fn go_and_its_crypto_tls() {
    if have(&["go"]) {
        each_kind(go);
    }
}

/// Go's verdict on a set in the sandbox.
pub fn go(sandbox: &Sandbox) {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    let program = PROGRAM.get_or_init(|| {
        let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("peer-go");
        let mut build = Command::new("go");
        build.args(["build", "-o"]).arg(&program).arg("main.go").current_dir(fixture("stacks/go"));
        Run::of(&mut build).code(0);
        program
    });
    judge(sandbox, program.to_str().unwrap(), &[]);
}
