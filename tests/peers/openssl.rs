//! OpenSSL: its verdict on certificates and keys, and on connections.

use std::fs;

use crate::{
    peer::{
        KINDS, Server,
        Verdict::{LetIn, Refused},
        ask, have, run, set,
    },
    sandbox::Sandbox,
};

const REQUEST: &str = "GET / HTTP/1.0\r\n\r\n";

#[test]
fn openssl_accepts_each_certificate_for_its_purpose_and_its_names_alone() {
    if !have(&["openssl"]) {
        return;
    }
    let wrong_use = Refused("unsuitable certificate purpose");
    let rows = [
        ("server.pem", LetIn),
        ("client.pem", LetIn),
        ("ca.pem", LetIn),
        ("-x509_strict server.pem", LetIn),
        ("-x509_strict client.pem", LetIn),
        ("-x509_strict -check_ss_sig ca.pem", LetIn),
        ("-x509_strict -purpose sslserver server.pem", LetIn),
        ("-x509_strict -purpose sslclient client.pem", LetIn),
        ("-purpose sslclient server.pem", wrong_use),
        ("-purpose sslserver client.pem", wrong_use),
        ("-verify_hostname localhost server.pem", LetIn),
        ("-verify_ip 127.0.0.1 server.pem", LetIn),
        ("-verify_ip ::1 server.pem", LetIn),
        ("-verify_hostname wrong.example server.pem", Refused("hostname mismatch")),
        ("-verify_hostname a.localhost server.pem", Refused("hostname mismatch")),
        ("-verify_ip 127.0.0.2 server.pem", Refused("IP address mismatch")),
    ];
    for kind in KINDS {
        let sandbox = set(kind);
        for (arguments, verdict) in rows {
            let line = format!("openssl verify -no-CAstore -no-CApath -CAfile ca.pem {arguments}");
            let run = run(&sandbox, &line);
            match verdict {
                LetIn => run.code(0),
                Refused(reason) => run.code(2).stderr_has(reason),
            };
        }
    }
}

#[test]
fn openssl_reads_every_kind_of_key_and_finds_it_sound() {
    if !have(&["openssl"]) {
        return;
    }
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    for kind in ["rsa:2048", "rsa:3072", "rsa:4096", "ecdsa:p256", "ecdsa:p384", "ed25519"] {
        let name = kind.replace(':', "-");
        sandbox.certctl(&format!("issue {name} localhost --key-type {kind}")).code(0);

        let key = format!("-noout -in {name}.key");
        run(&sandbox, &format!("openssl pkey -check {key}")).code(0).stdout_has("Key is valid");
        if kind.starts_with("rsa") {
            run(&sandbox, &format!("openssl rsa -check {key}")).code(0).stdout_has("RSA key ok");
        }
        let of_key = run(&sandbox, &format!("openssl pkey -pubout -in {name}.key"));
        let of_certificate = run(&sandbox, &format!("openssl x509 -noout -pubkey -in {name}.pem"));
        assert_eq!(of_key.code(0).stdout(), of_certificate.code(0).stdout(), "{kind}");
    }
}

#[test]
fn a_ca_of_every_kind_of_key_is_accepted_by_strict_openssl() {
    if !have(&["openssl"]) {
        return;
    }
    for kind in ["rsa:3072", "ecdsa:p384", "ed25519"] {
        let line = "openssl verify -x509_strict -CAfile ca.pem ca.pem server.pem client.pem";
        run(&set(kind), line).code(0);
    }
}

#[test]
fn openssl_and_certctl_take_turns_on_one_ca_srl() {
    if !have(&["openssl"]) {
        return;
    }
    for kind in KINDS {
        let sandbox = set(kind);
        take_turns(&sandbox, 20);
    }
}

#[test]
fn the_turns_go_on_where_a_serial_gets_longer() {
    if !have(&["openssl"]) {
        return;
    }
    for last in ["FD", "FE", "7E", "0FFD", "FFFFFFFE"] {
        let sandbox = only_a_ca();
        sandbox.write("ca.srl", format!("{last}\n"));
        println!("from {last}");
        take_turns(&sandbox, 2);
    }
}

#[test]
fn either_may_begin_where_ca_srl_is_missing() {
    if !have(&["openssl"]) {
        return;
    }
    let sandbox = only_a_ca();
    run(&sandbox, &format!("{SIGN} -CAcreateserial")).code(0);
    take_turns(&sandbox, 2);

    let sandbox = only_a_ca();
    sandbox.certctl("issue first localhost --key-type ecdsa:p256").code(0);
    // 159 random bits, as openssl. Leading zero octets are not written; two of them are rare already.
    let length = sandbox.text("ca.srl").len();
    assert!((37..=41).contains(&length), "{length}");
    take_turns(&sandbox, 2);
}

const SIGN: &str =
    "openssl x509 -req -in other.csr -CA ca.pem -CAkey ca.key -days 1 -out other.crt";

/// A CA without `ca.srl` and leaves, and a request for openssl to sign.
fn only_a_ca() -> Sandbox {
    let sandbox = set("ecdsa:p256");
    for file in ["ca.srl", "server.key", "server.pem", "client.key", "client.pem"] {
        fs::remove_file(sandbox.path(file)).unwrap();
    }
    request(&sandbox);
    sandbox
}

fn request(sandbox: &Sandbox) {
    let line = "openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
                -subj /CN=other -keyout other.secret -out other.csr";
    run(sandbox, line).code(0);
}

/// openssl and certctl sign one after the other; every serial is the one before and one more.
fn take_turns(sandbox: &Sandbox, rounds: usize) {
    request(sandbox);
    let mut last = sandbox.text("ca.srl");
    for round in 0..rounds {
        run(sandbox, &format!("{SIGN} -CAserial ca.srl")).code(0);
        last = assert_next(sandbox, &last, "other.crt");

        let name = format!("new{round}");
        let file = if round % 2 == 0 || !sandbox.path("server.pem").exists() {
            sandbox.certctl(&format!("issue {name} localhost --key-type ecdsa:p256")).code(0);
            format!("{name}.pem")
        } else {
            sandbox.certctl("renew server").code(0);
            "server.pem".to_owned()
        };
        last = assert_next(sandbox, &last, &file);
    }
}

/// `ca.srl` is one above `last`, in openssl's format, and is what the certificate bears.
fn assert_next(sandbox: &Sandbox, last: &str, certificate: &str) -> String {
    let now = sandbox.text("ca.srl");
    assert_eq!(now, format!("{}\n", next(last.trim_end())), "after {certificate}");
    let shown = run(sandbox, &format!("openssl x509 -noout -serial -in {certificate}"));
    assert_eq!(shown.code(0).stdout(), format!("serial={now}"), "{certificate}");
    now
}

/// The number behind this one: upper-case hexadecimal digits, an even count.
fn next(serial: &str) -> String {
    let mut digits: Vec<u8> = serial.bytes().collect();
    for digit in digits.iter_mut().rev() {
        *digit = match *digit {
            b'9' => b'A',
            b'F' => b'0',
            other => other + 1,
        };
        if *digit != b'0' {
            return String::from_utf8(digits).unwrap();
        }
    }
    format!("01{}", String::from_utf8(digits).unwrap())
}

#[test]
fn mutual_tls_between_s_server_and_s_client() {
    if !have(&["openssl"]) {
        return;
    }
    for kind in KINDS {
        let sandbox = set(kind);
        for version in ["tls1_2", "tls1_3"] {
            println!("-{version}");
            let connect = |server: &Server, pair: Option<&str>, name: &str| {
                let pair = pair.map(|pair| format!("-cert {pair}.pem -key {pair}.key"));
                let check =
                    if name.contains(':') || name.starts_with("127") { "ip" } else { "hostname" };
                let line = format!(
                    "openssl s_client -{version} -connect 127.0.0.1:{} -CAfile ca.pem -quiet \
                     -verify_return_error -verify_{check} {name} {}",
                    server.port,
                    pair.unwrap_or_default()
                );
                ask(&sandbox, &line, REQUEST).if_says("200 ok")
            };

            let mutual =
                s_server(&sandbox, "server", "-Verify 1 -verify_return_error -CAfile ca.pem");
            mutual.judge(
                &[
                    (Some("client"), "localhost", LetIn),
                    (Some("client"), "127.0.0.1", LetIn),
                    (Some("client"), "::1", LetIn),
                    (None, "localhost", Refused("peer did not return a certificate")),
                    (Some("server"), "localhost", Refused("unsuitable certificate purpose")),
                    (Some("client"), "wrong.example", Refused("hostname mismatch")),
                    (Some("client"), "127.0.0.2", Refused("IP address mismatch")),
                ],
                |pair, name| connect(&mutual, pair, name),
            );

            let one_way = s_server(&sandbox, "server", "");
            one_way.judge(
                &[
                    (None, "localhost", LetIn),
                    (None, "wrong.example", Refused("hostname mismatch")),
                ],
                |pair, name| connect(&one_way, pair, name),
            );

            let posing = s_server(&sandbox, "client", "");
            posing.judge(
                &[(None, "localhost", Refused("unsuitable certificate purpose"))],
                |pair, name| connect(&posing, pair, name),
            );
        }
    }
}

fn s_server(sandbox: &Sandbox, pair: &str, more: &str) -> Server {
    Server::start(sandbox, |port| {
        format!(
            "openssl s_server -accept 127.0.0.1:{port} -cert {pair}.pem -key {pair}.key -www {more}"
        )
    })
}
