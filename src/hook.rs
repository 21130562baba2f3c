//! The command of `--exec`: it runs without a shell, after everything is published.

mod shell_syntax;

use std::{
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::hint::Hint;

/// certctl kills a hook that runs longer.
const LIMIT: Duration = Duration::from_secs(300);
/// The maximum size of the names of one run, in octets: Linux allows 128 KiB for a variable.
const NAMES: usize = 100 << 10;
/// The interval at which certctl checks whether the hook has ended.
const POLL: Duration = Duration::from_millis(5);

/// A command and its arguments, split as a shell splits words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hook {
    text: String,
    program: String,
    arguments: Vec<String>,
}

/// A hook that failed.
#[derive(Debug, thiserror::Error)]
#[error("hook `{command}` {outcome}")]
pub(crate) struct HookError {
    pub(crate) command: String,
    pub(crate) outcome: String,
    /// `--rollback` has restored old files since.
    pub(crate) is_rolled_back: bool,
}

impl HookError {
    /// The next step.
    pub(crate) fn hint(&self) -> Hint {
        if self.is_rolled_back {
            return "the old files are in place again; fix the cause, and the next run renews \
                   again"
                .into();
        }
        "the new files are in place; fix the cause, and the next run with `--exec` runs the hook \
        again"
            .into()
    }
}

impl Hook {
    /// Splits the words. What a shell would replace or execute (pipes, `&&`, `$VARIABLES`, `*`, `~`,
    /// substitution) is refused where it is not quoted for a shell, because the program would get it as
    /// plain text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Some(syntax) = shell_syntax::find(text) {
            return Err(format!(
                "`{syntax}` is for a shell, and `--exec` starts none; to start one: `--exec {}`",
                in_shell(text)
            ));
        }
        let mut words = shlex::split(text)
            .ok_or_else(|| "a quote is not closed, or a backslash ends the command".to_owned())?
            .into_iter();
        match words.next() {
            Some(program) if !program.is_empty() => {
                Ok(Self { text: text.to_owned(), program, arguments: words.collect() })
            }
            _ => Err("it has no program".to_owned()),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Runs it with standard input closed and the names in `CERTCTL_RENEWED`, for at most five minutes. More
    /// names than a variable can have are given to several runs, as by `xargs`.
    pub(crate) fn run(&self, renewed: &[String]) -> Result<(), HookError> {
        batches(renewed).iter().try_for_each(|names| self.run_once(names))
    }

    fn run_once(&self, names: &str) -> Result<(), HookError> {
        let failed = |outcome: String| HookError {
            command: self.text.clone(),
            outcome,
            is_rolled_back: false,
        };
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .env("CERTCTL_RENEWED", names)
            .stdin(Stdio::null())
            // Its output is not our result.
            .stdout(std::io::stderr())
            .process_group(0)
            .spawn()
            .map_err(|error| failed(format!("could not be started: {error}")))?;

        let until = Instant::now() + LIMIT;
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < until => thread::sleep(POLL),
                Ok(None) => {
                    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
                        // It may have ended in this instant.
                        let _ = kill_process_group(group, Signal::KILL);
                    }
                    let _ = child.wait();
                    return Err(failed(format!(
                        "did not end within {} s and was killed",
                        LIMIT.as_secs()
                    )));
                }
                Err(error) => return Err(failed(format!("cannot be awaited: {error}"))),
            }
        };
        match (status.code(), status.signal()) {
            (Some(0), _) => Ok(()),
            (Some(code), _) => Err(failed(format!("ended with exit code {code}"))),
            (None, signal) => {
                Err(failed(format!("was terminated by signal {}", signal.unwrap_or_default())))
            }
        }
    }
}

/// The names, separated by spaces, in texts of at most [`NAMES`] octets.
fn batches(names: &[String]) -> Vec<String> {
    let mut batches = vec![String::new()];
    for name in names {
        match batches.last_mut() {
            Some(last) if last.is_empty() => last.push_str(name),
            Some(last) if last.len() + 1 + name.len() <= NAMES => last.extend([" ", name]),
            _ => batches.push(name.clone()),
        }
    }
    batches
}

/// The command in a shell of its own, quoted as one word: `"sh -c 'a | b'"`.
fn in_shell(text: &str) -> String {
    let script = shlex::try_quote(text).unwrap_or_default();
    let command = format!("sh -c {script}");
    if text.contains('!') {
        // In double quotes, an interactive shell replaces it with a line of its history.
        return shlex::try_quote(&command).unwrap_or_default().into_owned();
    }
    let escaped = |c: char| {
        let is_special = matches!(c, '"' | '\\' | '$' | '`');
        is_special.then_some('\\').into_iter().chain([c])
    };
    format!("\"{}\"", command.chars().flat_map(escaped).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        let hook = Hook::parse(r#"systemctl reload "my service" 'a b' c\ d ''"#).unwrap();

        assert_eq!(hook.program, "systemctl");
        assert_eq!(hook.arguments, ["reload", "my service", "a b", "c d", ""]);
    }

    #[test]
    fn what_only_a_shell_could_do_is_refused_outside_quotes() {
        for text in ["a | b", "a $B", "'a", "a \"", "", "''"] {
            assert!(Hook::parse(text).is_err(), "{text:?}");
        }
        for text in ["sh -c 'a | b; $C'", "a '$B'", r"a \$B", "a \"x;y\""] {
            assert!(Hook::parse(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn the_hint_is_the_same_command_in_a_shell() {
        for text in ["a | b", "a $B", "a `b` \"c\"", r"a \* *", "a 'b c' && d", "a! | 'b'", "a\n$b"]
        {
            let word = in_shell(text);
            // As the shell that reads the command line takes it.
            let words = shlex::split(&word).unwrap();
            assert_eq!(words.len(), 1, "{word}");
            let hook = Hook::parse(&words[0]).unwrap();
            assert_eq!((&*hook.program, &*hook.arguments), ("sh", &["-c".into(), text.into()][..]));
        }
        assert_eq!(in_shell("a | b"), "\"sh -c 'a | b'\"");
    }

    #[test]
    fn a_hook_that_fails_says_how() {
        let error = Hook::parse("sh -c 'exit 7'").unwrap().run(&["server".into()]).unwrap_err();
        assert!(error.to_string().ends_with("ended with exit code 7"), "{error}");

        let error = Hook::parse("/nonexistent/program").unwrap().run(&[]).unwrap_err();
        assert!(error.to_string().contains("could not be started"), "{error}");
    }
}
