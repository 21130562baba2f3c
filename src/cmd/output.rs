//! The output options of a command: its flags, else the environment.

use std::path::Path;

use crate::{
    cli::{Cli, FORMATS, Global},
    config::{Settings, output_format},
    error::Error,
    report::output::{Format, OutputOptions},
    store::Missing,
};

/// Merges the flags with the environment. A command without the format of the environment prints text.
pub(crate) fn read(cli: &Cli) -> Result<OutputOptions, Error> {
    let Cli { global, command, .. } = cli;
    let format = match (global.output, output_format()) {
        (Some(format), _) if !command.has(format) => return Err(refused(cli, format)),
        (Some(format), _) => format,
        (None, None) => Format::Text,
        (None, Some(text)) => {
            let text = text.to_string_lossy();
            let found = FORMATS.iter().find(|(name, ..)| *name == text);
            let (_, format, _) = *found.ok_or_else(|| {
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

fn refused(cli: &Cli, format: Format) -> Error {
    let named = |has: &dyn Fn(Format) -> bool| {
        let rows = FORMATS.iter().filter(|(_, format, _)| has(*format));
        rows.map(|(name, ..)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    };
    let name = named(&|other| other == format);
    let message = format!("`certctl {}` has no output format {name}", cli.name);
    let all = named(&|format| cli.command.has(format));
    Error::usage(message, Some(format!("use one of {all}").into()))
}
