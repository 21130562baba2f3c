//! Shows what a command answers: its result, its notes and its errors.

use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use zeroize::Zeroizing;

use super::{
    as_typed::as_typed,
    check_report::Checkup,
    json::{document, error_json},
    note::{Level, Note},
    outcome::Outcome,
    output::{Format, OutputOptions},
    terminal::{self, print, to_stderr},
};
use crate::{
    error::{Error, Exit},
    store::{Sensitivity, write_result},
};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// Writes a result in the requested format, and returns the exit code.
pub(crate) fn outcome(outcome: &Outcome, presentation: &OutputOptions) -> Exit {
    let asked_for = presentation.out_file.is_some();
    let silent = presentation.quiet && !asked_for && !outcome.is_itself();
    if outcome.holds_key() && !asked_for && !presentation.asked && terminal::is_terminal() {
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
pub(crate) fn failure(command: &str, error: Error, presentation: &OutputOptions) -> Exit {
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

/// Writes the output of clap: help to standard output, errors to standard error; also as JSON with
/// `-o json`.
pub(crate) fn clap(error: &clap::Error, command: &str, json: bool) -> u8 {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        to_stderr(&[text.trim_end().to_owned()]);
    } else if let Err(error) = print(text.as_bytes()) {
        show_error(&error);
    }
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

fn show_error(error: &Error) {
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

fn deliver(
    content: &[u8],
    presentation: &OutputOptions,
    sensitivity: Sensitivity,
) -> Result<(), Error> {
    let Some(path) = &presentation.out_file else { return print(content) };
    let pki: Vec<&Path> = presentation.pki.iter().map(PathBuf::as_path).collect();
    Ok(write_result(path, content, sensitivity, &pki, &presentation.lock)?)
}
