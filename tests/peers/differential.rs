//! certctl's verdict beside those of six clients, over chains that are sound but for one or two mutations.
//! No client may refuse what certctl accepts, unless a table says why.

use std::{fs, path::PathBuf};

use crate::{
    peer::{fixture, have, installed},
    pem_forms::go_program,
    sandbox::{Run, Sandbox},
};

/// The fuzzer, and a directory for what it makes.
struct Fuzzer {
    sandbox: Sandbox,
    python: PathBuf,
    go: String,
}

impl Fuzzer {
    fn new() -> Option<Self> {
        let python = installed("venv/bin/python", "cryptography")?;
        have(&["openssl", "certtool", "faketime", "go"]).then(|| {
            let sandbox = Sandbox::new();
            let go = go_program(&sandbox, "claims/verify.go");
            Self { sandbox, python, go }
        })
    }

    fn run(&self, line: &str) -> Run {
        let script = fixture("differential/differential.py");
        let certctl = env!("CARGO_BIN_EXE_certctl");
        let mut args = vec!["-B", &script, "--certctl", certctl, "--go", &self.go];
        args.extend(line.split_whitespace());
        self.sandbox.run(self.python.to_str().unwrap(), &args)
    }
}

#[test]
fn no_client_refuses_what_certctl_accepts_unless_a_table_says_why() {
    let Some(fuzzer) = Fuzzer::new() else { return };
    fuzzer.run("--seed 1 --count 300 --gate").code(0);
}

#[test]
fn each_line_of_the_tables_of_disagreements_shows() {
    let Some(fuzzer) = Fuzzer::new() else { return };
    fuzzer.run("--tables").code(0);
}

#[test]
fn a_disagreement_that_no_table_has_fails_and_so_does_one_that_does_not_show() {
    let Some(fuzzer) = Fuzzer::new() else { return };
    fuzzer.sandbox.write("none.txt", "");
    let unknown = fuzzer.run("--seed 4 --count 40 --gate --open none.txt");
    unknown.code(1).stdout_has("pyca refuses, and no table says why");

    let open = fs::read_to_string(fixture("differential/open.txt")).unwrap();
    let planted = open.lines().next_back().unwrap().to_owned() + "\nleaf.expired openssl\n";
    fuzzer.sandbox.write("planted.txt", planted);
    let stale = fuzzer.run("--tables --open planted.txt");
    stale.code(1).stdout_has("leaf.expired openssl: certctl and the client agree now");
}
