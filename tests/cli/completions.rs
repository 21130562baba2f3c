//! `completions/`: generated from the command line, committed, and kept true here.

use std::{fs, path::Path};

use crate::sandbox::Sandbox;

const SCRIPTS: [(&str, &str); 5] = [
    ("bash", "certctl.bash"),
    ("zsh", "_certctl"),
    ("fish", "certctl.fish"),
    ("powershell", "_certctl.ps1"),
    ("elvish", "certctl.elv"),
];

/// `CERTCTL_BLESS=1 cargo test --test cli completions` writes them anew.
#[test]
fn the_committed_scripts_are_those_that_certctl_prints() {
    let sandbox = Sandbox::new();
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let bless = std::env::var_os("CERTCTL_BLESS").is_some();

    for (shell, file) in SCRIPTS {
        let script =
            sandbox.certctl(&format!("completions {shell}")).code(0).stderr_is("").stdout();
        let path = dir.join(file);
        if bless {
            fs::create_dir_all(&dir).unwrap();
            fs::write(&path, &script).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == script,
            "completions/{file} is old: `CERTCTL_BLESS=1 cargo test --test cli completions`"
        );
    }
    let count = fs::read_dir(&dir).unwrap().count();
    assert_eq!(count, SCRIPTS.len(), "a script of no shell in completions/");
}

#[test]
fn every_command_and_flag_is_completed() {
    let sandbox = Sandbox::new();
    for (shell, _) in SCRIPTS {
        let script = sandbox.certctl(&format!("completions {shell}")).code(0).stdout();
        for word in ["renew", "issue", "expires-within", "key-type", "replace-ca", "drop-san"] {
            assert!(script.contains(word), "{word} for {shell}");
        }
    }
}
