//! Hints, typed into a shell as they stand.
//!
//! A row makes a situation in which a command fails. Each way that the hint of its error names is tried in a
//! situation of its own, and must end the error.

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::sandbox::{Run, Sandbox};

/// A command that fails, and what stands for the placeholders of its hint. `@` is the directory of the PKI, with
/// a slash.
pub struct Row {
    pub what: &'static str,
    /// A shell script, run in the directory of the PKI.
    pub setup: &'static str,
    /// The arguments of certctl.
    pub line: &'static str,
    /// Part of the error whose hint is tried, or of its cause.
    pub error: &'static str,
    pub fill: &'static [(&'static str, &'static str)],
    /// The arguments of certctl that succeed after the commands of a way; empty: `line`.
    pub then: &'static str,
}

pub const ROW: Row = Row { what: "", setup: "", line: "", error: "", fill: &[], then: "" };

/// Where the PKI is, and how the call names it.
#[derive(Clone, Copy)]
pub struct Place {
    pub dir: &'static str,
    /// The call is made in that directory.
    pub is_within: bool,
    pub flag: &'static str,
    pub variable: &'static str,
}

const WITHIN: Place = Place { dir: "pki", is_within: true, flag: "", variable: "" };
const FLAG: Place = Place { dir: "my pki", is_within: false, flag: "-d 'my pki'", variable: "" };
const VARIABLE: Place = Place { flag: "", variable: "my pki", ..FLAG };

/// What the scripts of rows begin with: a CA with server and client, and the identity `web`, which is due.
pub const SETUP: &str = "gen() { certctl gen --key-type ecdsa:p256 \"$@\"; }
web() { certctl issue web web.example --days 20 --key-type ecdsa:p256; }
";

/// What a hint may have as a command; all else in backticks is a name or a flag.
const PROGRAMS: [&str; 17] = [
    "certctl", "mv", "mkdir", "cp", "rm", "chmod", "openssl", "ls", "cat", "base64", "printf",
    "iconv", "tr", "sed", "awk", "date", "readlink",
];

/// A way with one of these words changes nothing.
const SHOWS: [&str; 4] = ["shows", "lists", "see what", "look at"];

/// Tries every way of every row.
pub fn try_all(rows: &[Row]) {
    let places = [WITHIN, FLAG, VARIABLE];
    let failures = rows.iter().enumerate().flat_map(|(number, row)| {
        // The second and the third differ in how the call has the directory, not in the hint.
        let places = [places[0], places[1 + number % 2]];
        places.into_iter().flat_map(|place| try_row(row, place)).take(1)
    });
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "{} failures\n\n{}", failures.len(), failures.join("\n\n"));
}

fn try_row(row: &Row, place: Place) -> Vec<String> {
    let (_sandbox, run) = situation(row, place);
    let ways = ways(&run.stderr(), row.error);
    if ways.is_empty() {
        return vec![format!("{}: no command in the hint\n{}", row.what, run.stderr())];
    }
    ways.iter().filter_map(|(text, commands)| try_way(row, place, text, commands)).collect()
}

/// What fails, if anything does.
fn try_way(row: &Row, place: Place, text: &str, commands: &[String]) -> Option<String> {
    let (sandbox, _) = situation(row, place);
    let fill = |command: &String| {
        row.fill.iter().fold(command.clone(), |command, (name, value)| {
            command.replace(name, &at(value, place))
        })
    };
    let (flags, commands): (Vec<String>, Vec<String>) =
        commands.iter().map(fill).partition(|command| command.starts_with('-'));
    let shown = |what: &str, run: &Run| {
        let (out, err) = (run.stdout(), run.stderr());
        Some(format!("{}: {text}\n{what}: exit {}\n{out}{err}", row.what, run.status()))
    };
    if !commands.is_empty() {
        let script = commands.join(" && ");
        let run = sh(&sandbox, &script, place, "");
        if ![0, 3].contains(&run.status()) {
            return shown(&script, &run);
        }
    }
    if SHOWS.iter().any(|word| text.contains(word)) {
        return None;
    }
    let line = match &flags[..] {
        [] if !row.then.is_empty() => row.then.to_owned(),
        flags => flags.iter().fold(row.line.to_owned(), |line, flag| with_flag(&line, flag)),
    };
    let run = call(&sandbox, &line, place);
    let has_error = run.stderr().contains(row.error) || ![0, 3].contains(&run.status());
    has_error.then(|| shown(&line, &run)).flatten()
}

/// A line with a flag, which takes the place of the same flag.
pub fn with_flag(line: &str, flag: &str) -> String {
    let (name, _) = flag.split_once(' ').unwrap_or((flag, ""));
    match line.split_once(&format!(" {name} ")) {
        Some((before, after)) => {
            let after = after.split_once(' ').map_or("", |(_, after)| after);
            format!("{before} {flag} {after}")
        }
        None => format!("{line} {flag}"),
    }
}

/// The directory of the row, and what its command answers there.
fn situation(row: &Row, place: Place) -> (Sandbox, Run) {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path(place.dir)).unwrap();
    let setup = format!("{SETUP}{}", row.setup);
    sh(&sandbox, &setup, Place { is_within: true, ..place }, "").code(0);
    let run = call(&sandbox, row.line, place);
    assert_ne!(run.status(), 0, "{}: {}", row.what, run.stderr());
    (sandbox, run)
}

fn call(sandbox: &Sandbox, line: &str, place: Place) -> Run {
    let line = format!("certctl {} {}", place.flag, at(line, place));
    sh(sandbox, &line, place, place.variable)
}

pub fn at(text: &str, place: Place) -> String {
    let dir = if place.is_within {
        String::new()
    } else {
        place.dir.replace(' ', "\\ ").replace('\'', "\\'") + "/"
    };
    text.replace('@', &dir)
}

/// A script in a shell in which `certctl` is the program.
pub fn sh(sandbox: &Sandbox, script: &str, place: Place, variable: &str) -> Run {
    let program = Path::new(env!("CARGO_BIN_EXE_certctl")).parent().unwrap().display();
    let path = format!("{program}:{}", env::var("PATH").unwrap_or_default());
    let mut command = Command::new("sh");
    command.args(["-euc", script]).env_clear().env("PATH", path).stdin(Stdio::null());
    if !variable.is_empty() {
        command.env("CERTCTL_DIR", variable);
    }
    let dir = if place.is_within { sandbox.path(place.dir) } else { sandbox.dir().to_owned() };
    Run::of(command.current_dir(dir))
}

/// The ways of the hints of an error: their text, and their commands in order. A way without one is prose.
fn ways(stderr: &str, error: &str) -> Vec<(String, Vec<String>)> {
    let block = stderr.split("error: ").skip(1).find(|block| block.contains(error));
    let hints = block.unwrap_or_default().lines().filter_map(|line| line.strip_prefix("hint: "));
    hints.flat_map(commands_of).collect()
}

/// The ways of a hint.
pub fn commands_of(hint: &str) -> Vec<(String, Vec<String>)> {
    if !hint.contains('`') {
        return vec![(hint.to_owned(), vec![hint.to_owned()])];
    }
    let mut ways = Vec::new();
    // What separates ways is not within a command.
    let parts = hint.split('`').enumerate().map(|(number, part)| match number % 2 {
        0 => part.replace("; ", "\n").replace(" or ", "\n"),
        _ => part.to_owned(),
    });
    let parts = parts.collect::<Vec<_>>().join("`");
    // No shell edits the plan.
    for way in parts.split('\n').filter(|way| !way.contains("change `")) {
        let commands = way.split('`').skip(1).step_by(2).filter(|command| {
            let first = command.split(' ').next().unwrap_or_default();
            PROGRAMS.contains(&first) || first.starts_with("--")
        });
        let commands: Vec<String> = commands.map(str::to_owned).collect();
        if !commands.is_empty() {
            ways.push((way.to_owned(), commands));
        }
    }
    ways
}
