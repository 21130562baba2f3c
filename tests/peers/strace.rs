//! What strace sees: what is durable before what, and who could read a key at any instant.

use std::{collections::HashMap, process::Command};

use crate::{
    peer::{have, skip},
    sandbox::{Run, Sandbox},
};

const CALLS: &str = "openat,open,creat,write,pwrite64,writev,fsync,fdatasync,rename,renameat,\
    renameat2,fchmod,fchmodat,chmod,fchown,truncate,ftruncate";

/// One system call that succeeded, from the line where it began to the line where it returned.
struct Call {
    name: String,
    arguments: String,
    begun: usize,
    done: usize,
}

impl Call {
    fn is(&self, names: &[&str]) -> bool {
        names.contains(&&*self.name)
    }

    /// The file behind the descriptor that is the first argument, as `strace -y` shows it.
    fn file(&self) -> &str {
        let path = self.arguments.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
        path.map_or("", |(path, _)| base(path))
    }

    /// The paths in quotes.
    fn paths(&self) -> Vec<&str> {
        self.arguments.split('"').skip(1).step_by(2).map(base).collect()
    }

    fn writes(&self, beginning: &str) -> bool {
        self.is(&["write", "pwrite64", "writev"])
            && self.arguments.contains(&format!("\"-----BEGIN {beginning}"))
    }
}

fn directory(sandbox: &Sandbox) -> &str {
    base(sandbox.dir().to_str().unwrap())
}

fn base(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// The commands that write, in a directory that `gen` has made, but for the first.
const LINES: [&str; 10] = [
    "gen --cn localhost --key-type ecdsa:p256",
    "renew",
    "renew server",
    "renew server --reuse-key",
    "renew ca server",
    "renew ca",
    "issue redis localhost --key-type ecdsa:p256",
    "gen --cn localhost --replace-ca --key-type ecdsa:p256",
    "export server --to tls",
    SHARED,
];

/// For a group, which only root can give a file to at will.
const SHARED: &str = "export server --to tls --group 54321";

fn each_line(test: impl Fn(&Sandbox, &str, &[Call])) {
    for line in LINES {
        if line == SHARED && !rustix::process::geteuid().is_root() {
            println!("skipped: no root");
            continue;
        }
        let sandbox = Sandbox::new();
        if !line.starts_with("gen") {
            sandbox.certctl(LINES[0]).code(0);
        }
        test(&sandbox, line, &trace(&sandbox, line));
    }
}

#[test]
fn the_names_are_durable_before_anything_is_said() {
    if !can_trace() {
        return;
    }
    each_line(|sandbox, line, calls| {
        let is_rename = |call: &&Call| {
            // The names of records have a `-`.
            call.is(&["rename", "renameat", "renameat2"]) && !call.paths()[1].contains('-')
        };
        let last = calls.iter().filter(is_rename).map(|call| call.done).max().unwrap();
        let said =
            calls.iter().find(|call| call.is(&["write"]) && call.arguments.starts_with("1<"));
        let directory = if line.starts_with("export") { "tls" } else { directory(sandbox) };
        assert!(fsync_between(calls, directory, last, said.unwrap().begun), "{line}");
    });
}

#[test]
fn nobody_else_can_read_a_key_at_any_instant_whatever_the_umask() {
    if !can_trace() {
        return;
    }
    each_line(|_, line, calls| {
        let keys: Vec<&str> =
            calls.iter().filter(|call| call.writes("PRIVATE KEY")).map(Call::file).collect();
        let makes_keys = !line.contains("--reuse-key") && line != "renew ca";
        assert_eq!(!keys.is_empty(), makes_keys, "{line}");
        for key in keys {
            let is_opened = |call: &&Call| {
                let writes =
                    call.arguments.contains("O_WRONLY") || call.arguments.contains("O_RDWR");
                call.is(&["openat"]) && call.paths().contains(&key) && writes
            };
            // One that is given to a group is created twice: the first proves that it can be.
            for opened in calls.iter().filter(is_opened).map(|call| &*call.arguments) {
                assert!(opened.contains("O_CREAT|O_EXCL"), "{line}: {opened}");
                assert!(opened.ends_with(", 0600"), "{line}: {opened}");
            }
            for change in calls.iter().filter(|call| call.is(&["fchmod", "fchmodat", "chmod"])) {
                let of_key = change.file() == key || change.paths().contains(&key);
                // Its group first, then its mode, and only then what is in it.
                let given = |call: &Call| {
                    call.is(&["fchown"]) && call.file() == key && call.done < change.begun
                };
                let mode = if calls.iter().any(given) { ", 0640" } else { ", 0600" };
                assert!(
                    !of_key || change.arguments.ends_with(mode),
                    "{line}: {}",
                    change.arguments
                );
                let is_key = |call: &&Call| call.writes("PRIVATE KEY") && call.file() == key;
                let written = calls.iter().find(is_key).unwrap();
                assert!(!of_key || change.done < written.begun, "{line}: {}", change.arguments);
            }
            let given = calls.iter().any(|call| call.is(&["fchown"]) && call.file() == key);
            assert_eq!(given, line == SHARED, "{line}");
        }
    });
}

#[test]
fn nothing_is_written_in_place() {
    if !can_trace() {
        return;
    }
    each_line(|sandbox, line, calls| {
        for call in calls {
            let shown = format!("{line}: {}({})", call.name, call.arguments);
            assert!(!call.is(&["truncate", "ftruncate", "creat"]), "{shown}");
            if call.is(&["openat", "open"]) {
                assert!(!call.arguments.contains("O_TRUNC"), "{shown}");
                let writes =
                    call.arguments.contains("O_WRONLY") || call.arguments.contains("O_RDWR");
                let is_lock = call.paths() == ["lock"];
                let ours = call.arguments.contains(sandbox.dir().to_str().unwrap()) && !is_lock;
                assert!(!(writes && ours) || call.arguments.contains("O_EXCL"), "{shown}");
            }
        }
    });
}

/// Whether a file or directory was made durable, all of it within these lines.
fn fsync_between(calls: &[Call], file: &str, after: usize, before: usize) -> bool {
    calls.iter().any(|call| {
        call.is(&["fsync", "fdatasync"])
            && call.file() == file
            && call.begun > after
            && call.done < before
    })
}

fn can_trace() -> bool {
    if !have(&["strace"]) {
        return false;
    }
    // A container may forbid it.
    let allowed = Command::new("strace").args(["-o", "/dev/null", "true"]).output().unwrap();
    allowed.status.success() || skip("strace that may trace")
}

/// Runs certctl with the most open umask there is.
fn trace(sandbox: &Sandbox, line: &str) -> Vec<Call> {
    let log = Sandbox::new();
    let words = "umask 000; exec strace -f -y -s 64 -o \"$0\" -e trace=\"$1\" \"$2\" $3";
    let mut command = Command::new("sh");
    command.args(["-c", words]).arg(log.path("trace")).arg(CALLS);
    command.args([env!("CARGO_BIN_EXE_certctl"), line]).current_dir(sandbox.dir());
    Run::of(&mut command).code(0);
    parse(&log.text("trace"))
}

/// `123 fsync(4</a/b> <unfinished ...>` goes on with `123 <... fsync resumed>) = 0`.
fn parse(trace: &str) -> Vec<Call> {
    let mut unfinished: HashMap<&str, (usize, &str)> = HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in trace.lines().enumerate() {
        let (process, text) = line.split_once(' ').unwrap();
        let text = text.trim_start();
        if let Some(text) = text.strip_suffix(" <unfinished ...>") {
            unfinished.insert(process, (at, text));
            continue;
        }
        let (begun, whole) = match text.split_once(" resumed>") {
            Some((_, rest)) if text.starts_with("<... ") => {
                let (begun, start) = unfinished.remove(process).unwrap();
                (begun, format!("{start}{rest}"))
            }
            _ => (at, text.to_owned()),
        };
        // Signals and exits have no result; a call that failed did nothing.
        let Some((call, result)) = whole.rsplit_once(" = ") else { continue };
        let Some((name, arguments)) = call.trim_end().trim_end_matches(')').split_once('(') else {
            continue;
        };
        if !result.starts_with('-') {
            let (name, arguments) = (name.to_owned(), arguments.to_owned());
            calls.push(Call { name, arguments, begun, done: at });
        }
    }
    calls
}
