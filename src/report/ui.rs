//! The only place that prints: results to standard output, all else to standard error.

use std::{
    io::{ErrorKind, Write},
    path::Path,
};

use anstyle::{AnsiColor, Style};

use super::{Level, Note, Outcome, document, error_json};
use crate::{
    cli::{ColorWhen, Format},
    config::Presentation,
    error::{Error, Exit},
};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Sets when colours are shown, for everything that is printed.
pub(crate) fn set_color(when: ColorWhen) {
    match when {
        ColorWhen::Auto => anstream::ColorChoice::Auto,
        ColorWhen::Always => anstream::ColorChoice::Always,
        ColorWhen::Never => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// Shows a result in the form asked for, and gives the exit code of it all.
pub(crate) fn show(outcome: &Outcome, presentation: &Presentation) -> Exit {
    if !presentation.quiet {
        outcome.notes().iter().for_each(show_note);
    }
    outcome.errors().into_iter().for_each(show_error);
    let content = match presentation.format {
        Format::Json => outcome.json(),
        Format::Text if presentation.quiet && !matches!(outcome, Outcome::Document(_)) => Vec::new(),
        Format::Text => outcome.text(),
    };
    match deliver(&content, presentation.out_file.as_deref()) {
        Ok(()) => outcome.exit(),
        Err(error) => {
            show_error(&error);
            outcome.exit().worst(error.exit())
        }
    }
}

/// Shows an error that ended a command; as JSON too, where that was asked for.
pub(crate) fn show_failure(command: &str, error: &Error, presentation: &Presentation) -> Exit {
    show_error(error);
    if presentation.format == Format::Json {
        let content = document(command, &serde_json::json!({ "error": error_json(error) }));
        if let Err(error) = deliver(&content, presentation.out_file.as_deref()) {
            show_error(&error);
        }
    }
    error.exit()
}

pub(crate) fn show_error(error: &Error) {
    let mut text = format!("{ERROR}error:{ERROR:#} {error}\n");
    for cause in error.causes() {
        text.push_str(&format!("  because: {cause}\n"));
    }
    if let Some(hint) = error.hint() {
        text.push_str(&format!("{NOTE}hint:{NOTE:#} {hint}\n"));
    }
    to_stderr(&text);
}

fn show_note(note: &Note) {
    let (label, style) = match note.level {
        Level::Warning => ("warning", WARNING),
        Level::Note => ("note", NOTE),
    };
    let mut text = format!("{style}{label}:{style:#} {}\n", note.message);
    if let Some(hint) = &note.hint {
        text.push_str(&format!("{NOTE}hint:{NOTE:#} {hint}\n"));
    }
    to_stderr(&text);
}

fn to_stderr(text: &str) {
    // Where standard error cannot be written, there is nobody left to tell.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

fn deliver(content: &[u8], out_file: Option<&Path>) -> Result<(), Error> {
    if let Some(path) = out_file {
        return crate::ca::store::write_result(path, content);
    }
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(content).and_then(|()| stdout.flush()) {
        // Whoever closed the pipe (`| head -1`) has read enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(Error::Output),
    }
}
