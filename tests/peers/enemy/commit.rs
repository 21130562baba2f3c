//! Forged commits: a commit directory that certctl did not create itself is never carried out.

use std::{
    fs,
    os::unix::fs::{DirEntryExt, MetadataExt},
};

use super::{GEN, Ground, Trial};
use crate::peer::have;

/// So many commit directories are in the repository.
const GUESSES: usize = 2_000;

/// Fills a directory as a commit would be: files to replace, a file to remove, a folder to create.
fn forge(ground: &Ground, commit: &str) {
    for file in ["server.pem", "server.key", "notes.txt", "archive/authorized_keys"] {
        ground.write(&format!("{commit}/{file}"), "evil\n");
    }
    for file in ["precious.txt.remove", "client.pem.remove"] {
        ground.write(&format!("{commit}/{file}"), "");
    }
}

/// A project with a PKI, two other files, and an `archive` that points elsewhere.
fn project(ground: &Ground, directory: &str) {
    ground.certctl(&format!("-d {directory} {GEN}")).is(&[0]);
    ground.write(&format!("{directory}/notes.txt"), "ours\n");
    ground.write(&format!("{directory}/precious.txt"), "ours\n");
    ground.symlink("../victim", &format!("{directory}/archive"));
}

/// Runs a command that writes, and asserts that nothing forged has any effect.
fn assert_ignored(ground: &Ground, directory: &str, context: &str) {
    let victim = ground.picture("victim");
    let before = ground.picture(directory);

    let run = ground.certctl(&format!("-d {directory} renew server"));

    run.is(&[0, 1]);
    victim.assert_unchanged(context);
    let written = ["server.pem", "server.key", "ca.srl", ".certctl"];
    before.assert_unchanged_but(&written, context);
    for file in ["server.pem", "server.key"] {
        let now = ground.read(&format!("{directory}/{file}"));
        assert!(now.starts_with(b"-----BEGIN"), "{context}: forged {file}");
    }
    if run.refused() {
        run.says(&[".certctl"]);
        before.assert_unchanged_but(&[".certctl"], context);
    } else {
        let left = ground.path(&format!("{directory}/.certctl"));
        assert!(!left.exists(), "{context}: .certctl is left");
    }
}

#[test]
fn a_clone_cannot_bring_a_commit() {
    if !have(&["git"]) {
        return;
    }
    let mut trial = Trial::default();
    for umask in ["022", "077"] {
        trial.attempt(umask, || {
            let ground = Ground::new();
            project(&ground, "origin");
            for number in 0..GUESSES {
                let commit = format!("origin/.certctl/commit-{number:010}");
                ground.write(&format!("{commit}/notes.txt"), "evil\n");
                ground.write(&format!("{commit}/precious.txt.remove"), "");
            }
            for commit in ["new", "old", "commit-1"] {
                forge(&ground, &format!("origin/.certctl/{commit}"));
            }
            ground.write("origin/.certctl/lock", "");
            ground.sh(&format!(
                "export HOME=$PWD GIT_CONFIG_NOSYSTEM=1
                cd origin
                git init -q
                git add -A -f
                git -c user.name=enemy -c user.email=enemy@example.org commit -q -m project
                cd ..
                umask {umask}
                git clone -q origin clone"
            ));
            // As if every guess of an inode number had been right.
            for entry in fs::read_dir(ground.path("clone/.certctl")).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if entry.file_name().to_string_lossy().starts_with("commit-0") {
                    fs::rename(&path, path.with_file_name(format!("commit-{}", entry.ino())))
                        .unwrap();
                }
            }

            assert_ignored(&ground, "clone", &format!("umask {umask}"));
        });
    }
}

#[test]
fn the_right_inode_number_alone_is_no_proof() {
    type Name = fn(u64) -> String;
    let names: [(&str, Name); 6] = [
        ("decimal", |inode| format!("commit-{inode}")),
        ("hexadecimal", |inode| format!("commit-{inode:x}")),
        ("16 digits", |inode| format!("commit-{inode:016x}")),
        ("with a zero", |inode| format!("commit-{inode}-0")),
        ("twice", |inode| format!("commit-{inode}-{inode}")),
        ("with a dot", |inode| format!("commit-{inode}.0")),
    ];
    let mut trial = Trial::default();
    for mode in [0o700, 0o755] {
        for (context, name) in names {
            trial.attempt(format!("{context}, {mode:o}"), || {
                let ground = Ground::new();
                project(&ground, "project");
                forge(&ground, "project/.certctl/new");
                let new = ground.path("project/.certctl/new");
                ground.mode("project/.certctl", mode);
                ground.mode("project/.certctl/new", mode);
                let inode = fs::metadata(&new).unwrap().ino();
                fs::rename(&new, new.with_file_name(name(inode))).unwrap();

                assert_ignored(&ground, "project", &format!("{context}, mode {mode:o}"));
            });
        }
    }
}

#[test]
fn a_deep_directory_in_dot_certctl_does_not_crash() {
    let ground = Ground::new();
    let before = ground.picture("pki");
    // 4,000 levels: more than there are file descriptors, and longer than a path may be.
    let chain = "d/".repeat(1_000);
    ground.sh(&format!(
        "mkdir -m 700 pki/.certctl
        for part in 1 2 3 4; do
            mkdir -p $part/{chain}
            if [ -e pki/.certctl/new ]; then mv pki/.certctl/new $part/{chain}; fi
            mv $part pki/.certctl/new
        done"
    ));

    let run = ground.certctl_below("ulimit -n 64; ulimit -s 512", "-d pki renew server");

    let left = ground.path("pki/.certctl").exists();
    ground.sh("rm -rf pki/.certctl");
    run.is(&[0, 1]);
    if run.refused() {
        before.assert_unchanged("refused");
    } else {
        assert!(!left, ".certctl is left");
    }
}
