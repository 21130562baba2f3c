//! Limits of the system, not of strace: a disk that is full, a file that may not grow, memory.

use std::{
    fs,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, Stdio},
};

use super::{
    FRESH_GEN, GEN, ISSUE, RENEW, RENEW_CA, RENEW_SERVER, REPLACE_CA, REUSE_KEY,
    kills::recover,
    set::{Stage, State, leftovers},
    strace::plain,
};
use crate::{peer::have, sandbox::Sandbox};

const SIGXFSZ: i32 = 25;

/// The most memory that `gen` with RSA keys takes, in KiB; a debug build maps more of itself.
const PEAK: u32 = 14 * 1024;

/// On a small disk of its own, fuller each time: `ballast` is the number of free pages. What the
/// command left is copied to `after-N`, before the next command ends what it began.
const FULL_DISK: &str = r#"
    mkdir small out
    mount -t tmpfs -o size=96k,mode=755 tmpfs small
    for free in $(seq 0 16); do
        rm -rf small/* small/.certctl
        cp -p template/* small 2> /dev/null || :
        cat /dev/zero > small/ballast 2> /dev/null || :
        used=$(stat -c %s small/ballast)
        truncate -s "$((used > free * 4096 ? used - free * 4096 : 0))" small/ballast
        code=0
        (cd small && $CERTCTL $COMMAND) > /dev/null 2> "out/stderr-$free" || code=$?
        echo "$code" > "out/code-$free"
        rm small/ballast
        cp -a small "out/after-$free"
    done"#;

#[test]
fn a_full_disk_leaves_the_old_set_whole() {
    if !may_mount() {
        println!("skipped: no mount");
        return;
    }
    for scenario in [&FRESH_GEN, &REPLACE_CA, &RENEW, &RENEW_SERVER, &ISSUE, &RENEW_CA, &REUSE_KEY]
    {
        let stage = Stage::new(scenario);
        let sandbox = Sandbox::new();
        fs::create_dir(sandbox.path("template")).unwrap();
        stage.fill(&sandbox.path("template"));
        let run = Command::new("unshare")
            .args(["-rm", "sh", "-euc", FULL_DISK])
            .env("CERTCTL", env!("CARGO_BIN_EXE_certctl"))
            .env("COMMAND", scenario.command)
            .current_dir(sandbox.dir())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));

        let codes: Vec<i32> = (0..=16).map(|free| judge_disk(&stage, &sandbox, free)).collect();
        println!("`{}` with 0 to 16 free pages: {codes:?}", scenario.command);
        assert_eq!((codes[0], codes[16]), (1, 0), "`{}`: {codes:?}", scenario.command);
    }
}

/// In a namespace of its own: nothing of it stays, whatever becomes of the test.
fn may_mount() -> bool {
    let mut command = Command::new("unshare");
    command.args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What a command left on a disk with so many free pages; its exit code.
fn judge_disk(stage: &Stage<'_>, sandbox: &Sandbox, free: usize) -> i32 {
    let text = |file: &str| sandbox.text(&format!("out/{file}-{free}"));
    let code = text("code").trim().parse().unwrap();
    let row = format!("`{}` with {free} free pages: {code}", stage.scenario.command);
    let after = Sandbox::new();
    copy(&sandbox.path(&format!("out/after-{free}")), after.dir());
    let expected = if code == 0 { State::New } else { State::Old };
    assert_eq!(stage.judge(&after), Ok(expected), "{row}: {}", text("stderr"));
    if code != 0 {
        assert_eq!(code, 1, "{row}");
        assert!(text("stderr").contains("No space left on device"), "{row}: {}", text("stderr"));
    }
    code
}

fn copy(from: &Path, to: &Path) {
    let run = Command::new("cp").args(["-a", "--"]).arg(from.join(".")).arg(to).status().unwrap();
    assert!(run.success());
}

#[test]
fn a_file_that_may_not_grow_leaves_the_old_set_whole() {
    // Keys fit into 512 bytes, certificates do not: of the files that are written at once some are whole.
    for scenario in [&FRESH_GEN, &REPLACE_CA, &RENEW, &RENEW_SERVER, &ISSUE, &RENEW_CA, &REUSE_KEY]
    {
        let stage = Stage::new(scenario);
        for ignored in [false, true] {
            let sandbox = stage.sandbox();
            let trap = if ignored { "trap '' XFSZ; " } else { "" };
            let script =
                format!("{trap}ulimit -c 0; ulimit -f 1; exec \"$0\" {}", scenario.command);
            let run = Command::new("sh")
                .args(["-c", &script, env!("CARGO_BIN_EXE_certctl")])
                .current_dir(sandbox.dir())
                .stdin(Stdio::null())
                .output()
                .unwrap();
            let stderr = String::from_utf8_lossy(&run.stderr);
            let row = format!("`{}`, signal ignored: {ignored}: {stderr}", scenario.command);
            if ignored {
                assert_eq!(run.status.code(), Some(1), "{row}");
                assert_eq!(stage.judge(&sandbox), Ok(State::Old), "{row}");
                assert!(stderr.contains(".pem`") && stderr.contains("File too large"), "{row}");
            } else {
                assert_eq!(run.status.signal(), Some(SIGXFSZ), "{row}");
            }
            assert_eq!(recover(&stage, &sandbox), Ok(()), "{row}");
        }
    }
}

#[test]
fn no_umask_changes_the_mode_of_a_key() {
    for (umask, certificate) in [("0000", 0o644), ("0077", 0o600), ("0777", 0)] {
        if certificate == 0 && !rustix::process::geteuid().is_root() {
            println!("skipped: umask {umask}: only root can read a file of mode 0");
            continue;
        }
        let sandbox = Sandbox::new();
        let lines = [GEN, super::ISSUE_REDIS, "renew", "renew ca", "renew server"];
        for line in lines {
            sandbox.sh(&format!("umask {umask}; $CERTCTL {line}")).code(0);
        }
        for file in ["ca", "server", "client", "redis"] {
            assert_eq!(sandbox.mode(&format!("{file}.key")), 0o600, "{file}.key, umask {umask}");
            let mode = sandbox.mode(&format!("{file}.pem"));
            assert_eq!(mode, certificate, "{file}.pem, umask {umask}: {mode:o}");
        }
        assert_eq!(leftovers(&sandbox), [""; 0], "umask {umask}");
    }
}

#[test]
fn gen_with_rsa_keys_stays_small() {
    if !have(&["time"]) {
        return;
    }
    let sandbox = Sandbox::new();
    for line in ["gen", "renew", "gen --replace-ca"] {
        let program = env!("CARGO_BIN_EXE_certctl");
        let args = ["-q", "-o", "peak", "-f", "%M", program];
        let args: Vec<&str> = args.into_iter().chain(line.split_whitespace()).collect();
        sandbox.run("time", &args).code(0);
        let peak: u32 = sandbox.text("peak").trim().parse().unwrap();
        println!("`{line}`: {peak} KiB at its peak");
        assert!(peak < PEAK, "`{line}` took {peak} KiB");
    }
    assert_eq!(plain(&sandbox, "renew --expires-within 1d").code, Some(0));
}
