//! strace: which system calls a run makes, and the same run with one of them failing or killed.

use std::{
    collections::{BTreeMap, HashMap, btree_map::Entry},
    env, fs,
    os::unix::process::ExitStatusExt,
    process::{Command, Stdio},
};

use crate::sandbox::Sandbox;

/// The calls that read or change files, and the errors that each may give.
const CALLS: [(&str, &[&str]); 31] = [
    ("openat", &["EMFILE", "EIO", "ENOSPC", "EROFS", "EDQUOT", "EACCES"]),
    ("write", &["ENOSPC", "EIO", "EDQUOT"]),
    ("fsync", &["EIO", "ENOSPC", "EDQUOT"]),
    ("fdatasync", &["EIO"]),
    ("syncfs", &["EIO"]),
    ("rename", &["ENOSPC", "EIO", "EROFS", "EDQUOT"]),
    ("renameat", &["ENOSPC", "EIO", "EROFS", "EDQUOT", "EPERM", "EBUSY", "EXDEV"]),
    ("renameat2", &["ENOSPC", "EIO", "EROFS", "EDQUOT", "EPERM", "EINVAL"]),
    ("link", &["EPERM", "ENOSPC", "EIO", "EMLINK"]),
    ("linkat", &["EPERM", "ENOSPC", "EIO", "EMLINK"]),
    ("unlink", &["EIO", "EROFS"]),
    ("unlinkat", &["EIO", "EROFS", "EPERM", "EBUSY"]),
    ("rmdir", &["EIO", "EROFS"]),
    ("mkdir", &["ENOSPC", "EROFS", "EIO", "EDQUOT"]),
    ("mkdirat", &["ENOSPC", "EROFS", "EIO", "EDQUOT", "EACCES"]),
    ("readlinkat", &["EIO", "EACCES"]),
    ("fstat", &["EIO"]),
    ("newfstatat", &["EIO", "EACCES"]),
    ("fgetxattr", &["EIO"]),
    ("lgetxattr", &["EIO", "EACCES"]),
    ("fsetxattr", &["ENOSPC", "EPERM"]),
    ("fremovexattr", &["EIO", "EPERM"]),
    ("fchmod", &["EPERM", "EROFS", "EIO"]),
    ("fchown", &["EPERM", "EROFS", "EIO", "EDQUOT"]),
    ("flock", &["ENOLCK", "EIO"]),
    ("ftruncate", &["EIO"]),
    ("read", &["EIO"]),
    ("statx", &["EIO", "EACCES"]),
    ("getdents64", &["EIO"]),
    // No files, but no reason to fail either: threads only make it faster.
    ("clone", &["EAGAIN"]),
    ("clone3", &["EAGAIN"]),
];

/// A system call of an undisturbed run: the `number`th of that name in its thread.
#[derive(Debug)]
pub struct Call {
    pub name: String,
    pub number: usize,
    /// Where it stands among all calls of the run.
    pub place: usize,
    /// As strace shows it, with what it was for.
    pub text: String,
}

/// How a run ended.
pub struct Ended {
    pub code: Option<i32>,
    pub signal: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    /// The calls that strace made fail.
    pub struck: Vec<String>,
}

/// Whether every case is to be run, not only a sample: `CERTCTL_FAULTS=all`.
pub fn exhaustive() -> bool {
    env::var_os("CERTCTL_FAULTS").is_some_and(|value| value == "all")
}

/// The calls of a run of certctl that touch files, those of the program loader aside.
///
/// strace counts per thread. The calls of other threads than the first are listed where the first
/// makes none of that name and number.
pub fn calls(sandbox: &Sandbox, faults: &[&str], line: &str) -> Vec<Call> {
    let (ended, trace) = strace(sandbox, &injections(faults), line);
    assert_eq!(ended.code, Some(i32::from(!faults.is_empty())), "{line}: {}", ended.stderr);
    parse(&trace)
}

fn parse(trace: &str) -> Vec<Call> {
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    let mut found: BTreeMap<(&str, usize), (bool, Call)> = BTreeMap::new();
    let mut first = None;
    let mut started = false;
    for (place, line) in trace.lines().enumerate() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let Some((name, _)) = call.trim_start().split_once('(') else { continue };
        let number = counts.entry((thread, name)).or_default();
        *number += 1;
        started |= call.contains("certctl.toml");
        if !started || errors(name).is_none() {
            continue;
        }
        let is_first = thread == *first.get_or_insert(thread);
        let text = call.trim_start().to_owned();
        let call = Call { name: name.to_owned(), number: *number, place, text };
        match found.entry((name, *number)) {
            Entry::Vacant(entry) => drop(entry.insert((is_first, call))),
            Entry::Occupied(mut entry) if is_first && !entry.get().0 => {
                entry.insert((is_first, call));
            }
            Entry::Occupied(_) => {}
        }
    }
    let mut calls: Vec<Call> = found.into_values().map(|(_, call)| call).collect();
    calls.sort_by_key(|call| call.place);
    calls
}

/// The errors that such a call may give; `None` if it touches no files.
pub fn errors(name: &str) -> Option<&'static [&'static str]> {
    CALLS.iter().find(|(call, _)| *call == name).map(|(_, errors)| *errors)
}

impl Call {
    /// Whether what lies on the disk is otherwise after it.
    pub fn changes_files(&self) -> bool {
        match &*self.name {
            "read" | "statx" | "fstat" | "newfstatat" | "getdents64" | "fgetxattr"
            | "lgetxattr" | "readlinkat" => false,
            "openat" => self.text.contains("O_CREAT"),
            _ => true,
        }
    }

    /// As strace is told to tamper with it: `what` is `signal=SIGKILL` or `error=EIO`, `when` what follows
    /// the number (`+` for every one from there on).
    pub fn fault(&self, what: &str, when: &str) -> String {
        format!("{}:{what}:when={}{when}", self.name, self.number)
    }
}

/// Runs certctl with those faults, each as `CALL:error=EIO:when=3`.
pub fn run(sandbox: &Sandbox, faults: &[&str], line: &str) -> Ended {
    let names: Vec<&str> = faults.iter().filter_map(|fault| fault.split(':').next()).collect();
    let mut args = vec!["-e".to_owned(), format!("trace={}", names.join(","))];
    args.extend(injections(faults));
    let (mut ended, trace) = strace(sandbox, &args, line);
    let calls = trace.lines().map(|line| line.split_once(' ').map_or(line, |(_, call)| call));
    let struck = calls.filter(|call| call.contains("(INJECTED)"));
    ended.struck.extend(struck.map(|call| call.trim_start().to_owned()));
    ended
}

/// These calls of an undisturbed run, as strace shows them.
pub fn trace(sandbox: &Sandbox, calls: &str, line: &str) -> String {
    let (ended, trace) = strace(sandbox, &["-e".to_owned(), format!("trace={calls}")], line);
    assert_eq!(ended.code, Some(0), "{line}: {}", ended.stderr);
    trace
}

/// Runs certctl undisturbed.
pub fn plain(sandbox: &Sandbox, line: &str) -> Ended {
    Ended::of(sandbox.command().args(line.split_whitespace()))
}

fn injections(faults: &[&str]) -> Vec<String> {
    faults.iter().flat_map(|fault| ["-e".to_owned(), format!("inject={fault}")]).collect()
}

/// With umask 0: the modes of keys must not depend on it.
fn strace(sandbox: &Sandbox, args: &[String], line: &str) -> (Ended, String) {
    let trace = sandbox.dir().with_extension("trace");
    let mut command = Command::new("sh");
    command
        .args(["-c", "umask 0; exec \"$@\"", "sh", "strace", "-f", "-qq", "-y", "-o"])
        .arg(&trace)
        .args(args)
        .arg(env!("CARGO_BIN_EXE_certctl"))
        .args(line.split_whitespace())
        .current_dir(sandbox.dir())
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null());
    let ended = Ended::of(&mut command);
    let text = fs::read_to_string(&trace).unwrap();
    fs::remove_file(trace).unwrap();
    (ended, text)
}

impl Ended {
    fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        Self {
            code: output.status.code(),
            signal: output.status.signal(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            struck: Vec::new(),
        }
    }
}
