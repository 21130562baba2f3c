//! `certctl completions SHELL`: a completion script.

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::{cli::Cli, report::Outcome};

pub(crate) fn run(shell: Shell) -> Outcome {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "certctl", &mut script);
    Outcome::Document(script)
}
