//! Paths as text: in messages, and in commands that work as typed.

use std::{
    borrow::Cow,
    fmt::Write,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
};

use pki::{
    input::Location,
    x509::escape::{escape_bytes, escape_line, is_hidden},
};

/// The two text forms of a path. `Path::display` is not used, because it does not escape control characters
/// and line ends in a file name.
pub(crate) trait PathText {
    /// For a message: one line, with hidden characters escaped.
    fn shown(&self) -> String;

    /// For a command: quoted for the shell where necessary. A name with hidden characters is written as
    /// `$'…'`, for bash, ksh and zsh.
    fn typed(&self) -> String;
}

impl PathText for Path {
    fn shown(&self) -> String {
        escape_bytes(self.as_os_str().as_bytes())
    }

    fn typed(&self) -> String {
        // A command would parse it as a flag.
        let before = if self.as_os_str().as_bytes().starts_with(b"-") { "./" } else { "" };
        if let Some(plain) = self.to_str().filter(|path| !path.contains(is_hidden)) {
            return quoted(&format!("{before}{plain}"));
        }
        let mut text = format!("$'{before}");
        for octet in self.as_os_str().as_bytes() {
            match octet {
                b'\'' | b'\\' => text.extend(['\\', char::from(*octet)]),
                b' '..=b'~' => text.push(char::from(*octet)),
                _ => drop(write!(text, "\\x{octet:02x}")),
            }
        }
        text + "'"
    }
}

/// A text without hidden characters, quoted for the shell where necessary.
pub(crate) fn quoted(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), Cow::into_owned)
}

/// A file, and where in it an object is, for a message.
pub(crate) fn place(path: &Path, location: Option<&Location>) -> String {
    let path = escape_line(&path.to_string_lossy());
    location.map_or_else(|| path.clone(), |location| format!("{path}: {location}"))
}

/// The directory of a file.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A path with a suffix after its file name.
pub(crate) fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    path.into()
}

#[cfg(test)]
mod tests {
    use std::{ffi::OsStr, process::Command};

    use super::*;

    #[test]
    fn a_message_stays_on_its_line() {
        let path = Path::new(OsStr::from_bytes(b"a\n::error::\x1b[2J\xff\xe2\x80\xae.pem"));

        assert_eq!(path.shown(), r"a\n::error::\u{1b}[2J\xff\u{202e}.pem");
    }

    #[test]
    fn a_shell_reads_back_what_is_typed() {
        for name in
            [&b"server.pem"[..], b"a b", b"x;touch PWNED", b"-rf", b"it's \"$(id)\" `id`", b"~*?"]
        {
            let path = Path::new(OsStr::from_bytes(name));
            let typed = format!("printf %s {}", path.typed());
            let output = Command::new("sh").args(["-c", &typed]).output().unwrap();

            let expected =
                if name.starts_with(b"-") { [b"./", name].concat() } else { name.to_vec() };
            assert_eq!(output.stdout, expected, "{typed}");
        }
    }

    #[test]
    fn what_is_hidden_is_written_by_its_octets() {
        let path = Path::new(OsStr::from_bytes(b"a'\n\\\x1b\xff"));

        assert_eq!(path.typed(), r"$'a\'\x0a\\\x1b\xff'");
    }
}
