//! The output options of a command: its flags, else the environment.

use std::path::Path;

use crate::{
    cli::{Command, Global},
    config::{Settings, output_format},
    error::Error,
    report::output::{Format, OutputOptions},
    store::Missing,
};

/// Merges the flags with the environment. A command without the format of the environment prints text.
pub(crate) fn read(global: &Global, command: &Command) -> Result<OutputOptions, Error> {
    let format = match (global.output, output_format()) {
        (Some(format), _) if !command.has(format) => return Err(refused(command, format)),
        (Some(format), _) => format,
        (None, None) => Format::Text,
        (None, Some(text)) => {
            let text = text.to_string_lossy();
            let format = Format::ALL.into_iter().find(|format| format.name() == text);
            let format = format.ok_or_else(|| {
                let message = format!(
                    "`{text}` is not an output format; every command has `text` and `json`"
                );
                Error::Environment { variable: "CERTCTL_OUTPUT", message }
            })?;
            if command.has(format) { format } else { Format::Text }
        }
    };
    Ok(OutputOptions { format, out_file: global.out_file.clone(), ..plain(global) })
}

/// On standard output, in the format of a flag.
pub(crate) fn plain(global: &Global) -> OutputOptions {
    let settings = Settings::without_config(&global.flags());
    let mut pki = vec![settings.store.dir().to_owned()];
    pki.extend(settings.ca.certificate.parent().map(Path::to_owned));
    OutputOptions {
        format: global.output.unwrap_or(Format::Text),
        asked: global.output.is_some(),
        out_file: None,
        pki,
        lock: settings.lock_options(Missing::Refuse),
        quiet: global.quiet,
    }
}

fn refused(command: &Command, format: Format) -> Error {
    let message = format!("`certctl {}` has no output format `{}`", command.name(), format.name());
    Error::usage(message, Some(format!("use one of {}", command.formats()).into()))
}
