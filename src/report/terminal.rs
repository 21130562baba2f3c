//! The only place that prints: results to standard output, all else to standard error.

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use anstream::AutoStream;
use indicatif::{ProgressBar, ProgressStyle};
use zeroize::Zeroizing;

use super::output::ColorWhen;
use crate::{error::Error, issue::apply::Count};

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

/// Whether standard output is a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
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

/// Writes lines to standard error.
pub(super) fn to_stderr(lines: &[String]) {
    // If standard error cannot be written, no output is left for the error.
    let _ = writeln!(anstream::stderr().lock(), "{}", lines.join("\n"));
}

/// Writes a result to standard output.
pub(super) fn print(content: &[u8]) -> Result<(), Error> {
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
