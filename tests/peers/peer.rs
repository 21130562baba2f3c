//! Other people's programs: is one there, start it, ask it, end it.

use std::{
    env,
    fs::{self, File},
    io::Write,
    net::{TcpListener, TcpStream},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU16, Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::sandbox::{Run, Sandbox};

/// The kinds of key with which every peer is tried.
pub const KINDS: [&str; 2] = ["rsa:2048", "ecdsa:p256"];

/// How long a program may take to start, to answer, to write its log. Nobody waits for it in vain.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server's ports: below those that the system hands to clients.
const PORTS: u16 = 20_000;

/// What one connection is to come to.
#[derive(Clone, Copy)]
pub enum Verdict {
    LetIn,
    /// The words of the end that refuses: the server's log or the client's output must hold them.
    Refused(&'static str),
}

/// What a client said, both streams in one, and whether it was content.
pub struct Reply {
    pub content: bool,
    pub text: String,
}

/// A server that ends with the test.
pub struct Server {
    child: Child,
    pub port: u16,
    log: PathBuf,
}

/// Whether all of these programs can be run; says which one cannot.
pub fn have(programs: &[&str]) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    programs
        .iter()
        .all(|program| folders.iter().any(|folder| folder.join(program).is_file()) || skip(program))
}

/// A program out of `.ci/install-peers`' folder, such as `venv/bin/python`.
pub fn installed(file: &str, name: &str) -> Option<PathBuf> {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or("/root".into()));
    let folder = env::var_os("CERTCTL_PEER_DIR")
        .map_or_else(|| home().join(".cache/certctl-peers"), PathBuf::from);
    let program = folder.join(file);
    if program.is_file() || skip(name) { Some(program) } else { None }
}

/// Says that a test cannot be run here; where it must run, fails.
pub fn skip(program: &str) -> bool {
    assert!(env::var_os("CERTCTL_PEERS").is_none_or(|value| value != "required"), "no {program}");
    println!("skipped: no {program}");
    false
}

/// What `gen` makes with this kind of key. A failure shows for which.
pub fn set(kind: &str) -> Sandbox {
    println!("--key-type {kind}");
    Sandbox::with_gen(&format!("--cn localhost --key-type {kind}"))
}

/// The same test with what `gen` makes of every kind of key.
pub fn each_kind(test: impl Fn(&Sandbox)) {
    for kind in KINDS {
        test(&set(kind));
    }
}

/// A file of this folder.
pub fn fixture(file: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(file).display().to_string()
}

/// Waits until `done`, and fails if that does not come.
pub fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < until, "{what}: not within {PATIENCE:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// A program that just answers, in the sandbox, with words that hold no spaces.
pub fn run(sandbox: &Sandbox, line: &str) -> Run {
    let words: Vec<&str> = line.split_whitespace().collect();
    sandbox.run(words[0], &words[1..])
}

/// A client in the sandbox, with words that hold no spaces. `input` is what it reads.
pub fn ask(sandbox: &Sandbox, line: &str, input: &str) -> Reply {
    ask_words(sandbox, &line.split_whitespace().collect::<Vec<_>>(), input)
}

pub fn ask_words(sandbox: &Sandbox, words: &[&str], input: &str) -> Reply {
    let mut child = Command::new("timeout")
        .arg(PATIENCE.as_secs().to_string())
        .args(words)
        .current_dir(sandbox.dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{words:?}: {error}"));
    // A client that was refused may be gone before it has read.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    Reply { content: output.status.success(), text: String::from_utf8_lossy(&text).into_owned() }
}

impl Reply {
    /// For clients whose exit code says little: they are content when they say this.
    pub fn if_says(self, part: &str) -> Self {
        Self { content: self.text.contains(part), ..self }
    }
}

impl Server {
    /// Starts a server in the sandbox; `line` gets a free port. Its words hold no spaces.
    pub fn start(sandbox: &Sandbox, line: impl Fn(u16) -> String) -> Self {
        Self::start_command(sandbox, |port| {
            let line = line(port);
            let mut words = line.split_whitespace();
            let mut command = Command::new(words.next().unwrap());
            command.args(words);
            command
        })
    }

    /// Comes back when the server listens.
    pub fn start_command(sandbox: &Sandbox, command: impl Fn(u16) -> Command) -> Self {
        let port = free_port();
        Self::start_at(sandbox, port, &mut command(port))
    }

    /// Starts a server whose port is known before, for one that is stopped and started again.
    pub fn start_at(sandbox: &Sandbox, port: u16, command: &mut Command) -> Self {
        let log = sandbox.path(&format!("peer-{port}.log"));
        let file = File::create(&log).unwrap();
        let child = command
            .current_dir(sandbox.dir())
            .stdin(Stdio::null())
            .stdout(file.try_clone().unwrap())
            .stderr(file)
            // One signal ends it and all its children.
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let mut server = Self { child, port, log };
        wait_until(&format!("{command:?}"), || {
            let ended = server.child.try_wait().unwrap();
            assert!(ended.is_none(), "{command:?}: {ended:?}\n{}", server.log());
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        server
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap()).into_owned()
    }

    /// One connection for each row: which pair the client shows, by which name it calls the server,
    /// and what is to come of it.
    pub fn judge(
        &self,
        rows: &[(Option<&str>, &str, Verdict)],
        connect: impl Fn(Option<&str>, &str) -> Reply,
    ) {
        for &(pair, name, verdict) in rows {
            let row = format!("a client with {pair:?} that wants {name}");
            let before = self.log().len();
            let reply = connect(pair, name);
            let said = || format!("{}\n--- server\n{}", reply.text, &self.log()[before..]);
            match verdict {
                Verdict::LetIn => assert!(reply.content, "{row} is not let in\n{}", said()),
                Verdict::Refused(reason) => {
                    assert!(!reply.content, "{row} is let in\n{}", said());
                    // The server may be slower with its log than with its alert.
                    let until = Instant::now() + PATIENCE / 4;
                    while !said().contains(reason) && Instant::now() < until {
                        thread::sleep(Duration::from_millis(20));
                    }
                    assert!(said().contains(reason), "{row}: no {reason:?}\n{}", said());
                }
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(group) = Pid::from_raw(self.child.id().cast_signed()) else { return };
        for signal in [Signal::INT, Signal::KILL] {
            let _ = kill_process_group(group, signal);
            let until = Instant::now() + PATIENCE / 4;
            while Instant::now() < until {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
}

/// A port that no test of this run gets again, and that nobody listens on.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Another run beside this one begins elsewhere.
    let begin = u16::try_from(std::process::id() % 100 * 100).unwrap();
    loop {
        let port = PORTS + (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % 10_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
