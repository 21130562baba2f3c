//! Hints with OpenSSL, typed into a shell as they stand; and OpenSSL reads what they make.

use crate::{
    hint_table::{ROW, Row, try_all},
    peer::have,
    sandbox::Sandbox,
};

#[test]
fn hints_with_openssl_work_as_typed() {
    if !have(&["openssl"]) {
        return;
    }
    try_all(&[Row {
        what: "a key in the file of the certificate and in its own",
        setup: "gen; cat server.key >> server.pem",
        line: "renew server",
        error: "has a private key beside the certificate",
        ..ROW
    }]);
}

/// Each form that OpenSSL does not read, after the commands of its hint.
#[test]
fn openssl_reads_a_pem_file_that_a_hint_has_rewritten() {
    if !have(&["openssl"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let pem = sandbox.text("server.pem");
    let ca = sandbox.text("ca.pem");
    let forms = [
        ("indented", pem.replace('\n', "\n   ").replacen("-----BEGIN", "  -----BEGIN", 1)),
        ("blank lines", pem.replace('\n', "\n\n")),
        ("text before BEGIN", format!("cert: {pem}")),
        ("a header", pem.replacen("CERTIFICATE-----\n", "CERTIFICATE-----\nX-Name: a\n\n", 1)),
        ("carriage returns", pem.replace('\n', "\r")),
        ("joined", format!("{}{ca}", pem.trim_end())),
    ];
    for (what, content) in forms {
        sandbox.write("server.pem", content);
        let openssl = ["crl2pkcs7", "-nocrl", "-certfile", "server.pem", "-out", "bag"];
        let before = sandbox.run("openssl", &["x509", "-noout", "-in", "server.pem"]).status() != 0
            || sandbox.run("openssl", &openssl).status() != 0;
        assert!(before, "{what}: OpenSSL reads it");
        let stderr = sandbox.certctl("renew server --reuse-key").code(1).stderr();
        let hint =
            stderr.lines().find_map(|line| line.strip_prefix("hint: rewrite it in the usual"));
        let hint = hint.unwrap_or_else(|| panic!("{what}: {stderr}"));

        for command in hint.split('`').skip(1).step_by(2) {
            sandbox.sh(command).code(0);
        }

        sandbox.run("openssl", &["x509", "-noout", "-in", "server.pem"]).code(0);
        sandbox.run("openssl", &openssl).code(0);
        sandbox.certctl("inspect server.pem").code(0);
        sandbox.certctl("renew server --reuse-key --dry-run").code(0);
    }
}
