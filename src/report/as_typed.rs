//! Hints as a user types them: with the flags for the directory in use, quoted for a shell.

use std::{path::PathBuf, sync::OnceLock};

use crate::{
    hint::{Argument, Command, Hint, Part},
    path_text::PathText as _,
};

/// The flags for the directory of the PKI, as given.
static WHERE: OnceLock<String> = OnceLock::new();

/// Keeps the flags for the directory of the PKI, so that hints work as typed.
pub(crate) fn set_where(flags: &[(&'static str, Option<PathBuf>)]) {
    let typed = flags.iter().map(|(flag, path)| match path {
        Some(path) => format!(" {flag} {}", path.typed()),
        None => format!(" {flag}"),
    });
    let _ = WHERE.set(typed.collect());
}

/// A hint whose commands have the flags for the directory in use.
pub(crate) fn as_typed(hint: &Hint) -> String {
    with_flags(hint, flags())
}

/// The program with the flags for the directory in use, for the comments and steps of settings.
pub(crate) fn program() -> String {
    format!("certctl{}", flags())
}

fn flags() -> &'static str {
    WHERE.get().map_or("", String::as_str)
}

/// A text whose commands have no flags, as JSON has it.
pub(crate) fn without_flags(hint: &Hint) -> String {
    with_flags(hint, "")
}

fn with_flags(hint: &Hint, flags: &str) -> String {
    let typed = hint.parts().iter().map(|part| match part {
        Part::Text(text) => text.to_string(),
        Part::Command(command) => format!("certctl{flags}{}", arguments(command)),
    });
    typed.collect()
}

fn arguments(command: &Command) -> String {
    let typed = command.arguments().iter().map(|argument| match argument {
        Argument::Words(words) => format!(" {words}"),
        Argument::Path(path) => format!(" {}", path.typed()),
    });
    typed.collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_command_has_the_flags_and_a_text_has_not() {
        let command = || Command::from("inspect").path(Path::new("a b.pem"));
        let cases = [
            (Hint::command("renew ca"), "certctl -d 'my pki' renew ca"),
            (
                Hint::from("see it: ").run(command()).then("; or wait"),
                "see it: `certctl -d 'my pki' inspect 'a b.pem'`; or wait",
            ),
            (
                "certctl sign alone signs for `certctl renew ca`".into(),
                "certctl sign alone signs for `certctl renew ca`",
            ),
        ];
        for (hint, expected) in cases {
            assert_eq!(with_flags(&hint, " -d 'my pki'"), expected);
        }
    }
}
