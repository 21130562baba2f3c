//! The syntax in a command line that a POSIX shell would replace or execute.

/// Words that begin a shell builtin or keyword.
const BUILT_IN: [&str; 24] = [
    "!", "{", "[[", ".", "alias", "break", "case", "cd", "eval", "exec", "exit", "export", "for",
    "function", "if", "return", "select", "set", "shift", "source", "trap", "unset", "until",
    "while",
];

/// The first part of a command line that has a meaning for a shell, quotes and backslashes aside.
///
/// `{a,b}` is a word as it is for some shells and several for others, so it counts.
pub(super) fn find(text: &str) -> Option<String> {
    let mut quote = None;
    // The character before, if it belongs to the same word.
    let mut before = None;
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        let is_first = before.is_none();
        before = Some(c);
        match (quote, c) {
            (None | Some('"'), '\\') => {
                characters.next();
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            (None | Some('"'), '$' | '`') => return Some(c.to_string()),
            (None, '\n') => return Some("\\n".to_owned()),
            (None, '|' | '&' | ';' | '<' | '>' | '(' | ')' | '*' | '?' | '[') => {
                return Some(c.to_string());
            }
            (None, '~' | '#') if is_first => return Some(c.to_string()),
            (None, '{') => {
                if let Some(braces) = braces(&text[at..]) {
                    return Some(braces.to_owned());
                }
            }
            (None, c) if c.is_ascii_whitespace() => before = None,
            _ => {}
        }
    }
    first_word(text).map(str::to_owned)
}

/// `{a,b}` or `{1..3}` at the beginning of a text.
fn braces(text: &str) -> Option<&str> {
    let end = text.find(['}', ' ', '\t', '\n', '\'', '"'])?;
    let braces = text[..=end].strip_suffix('}').map(|_| &text[..=end])?;
    (braces.contains(',') || braces.contains("..")).then_some(braces)
}

/// The first word, if it is part of the shell: a keyword, or the assignment of a variable.
fn first_word(text: &str) -> Option<&str> {
    let word = text.split_ascii_whitespace().next()?;
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'_')
    };
    let is_assignment = word.split_once('=').is_some_and(|(name, _)| is_name(name));
    (is_assignment || BUILT_IN.contains(&word)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_would_replace_or_carry_out_is_found() {
        let cases = [
            ("a | b", "|"),
            ("a && b", "&"),
            ("a; b", ";"),
            ("a > f", ">"),
            ("a 2>f", ">"),
            ("a < f", "<"),
            ("a $B", "$"),
            ("a \"$B\"", "$"),
            ("a \"x $(b)\"", "$"),
            ("a `b`", "`"),
            ("a \"`b`\"", "`"),
            ("(a)", "("),
            ("a\nb", "\\n"),
            ("a *.pem", "*"),
            ("a x?", "?"),
            ("a [ab]", "["),
            ("[ -f x ]", "["),
            ("a ~/x", "~"),
            ("a ~", "~"),
            ("~/a", "~"),
            ("a #b", "#"),
            ("a {b,c}.pem", "{b,c}"),
            ("a {1..3}", "{1..3}"),
            ("A=b c", "A=b"),
            ("cd /x", "cd"),
            ("exec a", "exec"),
            ("! a", "!"),
            ("{ a }", "{"),
            ("if a", "if"),
            ("a 'b'*", "*"),
            ("a \\\\*", "*"),
        ];
        for (text, expected) in cases {
            assert_eq!(find(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_a_shell_takes_as_it_is_is_left_alone() {
        for text in [
            "systemctl reload nginx",
            "a '$B `c` * ? [ ~ | & ; < > ( )'",
            "a \"* ? [ ~ | & ; < > ( ) #\"",
            r"a \$B \* \? \[ \~ \| \; \`",
            r#"a "\$B \`c\`""#,
            "a b~ x#y a=b --x=~",
            "docker inspect --format {{.State}} x",
            "a {b}",
            "a cd",
            "/bin/a=b c",
            "sh -c 'cd /x && a *'",
        ] {
            assert_eq!(find(text), None, "{text:?}");
        }
    }
}
