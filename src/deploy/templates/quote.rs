//! How each language of the templates writes a value so that nothing in it can break out.

use std::fmt::Write;

use minijinja::value::{Value, ValueKind};
use pki::x509::escape::escape_line;

/// The language of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Yaml,
    /// YAML in which Docker Compose replaces `$NAME`.
    Compose,
    Json,
    Python,
    /// A POSIX shell.
    Shell,
    /// redis.conf: double quotes, with `\xHH`.
    RedisConf,
    /// NAME=VALUE lines, read by a shell, by Docker Compose and by `docker run --env-file`, which all
    /// quote otherwise: values that need quotes are refused.
    Env,
    /// A unit of systemd: double quotes, `%%` for `%`; `$` is a variable in the words of a command.
    Systemd,
    /// The command of a crontab: words of a shell in which `%` is `\%`.
    Crontab,
}

impl Dialect {
    /// By the path of the template.
    pub(super) fn of(template: &str) -> Option<Self> {
        let file = template.rsplit('/').next()?;
        Some(match file.rsplit_once('.')?.1 {
            "yaml" if file == "compose.yaml" => Self::Compose,
            "yaml" => Self::Yaml,
            "json" => Self::Json,
            "py" => Self::Python,
            "sh" => Self::Shell,
            "conf" => Self::RedisConf,
            "env" => Self::Env,
            "service" => Self::Systemd,
            "crontab" => Self::Crontab,
            _ => return None,
        })
    }

    /// A value as it stands in the filled template: texts quoted, numbers and truth values as the
    /// language writes them, lists in brackets where it has them (words of a shell otherwise).
    pub(super) fn quote(self, value: &Value) -> Result<String, String> {
        match value.kind() {
            ValueKind::String => self.text(value.as_str().unwrap_or_default()),
            ValueKind::Number => Ok(value.to_string()),
            ValueKind::Bool => Ok(self.truth(value.is_true()).to_owned()),
            ValueKind::Seq => {
                let items = value.try_iter().map_err(|error| error.to_string())?;
                let items: Vec<String> =
                    items.map(|item| self.quote(&item)).collect::<Result<_, _>>()?;
                Ok(match self {
                    // A list is the words of a command, in which a variable begins with `$`.
                    Self::Systemd => items.join(" ").replace('$', "$$"),
                    Self::Shell | Self::RedisConf | Self::Env | Self::Crontab => items.join(" "),
                    _ => format!("[{}]", items.join(", ")),
                })
            }
            kind => Err(format!("a value of kind {kind} cannot be written as {self:?}")),
        }
    }

    fn truth(self, value: bool) -> &'static str {
        match (self, value) {
            (Self::Python, true) => "True",
            (Self::Python, false) => "False",
            (Self::RedisConf, true) => "yes",
            (Self::RedisConf, false) => "no",
            (_, true) => "true",
            (_, false) => "false",
        }
    }

    fn text(self, text: &str) -> Result<String, String> {
        Ok(match self {
            Self::Yaml | Self::Json | Self::Python => double_quoted(text, self),
            Self::Compose => double_quoted(text, self).replace('$', "$$"),
            Self::Shell => shlex::try_quote(text)
                .map_err(|_| format!("`{}` holds a NUL", escape_line(text)))?
                .into_owned(),
            Self::RedisConf => redis_conf(text),
            Self::Systemd => systemd(text),
            Self::Crontab => crontab(text),
            Self::Env => {
                let plain = |c: char| c.is_ascii_alphanumeric() || "._-/:,@+%=".contains(c);
                if !text.chars().all(plain) {
                    let text = escape_line(text);
                    return Err(format!(
                        "`{text}` cannot stand in a file of environment variables"
                    ));
                }
                text.to_owned()
            }
        })
    }
}

/// In double quotes, all but printable ASCII escaped. `{{` does not stand there as such, should the text
/// go through another engine of templates (not so where YAML is parsed first, as by helm's `tpl`: what
/// is rendered for such a chart refuses it).
fn double_quoted(text: &str, dialect: Dialect) -> String {
    let mut quoted = String::from("\"");
    let mut last = ' ';
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '{' if last == '{' => quoted.push_str("\\u007b"),
            ' '..='~' => quoted.push(c),
            _ if (c as u32) <= 0xFFFF => {
                let _ = write!(quoted, "\\u{:04x}", c as u32);
            }
            _ if dialect == Dialect::Json => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(quoted, "\\u{unit:04x}");
                }
            }
            _ => {
                let _ = write!(quoted, "\\U{:08x}", c as u32);
            }
        }
        last = c;
    }
    quoted.push('"');
    quoted
}

/// As `sdssplitargs` of Redis reads it.
fn redis_conf(text: &str) -> String {
    let mut quoted = String::from("\"");
    for octet in text.bytes() {
        match octet {
            b'"' | b'\\' => quoted.extend(['\\', octet as char]),
            b' '..=b'~' => quoted.push(octet as char),
            _ => {
                let _ = write!(quoted, "\\x{octet:02x}");
            }
        }
    }
    quoted.push('"');
    quoted
}

/// As `extract_first_word` of systemd reads it, with and without C escapes: a backslash before a quote or a
/// backslash means that character in both.
fn systemd(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"").replace('%', "%%");
    format!("\"{escaped}\"")
}

/// Whether no shell and no unit of systemd sees more in it than a word.
fn is_plain(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/:,@+=".contains(c);
    !text.is_empty() && text.chars().all(is_plain)
}

/// A word for `sh` behind cron, which turns `%` into a newline and `\%` into `%`. What it makes of two
/// backslashes differs from cron to cron, so a backslash is written by `printf`.
fn crontab(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    // In this order: what takes the place of one has none of the next.
    let quotes = text.replace('\'', r#"'"'"'"#);
    let escaped = quotes.replace('\\', r#"'"$(printf '\134')"'"#).replace('%', r"\%");
    format!("'{escaped}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_stays_one_value() {
        let hostile = "a\"b\\c\nd{{e}} #$f 'g\u{85}\u{1F600}";
        let cases = [
            (Dialect::Yaml, r#""a\"b\\c\u000ad{\u007be}} #$f 'g\u0085\U0001f600""#),
            (Dialect::Compose, r#""a\"b\\c\u000ad{\u007be}} #$$f 'g\u0085\U0001f600""#),
            (Dialect::Json, r#""a\"b\\c\u000ad{\u007be}} #$f 'g\u0085\ud83d\ude00""#),
            (Dialect::Python, r#""a\"b\\c\u000ad{\u007be}} #$f 'g\u0085\U0001f600""#),
            (Dialect::RedisConf, r#""a\"b\\c\x0ad{{e}} #$f 'g\xc2\x85\xf0\x9f\x98\x80""#),
        ];
        for (dialect, expected) in cases {
            assert_eq!(dialect.quote(&Value::from(hostile)).unwrap(), expected, "{dialect:?}");
        }
        let words = Dialect::Shell.quote(&Value::from(hostile)).unwrap();
        assert_eq!(shlex::split(&words).unwrap(), [hostile]);
        assert!(Dialect::Env.quote(&Value::from(hostile)).is_err());
        let hostile = "a b%c$d\"e\\f'g%%\\%";
        let cases = [
            (Dialect::Systemd, Value::from(hostile), r#""a b%%c$d\"e\\f'g%%%%\\%%""#),
            (Dialect::Systemd, Value::from(vec![hostile]), r#""a b%%c$$d\"e\\f'g%%%%\\%%""#),
            (
                Dialect::Crontab,
                Value::from(vec![hostile, "b"]),
                r#"'a b\%c$d"e'"$(printf '\134')"'f'"'"'g\%\%'"$(printf '\134')"'\%' b"#,
            ),
        ];
        for (dialect, value, expected) in cases {
            assert_eq!(dialect.quote(&value).unwrap(), expected, "{dialect:?}");
        }
        assert_eq!(Dialect::Env.quote(&Value::from("/a-b/c.pem")).unwrap(), "/a-b/c.pem");
    }

    #[test]
    fn lists_and_truth_are_written_as_the_language_has_them() {
        let list = Value::from(vec!["a b", "c"]);
        assert_eq!(Dialect::Yaml.quote(&list).unwrap(), r#"["a b", "c"]"#);
        assert_eq!(Dialect::Shell.quote(&list).unwrap(), "'a b' c");
        assert_eq!(Dialect::Python.quote(&Value::from(true)).unwrap(), "True");
        assert_eq!(Dialect::RedisConf.quote(&Value::from(false)).unwrap(), "no");
    }
}
