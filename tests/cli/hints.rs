//! Every hint that is a command works as typed, and ends the error.

use std::{collections::HashSet, fs, path::Path};

use crate::{
    due::expired,
    hint_table::{ROW, Row, commands_of, try_all},
    sandbox::Sandbox,
};

#[test]
fn of_errors() {
    try_all(ERRORS);
}

#[test]
fn every_error_with_a_command_has_a_row() {
    assert_covers_gallery(ERRORS, WITHOUT_ROW);
}

/// Part of an error of the gallery whose hint is not run, and why.
const WITHOUT_ROW: &[(&str, &str)] = &[
    ("because: as the system says it\nhint: run as the owner", "another user"),
    ("it is a FIFO", "it names another directory"),
    (
        "it is empty\nhint: put the file back from a backup; or, if",
        "the hint of an empty certificate",
    ),
    ("hook `reload` ended with exit code 1\nhint: the new", "the row of the hook `false`"),
    ("its DER is malformed", "the hint of an empty file"),
    ("none of its 2 certificates", "it shows how to look for a file"),
    ("a Java keystore (JKS), which certctl does not read\nhint: convert", "needs keytool"),
    ("it is a PKCS#7 file", "needs openssl: tests/peers"),
    ("a cipher that certctl does not support", "needs openssl"),
    ("it is base64 of a Java keystore", "what it decodes is a keystore"),
    ("its password is needed", "needs a password"),
    ("has a private key beside the certificate", "needs openssl: tests/peers"),
    ("is not replaced: it is encrypted", "needs openssl to encrypt a key"),
    ("holds an encrypted private key", "needs openssl to encrypt a key"),
    ("a keyUsage without keyCertSign", "the hint of a certificate that is not a CA"),
    ("expired on 2026-11-22", "needs an expired CA: `what_is_due_under_an_expired_ca_is_named`"),
    ("is not valid before 2026-11-22", "needs another clock"),
    ("was signed by another CA", "needs a CA below another: tests/peers"),
    ("after the year 9999", "it names a flag of each of two commands"),
    ("the clock says", "needs another clock"),
    ("commonName is empty\nhint: correct it", "it names flags without values"),
    ("has a key of type ecdsa:p521, which certctl does not generate", "needs openssl"),
    ("holds the lock", "needs another process"),
    ("cannot be locked", "needs another file system"),
    ("who could exchange what is in it", "another user"),
    ("could point it elsewhere", "another user"),
    ("certctl of that user is running", "another user"),
    ("who would own the new content", "another user"),
    ("has the files of an unfinished run", "certctl makes no such record"),
    ("a commit in `pki` was interrupted", "needs a full disk"),
    ("webpki refuses the new certificate", "`SAN` and `USAGE` depend on the certificate"),
    ("webpki refuses the certificates below", "needs a damaged CA"),
    ("is not a valid configuration", "for an empty directory"),
    ("cannot be probed", "needs a network"),
    ("does not serve the new certificate", "needs a server"),
    ("the old files are restored", "needs a server"),
    ("which hardly any TLS stack takes", "it is for the creator of the CSR"),
    ("has no proof of possession", "it is for the creator of the CSR"),
    ("asks to be a CA", "it is for the creator of the CSR"),
    ("asks to sign certificates", "it is for the creator of the CSR"),
    ("asks for the extension", "it is for the creator of the CSR"),
    ("has no subject and no SAN", "needs openssl to create such a CSR"),
    ("commonName is empty\nhint: give it", "needs openssl to create such a CSR"),
    ("has the key of the CA itself", "it is for the creator of the CSR"),
    ("has the subject of the CA itself", "needs openssl to create such a CSR"),
    ("is DER; services need PEM", "needs openssl"),
    ("a terminal must not show", "needs a terminal"),
    ("does not exist on this system", "needs the right to change the group"),
    ("to group redis", "another user"),
    ("cannot protect a PKCS#12 file", "`FILE` has a password"),
];

const ERRORS: &[Row] = &[
    Row {
        what: "a set is there",
        setup: SET,
        line: "gen --key-type ecdsa:p256",
        error: "already exist",
        fill: &[("HOST", "a.example")],
        then: "check",
    },
    Row {
        what: "the certificate of a set is missing",
        setup: "gen; rm server.pem",
        line: "gen",
        error: "already exist",
        then: "check",
        ..ROW
    },
    Row {
        what: "the key of a set that is gone",
        setup: "gen; rm ca.* client.* server.pem",
        line: "gen",
        error: "already exist",
        then: "check server",
        ..ROW
    },
    Row {
        what: "the CA's certificate is missing",
        setup: "gen; rm ca.pem",
        line: "gen",
        error: "already exist",
        then: "check server",
        ..ROW
    },
    Row {
        what: "the certificate of a plan is missing",
        setup: "printf \"[[certificate]]\\nname = 'web'\\nsan = 'web.example'\\n\" > certctl.toml; gen; rm web.pem",
        line: "gen",
        error: "already exist",
        ..ROW
    },
    Row {
        what: "server and client of a CA elsewhere",
        setup: "gen -d ../ca; certctl --ca ../ca/ca.pem --ca-key ../ca/ca.key gen",
        line: "gen --ca @../ca/ca.pem --ca-key @../ca/ca.key",
        error: "already exist",
        then: "check server --ca @../ca/ca.pem",
        ..ROW
    },
    Row {
        what: "an identity is there",
        setup: SET,
        line: "issue web web.example",
        error: "already exist",
        then: "check web",
        ..ROW
    },
    Row {
        what: "the key of an identity is there",
        setup: WITHOUT_CERTIFICATE,
        line: "issue web web.example",
        error: "already exist",
        ..ROW
    },
    Row {
        what: "an identity without its key",
        setup: WITHOUT_KEY,
        line: "issue web web.example",
        error: "already exist",
        then: "check web",
        ..ROW
    },
    Row {
        what: "an identity of another CA",
        setup: OF_ANOTHER_CA,
        line: "issue web web.example",
        error: "already exist",
        ..ROW
    },
    Row {
        what: "a request of that name",
        setup: "gen; certctl csr web web.example --key-type ecdsa:p256",
        line: "csr web web.example",
        error: "already exist",
        ..ROW
    },
    Row {
        what: "a request for what is issued",
        setup: SET,
        line: "csr web web.example",
        error: "already exist",
        then: "check web",
        ..ROW
    },
    Row {
        what: "a request is signed twice",
        setup: SIGNED,
        line: "sign @web.csr --usage server --accept-names",
        error: "already exist",
        then: "check web",
        ..ROW
    },
    Row {
        what: "a request with the name of another",
        setup: "gen; certctl -d ../other csr server a.example --key-type ecdsa:p256; cp ../other/server.csr .; rm server.key",
        line: "sign @server.csr --usage server --accept-names",
        error: "already exist",
        ..ROW
    },
    Row {
        what: "a request beside another key",
        setup: "gen; certctl -d ../other csr server a.example --key-type ecdsa:p256; cp ../other/server.csr .; rm server.pem",
        line: "sign @server.csr --usage server --accept-names",
        error: "does not belong to CSR",
        ..ROW
    },
    Row {
        what: "no identity has that name",
        setup: SET,
        line: "renew wbe",
        error: "so it cannot be renewed",
        fill: &[("HOST", "a.example")],
        ..ROW
    },
    Row {
        what: "no CA",
        setup: "gen -d ../other",
        line: "issue web a.example",
        error: "no CA in this directory",
        fill: &[("HOST", "localhost"), CA_FILES],
        ..ROW
    },
    Row {
        what: "no CA elsewhere",
        setup: "gen -d ../other",
        line: "issue web a.example --ca @none.pem --ca-key @../other/ca.key",
        error: "none.pem",
        fill: &[("FILE", "@../other/ca.pem")],
        ..ROW
    },
    Row {
        what: "longer than the CA",
        setup: "gen --ca-days 100 --days 50",
        line: "issue web a.example --days 200",
        error: "would expire after its CA",
        ..ROW
    },
    Row {
        what: "longer than the rest of the CA",
        setup: "gen --ca-days 100 --days 50",
        line: "renew server --days 200",
        error: "would expire after its CA",
        ..ROW
    },
    Row {
        what: "longer than the CA, by the plan",
        setup: "gen --ca-days 40 --days 10; printf \"[[certificate]]\\nname = 'server'\\nsan = 'localhost'\\ndays = 90\\n\" > certctl.toml",
        line: "renew server",
        error: "would expire after its CA",
        ..ROW
    },
    Row {
        what: "longer than a CA that is created",
        line: "gen --key-type ecdsa:p256 --ca-days 100 --days 200",
        error: "would expire after its CA",
        ..ROW
    },
    Row {
        what: "files of another CA in a directory of a CA alone",
        setup: "gen; gen --replace-ca --cn x; rm server.* client.*; gen -d ../other; cp ../other/server.* .",
        line: "renew",
        error: "already exist",
        fill: &[CA_FILES],
        ..ROW
    },
    Row {
        what: "an indented certificate",
        setup: "gen; sed -i 's/^/  /' server.pem",
        line: "renew",
        error: "has no usable certificate",
        ..ROW
    },
    Row {
        what: "a certificate with blank lines",
        setup: "gen; sed -i 's/$/\\n/' server.pem",
        line: "renew",
        error: "has no usable certificate",
        ..ROW
    },
    Row {
        what: "blocks without a newline between them",
        setup: "gen; (printf %s \"$(cat server.pem)\"; cat ca.pem) > both; mv both server.pem",
        line: "renew",
        error: "has no usable certificate",
        ..ROW
    },
    Row {
        what: "an empty certificate",
        setup: "gen; : > server.pem",
        line: "renew",
        error: "has no usable certificate",
        fill: &[("HOST", "localhost")],
        ..ROW
    },
    Row {
        what: "a key that does not belong to the certificate",
        setup: "gen; cp client.key server.key",
        line: "renew server --reuse-key",
        error: "does not belong to certificate",
        ..ROW
    },
    Row {
        what: "a key that does not belong to the CA",
        setup: "gen; gen -d ../other; mv ca.key mine; cp ../other/ca.key ca.key",
        line: "renew server",
        error: "does not belong to certificate",
        fill: &[("FILE", "@mine")],
        ..ROW
    },
    Row {
        what: "no such name",
        setup: SET,
        line: "renew web --drop-san a.example",
        error: "has no SAN",
        ..ROW
    },
    Row {
        what: "nothing to inspect",
        setup: SET,
        line: "inspect wbe",
        error: "and no identity has that name",
        ..ROW
    },
    Row {
        what: "nothing to check",
        setup: "gen; mkdir empty",
        line: "check @empty",
        error: "has no certificate to check",
        ..ROW
    },
    Row {
        what: "no serial number",
        setup: "gen; echo x > ca.srl",
        line: "renew",
        error: "holds no serial number",
        ..ROW
    },
    Row {
        what: "no serial number is left",
        setup: "gen; echo 7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF > ca.srl",
        line: "renew",
        error: "holds no serial number",
        ..ROW
    },
    Row {
        what: "a record that is not one",
        setup: "gen; echo / > hook-pending",
        line: "renew --exec true",
        error: "is not a list of pending hooks",
        ..ROW
    },
    Row {
        what: "a hook that fails",
        setup: SET,
        line: "renew web --exec false",
        error: "hook `false`",
        fill: &[("--exec", "--exec true")],
        ..ROW
    },
    Row {
        what: "a directory that others may write",
        setup: "gen; chmod o+w .",
        line: "renew",
        error: "is not safe",
        ..ROW
    },
    Row {
        what: "an export of an identity that does not exist",
        setup: SET,
        line: "export wbe --to tls",
        error: "wbe.pem",
        fill: &[("HOST", "a.example")],
        ..ROW
    },
    Row {
        what: "a symbolic link",
        setup: "gen; mv server.key there; ln -s there server.key",
        line: "renew server",
        error: "is a symbolic link",
        ..ROW
    },
    Row {
        what: "the CA's certificate is lost",
        setup: "gen; mkdir ../other; cp ca.key ../other; mv ca.pem ../other",
        line: "renew server",
        error: "is lost",
        fill: &[CA_FILES],
        ..ROW
    },
    Row {
        what: "the CA's key is lost",
        setup: "gen; mv ca.key mine",
        line: "renew server",
        error: "the private key of the CA is not here",
        fill: &[("FILE", "@mine")],
        ..ROW
    },
    Row {
        what: "the key of a CA elsewhere is lost",
        setup: "gen; gen -d ../other; mv ../other/ca.key mine",
        line: "issue web a.example --ca @../other/ca.pem",
        error: "the private key of the CA is not here",
        fill: &[("FILE", "@mine")],
        ..ROW
    },
    Row {
        what: "a CA that is none",
        setup: "gen; mkdir ../other; mv ca.pem ca.key ../other; cp server.pem ca.pem; cp server.key ca.key",
        line: "renew server",
        error: "is not a CA certificate",
        fill: &[("--ca FILE", "--ca @../other/ca.pem")],
        then: "check server",
    },
    Row {
        what: "a directory in itself",
        setup: "gen; mkdir a; ln -s ../a a/up",
        line: "check -r",
        error: "leads back to",
        ..ROW
    },
    Row {
        what: "another encoding of text",
        setup: "gen; iconv -f UTF-8 -t UTF-16 server.pem > a.pem",
        line: "check @a.pem",
        error: "it is text in UTF-16",
        then: "check @a.pem.utf8",
        ..ROW
    },
    Row {
        what: "line ends as characters",
        setup: "gen; awk '{printf \"%s\\\\n\", $0}' server.pem > a.pem",
        line: "check @a.pem",
        error: "its line ends are the two characters",
        then: "check @a.pem.new",
        ..ROW
    },
    Row {
        what: "what is not issued again",
        setup: "gen; web; mv web.pem web.crt; rm web.key",
        line: "gen --replace-ca --key-type ecdsa:p256",
        error: "is not issued again",
        then: "check web",
        ..ROW
    },
    Row {
        what: "a server without a host",
        line: "gen --key-type ecdsa:p256 --cn 'My Service'",
        error: "is not a host name",
        fill: &[("HOST", "a.example")],
        ..ROW
    },
    Row {
        what: "a certificate of another CA",
        setup: OF_ANOTHER_CA,
        line: "renew web",
        error: "was not signed by this CA",
        fill: &[CA_FILES],
        ..ROW
    },
    Row {
        what: "an old journal",
        setup: "gen; : > .certctl-journal",
        line: "renew server",
        error: "is a journal of certctl 0.1",
        ..ROW
    },
    Row {
        what: "no trust anchor",
        setup: SET,
        line: "check web --ca @none.pem",
        error: "trust anchor",
        fill: &[("FILE", "@ca.pem")],
        ..ROW
    },
    Row {
        what: "a file without a certificate",
        setup: "gen; cp server.key only.pem",
        line: "check @only.pem",
        error: "only.pem` has no certificate to check",
        ..ROW
    },
    Row {
        what: "a file without a CRL",
        setup: SET,
        line: "check web --crl @ca.pem",
        error: "has no CRL",
        ..ROW
    },
    Row {
        what: "a file without a CSR",
        setup: SET,
        line: "sign @web.pem --usage server",
        error: "has no CSR to sign",
        ..ROW
    },
    Row {
        what: "no file of that name",
        setup: SET,
        line: "sign @db.csr --usage server",
        error: "db.csr` cannot be read",
        ..ROW
    },
    Row {
        what: "names that are not approved",
        setup: "gen; certctl -d ../other csr web web.example --key-type ecdsa:p256; cp ../other/web.csr .",
        line: "sign @web.csr --usage server",
        error: "asks for names that are not approved",
        fill: &[("--cn NAME", "--cn web.example"), ("--san NAME", "--san web.example")],
        ..ROW
    },
    Row {
        what: "a result over a key",
        setup: SET,
        line: "k8s secret web -o yaml --out-file @web.key",
        error: "the result is not written to",
        fill: &[("FILE", "@web.yaml")],
        ..ROW
    },
    Row {
        what: "a client that is none",
        setup: "gen; certctl renew client --usage server --san a.example",
        line: "render redis-cli --mutual",
        error: "the certificates do not meet the requirements",
        ..ROW
    },
    Row {
        what: "a pair that does not exist",
        setup: "gen; certctl renew client --usage server --san a.example",
        line: "render redis-cli --mutual --client peer",
        error: "peer.pem` does not exist",
        fill: &[("HOST", "a.example")],
        ..ROW
    },
    Row {
        what: "a client that the plan calls otherwise",
        setup: "printf \"[[certificate]]\\nname = 'server'\\nsan = 'localhost'\\n[[certificate]]\\nname = 'app'\\nsan = 'app.example'\\nusage = 'client'\\n\" > certctl.toml; gen",
        line: "render redis-cli --mutual",
        error: "client.pem` does not exist",
        fill: &[("HOST", "a.example")],
        ..ROW
    },
];

const CA_FILES: (&str, &str) =
    ("--ca FILE --ca-key FILE", "--ca @../other/ca.pem --ca-key @../other/ca.key");
const SET: &str = "gen; web";
const WITHOUT_CERTIFICATE: &str = "gen; web; rm web.pem";
const WITHOUT_KEY: &str = "gen; web; rm web.key";
const OF_ANOTHER_CA: &str =
    "gen; gen -d ../other; cp ../other/server.key web.key; cp ../other/server.pem web.pem";
const SIGNED: &str = "gen; certctl -d ../other csr web web.example --key-type ecdsa:p256; cp ../other/web.csr .; certctl sign web.csr --usage server --accept-names";

#[test]
fn of_certificates_that_are_not_renewed() {
    const DUE: &str = "renew --expires-within 30d";
    const ERROR: &str = "is not renewed";
    let row = |what, setup| Row { what, setup, line: DUE, error: ERROR, ..ROW };
    try_all(&[
        row("certbot's names", "gen; web; mv web.pem fullchain.pem; mv web.key privkey.pem"),
        row(
            "easy-rsa's names",
            "gen; web; mkdir issued private; mv web.pem issued/web.crt; mv web.key private/web.key",
        ),
        row("a name with a space", "gen; web; mv web.pem 'my web.crt'; mv web.key 'my web.pem'"),
        row("a backup", "gen; web; mv web.pem web.pem.bak"),
        row("a backup of both", "gen; web; mv web.pem web.pem.bak; mv web.key web.key.bak"),
        row("another key in its place", "gen; web; mv web.key app.pem; cp client.key web.key"),
        row(
            "keys that were exchanged",
            "gen --days 20; mv client.key x; mv server.key client.key; mv x server.key",
        ),
        row("a copy", "gen; web; cp web.pem web.crt; certctl renew web --days 100"),
        Row {
            error: "its PEM has",
            then: "inspect @old.crt",
            ..row(
                "an indented certificate in another file",
                "gen; web; sed 's/^/ /' web.pem > old.crt; mv web.key old.key; rm web.pem",
            )
        },
        Row {
            error: "its PEM has",
            then: "check web",
            ..row(
                "an indented certificate without a key",
                "gen; web; sed -i 's/^/ /' web.pem; rm web.key",
            )
        },
        Row {
            then: "check web-2",
            ..row(
                "another layout without a key",
                "gen; certctl issue web '*.example.com' --san spiffe://a/b --days 20 --key-type ecdsa:p256; mv web.pem x; rm web.key; certctl issue web a.example --key-type ecdsa:p256; mv x web.crt",
            )
        },
        Row {
            then: "check web-2",
            ..row(
                "a certificate behind that of an identity",
                "gen; web; cat web.pem > x; rm web.*; certctl issue web a.example --key-type ecdsa:p256; cat x >> web.pem; rm x",
            )
        },
        Row {
            then: "renew web --expires-within 1d",
            line: "renew web --expires-within 1d",
            ..row(
                "no key",
                "printf \"[[certificate]]\\nname = 'web'\\nsan = 'web.example'\\ndays = 40\\n\" > certctl.toml; gen; rm web.pem web.key; mv certctl.toml x; web; mv x certctl.toml; rm web.key",
            )
        },
        Row { line: "renew web", ..row("a key that is no key", "gen; web; echo x > web.key") },
        row(
            "another CA signed it",
            "printf \"[[certificate]]\\nname = 'web'\\nsan = 'web.example'\\n\" > certctl.toml; gen; gen -d ../other; cp ../other/server.pem web.pem; cp ../other/server.key web.key",
        ),
        row(
            "another CA signed it, without a key",
            "printf \"[[certificate]]\\nname = 'web'\\nsan = 'web.example'\\n\" > certctl.toml; gen; gen -d ../other; cp ../other/server.pem web.pem; rm web.key",
        ),
    ]);
}

#[test]
fn what_a_hint_moves_away_is_not_read_again() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    for number in ["", "-2", "-3"] {
        sandbox.sh("head -5 server.pem > x; mv x server.pem").code(0);

        let stderr = sandbox.certctl("renew server").code(1).stderr();

        let hint = stderr.lines().find(|line| line.starts_with("hint: ")).unwrap();
        assert!(hint.contains(&format!("`mv server.key archive/server.key{number}`")), "{hint}");
        for command in hint.split('`').skip(1).step_by(2) {
            let command = command.replace("certctl", "\"$CERTCTL\"").replace("HOST", "localhost");
            sandbox.sh(&command).code(0);
        }
        sandbox.certctl("renew --expires-within 30d").code(0).stderr_lacks("archive");
        sandbox.certctl("check -r").code(0);
    }
}

#[test]
fn a_key_is_not_exchanged_with_itself() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    for name in ["a", "b"] {
        let line = format!("issue {name} {name}.example --days 5 --key-type ecdsa:p256");
        sandbox.certctl(&line).code(0);
    }
    sandbox.sh("cat b.pem a.pem > x; mv x a.pem").code(0);

    let run = sandbox.certctl("renew --expires-within 30d");

    run.code(3).stderr_has("`certctl inspect a.pem`").stderr_lacks("`mv ");
}

#[test]
fn renew_ca_is_no_hint_for_another_ca() {
    let sandbox = Sandbox::with_gen("--key-type ed25519");
    let other = Sandbox::with_gen("--key-type ed25519 --ca-cn Other");
    let own = expired(&sandbox, "ca.pem");
    sandbox.write("ca.pem", sandbox.text("ca.pem") + &expired(&other, "ca.pem"));
    sandbox.write("server.pem", sandbox.text("server.pem") + &other.text("server.pem"));

    let run = sandbox.certctl("check server");
    run.code(4).stdout_has("[expired]").stdout_lacks("renew ca");
    sandbox.certctl("check ca").stdout_lacks("renew ca");
    sandbox.certctl("check -r").stdout_lacks("renew ca");

    sandbox.write("ca.pem", own);
    sandbox.certctl("check server").code(4).stdout_has("hint: certctl renew ca\n");
    sandbox.certctl("check ca").code(4).stdout_has("hint: certctl renew ca\n");
}

/// Asserts that each error of the gallery whose hint has a command has a row, or a reason why none can be
/// made. An entry of either is part of the error.
fn assert_covers_gallery(rows: &[Row], without_row: &[(&str, &str)]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/error/gallery.rs");
    let gallery = fs::read_to_string(path).unwrap();
    let shown = gallery.split("\"#]]").next().unwrap();
    let errors: Vec<&str> = shown.split("\nerror: ").skip(1).collect();
    assert!(errors.len() > 100, "the gallery is read");
    let mut used = HashSet::new();
    let mut missing = Vec::new();
    for error in errors {
        let hints = error.lines().filter_map(|line| line.strip_prefix("hint: "));
        let has_command = hints.clone().any(|hint| {
            let is_command = !hint.contains('`') && hint.starts_with("certctl ");
            is_command || (hint.contains('`') && !commands_of(hint).is_empty())
        });
        let reason = without_row.iter().find(|(part, _)| error.contains(part));
        used.extend(reason.map(|(part, _)| *part));
        if has_command && reason.is_none() && !rows.iter().any(|row| error.contains(row.error)) {
            missing.push(error);
        }
    }
    assert!(missing.is_empty(), "no row for the hint of\n\n{}", missing.join("\n"));
    let unused = without_row.iter().find(|(part, _)| !used.contains(part));
    assert!(unused.is_none(), "no such error in the gallery: {unused:?}");
}
