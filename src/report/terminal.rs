//! The only place that prints: results to standard output, all else to standard error.

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use zeroize::Zeroizing;

use super::{
    Level, Note, Outcome, as_typed,
    check_report::Checkup,
    document, error_json,
    output::{ColorWhen, Format, OutputOptions},
};
use crate::{
    error::{Error, Exit},
    issue::apply::Count,
    store::{Sensitivity, write_result},
};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Shorter work shows no progress.
const PATIENCE: Duration = Duration::from_millis(300);
const TICK: Duration = Duration::from_millis(100);

/// Sets whether the output has colours.
pub(crate) fn set_color(when: ColorWhen) {
    match when {
        ColorWhen::Auto => anstream::ColorChoice::Auto,
        ColorWhen::Always => anstream::ColorChoice::Always,
        ColorWhen::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// The columns of the terminal; `None` if standard output is not a terminal.
pub(crate) fn width() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(io::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Writes a result in the requested format, and returns the exit code.
pub(crate) fn show(outcome: &Outcome, presentation: &OutputOptions) -> Exit {
    let asked_for = presentation.out_file.is_some();
    let silent = presentation.quiet && !asked_for && !outcome.is_itself();
    if outcome.holds_key() && !asked_for && !presentation.asked && io::stdout().is_terminal() {
        show_error(&Error::KeyOnTerminal);
        return Error::KeyOnTerminal.exit();
    }
    let content = match presentation.format {
        Format::Text if silent => Vec::new(),
        format => outcome.render(format),
    };
    let content = Zeroizing::new(content);
    let delivered = deliver(&content, presentation, outcome.sensitivity());
    // Notes on a result that is missing are of no use.
    let is_there = delivered.is_ok() || !outcome.is_itself();
    // A CI server reads both streams, so its report alone has the notes and errors.
    let is_for_ci = presentation.format.is_for_ci();
    if !presentation.quiet && is_there && !is_for_ci {
        outcome.notes().iter().for_each(show_note);
    }
    let errors = outcome.errors();
    let is_explained = !is_for_ci && errors.iter().any(|error| error.exit() == outcome.exit());
    if !is_for_ci {
        errors.into_iter().for_each(show_error);
    }
    if let (false, Some(reason)) = (is_explained, outcome.reason()) {
        to_stderr(&[format!("{ERROR}exit code {}:{ERROR:#} {reason}", outcome.exit() as u8)]);
    }
    delivered.map_or_else(
        |error| {
            show_error(&error);
            outcome.exit().worst(error.exit())
        },
        |()| outcome.exit(),
    )
}

/// Writes an error that ended a command, in the format of the report if that is for programs.
pub(crate) fn show_failure(command: &str, error: Error, presentation: &OutputOptions) -> Exit {
    let exit = error.exit();
    let content = match presentation.format {
        Format::Json => {
            show_error(&error);
            document(command, &serde_json::json!({ "error": error_json(&error) }))
        }
        format if format.is_for_ci() && command == "check" => {
            let outcome = Outcome::Checked(Box::new(Checkup::failed(error)));
            to_stderr(&[format!(
                "{ERROR}exit code {}:{ERROR:#} the report has the error",
                exit as u8
            )]);
            outcome.render(format)
        }
        _ => {
            show_error(&error);
            return exit;
        }
    };
    if let Err(error) = deliver(&content, presentation, Sensitivity::Public) {
        show_error(&error);
    }
    exit
}

/// Asks for a new password, twice, without an echo.
///
/// Only if standard input is a terminal: a script or a cron job would wait forever.
pub(crate) fn ask_new_password(prompt: &str) -> Result<Zeroizing<String>, Error> {
    if !io::stdin().is_terminal() {
        return Err(Error::usage(
            "no terminal to ask for the password",
            Some(
                "put it into the first line of a file of mode 0600: `--password-file FILE`".into(),
            ),
        ));
    }
    let ask = |prompt: &str| {
        let typed = rpassword::prompt_password(prompt).map(Zeroizing::new);
        typed.map_err(|error| Error::usage(format!("no password was read: {error}"), None))
    };
    let password = ask(prompt)?;
    if *ask("Once more: ")? == *password {
        Ok(password)
    } else {
        Err(Error::usage("the passwords differ", Some("run the command again".into())))
    }
}

/// Progress of long work, which a terminal shows after a moment. Ends when dropped.
pub(crate) struct Progress {
    done: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Progress {
    /// Shows `what` on standard error once the work takes longer than [`PATIENCE`]; nothing where
    /// standard error is not a terminal, or with `--quiet`.
    pub(crate) fn on(what: &'static str, quiet: bool) -> Self {
        let bar = move || styled(ProgressBar::no_length(), "{spinner} {msg}").with_message(what);
        Self::shown(quiet, bar, None)
    }

    /// As [`Progress::on`], with the number of finished items and their rate: the work counts them.
    pub(crate) fn counting(what: &'static str, count: &Arc<AtomicUsize>, quiet: bool) -> Self {
        let template = "{spinner} {human_pos} {msg} ({per_sec:0})";
        let bar = move || styled(ProgressBar::no_length(), template).with_message(what);
        let count = Arc::clone(count);
        Self::shown(quiet, bar, Some(Box::new(move || count.load(Ordering::Relaxed))))
    }

    /// As [`Progress::on`], with the number of finished items of all, their rate, and the remaining
    /// time.
    pub(crate) fn of(what: &'static str, total: usize, count: &Arc<Count>, quiet: bool) -> Self {
        let template = "{wide_bar} {human_pos} of {human_len} {msg}, {per_sec:1}, {eta} left";
        let bar = move || styled(ProgressBar::new(total as u64), template).with_message(what);
        let count = Arc::clone(count);
        Self::shown(quiet, bar, Some(Box::new(move || count.done.load(Ordering::Relaxed))))
    }

    fn shown(
        quiet: bool,
        bar: impl FnOnce() -> ProgressBar + Send + 'static,
        count: Option<Box<dyn Fn() -> usize + Send>>,
    ) -> Self {
        if quiet || !io::stderr().is_terminal() {
            return Self { done: None, thread: None };
        }
        let (done, ended) = mpsc::channel::<()>();
        let thread = thread::spawn(move || {
            let running = |time| ended.recv_timeout(time) == Err(mpsc::RecvTimeoutError::Timeout);
            // Its clock starts with the work, so the rate is right as soon as it is shown.
            let bar = bar();
            let mut patience = PATIENCE;
            while running(patience) {
                if let Some(count) = &count {
                    bar.set_position(count() as u64);
                }
                bar.tick();
                patience = TICK;
            }
            bar.finish_and_clear();
        });
        Self { done: Some(done), thread: Some(thread) }
    }
}

/// A bar in ASCII, which every terminal shows.
fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    let style = ProgressStyle::with_template(template);
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style.progress_chars("#>-").tick_chars("|/-\\ "))
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Writes the output of clap: help to standard output, errors to standard error; also as JSON with
/// `-o json`.
pub(crate) fn show_clap(error: &clap::Error, command: &str, json: bool) -> u8 {
    let _ = error.print();
    let exit = u8::try_from(error.exit_code()).unwrap_or(2);
    if json && error.use_stderr() {
        let text = error.to_string();
        // The lines above the usage, as one line.
        let first = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        let message = first.split_whitespace().collect::<Vec<_>>().join(" ");
        let error =
            serde_json::json!({ "message": message, "causes": [], "hint": null, "exit": exit });
        if let Err(error) = print(&document(command, &serde_json::json!({ "error": error }))) {
            show_error(&error);
        }
    }
    exit
}

pub(crate) fn show_error(error: &Error) {
    let mut lines = vec![format!("{ERROR}error:{ERROR:#} {error}")];
    lines.extend(error.causes().iter().map(|cause| format!("  because: {cause}")));
    // One hint a line, so that each can be copied.
    let hint = error.hint().map(|hint| as_typed(&hint)).unwrap_or_default();
    lines.extend(hint.lines().map(|hint| format!("{NOTE}hint:{NOTE:#} {hint}")));
    to_stderr(&lines);
}

fn show_note(note: &Note) {
    let (label, style) = match note.level {
        Level::Warning => ("warning", WARNING),
        Level::Note => ("note", NOTE),
    };
    let mut lines = vec![format!("{style}{label}:{style:#} {}", as_typed(&note.message))];
    lines.extend(note.hint.iter().map(|hint| format!("{NOTE}hint:{NOTE:#} {}", as_typed(hint))));
    to_stderr(&lines);
}

fn to_stderr(lines: &[String]) {
    // If standard error cannot be written, no output is left for the error.
    let _ = writeln!(anstream::stderr().lock(), "{}", lines.join("\n"));
}

fn deliver(
    content: &[u8],
    presentation: &OutputOptions,
    sensitivity: Sensitivity,
) -> Result<(), Error> {
    let Some(path) = &presentation.out_file else { return print(content) };
    let pki: Vec<&Path> = presentation.pki.iter().map(PathBuf::as_path).collect();
    Ok(write_result(path, content, sensitivity, &pki, &presentation.lock)?)
}

fn print(content: &[u8]) -> Result<(), Error> {
    // In one piece: colours are taken out before, and not line by line.
    let stdout = io::stdout();
    let mut plain = AutoStream::new(Vec::new(), AutoStream::choice(&stdout));
    let mut stdout = stdout.lock();
    let written = plain.write_all(content).and_then(|()| stdout.write_all(&plain.into_inner()));
    match written.and_then(|()| stdout.flush()) {
        // The reader that closed the pipe (`| head -1`) has read enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Error::Output),
    }
}
