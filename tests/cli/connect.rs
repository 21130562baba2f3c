//! `--connect`: certctl before servers of all kinds, in this process, with what `gen` made.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use rustls::{
    RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion,
    crypto::ring::default_provider,
    server::WebPkiClientVerifier,
    version::{TLS12, TLS13},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use serde_json::Value;

use crate::sandbox::{Run, Sandbox};

/// Whom a server lets in.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Clients {
    NotAsked,
    Asked,
    Required,
}

/// A server for one connection after the other, until the test ends.
pub struct Server {
    pub address: SocketAddr,
    /// By which names it was called, in order.
    pub names: mpsc::Receiver<Option<String>>,
}

impl Server {
    /// `talk` has each connection, and gives the name that the client asked for.
    pub fn start(talk: impl Fn(TcpStream) -> io::Result<Option<String>> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, names) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                // A client may leave whenever it likes.
                if sender.send(talk(stream.unwrap()).unwrap_or_default()).is_err() {
                    return;
                }
            }
        });
        Self { address, names }
    }

    /// One that says this to everybody, and reads until they leave.
    fn that_says(words: &'static [u8]) -> Self {
        Self::start(move |mut stream| {
            stream.write_all(words)?;
            io::copy(&mut stream, &mut io::sink()).map(|_| None)
        })
    }

    pub fn tls(config: Arc<ServerConfig>) -> Self {
        Self::start(move |stream| serve(stream, config.clone()))
    }

    fn inspect(&self, sandbox: &Sandbox, flags: &str) -> Run {
        sandbox.certctl(&format!("inspect --connect {} {flags}", self.address))
    }
}

/// TLS until the client leaves.
pub fn serve(mut stream: TcpStream, config: Arc<ServerConfig>) -> io::Result<Option<String>> {
    let mut connection = ServerConnection::new(config).unwrap();
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    let name = connection.server_name().map(str::to_owned);
    io::copy(&mut rustls::Stream::new(&mut connection, &mut stream), &mut io::sink()).ok();
    Ok(name)
}

fn certificates(pem: &[u8]) -> Vec<CertificateDer<'static>> {
    CertificateDer::pem_slice_iter(pem).map(|der| der.unwrap().into_owned()).collect()
}

fn config(
    sandbox: &Sandbox,
    pair: &str,
    version: &'static SupportedProtocolVersion,
    clients: Clients,
) -> Arc<ServerConfig> {
    let provider = Arc::new(default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[version])
        .unwrap();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates(&sandbox.read("ca.pem")));
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
    let builder = match clients {
        Clients::NotAsked => builder.with_no_client_auth(),
        Clients::Asked => {
            builder.with_client_cert_verifier(verifier.allow_unauthenticated().build().unwrap())
        }
        Clients::Required => builder.with_client_cert_verifier(verifier.build().unwrap()),
    };
    let key = PrivateKeyDer::from_pem_slice(&sandbox.read(&format!("{pair}.key"))).unwrap();
    let chain = certificates(&sandbox.read(&format!("{pair}.pem")));
    Arc::new(builder.with_single_cert(chain, key).unwrap())
}

pub fn one_way(sandbox: &Sandbox, pair: &str) -> Arc<ServerConfig> {
    config(sandbox, pair, &TLS13, Clients::NotAsked)
}

/// A set that is made in a moment.
fn set() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

/// The fingerprints of all certificates in a result, in its order.
fn fingerprints(run: &Run) -> Vec<String> {
    fn collect(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) if fields.get("kind") == Some(&"certificate".into()) => {
                found.push(fields["sha256"].as_str().unwrap().to_owned());
            }
            Value::Object(fields) => fields.values().for_each(|value| collect(value, found)),
            Value::Array(values) => values.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(&run.json(), &mut found);
    found
}

/// Those of a file.
fn of_file(sandbox: &Sandbox, file: &str) -> Vec<String> {
    let found = fingerprints(&sandbox.certctl(&format!("inspect {file} -o json")));
    assert!(!found.is_empty(), "{file}");
    found
}

/// What is told of the server itself.
fn server(run: &Run) -> Value {
    run.json()["files"][0]["server"].clone()
}

#[test]
fn what_is_served_is_shown_and_whether_a_client_certificate_is_asked_for() {
    let sandbox = set();
    let expected = of_file(&sandbox, "server.pem");
    for (version, protocol) in [(&TLS12, "TLSv1.2"), (&TLS13, "TLSv1.3")] {
        for clients in [Clients::NotAsked, Clients::Asked, Clients::Required] {
            let row = format!("{protocol}, a client certificate is {clients:?}");
            let listening = Server::tls(config(&sandbox, "server", version, clients));

            let run = listening.inspect(&sandbox, "-o json");
            run.code(0).stderr_is("");

            assert_eq!(fingerprints(&run), expected, "{row}");
            let told = server(&run);
            assert_eq!(told["protocol"], protocol, "{row}");
            let cipher = told["cipher"].as_str().unwrap();
            assert!(cipher.starts_with("TLS_") && cipher.contains("_SHA"), "{row}: {cipher}");
            assert_eq!(told["asks_for_client_certificate"], clients != Clients::NotAsked, "{row}");
            assert_eq!(told["requires_client_certificate"], clients == Clients::Required, "{row}");
            let authorities = told["accepted_authorities"].as_array().unwrap();
            assert_eq!(authorities.len(), usize::from(clients != Clients::NotAsked), "{row}");
        }
    }
}

#[test]
fn people_are_told_the_same() {
    let sandbox = set();
    let open = Server::tls(one_way(&sandbox, "server"));
    open.inspect(&sandbox, "").code(0).stdout_has("TLSv1.3").stdout_has("CN=localhost");

    let closed = Server::tls(config(&sandbox, "server", &TLS13, Clients::Required));
    closed
        .inspect(&sandbox, "")
        .code(0)
        .stdout_has("client certificate")
        .stdout_has("CN=localhost");
}

#[test]
fn a_chain_is_shown_in_the_order_in_which_it_is_sent() {
    let sandbox = Sandbox::with_fixtures("chain");
    let expected = of_file(&sandbox, "leaf.pem");
    assert_eq!(expected.len(), 2);

    for version in [&TLS12, &TLS13] {
        let listening = Server::tls(config(&sandbox, "leaf", version, Clients::NotAsked));
        assert_eq!(fingerprints(listening.inspect(&sandbox, "-o json").code(0)), expected);
    }

    // Sent in a wrong order, it is shown in a wrong order.
    let root = of_file(&sandbox, "root.pem");
    let leaf = sandbox.text("leaf.pem").replacen(
        "-----END CERTIFICATE-----\n",
        &format!("-----END CERTIFICATE-----\n{}", sandbox.text("root.pem")),
        1,
    );
    sandbox.write("mixed.pem", leaf);
    sandbox.write("mixed.key", sandbox.text("leaf.key"));
    let mixed = Server::tls(config(&sandbox, "mixed", &TLS13, Clients::NotAsked));
    let sent = [&expected[..1], &root, &expected[1..]].concat();
    assert_eq!(fingerprints(mixed.inspect(&sandbox, "-o json").code(0)), sent);
}

/// It verifies for nobody: it has expired, its CA is unknown, and it is no server's.
#[test]
fn what_does_not_verify_is_shown_all_the_same() {
    let sandbox = Sandbox::with_fixtures("leaf");
    let expired = Server::tls(one_way(&sandbox, "old"));

    let run = expired.inspect(&sandbox, "-o json");
    assert_eq!(fingerprints(run.code(0)), of_file(&sandbox, "old.pem"));
    expired.inspect(&sandbox, "--expires-within 1d").code(4);
}

#[test]
fn a_server_is_told_the_host_name_but_no_address() {
    let sandbox = set();
    let listening = Server::tls(one_way(&sandbox, "server"));
    let port = listening.address.port();
    for (host, expected) in [("localhost", Some("localhost")), ("127.0.0.1", None)] {
        sandbox.certctl(&format!("inspect --connect {host}:{port}")).code(0);
        let name = listening.names.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(name.as_deref(), expected);
    }
}

#[test]
fn a_server_is_told_the_name_of_host_if_there_is_one() {
    let sandbox = set();
    let listening = Server::tls(one_way(&sandbox, "server"));
    let port = listening.address.port();
    for (host, flags, expected) in [
        ("127.0.0.1", "--host b.internal", Some("b.internal")),
        ("localhost", "--host 10.0.0.1 --host B.internal. --host c", Some("b.internal")),
        ("localhost", "--host bücher.example", Some("xn--bcher-kva.example")),
        ("localhost", "--host 10.0.0.1", Some("localhost")),
        ("127.0.0.1", "--host ::2", None),
    ] {
        sandbox.certctl(&format!("check --connect {host}:{port} {flags}")).code(4);
        let name = listening.names.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(name.as_deref(), expected, "{host} {flags}");
    }

    sandbox.certctl(&format!("inspect --connect 127.0.0.1:{port} --host b.internal")).code(0);
    let name = listening.names.recv_timeout(Duration::from_secs(10)).unwrap();
    assert_eq!(name.as_deref(), Some("b.internal"));
    sandbox.certctl("inspect --host b.internal").code(2).stderr_has("--connect");
}

#[test]
fn each_server_gets_its_verdict_and_an_unreachable_one_is_an_error_beside_them() {
    let sandbox = set();
    let old = Server::tls(one_way(&sandbox, "server"));
    sandbox.certctl("renew server").code(0);
    let new = Server::tls(one_way(&sandbox, "server"));
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let run = |command: &str, servers: &[SocketAddr]| {
        let flags: Vec<String> = servers.iter().map(|one| format!("--connect {one}")).collect();
        sandbox.certctl(&format!("{command} {}", flags.join(" ")))
    };
    let verdicts = |run: &Run| -> Vec<(String, bool)> {
        let json = run.json();
        let all = json["certificates"].as_array().unwrap().iter();
        all.map(|one| (one["name"].as_str().unwrap().into(), one["valid"] == true)).collect()
    };
    let (new, old) = (new.address, old.address);
    let (is_new, is_old) = ((new.to_string(), true), (old.to_string(), false));

    for (servers, code, expected) in [
        (&[new, new][..], 0, vec![is_new.clone(), is_new.clone()]),
        (&[new, closed], 1, vec![is_new.clone()]),
        (&[closed, new, old], 4, vec![is_new, is_old]),
        (&[closed], 1, vec![]),
        (&[closed, closed], 1, vec![]),
    ] {
        let checked = run("check server -o json", servers);
        assert_eq!(verdicts(checked.code(code)), expected, "{servers:?}");
        let unreachable = servers.iter().filter(|one| **one == closed).count();
        let errors = checked.json()["errors"].as_array().unwrap().clone();
        assert_eq!(errors.len(), unreachable, "{servers:?}");
        for error in errors {
            assert!(error.to_string().contains(&closed.to_string()), "{error}");
        }
    }

    let inspected = run("inspect", &[closed, new, old]);
    inspected.code(1).stdout_has(&new.to_string()).stdout_has(&old.to_string());
    inspected.stderr_has(&format!("`{closed}` cannot be probed")).stderr_has("refused");
    let both = [of_file(&sandbox, "server.pem"), fingerprints(&run("inspect -o json", &[old]))];
    // As files are, they are listed by name.
    let mut both = both.concat();
    both.sort();
    let mut listed = fingerprints(run("inspect -o json", &[new, old]).code(0));
    listed.sort();
    assert_eq!(listed, both);
}

#[test]
fn a_server_in_the_clear_is_refused_in_its_own_words() {
    let sandbox = Sandbox::new();
    let cases: [(&[u8], &str, &str); 7] = [
        (b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n", "HTTP/1.1 400 Bad Request`", "HTTPS"),
        (b"-ERR unknown command\r\n", "-ERR unknown command`", "tls-port"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0-OpenSSH_9.2`", "SSH"),
        (b"220 mail.example ESMTP\r\n", "220 mail.example ESMTP`", "--starttls smtp"),
        (MYSQL, r"\u{17}\u{0}\u{0}\u{0}`", "--starttls mysql"),
        (b"\x1b]0;owned\x07\x1b[2J\n", r"\u{1b}]0;owned\u{7}\u{1b}[2J`", "speaks TLS"),
        (b"\0\0\0\0\0\0\0\0", r"\u{0}\u{0}", "speaks TLS"),
    ];
    for (words, said, hint) in cases {
        let listening = Server::that_says(words);
        let run = listening.inspect(&sandbox, "");
        run.code(1)
            .stdout_is("")
            .stderr_has("does not speak TLS")
            .stderr_has(said)
            .stderr_has(hint);
        run.stderr_has(&listening.address.to_string()).stderr_lacks("\x1b").stderr_lacks("\x07");
    }
}

#[test]
fn a_server_that_says_nothing_holds_us_for_five_seconds() {
    let sandbox = Sandbox::new();
    let silent = Server::that_says(b"");
    let other = Server::that_says(b"");
    let begin = Instant::now();

    let run = silent.inspect(&sandbox, &format!("--connect {}", other.address));
    run.code(1).stderr_has("did not answer in time").stderr_has("hint: ");

    // A busy machine takes longer; but both servers are waited for at once.
    let elapsed = begin.elapsed().as_secs_f64();
    assert!((4.9..9.8).contains(&elapsed), "{elapsed}");
    for server in [silent, other] {
        run.stderr_has(&server.address.to_string());
    }
}

#[test]
fn a_server_that_hangs_up_and_a_port_without_server_are_told() {
    let sandbox = Sandbox::new();
    let rude = Server::start(|_| Ok(None));
    rude.inspect(&sandbox, "").code(1).stderr_has("closed the connection").stderr_has("hint: ");

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let run = sandbox.certctl(&format!("inspect --connect 127.0.0.1:{port}"));
    run.code(1).stderr_has(&format!("127.0.0.1:{port}")).stderr_has("refused").stderr_has("hint: ");
}

/// A server that speaks its own protocol until it has sent the go-ahead.
pub fn starttls(sandbox: &Sandbox, protocol: &str, go_ahead: &'static [u8]) -> Server {
    let config = one_way(sandbox, "server");
    let protocol = protocol.to_owned();
    Server::start(move |mut stream| {
        match protocol.as_str() {
            // Its greeting is the go-ahead.
            "mysql" => {
                stream.write_all(go_ahead)?;
                let start = [32, 0, 0, 1, 0x01, 0x8a, 0, 0, 0, 0, 0, 1, 45];
                expect(&mut stream, &[&start[..], &[0; 23]].concat())?;
                return serve(stream, config.clone());
            }
            "smtp" => {
                stream.write_all(b"220-mail.example\r\n220 ESMTP\r\n")?;
                expect(&mut stream, b"EHLO localhost\r\n")?;
                stream.write_all(b"250-mail.example\r\n250-STARTTLS\r\n250 HELP\r\n")?;
                expect(&mut stream, b"STARTTLS\r\n")?;
            }
            _ => expect(&mut stream, &[0, 0, 0, 8, 4, 210, 22, 47])?,
        }
        stream.write_all(go_ahead)?;
        serve(stream, config.clone())
    })
}

/// What a MySQL server with TLS says first.
const MYSQL: &[u8] = b"\x17\0\0\0\x0a8.0.36\0\x01\0\0\0saltsalt\0\xff\xff";

fn expect(stream: &mut TcpStream, words: &[u8]) -> io::Result<()> {
    let mut heard = vec![0; words.len()];
    stream.read_exact(&mut heard)?;
    if heard == words { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
}

#[test]
fn tls_is_asked_for_where_the_protocol_begins_in_the_clear() {
    let sandbox = set();
    let expected = of_file(&sandbox, "server.pem");
    for (protocol, go_ahead) in [("mysql", MYSQL), ("postgres", b"S"), ("smtp", b"220 ready\r\n")] {
        let listening = starttls(&sandbox, protocol, go_ahead);
        let run = listening.inspect(&sandbox, &format!("--starttls {protocol} -o json"));
        assert_eq!(fingerprints(run.code(0)), expected, "{protocol}");
    }
}

#[test]
fn what_comes_behind_the_go_ahead_in_the_clear_is_refused() {
    let sandbox = set();
    let greeting = b"\x17\0\0\0\x0a8.0.36\0\x01\0\0\0saltsalt\0\xff\xffinjected";
    for (protocol, go_ahead) in [
        ("mysql", &greeting[..]),
        ("postgres", b"S\0\0\0\x08injected"),
        ("smtp", b"220 ready\r\n250 injected\r\n"),
    ] {
        let listening = starttls(&sandbox, protocol, go_ahead);
        let run = listening.inspect(&sandbox, &format!("--starttls {protocol}"));
        run.code(1).stdout_is("").stderr_has("extra plaintext data").stderr_has("injected");
    }
}

#[test]
fn a_server_without_tls_in_its_protocol_says_so() {
    let sandbox = Sandbox::new();
    for (protocol, words, expected) in [
        (
            "mysql",
            &b"\x17\0\0\0\x0a8.0.36\0\x01\0\0\0saltsalt\0\xff\xf7"[..],
            "does not offer TLS over MySQL",
        ),
        (
            "mysql",
            b"\x0e\0\0\0\xff\x10\x04Too \x1b[1many",
            r"refused to start TLS: it said `Too \u{1b}[1many`",
        ),
        ("mysql", b"220 mail.example ESMTP\r\n", "does not speak MySQL"),
        ("postgres", b"N", "does not offer TLS over PostgreSQL"),
        ("postgres", b"E\0\0\0\x12SFATAL\0Mno more\0\0", "it said `no more`"),
        ("postgres", b"220 mail.example ESMTP\r\n", "does not speak PostgreSQL"),
        ("smtp", b"554 go away\r\n", "it said `554 go away`"),
        ("smtp", b"HTTP/1.1 400 Bad Request\r\n", "does not speak SMTP"),
    ] {
        let listening = Server::that_says(words);
        let run = listening.inspect(&sandbox, &format!("--starttls {protocol}"));
        run.code(1).stdout_is("").stderr_has(expected).stderr_has("hint: ");
    }
}

#[test]
fn check_tells_a_server_with_the_old_certificate_from_a_renewed_one() {
    let sandbox = set();
    let old = Server::tls(one_way(&sandbox, "server"));
    let check =
        |server: &Server| sandbox.certctl(&format!("check server --connect {}", server.address));
    check(&old).code(0);

    sandbox.certctl("renew server").code(0);
    check(&old).code(4).stdout_has("served-differs").stdout_has("reload");

    let reloaded = Server::tls(one_way(&sandbox, "server"));
    check(&reloaded).code(0);
    let mutual = Server::tls(config(&sandbox, "server", &TLS13, Clients::Required));
    check(&mutual).code(0);
}

/// What `check` says of a server that serves what `server` was before `commands`.
fn check_old(prepare: &str, commands: &str) -> impl Fn(&str) -> Run {
    let sandbox = set();
    let each = |lines: &str| {
        for line in lines.split(';').filter(|line| !line.is_empty()) {
            sandbox.certctl(line).code(0);
        }
    };
    each(prepare);
    let old = Server::tls(one_way(&sandbox, "server"));
    each(commands);
    move |words| {
        // The server lives as long as this.
        let Server { address, .. } = &old;
        sandbox.certctl(&format!("check {words} --connect {address}"))
    }
}

#[test]
fn a_served_certificate_is_compared_with_the_one_of_its_key() {
    // `web` has the subject and the names that are served, `server` the key.
    let check = check_old("issue web localhost", "renew server --reuse-key --san db.internal");
    for words in ["", "server web", "web server"] {
        let run = check(words);
        run.code(4).stdout_has("served-differs").stdout_has("server.pem holds");
        run.stdout_lacks("web.pem").stdout_lacks("client.pem").stdout_lacks("served-ambiguous");
    }
}

#[test]
fn without_its_key_a_served_certificate_is_compared_with_the_one_of_its_names() {
    let check = check_old("issue web web.internal localhost;issue db db.internal", "renew server");
    for words in ["", "web server db", "db server web"] {
        let run = check(words);
        run.code(4).stdout_has("served-differs").stdout_has("server.pem holds");
        run.stdout_lacks("web.pem").stdout_lacks("client.pem").stdout_lacks("db.pem");
    }
    // A named one is meant, whatever it is.
    check("db").code(4).stdout_has("db.pem holds").stdout_lacks("server.pem");
}

#[test]
fn of_several_certificates_with_its_names_none_is_blamed() {
    let check = check_old("issue web localhost", "renew server");
    for words in ["", "server web"] {
        let run = check(words);
        run.code(0).stdout_has("[served-ambiguous]").stdout_has("ambiguous");
        run.stdout_has("candidates: server.pem, web.pem").stdout_lacks("served-differs");
    }
    check("--strict").code(4);
    check("web").code(4).stdout_has("web.pem holds");
}

#[test]
fn a_certificate_that_shares_only_a_name_is_not_blamed() {
    let check = check_old("issue db db.internal", "renew server --san other.internal");
    let run = check("");
    run.code(0).stdout_has("candidates: server.pem").stdout_lacks("served-differs");
    run.stdout_lacks("db.pem");
    check("server db").code(0).stdout_has("[served-ambiguous]").stdout_lacks("served-differs");
    check("server").code(4).stdout_has("server.pem holds");
}

#[test]
fn other_certificates_of_the_directory_have_no_effect() {
    let foreign = set();
    let server = Server::tls(one_way(&foreign, "server"));
    let sandbox = Sandbox::with_gen("--cn db.internal --key-type ecdsa:p256");
    let ca = foreign.path("ca.pem").display().to_string();
    let run = sandbox.certctl(&format!("check -v --strict --ca {ca} --connect {}", server.address));
    run.stdout_has("no certificate on disk has its names").stdout_lacks("served-");
}
