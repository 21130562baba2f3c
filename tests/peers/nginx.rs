//! nginx with `ssl_verify_client on`, and curl.

use std::{fs, path::Path};

use crate::{
    peer::{
        Reply, Server,
        Verdict::{LetIn, Refused},
        ask, each_kind, have,
    },
    sandbox::Sandbox,
};

#[test]
fn nginx_lets_the_client_pair_in_and_curl_knows_the_server() {
    if !have(&["nginx", "curl"]) {
        return;
    }
    each_kind(|set| {
        let mutual = serve(set, "server", "ssl_client_certificate ca.pem; ssl_verify_client on;");
        mutual.judge(
            &[
                (Some("client"), "localhost", LetIn),
                (Some("client"), "127.0.0.1", LetIn),
                (None, "localhost", Refused("No required SSL certificate was sent")),
                (Some("server"), "localhost", Refused("unsuitable certificate purpose")),
                (
                    Some("client"),
                    "wrong.example",
                    Refused("no alternative certificate subject name matches"),
                ),
            ],
            |pair, name| connect(set, &mutual, pair, name),
        );

        let one_way = serve(set, "server", "");
        one_way.judge(
            &[
                (None, "localhost", LetIn),
                (None, "127.0.0.1", LetIn),
                (None, "wrong.example", Refused("no alternative certificate subject name matches")),
            ],
            |pair, name| connect(set, &one_way, pair, name),
        );

        let posing = serve(set, "client", "");
        posing.judge(
            &[(None, "localhost", Refused("unsuitable certificate purpose"))],
            |pair, name| connect(set, &posing, pair, name),
        );
    });
}

pub fn serve(sandbox: &Sandbox, pair: &str, more: &str) -> Server {
    let dir = sandbox.dir();
    Server::start(sandbox, |port| {
        let home = format!("nginx-{port}");
        fs::create_dir(sandbox.path(&home)).unwrap();
        let file = format!("{home}/nginx.conf");
        sandbox.write(&file, configuration(&sandbox.path(&home), dir, pair, port, more));
        format!("nginx -p {dir} -c {dir}/{file} -e stderr", dir = dir.display())
    })
}

/// One server, with a pair of `dir`; what nginx itself writes is in `home`.
pub fn configuration(home: &Path, dir: &Path, pair: &str, port: u16, more: &str) -> String {
    let (home, dir) = (home.display(), dir.display());
    let temporaries: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {home}/{kind}; "))
        .concat();
    format!(
        "daemon off; pid {home}/pid; error_log stderr info;
         events {{}}
         http {{
           access_log off; {temporaries}
           server {{
             listen 127.0.0.1:{port} ssl;
             ssl_certificate {dir}/{pair}.pem; ssl_certificate_key {dir}/{pair}.key;
             {}
             location / {{ return 200 \"hello $ssl_client_s_dn\"; }}
           }}
         }}",
        more.replace("ca.pem", &format!("{dir}/ca.pem"))
    )
}

fn connect(sandbox: &Sandbox, server: &Server, pair: Option<&str>, name: &str) -> Reply {
    let pair = pair.map(|pair| format!("--cert {pair}.pem --key {pair}.key"));
    let line = format!(
        "curl -sS --noproxy * --cacert ca.pem --resolve {name}:{port}:127.0.0.1 {} \
         https://{name}:{port}/",
        pair.unwrap_or_default(),
        port = server.port
    );
    ask(sandbox, &line, "").if_says("hello")
}
