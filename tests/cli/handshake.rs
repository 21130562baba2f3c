//! TLS with what certctl made, by rustls: an independent judge, in memory.

use std::{fmt, sync::Arc};

use rustls::{
    CertificateError, ClientConfig, ClientConnection, ConnectionCommon, Error, RootCertStore,
    ServerConfig, ServerConnection,
    crypto::{CryptoProvider, ring::default_provider},
    server::{NoServerSessionStorage, WebPkiClientVerifier},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};

use crate::sandbox::Sandbox;

/// How a handshake ended: for both sides well, or for one of them with an error.
#[derive(Debug)]
enum Verdict {
    Connected,
    ClientRefuses(Error),
    ServerRefuses(Error),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (side, error) = match self {
            Self::Connected => return f.write_str("connected"),
            Self::ClientRefuses(error) => ("client", error),
            Self::ServerRefuses(error) => ("server", error),
        };
        match error {
            Error::NoCertificatesPresented => write!(f, "{side}: no certificate"),
            Error::InvalidCertificate(error) => match error {
                CertificateError::InvalidPurpose
                | CertificateError::InvalidPurposeContext { .. } => {
                    write!(f, "{side}: purpose")
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => write!(f, "{side}: name"),
                CertificateError::UnknownIssuer => write!(f, "{side}: issuer"),
                other => write!(f, "{side}: {other:?}"),
            },
            other => write!(f, "{side}: {other}"),
        }
    }
}

/// A certificate and its key, as the files hold them.
type Pair<'a> = (&'a Sandbox, &'a str);

fn provider() -> Arc<CryptoProvider> {
    Arc::new(default_provider())
}

fn roots(ca: &[u8]) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(ca) {
        roots.add(certificate.unwrap()).unwrap();
    }
    Arc::new(roots)
}

fn load((sandbox, name): Pair<'_>) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
    let chain = sandbox.read(&format!("{name}.pem"));
    let key = sandbox.read(&format!("{name}.key"));
    let chain =
        CertificateDer::pem_slice_iter(&chain).map(|der| der.unwrap().into_owned()).collect();
    (chain, PrivateKeyDer::from_pem_slice(&key).unwrap().clone_key())
}

/// A server that wants client certificates of the CA, as Qdrant and Milvus in mode 2 do.
fn server(pair: Pair<'_>, ca: &[u8]) -> Arc<ServerConfig> {
    let verifier =
        WebPkiClientVerifier::builder_with_provider(roots(ca), provider()).build().unwrap();
    let (chain, key) = load(pair);
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .unwrap();
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Arc::new(config)
}

fn client(pair: Option<Pair<'_>>, ca: &[u8]) -> Arc<ClientConfig> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots(ca));
    Arc::new(match pair {
        Some(pair) => {
            let (chain, key) = load(pair);
            config.with_client_auth_cert(chain, key).unwrap()
        }
        None => config.with_no_client_auth(),
    })
}

/// Hands over what one side has to say to the other, and gives the other's opinion of it.
fn hand_over<A, B>(
    from: &mut ConnectionCommon<A>,
    to: &mut ConnectionCommon<B>,
) -> Result<(), Error> {
    let mut octets = Vec::new();
    while from.wants_write() {
        from.write_tls(&mut octets).unwrap();
    }
    let mut octets = octets.as_slice();
    while !octets.is_empty() {
        to.read_tls(&mut octets).unwrap();
        to.process_new_packets()?;
    }
    Ok(())
}

fn handshake(server: &Arc<ServerConfig>, client: &Arc<ClientConfig>, name: &str) -> Verdict {
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let mut server = ServerConnection::new(server.clone()).unwrap();
    let mut client = ClientConnection::new(client.clone(), name).unwrap();
    loop {
        if let Err(error) = hand_over(&mut client, &mut server) {
            return Verdict::ServerRefuses(error);
        }
        if let Err(error) = hand_over(&mut server, &mut client) {
            return Verdict::ClientRefuses(error);
        }
        let ended = !server.is_handshaking() && !client.is_handshaking();
        if ended && !client.wants_write() && !server.wants_write() {
            return Verdict::Connected;
        }
    }
}

/// Every way in which the two pairs have to work, and every way in which they must not.
#[track_caller]
fn assert_mutual_tls(
    what: &str,
    server_pair: Pair<'_>,
    client_pair: Pair<'_>,
    ca: &[u8],
    names: &[&str],
) {
    let (serving, with_pair) = (server(server_pair, ca), client(Some(client_pair), ca));
    for name in names {
        let verdict = handshake(&serving, &with_pair, name).to_string();
        assert_eq!(verdict, "connected", "{what}, to {name}");
    }
    let cases = [
        ("a wrong name", &serving, &with_pair, "wrong.example", "client: name"),
        ("a wrong address", &serving, &with_pair, "127.0.0.2", "client: name"),
        ("no client certificate", &serving, &client(None, ca), names[0], "server: no certificate"),
        (
            "the server's pair as client",
            &serving,
            &client(Some(server_pair), ca),
            names[0],
            "server: purpose",
        ),
        (
            "the client's pair as server",
            &server(client_pair, ca),
            &with_pair,
            names[0],
            "client: purpose",
        ),
    ];
    for (case, server, client, name, expected) in cases {
        assert_eq!(handshake(server, client, name).to_string(), expected, "{what}: {case}");
    }
}

fn assert_set(what: &str, sandbox: &Sandbox, names: &[&str]) {
    let ca = sandbox.read("ca.pem");
    assert_mutual_tls(what, (sandbox, "server"), (sandbox, "client"), &ca, names);
}

const LOCAL: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

#[test]
fn the_files_of_gen_work_as_they_are_for_every_key_type() {
    for key_type in ["rsa:2048", "rsa:3072", "rsa:4096", "ecdsa:p256", "ecdsa:p384", "ed25519"] {
        assert_set(key_type, &Sandbox::with_gen(&format!("--key-type {key_type}")), &LOCAL);
    }
}

#[test]
fn they_go_on_working_after_every_kind_of_renewal() {
    for key_type in ["rsa:2048", "ecdsa:p256", "ed25519"] {
        let sandbox = Sandbox::with_gen(&format!("--key-type {key_type}"));
        for renewal in [
            "renew",
            "renew --reuse-key",
            "renew ca",
            "renew server --key-type ecdsa:p384",
            "renew ca server client",
        ] {
            sandbox.certctl(renewal).code(0);
            assert_set(&format!("{renewal} of {key_type}"), &sandbox, &LOCAL);
        }
    }
}

#[test]
fn old_leaves_and_new_ca_fit_in_both_directions() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let old = sandbox.read("ca.pem");
    sandbox.certctl("renew ca").code(0);
    let new = sandbox.read("ca.pem");
    sandbox.certctl("renew server").code(0);

    for (age, ca) in [("the old CA certificate", &old), ("the new one", &new)] {
        assert_mutual_tls(age, (&sandbox, "server"), (&sandbox, "client"), ca, &LOCAL);
    }
}

#[test]
fn names_wildcards_and_addresses_are_found() {
    let sandbox = Sandbox::with_gen(
        "db.example *.shard.example --san 10.1.2.3,2001:db8::7,bücher.example --key-type ecdsa:p256",
    );
    let names =
        ["db.example", "one.shard.example", "10.1.2.3", "2001:db8::7", "xn--bcher-kva.example"];
    assert_set("many names", &sandbox, &names);

    let ca = sandbox.read("ca.pem");
    let (server, client) =
        (server((&sandbox, "server"), &ca), client(Some((&sandbox, "client")), &ca));
    for name in ["shard.example", "a.b.shard.example", "localhost", "10.1.2.4"] {
        assert_eq!(handshake(&server, &client, name).to_string(), "client: name", "{name}");
    }
}

#[test]
fn a_peer_takes_both_sides() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("issue node-0 node-0.example --usage peer --key-type ecdsa:p256").code(0);
    sandbox.certctl("issue node-1 node-1.example --usage peer --key-type ed25519").code(0);
    let ca = sandbox.read("ca.pem");

    for (serves, dials) in [("node-0", "node-1"), ("node-1", "node-0"), ("node-0", "client")] {
        let (server, client) =
            (server((&sandbox, serves), &ca), client(Some((&sandbox, dials)), &ca));
        let verdict = handshake(&server, &client, &format!("{serves}.example")).to_string();
        assert_eq!(verdict, "connected", "{dials} to {serves}");
    }
}

#[test]
fn pairs_of_requests_that_were_signed_work() {
    let home = Sandbox::with_gen("--key-type ecdsa:p256");
    let ca = home.read("ca.pem");
    for key_type in ["rsa:2048", "ecdsa:p256", "ecdsa:p384", "ed25519"] {
        let sandbox = Sandbox::new();
        let out = sandbox.dir().display();
        for (name, usage) in [("web", "server"), ("job", "client")] {
            let line = format!("csr {name} db.example --usage {usage} --key-type {key_type}");
            sandbox.certctl(&line).code(0);
            let new = format!("{name}-{}", key_type.replace(':', "-"));
            home.certctl(&format!(
                "sign {out}/{name}.csr --usage {usage} --accept-names --name {new}"
            ))
            .code(0);
            sandbox.write(&format!("{name}.pem"), home.read(&format!("{new}.pem")));
        }
        assert_mutual_tls(key_type, (&sandbox, "web"), (&sandbox, "job"), &ca, &["db.example"]);
    }
}

#[test]
fn pairs_below_a_ca_elsewhere_work_with_its_own() {
    let home = Sandbox::with_gen("--key-type ecdsa:p256");
    let sandbox = Sandbox::new();
    let [ca, key] = ["ca.pem", "ca.key"].map(|file| home.path(file).display().to_string());
    sandbox
        .certctl(&format!("gen db.example --key-type ecdsa:p256 --ca {ca} --ca-key {key}"))
        .code(0);
    sandbox.certctl(&format!("renew --ca {ca} --ca-key {key}")).code(0);

    let ca = home.read("ca.pem");
    assert_mutual_tls("elsewhere", (&sandbox, "server"), (&home, "client"), &ca, &["db.example"]);
    assert_mutual_tls("at home", (&home, "server"), (&sandbox, "client"), &ca, &LOCAL);
}

#[test]
fn another_ca_is_refused_by_both_sides() {
    let one = Sandbox::with_gen("--key-type ecdsa:p256");
    let other = Sandbox::with_gen("--key-type ecdsa:p256 --ca-cn Other");
    let (ca, other_ca) = (one.read("ca.pem"), other.read("ca.pem"));
    let serving = server((&one, "server"), &ca);

    let stranger = client(Some((&other, "client")), &ca);
    assert_eq!(handshake(&serving, &stranger, "localhost").to_string(), "server: issuer");
    let distrustful = client(Some((&one, "client")), &other_ca);
    assert_eq!(handshake(&serving, &distrustful, "localhost").to_string(), "client: issuer");
}

#[test]
fn a_set_of_gen_sh_works_once_it_is_mended() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    let ca = sandbox.read("ca.pem");
    let as_made = handshake(
        &server((&sandbox, "server"), &ca),
        &client(Some((&sandbox, "client")), &ca),
        "localhost",
    );
    assert_eq!(as_made.to_string(), "server: purpose", "what gen.sh makes is refused");

    sandbox.certctl("renew client --usage client").code(0);
    assert_set("mended", &sandbox, &["localhost"]);
    sandbox.certctl("renew ca").code(0);
    assert_set("mended, with a renewed CA", &sandbox, &["localhost"]);
}

#[test]
fn cas_with_odd_names_serve() {
    for name in ["ou2", "dc3", "multi", "t61", "bmp", "email", "printable"] {
        let sandbox = Sandbox::new();
        sandbox.put("names/ca.key", "ca.key");
        sandbox.put(&format!("names/{name}.pem"), "ca.pem");
        sandbox.certctl("renew --cn localhost").code(0);
        assert_set(name, &sandbox, &LOCAL);
    }
}
