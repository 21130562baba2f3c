//! The order of the calls that make files durable. After a power cut the old set is there or the new one.
//!
//! Only a trace shows it: when a process is killed, the kernel still has what was not made durable.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use super::{
    EXPORT, FRESH_GEN, ISSUE, RENEW, RENEW_CA, RENEW_SERVER, RENEW_SIX, REPLACE_CA, REUSE_KEY,
    set::{Scenario, Stage},
    strace, tools,
};
use crate::sandbox::Sandbox;

const CALLS: &str = "openat,linkat,mkdirat,write,fsync,syncfs,renameat,renameat2,unlinkat";

const RENEW_BOTH: Scenario = Scenario { command: "renew ca server", ..RENEW };

/// All that issue under a CA that exists.
const ISSUING: [&Scenario; 6] =
    [&RENEW, &RENEW_SERVER, &RENEW_SIX, &REUSE_KEY, &RENEW_BOTH, &ISSUE];
const OTHERS: [&Scenario; 4] = [&FRESH_GEN, &REPLACE_CA, &RENEW_CA, &EXPORT];

/// One call that succeeded, from the line where it began to the line where it returned.
struct Call {
    name: String,
    /// The file behind the descriptor, or the files that are named, in order.
    paths: Vec<PathBuf>,
    creates: bool,
    begun: usize,
    done: usize,
}

struct Trace(Vec<Call>);

impl Trace {
    fn of(sandbox: &Sandbox, line: &str) -> Self {
        let trace = strace::trace(sandbox, CALLS, line);
        let mut unfinished: HashMap<&str, (usize, &str)> = HashMap::new();
        let mut calls = Vec::new();
        for (at, line) in trace.lines().enumerate() {
            let (thread, text) = line.split_once(' ').unwrap();
            let text = text.trim_start();
            if let Some(start) = text.strip_suffix(" <unfinished ...>") {
                unfinished.insert(thread, (at, start));
                continue;
            }
            // `123 fsync(4</a/b> <unfinished ...>` ends with `123 <... fsync resumed>) = 0`.
            let (begun, whole) = match text.split_once(" resumed>") {
                Some((_, end)) if text.starts_with("<... ") => {
                    let (begun, start) = unfinished.remove(thread).unwrap();
                    (begun, format!("{start}{end}"))
                }
                _ => (at, text.to_owned()),
            };
            calls.extend(Call::parse(&whole, begun, at));
        }
        Self(calls)
    }

    fn all<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a Call> {
        self.0.iter().filter(move |call| names.contains(&&*call.name))
    }

    /// The renames of what was written aside: a file, or a whole folder.
    fn renames(&self) -> impl Iterator<Item = (&Call, &Path, &Path)> {
        let is_ours = |call: &&Call| is_below_work(&call.paths[0]);
        let renames = self.all(&["renameat", "renameat2"]).filter(is_ours);
        renames.map(|call| (call, &*call.paths[0], &*call.paths[1]))
    }

    /// Whether `path` was made durable, all of it between these lines.
    fn is_durable(&self, path: &Path, after: usize, before: usize) -> bool {
        self.all(&["fsync", "syncfs"]).any(|call| {
            let covers = call.name == "syncfs" || call.paths[0] == path;
            covers && call.begun > after && call.done < before
        })
    }
}

impl Call {
    /// `None` for a call that failed, and so did nothing.
    fn parse(text: &str, begun: usize, done: usize) -> Option<Self> {
        let (call, result) = text.rsplit_once(" = ")?;
        let (name, arguments) = call.split_once('(')?;
        if result.starts_with('-') || result.starts_with('?') {
            return None;
        }
        let handle = |text: &str| {
            let (_, path) = text.split_once('<')?;
            Some(PathBuf::from(path.split_once('>')?.0))
        };
        let mut paths: Vec<PathBuf> = Vec::new();
        if matches!(name, "write" | "fsync" | "syncfs") {
            paths.extend(handle(arguments));
        } else {
            // `3</a>, "b", 4</c>, "d"` is a/b and c/d.
            let parts: Vec<&str> = arguments.split('"').collect();
            let pairs = parts.chunks_exact(2);
            paths.extend(pairs.map(|pair| handle(pair[0]).unwrap_or_default().join(pair[1])));
        }
        let creates = matches!(name, "linkat" | "mkdirat") || arguments.contains("O_CREAT");
        (!paths.is_empty()).then(|| Self { name: name.to_owned(), paths, creates, begun, done })
    }

    /// The file that has new content, or the folder that has a new name in it.
    fn changed(&self) -> Option<&Path> {
        let path = self.paths.last()?;
        if self.creates { path.parent() } else { (self.name == "write").then_some(path) }
    }
}

fn is_below_work(path: &Path) -> bool {
    path.iter().any(|part| part == ".certctl")
}

fn is_named(path: &Path, beginning: &str) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(beginning.as_bytes()))
}

/// Every file and folder that a rename publishes was durable before it.
fn assert_contents_first(line: &str, trace: &Trace) {
    let mut published = 0;
    for (rename, from, _) in trace.renames() {
        // From a record come only files that were durable when it got its name.
        if from.iter().any(|part| is_named(Path::new(part), "commit-")) {
            continue;
        }
        let mut changed: HashMap<&Path, usize> = HashMap::new();
        for call in trace.0.iter().filter(|call| call.done < rename.begun) {
            let path = call.changed().filter(|path| path.starts_with(from));
            changed.extend(path.map(|path| (path, call.done)));
        }
        for (path, last) in &changed {
            let is_durable = trace.is_durable(path, *last, rename.begun);
            assert!(is_durable, "`{line}`: {} is published too early", path.display());
        }
        published += changed.len();
    }
    assert!(published > 0, "`{line}` publishes nothing");
}

/// The name of the record is durable before the first file leaves it.
fn assert_record_before_files(line: &str, trace: &Trace) -> usize {
    let mut records = 0;
    for (commit, _, record) in trace.renames().filter(|(_, _, to)| is_named(to, "commit-")) {
        let mut moved = trace.renames().filter(|(_, from, _)| from.starts_with(record));
        let first = moved.next().map(|(call, ..)| call.begun).unwrap();
        let work = record.parent().unwrap();
        assert!(trace.is_durable(work, commit.done, first), "`{line}`: {}", work.display());
        records += 1;
    }
    records
}

/// A directory is durable after the last rename into it, and before the record of it goes.
fn assert_names_last(line: &str, trace: &Trace) {
    let into: BTreeSet<&Path> = trace
        .renames()
        .filter_map(|(_, _, to)| to.parent())
        .filter(|to| !is_below_work(to))
        .collect();
    assert!(!into.is_empty(), "`{line}`");
    for dir in into {
        let renames = trace.renames().filter(|(_, _, to)| to.parent() == Some(dir));
        let last = renames.map(|(call, ..)| call.done).max().unwrap();
        let is_removal = |call: &&Call| call.begun > last && is_below_work(&call.paths[0]);
        let removed = trace.all(&["unlinkat"]).find(is_removal).unwrap();
        assert!(trace.is_durable(dir, last, removed.begun), "`{line}`: {}", dir.display());
    }
}

/// The serials are durable before the first certificate that has one of them.
fn assert_serials_first(line: &str, trace: &Trace) {
    let (rename, _, to) = trace.renames().find(|(_, _, to)| to.ends_with("ca.srl")).unwrap();
    let is_certificate = |path: &Path| {
        // The CA's own serial is not one of ca.srl.
        path.extension().is_some_and(|kind| kind == "pem") && !path.ends_with("ca.pem")
    };
    let mut created = trace.all(&["openat"]).filter(|call| call.creates);
    let first = created.find(|call| is_certificate(&call.paths[0])).unwrap();
    assert!(trace.is_durable(to.parent().unwrap(), rename.done, first.begun), "`{line}`");
}

fn assert_order(scenario: &Scenario, sandbox: &Sandbox) -> Trace {
    let line = scenario.command;
    let trace = Trace::of(sandbox, line);
    assert_contents_first(line, &trace);
    let records = assert_record_before_files(line, &trace);
    let files: usize = scenario.groups.iter().map(|group| group.len()).sum();
    assert_eq!(records, usize::from(files > 1), "`{line}`: the rename of one file is its commit");
    assert_names_last(line, &trace);
    trace
}

#[test]
fn contents_then_the_record_then_the_names() {
    if !tools() {
        return;
    }
    for scenario in ISSUING.into_iter().chain(OTHERS) {
        assert_order(scenario, &Stage::new(scenario).sandbox());
    }
}

#[test]
fn the_serials_are_durable_before_the_first_certificate() {
    if !tools() {
        return;
    }
    for scenario in ISSUING {
        let trace = Trace::of(&Stage::new(scenario).sandbox(), scenario.command);
        assert_serials_first(scenario.command, &trace);
    }
}

/// They are made durable by one call for the whole file system.
#[test]
fn a_set_of_many_files_has_the_same_order() {
    if !tools() {
        return;
    }
    let names: Vec<String> = (0..40).map(|number| format!("n{number}")).collect();
    let sandbox = Sandbox::new();
    let plan = names.iter().map(|name| format!("[[certificate]]\nname = '{name}'\n"));
    let plan: String = plan.collect();
    sandbox.write("certctl.toml", format!("[defaults]\nkey_type = 'ecdsa:p256'\n{plan}"));

    assert_order(&Scenario { command: "gen", ..FRESH_GEN }, &sandbox);
    let trace = assert_order(&Scenario { command: "renew", ..RENEW }, &sandbox);
    assert_serials_first("renew", &trace);
}

/// A reader that follows the certificate finds its key, also while the commit of a killed run is completed.
#[test]
fn a_completed_commit_has_each_key_before_its_certificate() {
    if !tools() {
        return;
    }
    let stage = Stage::new(&RENEW);
    let calls = strace::calls(&stage.sandbox(), &[], RENEW.command);
    let mut renames = calls.iter().filter(|call| call.name.starts_with("rename"));
    assert!(renames.any(|call| call.text.contains("\"commit-")), "{calls:?}");
    let kill = renames.next().unwrap().fault("signal=SIGKILL", "");
    let sandbox = stage.sandbox();
    assert_eq!(strace::run(&sandbox, &[&kill], RENEW.command).signal, Some(9));

    let trace = Trace::of(&sandbox, RENEW.next);

    let published = trace.renames().filter(|(_, _, to)| !is_below_work(to));
    let names: Vec<&str> =
        published.map(|(_, _, to)| to.file_name().unwrap().to_str().unwrap()).collect();
    for group in RENEW.groups {
        let places = group.iter().map(|file| names.iter().position(|name| name == file));
        let places: Vec<Option<usize>> = places.collect();
        assert!(places[0].is_some() && places.is_sorted(), "{group:?}: {names:?}");
    }
}
