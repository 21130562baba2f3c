//! `certctl man [COMMAND]`: a manual page, in roff.

use clap::CommandFactory;
use clap_mangen::Man;

use crate::{cli::Cli, error::Error, report::Outcome};

pub(crate) fn run(command: Option<&str>) -> Result<Outcome, Error> {
    let mut program = Cli::command();
    program.build();
    let page = match command {
        None => program,
        Some(name) => program
            .get_subcommands()
            .find(|subcommand| subcommand.get_name() == name)
            .cloned()
            .ok_or_else(|| {
                let hint = "`certctl --help` lists the commands";
                Error::usage(
                    format!("command `{}` does not exist", name.escape_debug()),
                    Some(hint.into()),
                )
            })?
            .display_name(format!("certctl-{name}")),
    };
    let mut roff = Vec::new();
    Man::new(page).render(&mut roff).map_err(Error::Output)?;
    Ok(Outcome::Document(roff))
}
