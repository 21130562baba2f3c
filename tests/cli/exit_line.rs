//! One line on standard error explains every exit code over 0, with `-q` too, and CI forms print nothing
//! there that came from a file.

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
    for form in ["github", "junit"] {
        for line in ["check", "check ::error::missing", "check --ca ::error::missing.pem server"] {
            let said = sandbox.certctl(&format!("{line} -o {form}"));

            assert!(said.stderr().starts_with("exit code "), "{line}: {}", said.stderr());
            assert_eq!(said.stderr().lines().count(), 1, "{line}: {}", said.stderr());
            assert!(!said.stderr().contains("::"), "{line}: {}", said.stderr());
            assert!(said.stdout().contains("missing") || line == "check", "{line}");
        }
    }
}
