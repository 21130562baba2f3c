//! A rustls server that reads its pair for each connection: this test program, under another user.

use std::{env, fs, io, net::TcpListener, path::Path, process::Command, sync::Arc, time::Duration};

use rustls::{ServerConfig, ServerConnection};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use crate::commons::{Account, Commons};

/// The port to serve on, in the environment of the process that serves.
const PORT: &str = "CERTCTL_TEST_RUSTLS_PORT";
/// The name of the test below.
const SERVES: &str = "fast_forward::rustls_server::serves_if_it_is_started_for_that";

/// The server with `rustls.pem` and `rustls.key` of `dir`.
pub fn command(home: &Commons, user: Account, dir: &Path, port: u16) -> Command {
    // A copy, since the original may be in a private directory; `cp`, for the reason in Commons::certctl.
    let program = home.path("bin/peers");
    let copied = Command::new("cp").arg(env::current_exe().unwrap()).arg(&program).status();
    assert!(copied.unwrap().success());
    let mut command = home.command(user, Path::new("env"));
    command.arg("-C").arg(dir).arg(format!("{PORT}={port}")).arg(program);
    command.args([SERVES, "--exact", "--nocapture"]);
    command
}

#[test]
fn serves_if_it_is_started_for_that() {
    let Ok(port) = env::var(PORT) else { return };
    let listener = TcpListener::bind(("127.0.0.1", port.parse::<u16>().unwrap())).unwrap();
    for socket in listener.incoming() {
        if let Err(error) = answer(socket) {
            println!("{error}");
        }
    }
}

fn answer(socket: io::Result<std::net::TcpStream>) -> Result<(), Box<dyn std::error::Error>> {
    let mut socket = socket?;
    socket.set_read_timeout(Some(Duration::from_secs(20)))?;
    let chain =
        CertificateDer::pem_slice_iter(&fs::read("rustls.pem")?).collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(&fs::read("rustls.key")?)?;
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
    let mut server = ServerConnection::new(Arc::new(config))?;
    while server.is_handshaking() {
        server.complete_io(&mut socket)?;
    }
    server.send_close_notify();
    server.complete_io(&mut socket)?;
    Ok(())
}
