//! What is not read is named, and the hint makes of it what OpenSSL and certctl read.

use std::fs;

use crate::{
    commons::{Account, Commons, can_switch_users},
    peer::have,
    sandbox::{Sandbox, fixtures},
};

const ROOT: Account = Account { uid: 0, gid: 0 };
const MONITOR: Account = Account { uid: 61_234, gid: 61_234 };

#[test]
fn a_monitor_without_the_right_to_read_keys_gets_its_verdicts() {
    if !can_switch_users() {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let commons = Commons::new();
    for file in ["ca", "server", "client"] {
        commons.take(&sandbox, &format!("{file}.pem"), ROOT, 0o644);
        commons.take(&sandbox, &format!("{file}.key"), ROOT, 0o600);
    }
    for command in ["check", "inspect --expires-within 30d"] {
        let run = commons.certctl(MONITOR, command);
        run.code(0)
            .stdout_has("server.pem")
            .stderr_has("note: this user cannot read 3 private keys");
        assert_eq!(run.stderr().matches("private key").count(), 1, "{}", run.stderr());
    }
    commons.certctl(MONITOR, "check server").code(0).stderr_has("cannot read 1 private key");
    // A certificate that cannot be read is no key.
    commons.take(&sandbox, "server.pem", ROOT, 0o600);
    commons.certctl(MONITOR, "check").code(1).stderr_has("`server.pem` cannot be read");
}

#[test]
fn the_hint_makes_of_it_what_openssl_reads() {
    if !have(&["openssl", "iconv", "base64"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let pem = sandbox.text("server.pem");
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF).chain(pem.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let pkcs7 = |name: &str| fs::read(fixtures().join("intake").join(name)).unwrap();
    let cases = [
        ("utf 16", utf16),
        ("escaped", pem.replace('\n', "\\n").into_bytes()),
        ("bag", pkcs7("pkcs7.pem")),
        ("bag in DER", pkcs7("pkcs7.p7b")),
    ];
    for (file, content) in cases {
        sandbox.write(&format!("d/{file}"), content);
        let openssl = sandbox.run("openssl", &["x509", "-noout", "-in", &format!("d/{file}")]);
        assert_ne!(openssl.exit(), 0, "{file}");
        let run = sandbox.certctl("check d");
        run.code(1).stderr_has(file);
        let said = run.stderr();
        let hint = said.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap();
        let command = hint.split('`').nth(1).unwrap();
        sandbox.sh(command).code(0);
        sandbox.remove(&format!("d/{file}"));
        let made = sandbox.files().into_iter().find(|file| file.starts_with("d/")).unwrap();
        let openssl = sandbox.run("openssl", &["x509", "-noout", "-subject", "-in", &made]);
        openssl.code(0);
        sandbox.certctl_args(&["inspect", &made]).code(0);
        sandbox.remove(&made);
    }
}

#[test]
fn a_cipher_that_is_not_supported_is_named_and_openssl_converts_the_file() {
    if !have(&["openssl"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.write("password", "secret\n");
    let export = "openssl pkcs12 -export -legacy -in server.pem -inkey server.key \
        -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-128 -passout file:password -out old.p12";
    sandbox.sh(export).code(0);
    let run = sandbox.certctl("inspect old.p12 --password-file password");
    run.code(1).stderr_has("a cipher that certctl does not support");
    let said = run.stderr();
    let command = said.split('`').find(|part| part.starts_with("openssl pkcs12")).unwrap();
    sandbox.sh(&format!("{command} -passin file:password")).code(0);
    sandbox.certctl("inspect old.p12.pem").code(0).stdout_has("CN=localhost");
}
