//! One line on standard error explains every exit code over 0, with `-q` too, and CI forms print nothing
//! there that came from a file.

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt};

use crate::sandbox::Sandbox;

/// A directory with a valid pair, one that expires within a year, and a certificate of another CA.
fn mixed() -> Sandbox {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("issue soon soon.example --days 100 --key-type ecdsa:p256").code(0);
    sandbox.certctl("-d other gen --key-type ecdsa:p256").code(0);
    sandbox
}

#[test]
fn every_exit_code_over_0_has_its_line() {
    let sandbox = mixed();
    sandbox.write("broken.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
    let cases = [
        ("check server", 0, ""),
        ("check soon --expires-within 1y", 3, "exit code 3: 1 due\n"),
        ("check other/server.pem", 4, "exit code 4: 1 not valid\n"),
        ("check soon other/server.pem --expires-within 1y", 4, "exit code 4: 1 not valid, 1 due\n"),
        ("inspect soon.pem --expires-within 1y", 3, "exit code 3: 1 due\n"),
        ("inspect other soon.pem --expires-within 200y", 3, "exit code 3: 4 due\n"),
    ];

    for (line, code, said) in cases {
        sandbox.certctl(&format!("{line} -q")).code(code).stdout_is("").stderr_is(said);
        sandbox.certctl(line).code(code).stderr_has(said);
    }
    // An error says why itself.
    let said = sandbox.certctl("inspect broken.pem -q").code(1).stderr();
    assert!(said.starts_with("error: "), "{said}");
    let said = sandbox.certctl("check nothing-here -q").code(1).stderr();
    assert!(said.starts_with("error: "), "{said}");
}

#[test]
fn ci_forms_print_nothing_on_standard_error_that_came_from_a_file() {
    let sandbox = mixed();
    sandbox.write("::error::named.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");
    for form in ["github", "junit", "sarif"] {
        for line in ["check", "check ::error::missing", "check --ca ::error::missing.pem server"] {
            let said = sandbox.certctl(&format!("{line} -o {form}"));

            assert!(said.stderr().starts_with("exit code "), "{line}: {}", said.stderr());
            assert_eq!(said.stderr().lines().count(), 1, "{line}: {}", said.stderr());
            assert!(!said.stderr().contains("::"), "{line}: {}", said.stderr());
            assert!(said.stdout().contains("missing") || line == "check", "{line}");
        }
    }
}

/// Names of files that end a line, clear a terminal, or run a command where a hint is typed.
#[test]
fn hostile_file_names_stay_text_in_every_form() {
    let sandbox = Sandbox::with_gen("-d pki --key-type ecdsa:p256");
    let names: [&[u8]; 6] = [
        b"x\n::error file=main.rs::injected\n.pem",
        b"x\x1b]0;OWNED\x07.pem",
        b"x;touch PWNED;.der",
        b"-rf.pem",
        b"it's \"$(touch PWNED)\".pem",
        b"not\xffutf8\xe2\x80\xae.pem",
    ];
    for name in names {
        let _ = fs::remove_dir_all(sandbox.path("d"));
        fs::create_dir(sandbox.path("d")).unwrap();
        let path = sandbox.path("d").join(OsStr::from_bytes(name));
        for content in [&b"\x30\x82\x01\x00\x02"[..], b"-----BEGIN CERTIFICATE-----\nMIIB\n"] {
            fs::write(&path, content).unwrap();
            for line in ["inspect d", "check d --ca pki/ca.pem"] {
                for form in ["text", "json", "junit", "github", "sarif", "prometheus"] {
                    if line.starts_with("inspect") == matches!(form, "junit" | "github" | "sarif")
                        || line.starts_with("check") == (form == "prometheus")
                    {
                        continue;
                    }
                    let run = sandbox.certctl(&format!("{line} -o {form}"));
                    assert_ne!(run.exit(), 0, "{line} {form}");
                    for text in [run.stdout(), run.stderr()] {
                        let is_hidden = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
                        assert!(
                            form == "json" || !text.contains(is_hidden),
                            "{line} {form}: {text:?}"
                        );
                        let injected = |line: &str| line.starts_with("::error file=main.rs");
                        assert!(!text.lines().any(injected), "{line} {form}: {text}");
                    }
                    run_hints(&sandbox, &run.stderr());
                }
            }
        }
    }
    assert!(!sandbox.path("PWNED").exists());
}

/// Types the commands of hints into a shell.
fn run_hints(sandbox: &Sandbox, stderr: &str) {
    for hint in stderr.lines().filter_map(|line| line.strip_prefix("hint: ")) {
        for command in hint.split('`').skip(1).step_by(2) {
            if command.starts_with("openssl") || command.starts_with("certctl") {
                let command = command.replacen("certctl", "\"$CERTCTL\"", 1);
                sandbox.sh(&format!("({command}) > out.txt 2>&1 || true"));
            }
        }
    }
}
