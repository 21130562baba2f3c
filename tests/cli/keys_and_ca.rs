//! A CA or a key that cannot be used: each has its own message, and nothing is touched.

use std::{fs, os::unix::fs::symlink};

use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::{cert::Cert, sandbox::Sandbox};

const COMMANDS: [&str; 3] = ["renew", "renew server", "issue redis redis.example"];

/// A set below a CA of fixtures, so that there is something to lose.
fn with_set() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.put("ca/ca.key", "ca.key");
    sandbox.put("ca/good.pem", "ca.pem");
    sandbox.certctl("renew --cn localhost --key-type ecdsa:p256").code(0);
    assert_eq!(sandbox.files().len(), 7);
    sandbox
}

#[track_caller]
fn refused(sandbox: &Sandbox, messages: &[&str]) {
    let before = sandbox.digest();
    for command in COMMANDS {
        let run = sandbox.certctl(command);
        run.code(1).stdout_is("").stderr_lacks("panicked");
        for message in messages {
            run.stderr_has(message);
        }
        assert_eq!(sandbox.digest(), before, "{command}: {messages:?}");
    }
}

#[test]
fn a_ca_that_may_not_sign_is_told_why() {
    let cases: [(&str, &[&str]); 5] = [
        (
            "ca/other.pem",
            &["private key `ca.key` does not belong to certificate `ca.pem`", "hint: "],
        ),
        ("ca/not-a-ca.pem", &["`ca.pem` is not a CA certificate", "CA:TRUE", "hint: "]),
        ("ca/may-not-sign.pem", &["`ca.pem` has a keyUsage without keyCertSign", "hint: "]),
        ("ca/expired.pem", &["`ca.pem` expired on 2001-01-01", "hint: ", "certctl renew ca"]),
        ("ca/future.pem", &["`ca.pem` is not valid before 2100-01-01", "hint: ", "clock"]),
    ];

    for (fixture, messages) in cases {
        let sandbox = with_set();
        sandbox.put(fixture, "ca.pem");
        refused(&sandbox, messages);
    }
}

#[test]
fn a_ca_without_key_usage_works_and_is_told() {
    let sandbox = Sandbox::new();
    sandbox.put("ca/ca.key", "ca.key");
    sandbox.put("ca/no-key-usage.pem", "ca.pem");

    for command in ["issue redis --key-type ecdsa:p256", "renew", "renew --dry-run"] {
        sandbox
            .certctl(command)
            .code(0)
            .stderr_has("ca.pem has no keyUsage")
            .stderr_has("hint: certctl renew ca");
    }
}

#[test]
fn a_ca_with_an_odd_name_issues_and_is_the_issuer_byte_for_byte() {
    let cases = ["ou2", "dc3", "multi", "t61", "bmp", "email", "printable", "hostile"];

    for name in cases {
        let sandbox = Sandbox::new();
        sandbox.put("names/ca.key", "ca.key");
        sandbox.put(&format!("names/{name}.pem"), "ca.pem");
        let ca = Cert::read(&sandbox, "ca.pem");

        sandbox.certctl("issue leaf leaf.example --key-type ecdsa:p256").code(0);
        let leaf = Cert::read(&sandbox, "leaf.pem");
        assert_eq!(leaf.issuer(), ca.subject(), "{name}");
        assert_eq!(leaf.serves_below(&ca), Ok(()), "{name}");
        assert_eq!(leaf.issuer_key_id(), ca.key_id(), "{name}");

        sandbox.certctl("renew").code(0).stdout_has("Renewed 1 certificate");
        let leaf = Cert::read(&sandbox, "leaf.pem");
        assert_eq!((leaf.issuer(), leaf.serves_below(&ca)), (ca.subject(), Ok(())), "{name}");

        sandbox.certctl("renew ca").code(0);
        let renewed = Cert::read(&sandbox, "ca.pem");
        assert_eq!((renewed.subject(), renewed.issuer()), (ca.subject(), ca.subject()), "{name}");
        assert_eq!(leaf.serves_below(&renewed), Ok(()), "{name}");
    }
}

#[test]
fn leaves_below_a_ca_with_an_odd_name_are_made_from_it() {
    for name in ["ou2", "dc3", "multi", "t61", "bmp", "email", "printable"] {
        let sandbox = Sandbox::new();
        sandbox.put("names/ca.key", "ca.key");
        sandbox.put(&format!("names/{name}.pem"), "ca.pem");
        let ca = Cert::read(&sandbox, "ca.pem");

        sandbox.certctl("renew --cn db.example").code(0).stdout_has("Made 2 certificates");

        let server = Cert::read(&sandbox, "server.pem");
        assert_eq!(server.issuer(), ca.subject(), "{name}");
        let without_name = |cert: &Cert| {
            let mut attributes = cert.attributes();
            attributes.retain(|(oid, _, _)| oid != "2.5.4.3");
            attributes
        };
        assert_eq!(without_name(&server), without_name(&ca), "{name}");
        assert_eq!(server.names(), ["DNS:db.example"], "{name}");
    }
}

#[test]
fn the_certificate_that_belongs_to_the_key_is_found_in_any_text() {
    let read = |file: &str| fs::read_to_string(crate::sandbox::fixtures().join(file)).unwrap();
    let (good, other, key) = (read("ca/good.pem"), read("ca/other.pem"), read("ca/ca.key"));
    let cases = [
        ("a byte order mark", format!("\u{feff}{good}")),
        ("CRLF", good.replace('\n', "\r\n")),
        ("a preamble", format!("subject=CN = Fixture CA\nissuer=x\n\n{good}")),
        ("text behind it", format!("{good}\nand that was it\n")),
        ("the key first", format!("{key}{good}")),
        ("two certificates", format!("{other}{good}")),
        ("no newline at its end", good.trim_end().to_owned()),
        ("blanks at line ends", good.replace('\n', " \n")),
    ];

    for (case, text) in cases {
        let sandbox = Sandbox::new();
        sandbox.put("ca/ca.key", "ca.key");
        sandbox.write("ca.pem", &text);
        let run = sandbox.certctl("issue leaf leaf.example --key-type ecdsa:p256");
        run.code(0);
        let ca = Cert::all(good.as_bytes()).remove(0);
        assert_eq!(Cert::read(&sandbox, "leaf.pem").serves_below(&ca), Ok(()), "{case}");
        assert_eq!(sandbox.text("ca.pem"), text, "{case}");
    }
}

#[test]
fn a_ca_certificate_in_der_is_read() {
    let sandbox = with_set();
    let ca = Cert::read(&sandbox, "ca.pem");
    sandbox.write("ca.pem", &ca.der);
    sandbox.certctl("renew server").code(0);
    assert_eq!(Cert::read(&sandbox, "server.pem").serves_below(&ca), Ok(()));
}

#[test]
fn every_form_of_the_key_of_a_ca_is_read() {
    let cases = [
        ("good.pem", "good.key", "PKCS#8"),
        ("good.pem", "good.sec1.key", "SEC1"),
        ("good.pem", "good.parameters.key", "SEC1 behind EC PARAMETERS"),
        ("good.pem", "good.der.key", "DER"),
        ("rsa.pem", "rsa.key", "PKCS#8"),
        ("rsa.pem", "rsa.pkcs1.key", "PKCS#1"),
        ("ed25519.pem", "ed25519.key", "PKCS#8"),
    ];

    for (ca, key, form) in cases {
        let sandbox = Sandbox::new();
        sandbox.put(&format!("keys/{ca}"), "ca.pem");
        sandbox.put(&format!("keys/{key}"), "ca.key");
        sandbox
            .certctl("issue leaf leaf.example --key-type ecdsa:p256")
            .code(0)
            .stderr_lacks("warning");
        let ca = Cert::read(&sandbox, "ca.pem");
        assert_eq!(Cert::read(&sandbox, "leaf.pem").serves_below(&ca), Ok(()), "{key}: {form}");
    }
}

#[test]
fn a_key_of_a_kind_that_is_not_used_is_named() {
    let cases: [(&str, &[&str]); 12] = [
        ("encrypted.key", &["encrypted", "openssl pkcs8 -in ca.key"]),
        ("encrypted-sec1.key", &["encrypted", "openssl pkcs8 -topk8 -nocrypt -in ca.key"]),
        ("dsa.key", &["dsa"]),
        ("p521.key", &["ecdsa:p521"]),
        ("secp256k1.key", &["ecdsa:secp256k1"]),
        ("rsa1024.key", &["rsa:1024", "2048, 3072 and 4096"]),
        ("rsa16384.key", &["rsa:16384", "2048, 3072 and 4096"]),
        ("rsa-e3.key", &["exponent 3", "65537"]),
        ("explicit.key", &["spells out its curve", "openssl ec -in ca.key"]),
        ("public.key", &["a public key"]),
        ("good.pem", &["certificate"]),
        ("make.sh", &["neither PEM nor DER"]),
    ];

    for (key, messages) in cases {
        let sandbox = with_set();
        let fixture = if key == "make.sh" { key.to_owned() } else { format!("keys/{key}") };
        sandbox.put(&fixture, "ca.key");
        refused(&sandbox, &[&["`ca.key`"], messages].concat());
    }
}

#[test]
fn a_file_that_is_broken_is_named() {
    let key = Sandbox::text(&with_set(), "ca.key");
    let end = "-----END PRIVATE KEY-----\n";
    let relabelled = key.replace("PRIVATE KEY", "CERTIFICATE");
    let cases = [
        ("ca.key", String::new(), "is empty"),
        ("ca.key", key.replace(end, ""), "-----END PRIVATE KEY-----"),
        ("ca.key", key.replace("PRIVATE KEY", "PUBLIC KEY"), "`ca.key`"),
        ("ca.key", key.replace("PRIVATE KEY", "FUNNY PRIVATE KEY"), "`ca.key`"),
        ("ca.key", key.replacen('M', "!", 1), "`ca.key`"),
        ("ca.key", relabelled.clone(), "`ca.key`"),
        ("ca.pem", String::new(), "it is empty"),
        ("ca.pem", "\n \n".into(), "it is empty"),
        ("ca.pem", "hello\n".into(), "`ca.pem`"),
        ("ca.pem", relabelled, "`ca.pem`"),
        ("ca.pem", key.clone(), "it holds no certificate, but a private key"),
        ("ca.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n".into(), "END"),
        (
            "ca.pem",
            "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n".into(),
            "base64",
        ),
        (
            "ca.pem",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".into(),
            "malformed",
        ),
    ];

    for (file, content, message) in cases {
        let sandbox = with_set();
        sandbox.write(file, content);
        refused(&sandbox, &[&format!("`{file}`"), message]);
    }
}

#[test]
fn what_is_no_file_of_reasonable_size_is_refused_at_once() {
    for file in ["ca.key", "ca.pem", "server.key", "server.pem"] {
        for kind in
            ["a directory", "a FIFO", "a device", "larger than 16777216 bytes", "a dangling link"]
        {
            let sandbox = with_set();
            let path = sandbox.path(file);
            fs::remove_file(&path).unwrap();
            match kind {
                "a directory" => fs::create_dir(&path).unwrap(),
                "a FIFO" => {
                    mknodat(CWD, &path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).unwrap();
                }
                "a device" => symlink("/dev/zero", &path).unwrap(),
                "a dangling link" => symlink("nowhere", &path).unwrap(),
                // Sparse, so it costs nothing.
                _ => fs::File::create(&path).unwrap().set_len(300 << 20).unwrap(),
            }
            let ca = file.starts_with("ca");
            let run = sandbox.certctl(if ca { "renew" } else { "renew server --reuse-key" });
            run.code(1).stderr_has(&format!("`{file}`")).stderr_lacks("panicked");
            if ca && kind != "a dangling link" {
                run.stderr_has(kind);
            }
        }
    }
}

#[test]
fn a_key_that_others_can_read_is_a_warning() {
    let sandbox = with_set();
    for mode in [0o640, 0o604, 0o660] {
        sandbox.set_mode("ca.key", mode);
        sandbox
            .certctl("renew server")
            .code(0)
            .stderr_has(&format!("warning: ca.key has mode {mode:04o}"))
            .stderr_has("hint: chmod 600 ca.key");
    }
    for mode in [0o600, 0o400] {
        sandbox.set_mode("ca.key", mode);
        sandbox.certctl("renew server").code(0).stderr_lacks("warning");
    }
}

#[test]
fn a_missing_key_of_the_ca_is_named() {
    let sandbox = with_set();
    sandbox.remove("ca.key");
    refused(&sandbox, &["`ca.key`", "hint: "]);

    sandbox.put("ca/other.key", "ca.key");
    refused(&sandbox, &["private key `ca.key` does not belong to certificate `ca.pem`"]);
}

#[test]
fn what_webpki_refuses_is_not_published() {
    let sandbox = Sandbox::new();
    sandbox.put("ca/ca.key", "ca.key");
    sandbox.put("ca/constrained.pem", "ca.pem");
    sandbox.certctl("issue good db.allowed.example --key-type ecdsa:p256").code(0);

    for line in [
        "issue bad db.other.example --key-type ecdsa:p256",
        "renew good --san db.other.example",
        "renew good --san db.other.example --reuse-key",
    ] {
        let mut before = sandbox.digest();
        let run = sandbox.certctl(line);
        run.code(1).stderr_has("webpki refuses the new certificate").stderr_has("hint: ");
        let mut after = sandbox.digest();
        // A serial that was taken is not given back.
        before.remove("ca.srl");
        after.remove("ca.srl");
        assert_eq!(after, before, "{line}");
    }
}

#[test]
fn hostile_text_in_the_name_of_a_ca_stays_on_its_line() {
    let sandbox = Sandbox::new();
    sandbox.put("names/ca.key", "ca.key");
    sandbox.put("names/hostile.pem", "ca.pem");
    for line in
        ["renew ca", "renew ca --dry-run", "renew --cn a.example", "issue x", "-o json renew"]
    {
        let run = sandbox.certctl(line);
        run.code(0);
        for text in [run.stdout(), run.stderr()] {
            let hidden = ['\u{1b}', '\u{7}', '\u{202e}', '\u{200b}'];
            assert!(!text.contains(hidden), "{line}: {text:?}");
            assert!(!text.lines().any(|part| part.starts_with("error:")), "{line}: {text}");
        }
    }
}
