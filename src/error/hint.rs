//! The hint of each error.

use std::path::Path;

use super::Error;
use crate::{
    hint::{Command, Hint},
    issue::error::{MAKE_SECRET, shell},
    path_text::PathText as _,
};

impl Error {
    /// The next step: a flag or a command that works as typed.
    pub(crate) fn hint(&self) -> Option<Hint> {
        let file = |path: &Path| path.typed();
        Some(match self {
            Self::Usage { hint, .. } => return hint.clone(),
            Self::NoInput { .. } => Hint::default()
                .run("inspect")
                .then(" without a name lists the files of the directory; `-d DIR` names another"),
            Self::Loop { path, .. } => Hint::from(format!(
                "all else was read; remove the link if it is not needed: `rm {}`",
                file(path)
            )),
            Self::Secret { .. } => MAKE_SECRET.into(),
            Self::NothingThere { dir, .. } => Hint::from(format!(
                "`ls -la {}` shows what is there; `-r` goes into its directories, too",
                shell(dir)
            )),
            Self::Clock { .. } => "set the clock; `date -u` shows it".into(),
            Self::Refused { file: path, source } => source.hint(&file(path)).into(),
            Self::OtherKey { key, .. } => {
                let name = key.file_stem().unwrap_or_default().to_string_lossy();
                format!("choose another name for the certificate: `--name {name}-2`").into()
            }
            Self::Config(error) => return error.hint(),
            Self::Deploy(error) => return error.hint(),
            Self::Probe { source, .. } => return source.hint().map(Hint::from),
            Self::NoAnchor { .. } => "name the CA that clients trust: `--ca FILE`".into(),
            Self::NothingToCheck { path, .. }
            | Self::NoRevocationList { path }
            | Self::NoRequest { path, .. } => {
                Hint::from("see what is in it: ").run(Command::from("inspect").path(path))
            }
            Self::Admission { .. } => {
                "one subject a line, as in `CN=app,OU=db,OU=eu,O=Example`; `#` begins a comment"
                    .into()
            }
            Self::Store(error) => return error.hint(),
            Self::Issue(error) => return error.hint(),
            Self::Environment { .. } | Self::Output(_) | Self::MakeRequest { .. } => return None,
            _ => return self.hint_on_deployment().or_else(|| self.hint_on_hooks()),
        })
    }

    /// For the hook and the servers after a renewal.
    fn hint_on_hooks(&self) -> Option<Hint> {
        Some(match self {
            Self::Hook(error) => error.hint(),
            Self::NotServed { endpoint, starttls, .. } => {
                let starttls =
                    starttls.map(|protocol| format!(" --starttls {protocol}")).unwrap_or_default();
                Hint::from("reload the service, then compare: ")
                    .run(format!("check --connect {endpoint}{starttls}"))
            }
            Self::Rollback { .. } => {
                Hint::from("fix the service, reload it, then renew again: ").run("renew")
            }
            _ => return None,
        })
    }

    /// For `k8s`, `render` and `export`.
    fn hint_on_deployment(&self) -> Option<Hint> {
        Some(match self {
            Self::Password { .. } => "put a password of printable ASCII characters into the \
                                     first line of a file: `--password-file FILE`"
                .into(),
            Self::KeyOnTerminal => "write it to a file with `--out-file FILE`, or print it with \
                                   `-o yaml`"
                .into(),
            _ => return None,
        })
    }
}
