//! Every hint that is a command works as typed, and ends the error.

use crate::{
    due::expired,
    hint_table::{ROW, Row, try_all},
    sandbox::Sandbox,
};

#[test]
#[expect(clippy::too_many_lines, reason = "a table is long")]
fn of_errors() {
    try_all(&[
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
    ]);
}

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
