//! A hook that has not succeeded is run by the next run that selects its identities: `hook-pending`.

use std::{
    fs,
    os::unix::fs::symlink,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::sandbox::{Run, Sandbox};

const RECORD: &str = "hook-pending";
const SHOW: &str = "/bin/sh -c 'echo \"$CERTCTL_RENEWED\" >> ran'";
const NOTHING_DUE: &str = "renew --expires-within 1d";

/// Puts something in the place of the record.
type Make = fn(&Sandbox);

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

fn exec(sandbox: &Sandbox, line: &str, hook: &str) -> Run {
    let words: Vec<&str> = line.split(' ').chain(["--exec", hook]).collect();
    sandbox.certctl_args(&words)
}

#[test]
fn one_that_fails_runs_again_until_it_succeeds() {
    let sandbox = with_ca();
    exec(&sandbox, "renew server", "/bin/false").code(1).stderr_has("next run with `--exec`");
    assert_eq!(sandbox.text(RECORD), "server\n");
    let files = sandbox.digest();

    exec(&sandbox, NOTHING_DUE, "/bin/false").code(1).stderr_has("hook pending for `server`");
    exec(&sandbox, NOTHING_DUE, "/nonexistent/program").code(1);
    exec(&sandbox, NOTHING_DUE, "/bin/sh -c 'kill -9 $$'").code(1);
    assert_eq!(sandbox.digest(), files);

    let run = exec(&sandbox, &format!("-o json {NOTHING_DUE}"), SHOW);
    run.code(0).stderr_has("runs again");
    assert_eq!(run.json()["hook_pending"], serde_json::json!(["server"]));
    assert_eq!(run.json()["hook"]["command"], SHOW);
    assert_eq!(sandbox.text("ran"), "server\n");
    assert!(!sandbox.path(RECORD).exists());

    exec(&sandbox, NOTHING_DUE, SHOW).code(0).stderr_is("");
    assert_eq!(sandbox.text("ran"), "server\n");
}

#[test]
fn only_the_identities_that_a_run_selects_count() {
    let sandbox = with_ca();
    exec(&sandbox, "renew", "/bin/false").code(1);
    assert_eq!(sandbox.text(RECORD), "client\nserver\n");

    exec(&sandbox, "renew SERVER --expires-within 1d", SHOW).code(0);
    assert_eq!(sandbox.text("ran"), "server\n");
    assert_eq!(sandbox.text(RECORD), "client\n");
    exec(&sandbox, "renew server --expires-within 1d", SHOW).code(0).stderr_is("");
    assert_eq!(sandbox.text("ran"), "server\n");

    exec(&sandbox, "renew", SHOW).code(0);
    assert_eq!(sandbox.text("ran"), "server\nclient server\n");
    assert!(!sandbox.path(RECORD).exists());
}

#[test]
fn what_is_renewed_and_what_is_pending_is_one_hook() {
    let sandbox = with_ca();
    exec(&sandbox, "renew server", "/bin/false").code(1);
    sandbox.certctl("issue soon localhost --days 5 --key-type ecdsa:p256").code(0);

    exec(&sandbox, "renew --expires-within 30d", SHOW).code(0);

    assert_eq!(sandbox.text("ran"), "soon server\n");
    assert!(!sandbox.path(RECORD).exists());
}

#[test]
fn only_what_was_published_is_recorded() {
    let sandbox = with_ca();
    sandbox.sh("mv client.key k; ln -s k client.key").code(0);
    exec(&sandbox, "renew server client", "/bin/false").code(1);
    assert_eq!(sandbox.text(RECORD), "server\n");

    let sandbox = with_ca();
    exec(&sandbox, "renew missing", "/bin/false").code(1);
    assert!(!sandbox.path(RECORD).exists());
    exec(&sandbox, NOTHING_DUE, "/bin/false").code(0).stderr_is("");
    assert!(!sandbox.path(RECORD).exists());
}

#[test]
fn a_run_without_a_hook_keeps_the_record_and_adds_nothing() {
    let sandbox = with_ca();
    exec(&sandbox, "renew server", "/bin/false").code(1);
    let record = sandbox.digest()[RECORD].clone();

    let run = sandbox.certctl("renew");
    run.code(0).stderr_has("warning: hook pending for `server`").stderr_has("--exec COMMAND");
    assert_eq!(sandbox.digest()[RECORD], record);

    let before = sandbox.digest();
    sandbox.certctl(NOTHING_DUE).code(0).stderr_has("hook pending");
    let run = exec(&sandbox, &format!("{NOTHING_DUE} --dry-run -o json"), SHOW);
    run.code(0).stderr_has("hook pending for `server`");
    assert_eq!(run.json()["hook_pending"], serde_json::json!(["server"]));
    sandbox.certctl("renew client --dry-run").code(0).stderr_is("");
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn one_whose_certctl_is_killed_runs_again() {
    let sandbox = with_ca();
    let hook = "/bin/sh -c 'touch started; exec sleep 60'";
    let mut command = sandbox.command();
    command.args(["renew", "server", "--exec", hook]);
    let mut certctl = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    while !sandbox.path("started").exists() {
        assert!(Instant::now() < until);
        thread::sleep(Duration::from_millis(10));
    }
    kill_process(Pid::from_child(&certctl), Signal::KILL).unwrap();
    certctl.wait().unwrap();

    sandbox.certctl("check server").code(3).stdout_has("[hook-pending]");
    exec(&sandbox, NOTHING_DUE, SHOW).code(0);
    assert_eq!(sandbox.text("ran"), "server\n");
    sandbox.certctl("check server").code(0);
}

#[test]
fn check_reports_it_as_due() {
    let sandbox = with_ca();
    exec(&sandbox, "renew server", "/bin/false").code(1);

    let run = sandbox.certctl("check -o json");
    run.code(3);
    let finding = |run: &Run, number: usize| {
        let findings = run.json()["certificates"][number]["findings"].clone();
        let found = findings.as_array().unwrap().iter();
        found.filter(|finding| finding["rule"] == "hook-pending").cloned().collect::<Vec<_>>()
    };
    assert_eq!((finding(&run, 0).len(), finding(&run, 1).len()), (0, 0));
    let server = finding(&run, 2);
    assert_eq!(server[0]["severity"], "due");
    assert!(server[0]["hint"].as_str().unwrap().contains("certctl renew server"));
    sandbox.certctl("check server.pem").code(3);
    sandbox.certctl("check client").code(0);

    // As the hint has it, once the service has reloaded.
    sandbox.certctl("renew server --expires-within 1/3 --exec true").code(0);
    sandbox.certctl("check").code(0);

    sandbox.write(RECORD, "gone\n");
    sandbox.certctl("check").code(3).stdout_has("gone.pem: due").stdout_has("[hook-pending]");
    sandbox.certctl("check server").code(0).stderr_is("");
}

#[test]
fn the_ca_is_recorded_too() {
    let sandbox = with_ca();
    exec(&sandbox, "renew ca server", "/bin/false").code(1);
    assert_eq!(sandbox.text(RECORD), "ca\nserver\n");
    sandbox.certctl("check ca").code(3);
    exec(&sandbox, "renew ca --expires-within 1d", SHOW).code(0);
    assert_eq!((sandbox.text("ran"), sandbox.text(RECORD)), ("ca\n".into(), "server\n".into()));
    // A run without names selects all that is pending.
    sandbox.write(RECORD, "ca\nserver\n");
    exec(&sandbox, NOTHING_DUE, SHOW).code(0);
    assert_eq!(sandbox.text("ran"), "ca\nca server\n");
}

#[test]
fn a_ca_elsewhere_is_recorded_where_the_identities_are() {
    let home = with_ca();
    let sandbox = Sandbox::new();
    let [ca, key] = ["ca.pem", "ca.key"].map(|file| home.path(file).display().to_string());
    let ca = format!("--ca {ca} --ca-key {key}");
    sandbox.certctl(&format!("gen --key-type ecdsa:p256 {ca}")).code(0);
    let files = home.files();

    exec(&sandbox, &format!("renew ca server {ca}"), "/bin/false").code(1);

    assert_eq!(sandbox.text(RECORD), "ca\nserver\n");
    assert_eq!(home.files(), files);
    exec(&sandbox, &format!("{NOTHING_DUE} {ca}"), SHOW).code(0);
    assert_eq!(sandbox.text("ran"), "ca server\n");
    assert!(!sandbox.path(RECORD).exists());
}

/// What a hook has not seen it does not clear.
#[test]
fn an_identity_that_is_renewed_meanwhile_stays_pending() {
    let sandbox = with_ca();
    let certctl = env!("CARGO_BIN_EXE_certctl");
    let hook = format!("/bin/sh -c '{certctl} renew server --exec /bin/false || true'");

    exec(&sandbox, "renew", &hook).code(0);

    assert_eq!(sandbox.text(RECORD), "server\n");
}

#[test]
fn a_record_that_is_not_one_of_certctl_is_refused_by_a_run_that_needs_it() {
    let cases: [(&str, Make, &str); 8] = [
        ("a command", |it| it.write(RECORD, "server; reboot\n"), "line 1"),
        ("a path", |it| it.write(RECORD, "server\n../../etc\n"), "line 2"),
        ("nothing", |it| it.write(RECORD, ""), "it has no name"),
        ("octets", |it| it.write(RECORD, b"\xff\0\n"), "it is not UTF-8"),
        ("much", |it| it.write(RECORD, "a\n".repeat(9 << 20)), "larger than"),
        ("a folder", |it| fs::create_dir(it.path(RECORD)).unwrap(), "a directory"),
        ("a link", |it| symlink("server.pem", it.path(RECORD)).unwrap(), "a symbolic link"),
        ("a dangling link", |it| symlink("nowhere", it.path(RECORD)).unwrap(), "a symbolic link"),
    ];
    for (what, make, reason) in cases {
        let sandbox = with_ca();
        make(&sandbox);
        let before = sandbox.digest();
        let run = exec(&sandbox, "renew", SHOW);
        run.code(1).stderr_has(RECORD).stderr_has(reason).stderr_has("hint: ");
        assert_eq!(sandbox.digest(), before, "{what}");
        sandbox.certctl("check").code(1).stderr_has(RECORD);
        assert_eq!(sandbox.digest(), before, "{what}");

        // No certificate expires because of it.
        sandbox.certctl("renew").code(0).stderr_has(RECORD).stderr_has(reason);
        assert_ne!(sandbox.read("server.pem"), before["server.pem"].1, "{what}");
    }
}

/// 20,000 names are more than the kernel takes in one variable.
#[test]
fn many_names_are_given_to_several_runs() {
    let sandbox = with_ca();
    let names: Vec<String> =
        (0..20_000).map(|number| format!("node-{number:05}.internal")).collect();
    sandbox.write(RECORD, names.join("\n"));

    exec(&sandbox, NOTHING_DUE, SHOW).code(0).stderr_has("and 19992 more");

    let ran = sandbox.text("ran");
    assert!(ran.lines().count() > 1);
    assert_eq!(ran.split_whitespace().collect::<Vec<_>>(), names);
    assert!(!sandbox.path(RECORD).exists());
}

#[test]
fn other_commands_leave_the_record_alone() {
    let sandbox = with_ca();
    exec(&sandbox, "renew server", "/bin/false").code(1);
    let record = sandbox.digest()[RECORD].clone();

    for line in ["inspect", "inspect -r .", "issue more localhost", "renew ca"] {
        let run = sandbox.certctl(line);
        run.code(0).stdout_lacks(RECORD).stderr_lacks(RECORD);
    }
    sandbox.certctl("gen --cn localhost --replace-ca").code(0);
    sandbox.certctl("export server --to copies").code(0);

    assert_eq!(sandbox.digest()[RECORD], record);
    assert!(!sandbox.path("copies/hook-pending").exists());
}

/// Two runs overlap: the hook of the first fails after that of the second has succeeded.
#[test]
fn a_hook_that_fails_last_stays_pending() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 10");
    let first = "renew server --days 100 --exec \"sh -c 'touch begun; while ! test -e go; do sleep 0.02; done; exit 1'\"";
    std::thread::scope(|scope| {
        let slow = scope.spawn(|| sandbox.sh(&format!("\"$CERTCTL\" {first}")));
        while !sandbox.path("begun").exists() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        sandbox.certctl("renew server --expires-within 30d --exec true").code(0);
        sandbox.write("go", "");
        slow.join().unwrap().code(1);
    });

    sandbox.certctl("status").code(3).stdout_has("hook pending");
    sandbox.certctl("renew --expires-within 30d --exec true").code(0);
    sandbox.certctl("status").stdout_lacks("hook pending");
}

#[test]
fn a_result_is_not_written_over_the_record() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("renew server --exec false").code(1);
    let before = sandbox.read("hook-pending");

    sandbox.certctl("inspect --out-file hook-pending").code(1).stderr_has("hook-pending");

    assert_eq!(sandbox.read("hook-pending"), before);
}

#[test]
fn a_pending_hook_is_due_although_the_certificate_is_gone() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("renew server --exec false").code(1);
    sandbox.remove("server.pem");

    sandbox.certctl("status").code(3).stdout_has("hook pending");
    sandbox.certctl("check").code(3).stdout_has("[hook-pending]");
}
