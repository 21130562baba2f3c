//! NSS, the library of Firefox: certutil's verdict, and a server of its own.

use std::fs;

use crate::{
    peer::{
        Reply, Server,
        Verdict::{LetIn, Refused},
        ask, each_kind, have, run,
    },
    sandbox::Sandbox,
};

#[test]
fn certutil_accepts_each_certificate_for_its_purpose_alone() {
    if !have(&["certutil"]) {
        return;
    }
    // V is a TLS server, C a client, L a CA.
    let rows = [
        ("ca", "L", LetIn),
        ("server", "V", LetIn),
        ("client", "C", LetIn),
        ("server", "C", Refused("Certificate type not approved for application")),
        ("client", "V", Refused("Certificate type not approved for application")),
    ];
    each_kind(|set| {
        database(set, "db");
        for name in ["server", "client"] {
            run(set, &format!("certutil -A -d sql:db -n {name} -t ,, -i {name}.pem")).code(0);
        }
        for (name, usage, verdict) in rows {
            let reply = ask(set, &format!("certutil -V -e -d sql:db -n {name} -u {usage}"), "");
            let expected = match verdict {
                LetIn => "certificate is valid",
                Refused(reason) => reason,
            };
            assert!(reply.text.contains(expected), "{name} as {usage}: {}", reply.text);
        }
    });
}

#[test]
fn mutual_tls_between_selfserv_and_tstclnt() {
    if !have(&["certutil", "pk12util", "selfserv", "tstclnt", "curl", "openssl"]) {
        return;
    }
    each_kind(|set| {
        database(set, "none");
        set.write("password", "x\n");
        set.write("empty", "");
        for name in ["server", "client"] {
            database(set, name);
            for line in [
                format!(
                    "openssl pkcs12 -export -in {name}.pem -inkey {name}.key -name {name} \
                     -passout file:password -out {name}.p12"
                ),
                format!("pk12util -i {name}.p12 -d sql:{name} -w password -k empty"),
            ] {
                run(set, &line).code(0);
            }
        }
        // A second -r: a client without a certificate is refused.
        let mutual = serve(set, "server", "-r -r");
        mutual.judge(
            &[
                (Some("client"), "localhost", LetIn),
                (Some("client"), "127.0.0.1", LetIn),
                (None, "localhost", Refused("SSL_ERROR_RX_CERTIFICATE_REQUIRED_ALERT")),
                (
                    Some("server"),
                    "localhost",
                    Refused("Failed to load a suitable client certificate"),
                ),
                (Some("client"), "wrong.example", Refused("SSL_ERROR_BAD_CERT_DOMAIN")),
            ],
            |pair, name| connect(set, &mutual, pair, name),
        );
        // NSS's own client does not even show a certificate of the wrong sort; curl does.
        mutual.judge(
            &[
                (Some("client"), "localhost", LetIn),
                (Some("server"), "localhost", Refused("Certificate type not approved")),
            ],
            |pair, _| curl(set, &mutual, pair.unwrap()),
        );
        let posing = serve(set, "client", "");
        posing.judge(
            &[(None, "localhost", Refused("SEC_ERROR_INADEQUATE_CERT_TYPE"))],
            |pair, name| connect(set, &posing, pair, name),
        );
    });
}

/// A database that trusts ca.pem for both ends.
fn database(sandbox: &Sandbox, name: &str) {
    fs::create_dir(sandbox.path(name)).unwrap();
    run(sandbox, &format!("certutil -N -d sql:{name} --empty-password")).code(0);
    run(sandbox, &format!("certutil -A -d sql:{name} -n ca -t CT,, -i ca.pem")).code(0);
}

fn serve(sandbox: &Sandbox, pair: &str, more: &str) -> Server {
    Server::start(sandbox, |port| {
        format!("selfserv -d sql:{pair} -n {pair} -p {port} -v -V tls1.2:tls1.3 {more}")
    })
}

fn connect(sandbox: &Sandbox, server: &Server, pair: Option<&str>, name: &str) -> Reply {
    let pair = pair.map_or("-d sql:none".to_owned(), |pair| format!("-d sql:{pair} -n {pair}"));
    let line = format!(
        "tstclnt -h 127.0.0.1 -a {name} -p {} -V tls1.2:tls1.3 -A request {pair}",
        server.port
    );
    // From standard input it would wait for more.
    sandbox.write("request", "GET / HTTP/1.0\r\n\r\n");
    ask(sandbox, &line, "").if_says("200 OK")
}

fn curl(sandbox: &Sandbox, server: &Server, pair: &str) -> Reply {
    let line = format!(
        "curl -sS --noproxy * --cacert ca.pem --cert {pair}.pem --key {pair}.key \
         https://localhost:{}/",
        server.port
    );
    ask(sandbox, &line, "").if_says("GET /")
}
