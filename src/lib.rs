//! certctl: issues, renews and checks the TLS certificates of a private CA.
//!
//! The library exists for the program: [`run`] is its only interface.

mod cli;
mod cmd;
mod config;
mod deploy;
mod error;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzzing;
mod hint;
mod hook;
mod issue;
mod parallel;
mod path_text;
mod probe;
mod report;
mod store;

use std::{ffi::OsString, process::ExitCode};

use time::OffsetDateTime;

use cli::{Cli, Command};
use config::Settings;
use error::Error;
use report::{Outcome, output::OutputOptions, show, terminal};

/// Runs one command line, the program's name first, and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match cli::parse(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let command = cli::command_name(&arguments);
            let json = config::asks_for_json(&arguments);
            return ExitCode::from(show::clap(&error, &command, json));
        }
    };
    terminal::set_color(cli.global.color);
    report::set_where(&config::place_flags(&cli.global.flags()));
    let plain = cmd::output::plain(&cli.global);
    let exit = match cmd::output::read(&cli) {
        Err(error) => show::failure(&cli.name, error, &plain),
        Ok(presentation) => match answer(&cli, &presentation, now()) {
            Ok(outcome) => show::outcome(&outcome, &presentation),
            Err(error) => show::failure(&cli.name, error, &presentation),
        },
    };
    ExitCode::from(exit as u8)
}

/// Calls the function of a command.
fn answer(cli: &Cli, shown: &OutputOptions, now: OffsetDateTime) -> Result<Outcome, Error> {
    let settings = || Settings::read(&cli.global.flags());
    if cli.global.ca.len() > 1 && !matches!(cli.command, Command::Check(_)) {
        return Err(Error::usage("`--ca` was given twice: only `check` trusts several CAs", None));
    }
    match &cli.command {
        Command::Init => cmd::init::run(&Settings::without_config(&cli.global.flags())),
        Command::Gen(args) => cmd::r#gen::run(args, &settings()?, now),
        Command::Issue(args) => cmd::issue::run(args, &settings()?, now),
        Command::Renew(args) => cmd::renew::run(args, &settings()?, now),
        Command::Csr(args) => cmd::csr::run(args, &settings()?),
        Command::Sign(args) => cmd::sign::run(args, &settings()?, now),
        Command::Status(args) => cmd::status::run(args, &settings()?, shown, now),
        Command::Inspect(args) => cmd::inspect::run(args, &settings()?, shown, now),
        Command::Check(args) if args.names_its_files(&cli.global) => {
            cmd::check::run(args, &Settings::read_for_named_files(&cli.global.flags())?, now)
        }
        Command::Check(args) => cmd::check::run(args, &settings()?, now),
        Command::Explain { rule } => cmd::explain::run(rule.as_deref(), shown),
        Command::K8s { manifest } => cmd::k8s::run(manifest, &settings()?, shown, now),
        Command::Render { service } => cmd::render::run(service, &settings()?, now),
        Command::Export(args) => cmd::export::run(args, &settings()?, now),
        Command::Completions { shell } => Ok(cmd::completions::run(*shell)),
        Command::Man { command } => cmd::man::run(command.as_deref()),
        Command::Version => Ok(Outcome::Version),
    }
}

/// The current time in whole seconds, as certificates have it.
fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.replace_nanosecond(0).unwrap_or(now)
}
