//! What `export` hands on, before those who read it: keystores in five libraries, and services that
//! run as a user of their own.

mod hand_on;

use std::process::Command;

use crate::{
    peer::{Reply, ask, ask_words, fixture, have, installed, run, set},
    sandbox::{Run, Sandbox},
};

const CERTCTL: &str = env!("CARGO_BIN_EXE_certctl");

/// A set with keystores of both pairs. Its password has what shells and URLs trip over.
fn with_keystores(kind: &str) -> Sandbox {
    let sandbox = set(kind);
    sandbox.write("word", "s p&c'i\"a$l%20\n");
    for name in ["server", "client"] {
        let line = format!("export {name} --p12 {name}.p12 --password-file word");
        sandbox.certctl(&line).code(0);
    }
    sandbox
}

/// The kinds of key that keystores are made of.
const KINDS: [&str; 3] = ["rsa:2048", "ecdsa:p256", "ed25519"];

#[test]
fn openssl_opens_a_keystore_and_finds_what_the_files_hold() {
    if !have(&["openssl"]) {
        return;
    }
    for kind in KINDS {
        let sandbox = with_keystores(kind);
        let open = |more: &str| {
            run(&sandbox, &format!("openssl pkcs12 -in server.p12 -passin file:word {more}"))
        };
        open("-noout").code(0);
        // How it is protected; without `-legacy`.
        open("-info -noout")
            .stderr_has("MAC: sha256, Iteration 100000")
            .stderr_has("Shrouded Keybag: PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmac");

        for (part, file) in [
            ("-nocerts -noenc", "server.key"),
            ("-nokeys -clcerts", "server.pem"),
            ("-nokeys -cacerts", "ca.pem"),
        ] {
            let reader = if file.ends_with("key") { "pkey" } else { "x509" };
            sandbox.write("found", open(part).code(0).stdout());
            let [found, kept] = ["found", file]
                .map(|file| run(&sandbox, &format!("openssl {reader} -in {file}")).stdout());
            assert_eq!(found, kept, "{kind}: {part}");
        }
        open("-nocerts -noenc").stdout_has("friendlyName: server\n");
        run(&sandbox, "openssl pkcs12 -in server.p12 -passin pass:other -noout").code(1);
    }
}

#[test]
fn java_opens_a_keystore_and_needs_nothing_else_for_mutual_tls() {
    if !have(&["keytool", "java", "javac"]) {
        return;
    }
    let classes = Sandbox::new();
    classes.run("javac", &["-d", ".", &fixture("export/Keystore.java")]).code(0);
    let java = |sandbox: &Sandbox, files: &[&str]| {
        let mut command = Command::new("java");
        command.arg("-cp").arg(classes.dir()).args(["Keystore", "word"]).args(files);
        Run::of(command.current_dir(sandbox.dir()))
    };
    for (kind, algorithm) in KINDS.into_iter().zip(["RSA", "EC", "EdDSA"]) {
        let sandbox = with_keystores(kind);
        java(&sandbox, &["server.p12"])
            .code(0)
            .stdout_is(&format!("ca: trusted\nserver: {algorithm} key, chain of 2\n"));
        let keytool = "keytool -list -keystore server.p12 -storepass:file word";
        let said = run(&sandbox, keytool);
        said.code(0).stdout_has("Your keystore contains 2 entries");
        for part in ["trustedCertEntry", "PrivateKeyEntry", "ca, ", "server, "] {
            said.stdout_has(part);
        }
        // Java's TLS signs with no Ed25519 key.
        if kind != "ed25519" {
            java(&sandbox, &["server.p12", "client.p12"]).code(0).stdout_is("answer: ping\n");
        }
    }
}

#[test]
fn python_opens_a_keystore_and_finds_what_the_files_hold() {
    let Some(python) = installed("venv/bin/python", "cryptography") else { return };
    let program = fixture("export/keystore.py");
    for kind in KINDS {
        let sandbox = with_keystores(kind);
        for name in ["server", "client"] {
            let [p12, pem, key] = ["p12", "pem", "key"].map(|end| format!("{name}.{end}"));
            let files = [&program, "word", &p12, &pem, &key, "ca.pem"];
            sandbox.run(python.to_str().unwrap(), &files).code(0).stdout_is("ok\n");
        }
    }
}

#[test]
fn certtool_opens_a_keystore_and_finds_the_key() {
    if !have(&["certtool"]) {
        return;
    }
    for kind in KINDS {
        let sandbox = with_keystores(kind);
        let password = format!("--password={}", sandbox.text("word").trim_end());
        let open = ["certtool", "--p12-info", "--inder", "--infile", "server.p12", &password];
        let Reply { content, text } = ask_words(&sandbox, &open, "");
        assert!(content, "{kind}: {text}");
        for name in ["Friendly name: server", "Friendly name: ca", "Friendly name: CN=localhost"] {
            assert!(text.contains(name), "{kind}: {name}: {text}");
        }

        let begin = text.find("-----BEGIN ENCRYPTED PRIVATE KEY").unwrap();
        sandbox.write("locked.key", &text[begin..]);
        let tell = |words: &[&str]| sandbox.run("certtool", words).code(0).stdout();
        let unlocked = tell(&["--key-info", "--pkcs8", &password, "--infile", "locked.key"]);
        // GnuTLS 3.7 opens an Ed25519 key, and tells nothing of it.
        if kind != "ed25519" {
            let key_id = |told: String| {
                told.lines().find(|line| line.contains("sha256:")).unwrap().to_owned()
            };
            let own = key_id(tell(&["--key-info", "--infile", "server.key"]));
            assert_eq!(key_id(unlocked), own, "{kind}");
        }
    }
}

#[test]
fn nss_takes_a_keystore_into_its_database() {
    if !have(&["certutil", "pk12util"]) {
        return;
    }
    // Ed25519 is too young for it.
    for kind in ["rsa:2048", "ecdsa:p256"] {
        let sandbox = with_keystores(kind);
        std::fs::create_dir(sandbox.path("db")).unwrap();
        run(&sandbox, "certutil -N -d sql:db --empty-password").code(0);
        run(&sandbox, "pk12util -i server.p12 -d sql:db -w word").code(0);
        run(&sandbox, "certutil -K -d sql:db").code(0);
        let said = ask(&sandbox, "certutil -L -d sql:db", "");
        // `u`: there is a key to it. NSS goes by the certificate's own name.
        assert!(said.text.contains("CN=localhost") && said.text.contains("u,u,u"), "{}", said.text);
    }
}

/// Not every user keeps passwords in files.
#[test]
fn a_password_is_typed_twice_and_not_shown() {
    if !have(&["python3", "openssl"]) {
        return;
    }
    let sandbox = set("ecdsa:p256");
    let typed = |first: &str, second: &str| {
        let program = fixture("export/type_passwords.py");
        let line = [&program, first, second, CERTCTL, "export", "server", "--p12", "server.p12"];
        sandbox.run("python3", &line)
    };

    typed("a secret", "a secrets")
        .code(2)
        .stdout_has("the passwords differ")
        .stdout_lacks("a secret");
    assert!(!sandbox.path("server.p12").exists());

    let shown = typed("a secret", "a secret");
    shown.code(0).stdout_has("Exported server to server.p12").stdout_lacks("a secret");
    let open = ["pkcs12", "-in", "server.p12", "-passin", "pass:a secret", "-noout"];
    sandbox.run("openssl", &open).code(0);
}
