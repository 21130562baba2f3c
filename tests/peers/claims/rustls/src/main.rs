//! rustls-verdicts CA PURPOSE HOST FILE: the verdicts of rustls with each provider, `WHO VERDICT` a line.

use std::{env, error::Error, sync::Arc};

use rustls::{
    RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier as _},
    crypto::{CryptoProvider, aws_lc_rs, ring},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject as _},
    server::WebPkiClientVerifier,
};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let providers =
        [("ring", ring::default_provider()), ("aws-lc-rs", aws_lc_rs::default_provider())];
    for (name, provider) in providers {
        match verdict(&arguments, provider) {
            Ok(()) => println!("{name} ok"),
            Err(error) => println!("{name} {}", error.to_string().replace('\n', " ")),
        }
    }
}

fn verdict(arguments: &[String], provider: CryptoProvider) -> Result<(), Box<dyn Error>> {
    let [ca, purpose, host, file] = arguments else { return Err("four arguments".into()) };
    let mut roots = RootCertStore::empty();
    for anchor in CertificateDer::pem_file_iter(ca)? {
        roots.add(anchor?)?;
    }
    let served = CertificateDer::pem_file_iter(file)?.collect::<Result<Vec<_>, _>>()?;
    let (leaf, rest) = served.split_first().ok_or("no certificate")?;
    let (roots, provider, now) = (Arc::new(roots), Arc::new(provider), UnixTime::now());
    if purpose == "server" {
        let host = ServerName::try_from(host.as_str())?;
        WebPkiServerVerifier::builder_with_provider(roots, provider)
            .build()?
            .verify_server_cert(leaf, rest, &host, &[], now)?;
    } else {
        WebPkiClientVerifier::builder_with_provider(roots, provider)
            .build()?
            .verify_client_cert(leaf, rest, now)?;
    }
    Ok(())
}
