//! No byte of a private key in anything that is said.

use std::collections::HashSet;

use rustls_pki_types::{PrivateKeyDer, pem::PemObject};

use crate::{
    cert::hex,
    sandbox::{Run, Sandbox, fixtures},
};

/// So many octets in a row are no accident.
const ENOUGH: usize = 16;

/// What of some keys must not be seen: every 16 octets in a row, as they are, and in the letters of
/// base64 (however it is aligned) and of hexadecimal.
pub struct Secrets {
    octets: HashSet<Vec<u8>>,
    letters: HashSet<Vec<u8>>,
}

/// 16 octets fill at least so many letters of base64 whose bits are all theirs.
const LETTERS: usize = 20;

impl Secrets {
    /// Of these PEM files.
    pub fn of(keys: &[Vec<u8>]) -> Self {
        let mut secrets = Self { octets: HashSet::new(), letters: HashSet::new() };
        for pem in keys {
            let der = PrivateKeyDer::from_pem_slice(pem).unwrap().secret_der().to_vec();
            secrets.octets.extend(der.windows(ENOUGH).map(<[u8]>::to_vec));
            for text in [hex(&der), hex(&der).to_lowercase()] {
                secrets.letters.extend(text.as_bytes().windows(LETTERS).map(<[u8]>::to_vec));
            }
            for skipped in 0..3 {
                let text = base64(&der[skipped..]);
                secrets.letters.extend(text.as_bytes().windows(LETTERS).map(<[u8]>::to_vec));
            }
        }
        secrets
    }

    /// What of them is seen in the output.
    pub fn leak(&self, run: &Run) -> Option<String> {
        [run.stdout(), run.stderr()].iter().find_map(|text| {
            let raw = text.as_bytes().windows(ENOUGH).find(|part| self.octets.contains(*part));
            // Line breaks would hide base64, and colons hexadecimal.
            let between = |byte: &u8| b" \n\r\t:,\"\\".contains(byte);
            let dense: Vec<u8> = text.bytes().filter(|byte| !between(byte)).collect();
            let typed = dense.windows(LETTERS).find(|part| self.letters.contains(*part));
            raw.or(typed).map(|part| String::from_utf8_lossy(part).into_owned())
        })
    }

    #[track_caller]
    pub fn assert_kept(&self, run: &Run) {
        assert_eq!(self.leak(run), None, "{}{}", run.stdout(), run.stderr());
    }
}

fn base64(octets: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in octets.chunks_exact(3) {
        let bits = u32::from(chunk[0]) << 16 | u32::from(chunk[1]) << 8 | u32::from(chunk[2]);
        for shift in [18, 12, 6, 0] {
            text.push(char::from(ALPHABET[(bits >> shift & 63) as usize]));
        }
    }
    text
}

/// Every key in the directory now.
pub fn secrets(sandbox: &Sandbox) -> Secrets {
    let keys = sandbox.files().into_iter().filter(|file| file.contains(".key"));
    Secrets::of(&keys.map(|file| sandbox.read(&file)).collect::<Vec<_>>())
}

fn run(sandbox: &Sandbox, line: &[&str]) -> Run {
    let mut command = sandbox.command();
    Run::of(command.env("RUST_BACKTRACE", "full").args(line))
}

#[test]
fn the_searcher_finds_what_it_looks_for() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let secrets = secrets(&sandbox);
    for script in [
        "cat server.key",
        "sed 1d server.key | tr -d '\\n' | cut -c 30-70",
        "sed 1d server.key | tr -d '\\n' | cut -c 41-64 >&2",
        "tail -n 2 ca.key >&2",
    ] {
        assert!(secrets.leak(&sandbox.sh(script)).is_some(), "{script}");
    }
    assert_eq!(secrets.leak(&sandbox.run("cat", &["ca.srl"])), None);
}

#[test]
fn no_command_shows_a_key() {
    for key_type in ["rsa:2048", "ecdsa:p256", "ed25519"] {
        let sandbox = Sandbox::new();
        for form in ["text", "json"] {
            for line in [
                &["gen", "--key-type", key_type, "--replace-ca"][..],
                &["gen"],
                &["issue", "redis", "--key-type", key_type],
                &["csr", "app", "--key-type", key_type],
                &["sign", "app.csr", "--usage", "server", "--accept-names"],
                &["sign", "app.key", "--usage", "server", "--name", "x"],
                &["renew"],
                &["renew", "--reuse-key"],
                &["renew", "ca"],
                &["renew", "--dry-run"],
                &["renew", "server", "--exec", "/bin/sh -c 'cat /proc/$PPID/cmdline; env'"],
            ] {
                let before = secrets(&sandbox);
                let run = run(&sandbox, &[&["-o", form], line].concat());
                before.assert_kept(&run);
                secrets(&sandbox).assert_kept(&run);
            }
        }
    }
}

#[test]
fn no_error_shows_a_key() {
    let key = |file: &str| std::fs::read_to_string(fixtures().join(file)).unwrap();
    let good = key("ca/ca.key");
    let cut = good.replace("-----END PRIVATE KEY-----\n", "");
    let half = good[..good.len() / 2].to_owned();
    let broken = [
        cut,
        half,
        good.replace("PRIVATE KEY", "CERTIFICATE"),
        good.replace("PRIVATE KEY", "PUBLIC KEY"),
        good.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
        good.replace("PRIVATE KEY", "MAGIC PRIVATE KEY"),
        good.replace('\n', ""),
        good.replace("-----", "----"),
        good.lines().nth(1).unwrap().to_owned(),
        good.replacen('A', "*", 1),
        good.clone() + &key("ca/other.key"),
    ];
    let all = Secrets::of(
        &["ca/ca.key", "ca/other.key", "keys/rsa1024.key", "keys/rsa-e3.key", "keys/good.key"]
            .map(|file| key(file).into_bytes()),
    );

    let mut contents = broken.to_vec();
    contents.extend(["keys/rsa1024.key", "keys/rsa-e3.key", "ca/other.key"].map(key));
    for content in contents {
        for file in ["ca.key", "ca.pem", "server.pem", "server.key", "ca.srl", "certctl.toml"] {
            let sandbox = Sandbox::new();
            sandbox.put("ca/ca.key", "ca.key");
            sandbox.put("ca/good.pem", "ca.pem");
            sandbox.put("ca/not-a-ca.pem", "server.pem");
            sandbox.put("ca/ca.key", "server.key");
            sandbox.write(file, &content);
            for line in [&["renew"][..], &["-o", "json", "renew", "server", "--reuse-key"]] {
                let run = run(&sandbox, line);
                run.stderr_lacks("panicked");
                all.assert_kept(&run);
            }
        }
    }
}

#[test]
fn a_key_typed_as_an_argument_is_not_a_name() {
    // Pasted by mistake where a name belongs: refused, and nothing is made.
    let sandbox = Sandbox::new();
    let key = std::fs::read_to_string(fixtures().join("ca/ca.key")).unwrap();
    for line in [["gen", "--cn", &key], ["gen", "--san", &key], ["gen", "--subject", &key]] {
        run(&sandbox, &line).code(2);
    }
    assert!(sandbox.files().is_empty());
}
