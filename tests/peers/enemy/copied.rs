//! Genuine commits: one that a killed run left is completed where it is, and only there.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::{Ground, SERVICE, Trial};
use crate::{
    commons::can_switch_users,
    peer::{have, skip},
};

/// One of the first renames of a run is the commit point.
const RENAMES: usize = 16;

/// The owner of a directory may rename all entries in it.
const ARCHIVE: &str = "if [ -e archive ]; then mv archive .gone; fi
    ln -s ../victim archive; chown -h 54321 archive";

/// Whether there is what these tests need, and strace may trace.
fn tools() -> bool {
    let traces = || Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    have(&["strace"])
        && (traces().is_ok_and(|status| status.success()) || skip("strace that may trace"))
}

/// Kills a command at the first rename after its commit point; returns the commit directory, which
/// contains `file`. A copy of `directory` as it was before is in `before`.
fn kill_after_commit(ground: &Ground, directory: &str, line: &str, file: &str) -> PathBuf {
    ground.sh(&format!("rm -rf before; cp -a {directory} before"));
    for number in 1..=RENAMES {
        let mut strace = Command::new("strace");
        let calls = "rename,renameat,renameat2";
        strace
            .args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={calls}")])
            .args(["-e", &format!("inject={calls}:signal=SIGKILL:when={number}")])
            .arg(env!("CARGO_BIN_EXE_certctl"))
            .args(["-d", directory])
            .args(line.split_whitespace())
            .current_dir(ground.path(""))
            .stdin(Stdio::null());
        strace.output().unwrap();
        let commit = fs::read_dir(ground.path(directory).join(".certctl"))
            .into_iter()
            .flatten()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("commit-"))
            .find(|path| path.join(file).symlink_metadata().is_ok());
        if let Some(commit) = commit {
            return commit;
        }
        ground.sh(&format!("rm -rf {directory}; cp -a before {directory}"));
    }
    panic!("`{line}`: no kill left a commit directory");
}

#[test]
fn a_copied_commit_is_never_carried_out() {
    if !tools() {
        return;
    }
    let ground = Ground::new();
    let commit = kill_after_commit(&ground, "pki", "renew server", "server.pem");
    let name = commit.file_name().unwrap().to_str().unwrap().to_owned();
    let inode = fs::metadata(&commit).unwrap().ino();
    let committed = fs::read(commit.join("server.pem")).unwrap();
    let old = ground.read("before/server.pem");
    assert!(ground.read("pki/server.pem") == old, "killed too late");

    let rows = [
        ("the whole directory", "cp -a pki copy", false),
        ("the record alone", "cp -a before copy; cp -a pki/.certctl copy/", false),
        ("the record, named by its inode", "cp -a before copy; cp -a pki/.certctl copy/", true),
        (
            "the record in a backup",
            "tar cf backup.tar pki; mkdir copy; tar xpf backup.tar -C copy --strip-components=1",
            true,
        ),
    ];
    let mut trial = Trial::default();
    for (context, script, renamed) in rows {
        trial.attempt(context, || {
            ground.sh(&format!("rm -rf copy; {script}"));
            let copy = ground.path("copy/.certctl").join(&name);
            if renamed {
                // As if the enemy had guessed the inode number, in both notations.
                let now = fs::metadata(&copy).unwrap().ino();
                let name = name.replace(&inode.to_string(), &now.to_string());
                let name = name.replace(&format!("{inode:x}"), &format!("{now:x}"));
                fs::rename(&copy, copy.with_file_name(name)).unwrap();
            }

            let run = ground.certctl("-d copy renew client");

            run.is(&[0, 1]);
            for file in ["server.pem", "server.key"] {
                let [now, before] = ["copy", "before"].map(|place| format!("{place}/{file}"));
                assert!(ground.read(&now) == ground.read(&before), "{file} is replaced");
            }
        });
    }

    // The genuine one is completed: the rows above have failed for their reason alone.
    ground.certctl("-d pki renew client").is(&[0]);
    assert!(ground.read("pki/server.pem") == committed, "the commit is not completed");
    assert!(!ground.path("pki/.certctl").exists());
}

#[test]
fn completing_a_commit_follows_nothing_that_was_planted_since() {
    if !can_switch_users() || !tools() {
        return;
    }
    let replace = "gen --replace-ca --cn localhost --key-type ecdsa:p256";
    let rows = [
        (
            "a target",
            "renew server",
            "ln -sfn ../victim/server.pem server.pem; chown -h 54321 server.pem",
        ),
        ("a target with a hard link", "renew server", "ln -f ../victim/server.key server.key"),
        ("a directory as target", "renew server", "rm server.pem; mkdir server.pem"),
        ("archive", replace, ARCHIVE),
        (
            "the record",
            "renew server",
            "mv .certctl .gone; ln -s ../victim .certctl; chown -h 54321 .certctl",
        ),
        (
            "the record in its own place",
            "renew server",
            "mv .certctl x; ln -s x .certctl; chown -h 54321 .certctl",
        ),
        (
            "a record of the service",
            "renew server",
            "mv .certctl .gone
            cp -r .gone .certctl
            for commit in .certctl/commit-*; do echo evil > $commit/server.pem; done
            chown -R 54321 .certctl",
        ),
    ];
    let mut trial = Trial::default();
    for (context, line, plant) in rows {
        trial.attempt(context, || {
            let ground = Ground::new();
            ground.give_all("pki", SERVICE);
            kill_after_commit(&ground, "pki", line, "server.pem");
            ground.sh(&format!("cd pki; {plant}"));
            let victim = ground.picture("victim");

            let run = ground.certctl("-d pki renew client");

            run.is(&[0, 1]);
            victim.assert_unchanged(context);
            let forged =
                fs::read(ground.path("pki/server.pem")).is_ok_and(|file| file == b"evil\n");
            assert!(!forged, "{context}: forged server.pem");
        });
    }
}
