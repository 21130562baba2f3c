//! What other programs do between two system calls of certctl: strace holds it while they do.

use std::{
    fs,
    os::unix::fs::{MetadataExt, chown},
    process::{Child, Command, Stdio},
};

use super::{
    GEN,
    set::{leftovers, matches},
    strace::plain,
    tools,
};
use crate::{peer::wait_until, sandbox::Sandbox};

/// Long enough for a command of a shell; certctl waits no longer than it must.
const DELAY: &str = "3000000";

/// certctl, held before its `number`th call of that name.
fn hold(sandbox: &Sandbox, call: &str, number: usize, line: &str) -> Child {
    let mut command = Command::new("strace");
    command
        .args(["-f", "-qq", "-o"])
        .arg(sandbox.dir().with_extension("trace"))
        .args(["-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:delay_enter={DELAY}:when={number}")])
        .arg(env!("CARGO_BIN_EXE_certctl"))
        .args(line.split_whitespace())
        .current_dir(sandbox.dir())
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn end(sandbox: &Sandbox, child: Child) -> (Option<i32>, String) {
    let output = child.wait_with_output().unwrap();
    let _ = fs::remove_file(sandbox.dir().with_extension("trace"));
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The record of the commit, once it is there.
fn record(sandbox: &Sandbox) -> bool {
    fs::read_dir(sandbox.path(".certctl")).is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("commit-"))
    })
}

#[test]
fn a_file_that_another_program_creates_meanwhile_stays() {
    if !tools() {
        return;
    }
    let sandbox = Sandbox::new();
    let child = hold(&sandbox, "renameat2", 1, GEN);
    wait_until("the commit point", || record(&sandbox));
    sandbox.write("client.key", "of another program");

    let (code, error) = end(&sandbox, child);

    assert_eq!(code, Some(1), "{error}");
    assert!(error.contains("client.key"), "{error}");
    assert_eq!(sandbox.text("client.key"), "of another program");
    assert_eq!(sandbox.files(), ["client.key"]);
}

#[test]
fn a_folder_that_another_program_creates_meanwhile_stays() {
    if !tools() {
        return;
    }
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let child = hold(&sandbox, "renameat2", 1, "render milvus compose --out-dir out");
    let out = |file: &str| format!("out/{file}");
    wait_until("the commit point", || {
        fs::read_dir(sandbox.path(&out(".certctl"))).is_ok_and(|entries| {
            entries.flatten().any(|it| it.file_name().to_string_lossy().starts_with("commit-"))
        })
    });
    sandbox.write(&out("tls/server.pem"), "of another program");
    sandbox.write(&out("tls/precious"), "too");

    let (code, error) = end(&sandbox, child);

    assert_eq!(code, Some(1), "{error}");
    assert_eq!(sandbox.text(&out("tls/server.pem")), "of another program");
    assert_eq!(sandbox.text(&out("tls/precious")), "too");
    let left = fs::read_dir(sandbox.path("out")).unwrap().count();
    assert_eq!(left, 1, "only `tls`, and in it nothing of certctl's");
    assert_eq!(fs::read_dir(sandbox.path("out/tls")).unwrap().count(), 2);
}

#[test]
fn a_file_that_another_user_creates_meanwhile_does_not_get_a_result() {
    if !tools() || !rustix::process::geteuid().is_root() {
        println!("skipped: only root can act for another user");
        return;
    }
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    sandbox.sh("mkdir -m 1777 shared").code(0);
    let target = sandbox.path("shared/secret.yaml");
    // Before each look at the file, in turn, until there is none any more.
    for number in 1..12 {
        let _ = fs::remove_file(&target);
        let child = hold(&sandbox, "statx", number, "k8s secret --out-file shared/secret.yaml");
        std::thread::sleep(std::time::Duration::from_millis(300));
        fs::write(&target, "").unwrap();
        chown(&target, Some(54_321), None).unwrap();

        let (code, error) = end(&sandbox, child);

        let found = fs::metadata(&target).unwrap();
        let is_theirs = found.uid() == 54_321;
        assert!(!is_theirs || found.len() == 0, "statx {number}: they have the Secret");
        assert!(is_theirs != (code == Some(0)), "statx {number}: {code:?} {error}");
    }
}

#[test]
fn an_archive_that_another_program_creates_meanwhile_does_not_swallow_the_old_ca() {
    if !tools() {
        return;
    }
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let key = sandbox.read("ca.key");
    sandbox.sh("mkdir -m 700 archive").code(0);
    let child = hold(&sandbox, "renameat2", 1, &format!("{GEN} --replace-ca"));
    wait_until("the commit point", || record(&sandbox));
    // A folder of the same second.
    sandbox
        .sh("cd .certctl/commit-*/archive && for set in *; do mkdir ../../../archive/$set; done")
        .code(0);

    let (code, error) = end(&sandbox, child);

    assert_eq!(code, Some(1), "{error}");
    assert_eq!(sandbox.read("ca.key"), key);
    assert!(matches(&sandbox.read("server.key"), &sandbox.read("server.pem")));
    assert_eq!(leftovers(&sandbox), [""; 0]);
}

#[test]
fn who_finds_the_folder_of_a_killed_run_completes_it() {
    if !tools() {
        return;
    }
    // The first has created the folder and waits; the second takes the lock and is killed.
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let first = hold(&sandbox, "flock", 1, "renew --expires-within 1d");
    wait_until("the folder", || sandbox.path(".certctl/lock").exists());
    let killed = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=renameat"])
        .args(["-e", "inject=renameat:signal=SIGKILL:when=4"])
        .args([env!("CARGO_BIN_EXE_certctl"), "renew"])
        .current_dir(sandbox.dir())
        .output()
        .unwrap();
    assert!(!killed.status.success());
    assert!(record(&sandbox), "it was killed after the commit point");

    let (code, error) = end(&sandbox, first);

    assert_eq!(code, Some(0), "{error}");
    for name in ["server", "client"] {
        let pair = ["key", "pem"].map(|kind| sandbox.read(&format!("{name}.{kind}")));
        assert!(matches(&pair[0], &pair[1]), "{name}");
    }
    assert_eq!(leftovers(&sandbox), [""; 0]);
}

/// A key that cannot be given to its owner is left out, and nothing of it may be published.
#[test]
fn a_key_that_was_left_out_is_not_emptied_by_a_kill() {
    if !tools() || !rustix::process::geteuid().is_root() {
        println!("skipped: only root can act for another user");
        return;
    }
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let user = 54_321;
    for path in sandbox.files() {
        chown(sandbox.path(&path), Some(user), Some(user)).unwrap();
    }
    chown(sandbox.dir(), Some(user), Some(user)).unwrap();
    chown(sandbox.path("server.key"), Some(user + 1), Some(user)).unwrap();
    let key = sandbox.read("server.key");
    let as_user =
        |line: &str| format!("setpriv --reuid={user} --regid={user} --clear-groups -- {line}");
    let reachable = sandbox.sh(&as_user("$CERTCTL version || echo none"));
    if !reachable.stdout().starts_with("certctl ") {
        println!("skipped: no setpriv that can run certctl");
        return;
    }
    for number in 1..12 {
        let strace = format!(
            "strace -f -qq -o /dev/null -e trace=renameat -e inject=renameat:signal=SIGKILL:when={number} $CERTCTL renew || true"
        );
        sandbox.sh(&as_user(&format!("sh -c '{strace}'")));
        sandbox.sh(&as_user("$CERTCTL renew --expires-within 1d || true"));

        assert_eq!(sandbox.read("server.key"), key, "killed at rename {number}");
        assert_eq!(leftovers(&sandbox), [""; 0], "killed at rename {number}");
        let pair = ["client.key", "client.pem"].map(|file| sandbox.read(file));
        assert!(matches(&pair[0], &pair[1]), "killed at rename {number}");
    }
}

/// More files than are made durable one by one, of which so many are left out that the rest are fewer.
#[test]
fn a_set_of_which_some_are_left_out_is_durable_all_the_same() {
    if !tools() {
        return;
    }
    let sandbox = Sandbox::new();
    let entries = (0..33).map(|number| format!("[[certificate]]\nname = 'n{number:02}'\n"));
    let plan: String = entries.collect();
    sandbox.write("certctl.toml", format!("[defaults]\nkey_type = 'ecdsa:p256'\n{plan}"));
    assert_eq!(plain(&sandbox, "gen").code, Some(0));
    sandbox.sh("rm n00.pem && ln -s n01.pem n00.pem").code(0);
    let trace = sandbox.dir().with_extension("sync");

    let run = Command::new("strace")
        .args(["-f", "-qq", "-o"])
        .arg(&trace)
        .args(["-e", "trace=fsync,syncfs", env!("CARGO_BIN_EXE_certctl"), "renew"])
        .current_dir(sandbox.dir())
        .output()
        .unwrap();

    let calls = fs::read_to_string(&trace).unwrap();
    fs::remove_file(&trace).unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let synced = calls.lines().filter(|line| line.contains("fsync(")).count();
    assert!(calls.contains("syncfs(") || synced > 64, "{calls}");
}
