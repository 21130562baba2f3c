//! Every command of the README's recipes is typed, in order. Other people's programs are stand-ins here
//! that say yes; tests/peers types the recipes before the real ones.

use std::fs;

use crate::sandbox::Sandbox;

const README: &str = include_str!("../../README.md");
const CERT_MANAGER: &str = include_str!("../../docs/cert-manager.md");

/// Whatever the recipes call besides certctl and the shell's own.
const OTHERS: [&str; 10] = [
    "docker",
    "helm",
    "kubectl",
    "keytool",
    "python",
    "python3",
    "redis-cli",
    "redis-server",
    "systemctl",
    "curl",
];

/// Says what it was called with. `kubectl get` answers with a Secret.
const STAND_IN: &str = r#"#!/bin/sh
echo "${0##*/} $*" >> "$CALLS"
[ "$1" != get ] || exec certctl -q -o json k8s secret
"#;

#[test]
fn each_command_of_the_recipes_is_taken() {
    let recipes = README.split("\n## Recipes\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let mut commands = 0;
    for section in recipes.split("\n### ").skip(1).chain([CERT_MANAGER]) {
        // A recipe begins with a CA, or goes on where the one before it ended.
        let mut sandbox = prepared();
        sandbox.certctl("-q gen --cn localhost --key-type ecdsa:p256").code(0);
        for block in blocks(section) {
            if block.contains("certctl gen") {
                sandbox = prepared();
            }
            commands += typed(&block, &sandbox);
        }
    }
    assert!(commands >= 30, "{commands}");
}

/// A directory with all that the recipes find on a machine.
fn prepared() -> Sandbox {
    let sandbox = Sandbox::new();
    for program in OTHERS {
        let file = format!("bin/{program}");
        sandbox.write(&file, STAND_IN);
        sandbox.set_mode(&file, 0o755);
    }
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_certctl"), sandbox.path("bin/certctl")).unwrap();
    sandbox.write("password", "correct horse battery staple\n");
    sandbox.certctl("-q -d etc/pki/redis gen --cn localhost --key-type ecdsa:p256").code(0);
    sandbox
}

/// Runs the lines of a recipe one after the other, and gives how many there were.
fn typed(recipe: &str, sandbox: &Sandbox) -> usize {
    let group = rustix::process::getgid().as_raw();
    let lines = recipe.replace("\\\n", " ");
    let lines: Vec<&str> = lines.lines().filter(|line| !line.trim().is_empty()).collect();
    for line in &lines {
        let mut here = line
            .replace("/usr/local/bin/", "")
            .replace("/etc/", "etc/")
            .replace("--group redis", &format!("--group {group}"));
        if !rustix::process::geteuid().is_root() {
            // Only root can give a file to a group that it does not belong to.
            here = here.replace("--group 2000", &format!("--group {group}"));
        }
        let run = sandbox.sh(&format!(
            "export PATH=\"$PWD/bin:/usr/bin:/bin\" CALLS=\"$PWD/calls\"\n{here}\nwait"
        ));
        run.code(0);
        // What `--exec` is given runs when something was renewed.
        let here = here.split("--exec").next().unwrap_or_default();
        let called: Vec<&str> =
            here.split(['|', '&']).filter_map(|one| one.split_whitespace().next()).collect();
        for program in OTHERS.iter().filter(|program| called.contains(program)) {
            let calls = fs::read_to_string(sandbox.path("calls")).unwrap_or_default();
            assert!(calls.contains(program), "{line}: {calls}");
        }
    }
    lines.len()
}

/// The commands of the fenced blocks for a shell, without their answers.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    for block in text.split("\n```").skip(1).step_by(2) {
        let (language, body) = block.split_once('\n').unwrap();
        match language {
            "sh" => blocks.push(body.to_owned()),
            "console" => {
                let typed = body.lines().filter_map(|line| line.strip_prefix("$ "));
                blocks.push(typed.collect::<Vec<_>>().join("\n"));
            }
            _ => {}
        }
    }
    blocks
}
