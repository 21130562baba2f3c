//! A directory of its own for each test, in which certctl runs with a cleared environment.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};

/// Nothing that is run here takes longer, unless it hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// A directory that is removed when the test ends.
pub struct Sandbox {
    dir: PathBuf,
}

/// What a program answered.
pub struct Run {
    command: String,
    output: Output,
}

impl Sandbox {
    pub fn new() -> Self {
        static COUNTER: AtomicUsize = AtomicUsize::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("sandbox-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Self { dir }
    }

    /// A directory in which `certctl gen <flags>` has run.
    pub fn with_gen(flags: &str) -> Self {
        let sandbox = Self::new();
        sandbox.certctl(&format!("gen {flags}")).code(0);
        sandbox
    }

    /// A directory with a copy of `tests/fixtures/<set>`.
    pub fn with_fixtures(set: &str) -> Self {
        let sandbox = Self::new();
        for entry in fs::read_dir(fixtures().join(set)).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            sandbox.put(&format!("{set}/{file}"), &file);
        }
        sandbox
    }

    /// Copies one file of `tests/fixtures`; a key gets the mode 0600.
    pub fn put(&self, fixture: &str, file: &str) {
        self.write(file, fs::read(fixtures().join(fixture)).unwrap());
        let secret = Path::new(file).extension().is_some_and(|extension| extension == "key");
        self.set_mode(file, if secret { 0o600 } else { 0o644 });
    }

    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    pub fn text(&self, file: &str) -> String {
        String::from_utf8(self.read(file)).unwrap()
    }

    pub fn write(&self, file: &str, content: impl AsRef<[u8]>) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub fn mode(&self, file: &str) -> u32 {
        fs::metadata(self.path(file)).unwrap().mode() & 0o7777
    }

    pub fn set_mode(&self, file: &str, mode: u32) {
        fs::set_permissions(self.path(file), fs::Permissions::from_mode(mode)).unwrap();
    }

    pub fn remove(&self, file: &str) {
        fs::remove_file(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    }

    /// Every file below the directory, relative, sorted; hidden ones too.
    pub fn files(&self) -> Vec<String> {
        self.digest().into_keys().collect()
    }

    /// Every file with its mode and content: equal before and after means that nothing was touched.
    pub fn digest(&self) -> BTreeMap<String, (u32, Vec<u8>)> {
        let mut files = BTreeMap::new();
        collect(&self.dir, &self.dir, &mut files);
        files
    }

    /// certctl with words that hold no spaces; see [`Sandbox::certctl_args`] for others.
    pub fn certctl(&self, line: &str) -> Run {
        self.certctl_args(&line.split_whitespace().collect::<Vec<_>>())
    }

    pub fn certctl_args(&self, args: &[&str]) -> Run {
        Run::of(self.command().args(args))
    }

    /// As [`Self::certctl`], within so many seconds of processor time: these do not depend on what else the
    /// machine does, as those of a clock do.
    pub fn certctl_in(&self, seconds: u32, line: &str) -> Run {
        let script = format!("ulimit -t {seconds}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_certctl")]).args(line.split_whitespace());
        Run::of(command.current_dir(&self.dir).env_clear().stdin(Stdio::null()))
    }

    /// certctl, to be given more before it runs: standard input, variables, another directory.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certctl"));
        command.current_dir(&self.dir).env_clear().stdin(Stdio::null());
        command
    }

    /// Another program, run in the directory.
    pub fn run(&self, program: &str, args: &[&str]) -> Run {
        Run::of(Command::new(program).args(args).current_dir(&self.dir).stdin(Stdio::null()))
    }

    /// A shell script, run in the directory; `$CERTCTL` is the program.
    pub fn sh(&self, script: &str) -> Run {
        let mut command = Command::new("sh");
        command.args(["-euc", script]).env("CERTCTL", env!("CARGO_BIN_EXE_certctl"));
        Run::of(command.current_dir(&self.dir).stdin(Stdio::null()))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

impl Run {
    /// Runs a program to its end; one that hangs is killed, and fails the test.
    pub fn of(command: &mut Command) -> Self {
        let shown = format!("{command:?}");
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{shown}: {error}"));
        let pid = Pid::from_child(&child);
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(child.wait_with_output()));
        let Ok(output) = receiver.recv_timeout(LIMIT) else {
            let _ = kill_process(pid, Signal::KILL);
            panic!("{shown} hangs");
        };
        Self { command: shown, output: output.unwrap() }
    }

    /// The exit code; a signal is never right.
    pub fn exit(&self) -> i32 {
        self.output.status.code().unwrap_or_else(|| panic!("{}", self.shown()))
    }

    /// Asserts the exit code; a signal is never right.
    pub fn code(&self, expected: i32) -> &Self {
        assert_eq!(self.output.status.code(), Some(expected), "{}", self.shown());
        self
    }

    pub fn status(&self) -> i32 {
        self.output.status.code().unwrap_or(-1)
    }

    pub fn stdout(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).unwrap()
    }

    pub fn stdout_has(&self, part: &str) -> &Self {
        assert!(self.stdout().contains(part), "no {part:?} on stdout\n{}", self.shown());
        self
    }

    pub fn stderr_has(&self, part: &str) -> &Self {
        assert!(self.stderr().contains(part), "no {part:?} on stderr\n{}", self.shown());
        self
    }

    pub fn stdout_lacks(&self, part: &str) -> &Self {
        assert!(!self.stdout().contains(part), "{part:?} on stdout\n{}", self.shown());
        self
    }

    pub fn stdout_is(&self, expected: &str) -> &Self {
        assert_eq!(self.stdout(), expected, "{}", self.shown());
        self
    }

    pub fn stderr_is(&self, expected: &str) -> &Self {
        assert_eq!(self.stderr(), expected, "{}", self.shown());
        self
    }

    pub fn stderr_lacks(&self, part: &str) -> &Self {
        assert!(!self.stderr().contains(part), "{part:?} on stderr\n{}", self.shown());
        self
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.output.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}", self.shown()))
    }

    fn shown(&self) -> String {
        format!(
            "{}\n{}\n--- stdout\n{}--- stderr\n{}",
            self.command,
            self.output.status,
            String::from_utf8_lossy(&self.output.stdout),
            String::from_utf8_lossy(&self.output.stderr),
        )
    }
}

/// The foreign certificates and keys.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn collect(root: &Path, dir: &Path, files: &mut BTreeMap<String, (u32, Vec<u8>)>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let metadata = fs::symlink_metadata(&path).unwrap();
        if metadata.is_dir() {
            collect(root, &path, files);
        } else {
            let content = if metadata.is_file() {
                fs::read(&path).unwrap()
            } else {
                format!("{:?}", fs::read_link(&path)).into_bytes()
            };
            let name = path.strip_prefix(root).unwrap().display().to_string();
            files.insert(name, (metadata.mode(), content));
        }
    }
}
