//! What stands in for Qdrant, which no package holds: a server by rustls with ring that is given the
//! settings as they were rendered, and does with them what Qdrant does.
//!
//! Read in its source: src/actix/certificate_helpers.rs (REST: the first item of the key file is the key,
//! nobody looks whether it belongs to the certificate, `WebPkiClientVerifier` on all of `tls.ca_cert`),
//! src/tonic/tls.rs (p2p: one identity on both sides, `client_ca_root` and `ca_certificate` are
//! `tls.ca_cert`), src/actix/auth.rs (the header `api-key`).

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    crypto::ring::sign::any_supported_type,
    server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier},
    sign::CertifiedKey,
};
use rustls_pki_types::{
    CertificateDer, PrivateKeyDer, ServerName,
    pem::{PemObject, SectionKind},
};
use serde_json::Value;

/// Nobody here takes longer, unless it hangs.
const LIMIT: Duration = Duration::from_secs(20);

/// The settings of one node, and the directory that it starts in.
#[derive(Clone)]
pub struct Node {
    home: PathBuf,
    settings: Value,
}

/// A node that serves until the test ends.
pub struct Serving {
    pub port: u16,
    log: Arc<Mutex<String>>,
}

#[derive(Debug)]
struct Always(Arc<CertifiedKey>);

impl ResolvesServerCert for Always {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.clone())
    }
}

impl Node {
    pub fn new(home: &Path, settings: Value) -> Self {
        Self { home: home.to_owned(), settings }
    }

    /// REST with HTTPS. `api_key` is what the environment holds.
    pub fn serve_rest(&self, api_key: Option<&str>) -> Result<Serving, String> {
        assert_eq!(self.settings["service"]["enable_tls"], true, "{}", self.settings);
        let asks = self.settings["service"]["verify_https_client_certificate"] == true;
        self.serve(asks, api_key)
    }

    /// The port of the other nodes.
    pub fn serve_nodes(&self) -> Result<Serving, String> {
        assert_eq!(self.settings["cluster"]["enabled"], true, "{}", self.settings);
        assert_eq!(self.settings["cluster"]["p2p"]["enable_tls"], true, "{}", self.settings);
        self.serve(true, None)
    }

    /// Asks another node, which is known by that name, for its collections.
    pub fn dial(&self, port: u16, name: &str) -> Result<String, String> {
        let key = self.key()?;
        let config = ClientConfig::builder()
            .with_root_certificates(self.roots()?)
            .with_client_auth_cert(self.chain()?, key)
            .map_err(|error| format!("the dialling node: {error}"))?;
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let connection = ClientConnection::new(Arc::new(config), name).unwrap();
        let mut stream = StreamOwned::new(connection, socket(port));
        let failed = |error| format!("the dialling node: {error}");
        stream.write_all(b"GET /collections HTTP/1.1\r\n\r\n").map_err(failed)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map_err(failed)?;
        Ok(answer)
    }

    fn serve(&self, asks: bool, api_key: Option<&str>) -> Result<Serving, String> {
        let config = ServerConfig::builder();
        let config = if asks {
            let verifier = WebPkiClientVerifier::builder(self.roots()?).build();
            config.with_client_cert_verifier(verifier.map_err(|error| error.to_string())?)
        } else {
            config.with_no_client_auth()
        };
        let signing = any_supported_type(&self.key()?).map_err(|error| error.to_string())?;
        let certified = CertifiedKey::new(self.chain()?, signing);
        let config = Arc::new(config.with_cert_resolver(Arc::new(Always(Arc::new(certified)))));

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Arc::new(Mutex::new(String::new()));
        let (said, api_key) = (log.clone(), api_key.map(str::to_owned));
        thread::spawn(move || {
            for socket in listener.incoming() {
                if let Err(error) = answer(&config, socket.unwrap(), api_key.as_deref()) {
                    let said = &mut *said.lock().unwrap();
                    said.extend([error.to_string().as_str(), "\n"]);
                }
            }
        });
        Ok(Serving { port, log })
    }

    fn file(&self, setting: &str) -> Result<Vec<u8>, String> {
        let path = self.settings["tls"][setting].as_str().unwrap_or_else(|| {
            panic!("tls.{setting} is not set: {}", self.settings);
        });
        fs::read(self.home.join(path)).map_err(|error| format!("{path}: {error}"))
    }

    fn chain(&self) -> Result<Vec<CertificateDer<'static>>, String> {
        let file = self.file("cert")?;
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&file).map(Result::unwrap).collect();
        if chain.is_empty() { Err("no server certificate found".to_owned()) } else { Ok(chain) }
    }

    fn key(&self) -> Result<PrivateKeyDer<'static>, String> {
        let file = self.file("key")?;
        let first = <(SectionKind, Vec<u8>)>::pem_slice_iter(&file).next();
        match first.expect("no private key found").unwrap() {
            (SectionKind::PrivateKey, der) => Ok(PrivateKeyDer::Pkcs8(der.into())),
            (SectionKind::RsaPrivateKey, der) => Ok(PrivateKeyDer::Pkcs1(der.into())),
            (SectionKind::EcPrivateKey, der) => Ok(PrivateKeyDer::Sec1(der.into())),
            _ => Err("invalid private key".to_owned()),
        }
    }

    fn roots(&self) -> Result<Arc<RootCertStore>, String> {
        let file = self.file("ca_cert")?;
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&file).map(Result::unwrap));
        Ok(Arc::new(roots))
    }
}

impl Serving {
    /// What it had against those who came.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

fn socket(port: u16) -> TcpStream {
    let socket = TcpStream::connect(("127.0.0.1", port)).unwrap();
    socket.set_read_timeout(Some(LIMIT)).unwrap();
    socket
}

/// One request, one answer: a list with one collection.
fn answer(
    config: &Arc<ServerConfig>,
    socket: TcpStream,
    api_key: Option<&str>,
) -> Result<(), std::io::Error> {
    socket.set_read_timeout(Some(LIMIT))?;
    let connection = ServerConnection::new(config.clone()).unwrap();
    let mut stream = StreamOwned::new(connection, socket);
    let mut request = String::new();
    let mut octet = [0];
    while !request.ends_with("\r\n\r\n") {
        if stream.read(&mut octet)? == 0 {
            return Ok(());
        }
        request.push(char::from(octet[0]));
    }
    let shown = request.lines().find_map(|line| line.strip_prefix("api-key: "));
    let (status, body) = if api_key.is_some() && shown != api_key {
        ("401 Unauthorized", "Must provide an API key".to_owned())
    } else {
        let collections = r#"{"collections":[{"name":"stand-in"}]}"#;
        ("200 OK", format!(r#"{{"result":{collections},"status":"ok","time":0.0}}"#))
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )?;
    stream.conn.send_close_notify();
    stream.flush()
}
