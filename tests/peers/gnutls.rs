//! GnuTLS: certtool's verdict, and connections between gnutls-serv and gnutls-cli.

use crate::{
    peer::{
        Reply, Server,
        Verdict::{LetIn, Refused},
        ask, each_kind, have,
    },
    sandbox::Sandbox,
};

const SERVER_AUTH: &str = "--verify-purpose=1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH: &str = "--verify-purpose=1.3.6.1.5.5.7.3.2";

#[test]
fn certtool_accepts_each_certificate_for_its_purpose_and_its_names_alone() {
    if !have(&["certtool"]) {
        return;
    }
    let rows = [
        ("ca.pem", "", LetIn),
        ("server.pem", SERVER_AUTH, LetIn),
        ("client.pem", CLIENT_AUTH, LetIn),
        ("server.pem", CLIENT_AUTH, Refused("does not match the intended purpose")),
        ("client.pem", SERVER_AUTH, Refused("does not match the intended purpose")),
        ("server.pem", "--verify-hostname=localhost", LetIn),
        ("server.pem", "--verify-hostname=127.0.0.1", LetIn),
        ("server.pem", "--verify-hostname=::1", LetIn),
        ("server.pem", "--verify-hostname=wrong.example", Refused("does not match the expected")),
    ];
    each_kind(|set| {
        for (file, argument, verdict) in rows {
            let line = format!(
                "certtool --verify --verify-profile=medium --load-ca-certificate ca.pem \
                 --infile {file} {argument}"
            );
            let said = ask(set, &line, "").text;
            let expected = match verdict {
                LetIn => "Chain verification output: Verified. The certificate is trusted.",
                Refused(reason) => reason,
            };
            assert!(said.contains(expected), "{file} {argument}: {said}");
        }
    });
}

#[test]
fn mutual_tls_between_gnutls_serv_and_gnutls_cli() {
    if !have(&["gnutls-serv", "gnutls-cli"]) {
        return;
    }
    each_kind(|set| {
        let mutual = serve(set, "server", "--require-client-cert --verify-client-cert");
        mutual.judge(
            &[
                (Some("client"), "localhost", LetIn),
                (Some("client"), "127.0.0.1", LetIn),
                (Some("client"), "::1", LetIn),
                (None, "localhost", Refused("Certificate is required")),
                (Some("client"), "wrong.example", Refused("does not match the expected")),
            ],
            |pair, name| connect(set, &mutual, pair, name),
        );

        let one_way = serve(set, "server", "--disable-client-cert");
        one_way.judge(
            &[(None, "localhost", LetIn), (None, "wrong.example", Refused("does not match"))],
            |pair, name| connect(set, &one_way, pair, name),
        );

        let posing = serve(set, "client", "--disable-client-cert");
        posing.judge(
            &[(None, "localhost", Refused("does not match the intended purpose"))],
            |pair, name| connect(set, &posing, pair, name),
        );
    });
}

fn serve(sandbox: &Sandbox, pair: &str, more: &str) -> Server {
    Server::start(sandbox, |port| {
        format!(
            "gnutls-serv --echo -p {port} --x509cafile ca.pem \
             --x509certfile {pair}.pem --x509keyfile {pair}.key {more}"
        )
    })
}

fn connect(sandbox: &Sandbox, server: &Server, pair: Option<&str>, name: &str) -> Reply {
    let pair = pair.map(|pair| format!("--x509certfile {pair}.pem --x509keyfile {pair}.key"));
    let line = format!(
        "gnutls-cli -p {} --x509cafile ca.pem --verify-hostname={name} 127.0.0.1 {}",
        server.port,
        pair.unwrap_or_default()
    );
    ask(sandbox, &line, "knock knock\n").if_says("knock knock")
}
