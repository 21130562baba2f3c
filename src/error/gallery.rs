//! Every error as a user reads it: all wording is reviewed in one place.

#![expect(
    clippy::too_many_lines,
    clippy::needless_raw_string_hashes,
    reason = "a gallery is long, and snapbox writes it"
)]

use std::{io, path::PathBuf};

use snapbox::{assert_data_eq, str};
use time::macros::datetime;

use super::{Error, Unreadable};
use crate::{
    ca::authority::{AuthorityError, IssueError},
    verify::webpki::Verdict,
    x509::{
        cert::CertificateError,
        key::KeyError,
        name::Name,
        pem::{PemError, ReadError},
        random::NoRandomness,
        serial::SerialError,
    },
};

#[test]
fn every_error_names_its_object_and_the_way_out() {
    let shown: Vec<String> = all().iter().map(show).collect();

    assert_data_eq!(
        shown.join("\n") + "\n",
        str![[r#"
error: flags that do not go together
hint: leave one off
exit: 2

error: `pki/ca.key` cannot be read
  because: as the system says it
hint: run as the owner of the file (`ls -l pki/ca.key` shows it)
exit: 1

error: `pki/ca.srl` cannot be read
  because: it is a FIFO, not a regular file
hint: name another directory with `-d DIR`, or the CA's files with `--ca FILE --ca-key FILE`
exit: 1

error: `pki/ca.pem` cannot be read
  because: it is larger than 16777216 bytes
hint: name another directory with `-d DIR`, or the CA's files with `--ca FILE --ca-key FILE`
exit: 1

error: there is no CA here: `pki/ca.pem` does not exist
hint: make one with `certctl gen --cn NAME`, or name one that lies elsewhere with `--ca FILE --ca-key FILE`
exit: 1

error: `pki/ca.pem` holds no certificate that can be used
  because: it is empty
hint: put the file back from a backup; for an identity, move `pki/ca.pem` away and make it again with `certctl issue NAME HOST`
exit: 1

error: `pki/a.pem` holds no certificate that can be used
  because: it is no X.509 certificate: its DER is malformed
hint: put the file back from a backup; for an identity, move `pki/a.pem` away and make it again with `certctl issue NAME HOST`
exit: 1

error: `pki/ca.pem` holds no certificate that can be used
  because: none of its 2 certificates belongs to the key `pki/ca.key`
hint: name the certificate of that key with `--ca FILE`; this shows whose it is: `openssl x509 -noout -subject -in pki/ca.pem`
exit: 1

error: `pki/server.pem` holds a private key beside the certificate
hint: keep the key in a file of its own, readable by its owner alone: `openssl pkey -in pki/server.pem -out NAME.key`
exit: 1

error: `pki/ca.key` holds no private key that can be used
  because: holds an encrypted private key
hint: openssl pkcs8 -in pki/ca.key -out NEW
exit: 1

error: private key `pki/ca.key` does not belong to certificate `pki/ca.pem`
hint: give the key that belongs to the certificate with `--ca-key FILE`, or renew with a new key: `certctl renew NAME` without `--reuse-key`
exit: 1

error: CA certificate `pki/ca.pem` is not a CA certificate (basicConstraints lack CA:TRUE)
hint: name the CA certificate with `--ca FILE`, or make a new trust root: `certctl gen --replace-ca`
exit: 1

error: CA certificate `pki/ca.pem` has a keyUsage without keyCertSign, so clients refuse what it signs
hint: name the CA certificate with `--ca FILE`, or make a new trust root: `certctl gen --replace-ca`
exit: 1

error: CA certificate `pki/ca.pem` expired on 2026-11-22
hint: sign it again over the same key: `certctl renew ca`
exit: 1

error: CA certificate `pki/ca.pem` is not valid before 2026-11-22: is the clock of this machine right?
hint: set the clock (`date -u` shows it), or sign the CA again: `certctl renew ca`
exit: 1

error: CA certificate `pki/ca.pem` was signed by another CA, which alone can renew it
hint: ask the CA that signed it, or make a new trust root: `certctl gen --replace-ca`
exit: 1

error: `pki/ca.key` already exists
hint: choose another name
exit: 1

error: `pki/ca.srl` holds no serial number
  because: it holds something else than one line of hexadecimal digits
hint: put the file back from a backup; or move `pki/ca.srl` away, and certctl starts with a random number
exit: 1

error: `pki/ca.srl` holds no serial number
  because: serial space exhausted: the next number needs more than 20 octets (RFC 5280)
hint: no number is left under this CA: make a new trust root with `certctl gen --replace-ca`
exit: 1

error: `server` would outlive its CA, which ends 2026-11-22T03:00:00Z
hint: `--days 89` is the longest that fits; `certctl renew ca` gives the CA more time
exit: 1

error: `server` would outlive its CA, which ends 2026-11-22T03:00:00Z
hint: give the CA more time: `certctl renew ca`
exit: 1

error: `ca` would end after the year 9999, which no certificate can say
hint: choose fewer days: `--days 3650`
exit: 1

error: the clock says 1969-12-31T23:59:00Z: no certificate can begin before 1970
hint: set the clock; `date -u` shows it
exit: 1

error: `server` cannot be made: commonName is empty
hint: mend it with `--cn`, `--subject` or the single fields (`certctl gen --help` lists them)
exit: 2

error: `server` is to serve, but its common name `My Service` is no host name and it has no other
hint: say which host it serves: `--san HOST`
exit: 2

error: `server.pem` bears no name `a.example` that could be dropped
hint: this shows its names: `openssl x509 -noout -ext subjectAltName -in server.pem`
exit: 1

error: `server` has a key of kind ecdsa:p521, which certctl does not make
hint: choose a kind: `certctl renew server --key-type ecdsa:p256`
exit: 1

error: there is no `pki/redis.pem` to renew
hint: `certctl renew --dry-run` lists what there is; `certctl issue NAME HOST` makes one more
exit: 1

error: `pki/server.pem` was not signed by this CA
hint: name the CA that signed it: `--ca FILE --ca-key FILE`
exit: 1

error: another process holds the lock on `pki/ca.key` for more than 30 s
hint: wait for the other process, or longer: `--lock-timeout 120`
exit: 1

error: `pki/ca.key` cannot be locked
  because: as the system says it
hint: keep the PKI on a file system that has locks (`-d DIR`)
exit: 1

error: `pki/server.key` is a symbolic link: certctl replaces files, not what they point to
hint: put a regular file in its place, or name the directory it points to with `-d DIR` (`ls -l pki/server.key` shows it)
exit: 1

error: cannot replace `pki/server.key`
  because: as the system says it
hint: nothing was replaced; when the cause is mended, run the same command again
exit: 1

error: cannot write beside `pki/server.key`
  because: as the system says it
hint: run as the owner of the directory, or name another with `-d DIR`
exit: 1

error: cannot give the new `pki/server.key` the owner of the old one (user 999)
  because: as the system says it
hint: run as root or as user 999: a service of that user must be able to read the new file
exit: 1

error: publishing in `pki` was interrupted half-way
  because: cannot replace `pki/server.pem`
  because: as the system says it
hint: when the cause is mended, the next command that writes finishes or undoes it: `certctl renew --expires-within 1d`
exit: 1

error: `pki/.certctl-journal` is no journal of this version of certctl
hint: if no certctl of another version is running, remove it: `rm pki/.certctl-journal`
exit: 1

error: a private key could not be made
  because: the operating system gave no randomness
exit: 1

error: `server` could not be signed
  because: the certificate that was built has no extensions to replace
exit: 1

error: the CA certificate could not be made
  because: the certificate that was built has no extensions to replace
exit: 1

error: webpki refuses the new certificate of `server`, so nothing was published for it
  because: as a certificate for a server: UnknownIssuer
hint: renew it with other names or usages (`--drop-san`, `--usage`), or make it anew: `certctl issue`
exit: 1

error: webpki refuses what the new CA certificate would sign, so nothing was published
  because: the CA certificate cannot be a trust anchor: BadDer
hint: make a new trust root: `certctl gen --replace-ca`
exit: 1

error: the operating system gives no random numbers
exit: 1

error: `pki/certctl.toml` is no configuration that can be used: line 3, column 1: …
hint: `certctl init` in an empty directory writes a commented example
exit: 1

error: environment variable CERTCTL_OUTPUT: `xml` is no form
exit: 2

error: hook `reload` ended with exit code 1
hint: the new files are in place; run the hook by hand when it is mended
exit: 1

error: standard output cannot be written
  because: as the system says it
exit: 1


"#]]
    );
}

fn show(error: &Error) -> String {
    let mut lines = vec![format!("error: {error}")];
    lines.extend(error.causes().iter().map(|cause| format!("  because: {cause}")));
    lines.extend(error.hint().map(|hint| format!("hint: {hint}")));
    lines.push(format!("exit: {}", error.exit() as u8));
    lines.join("\n") + "\n"
}

fn all() -> Vec<Error> {
    let file = |name: &str| PathBuf::from("pki").join(name);
    let io = |kind: io::ErrorKind| io::Error::new(kind, "as the system says it");
    let denied = || io(io::ErrorKind::PermissionDenied);
    let name = || "server".parse().unwrap();
    let then = datetime!(2026-11-22 03:00 UTC);
    vec![
        Error::usage("flags that do not go together", Some("leave one off")),
        Error::Read { path: file("ca.key"), source: ReadError::Io(denied()) },
        Error::Read { path: file("ca.srl"), source: ReadError::NotRegular("a FIFO") },
        Error::Read { path: file("ca.pem"), source: ReadError::TooLarge(16 << 20) },
        Error::NoCa { path: file("ca.pem") },
        Error::Certificate { path: file("ca.pem"), source: PemError::Empty.into() },
        Error::Certificate { path: file("a.pem"), source: CertificateError::Malformed.into() },
        Error::Certificate { path: file("ca.pem"), source: Unreadable::NoMatch(2, file("ca.key")) },
        Error::KeyInside { path: file("server.pem") },
        Error::Key { path: file("ca.key"), source: KeyError::Encrypted { pkcs8: true } },
        Error::KeyMismatch { certificate: file("ca.pem"), key: file("ca.key") },
        Error::Authority { path: file("ca.pem"), source: AuthorityError::NotCa },
        Error::Authority { path: file("ca.pem"), source: AuthorityError::MayNotSign },
        Error::Authority { path: file("ca.pem"), source: AuthorityError::Expired(then) },
        Error::Authority { path: file("ca.pem"), source: AuthorityError::NotYetValid(then) },
        Error::NotSelfSigned { path: file("ca.pem") },
        Error::Exists { paths: vec![file("ca.key")], hint: "choose another name" },
        Error::SerialFile { path: file("ca.srl"), source: SerialError::NotHex },
        Error::SerialFile { path: file("ca.srl"), source: SerialError::Exhausted },
        Error::OutlivesCa { name: "server".into(), ca_ends: then, days_left: 89 },
        Error::OutlivesCa { name: "server".into(), ca_ends: then, days_left: 0 },
        Error::PastTheLastYear { name: "ca".into() },
        Error::Clock { now: datetime!(1969-12-31 23:59 UTC) },
        Error::Subject {
            name: "server".into(),
            source: Name::builder().build().with_common_name("").unwrap_err(),
        },
        Error::NoServerName { name: "server".into(), common_name: "My Service".into() },
        Error::NoSuchName { file: "server.pem".into(), name: "a.example".into() },
        Error::KeyKind { name: name(), kind: "ecdsa:p521".into() },
        Error::NoSuchIdentity { path: file("redis.pem") },
        Error::NotOurs { path: file("server.pem") },
        Error::Locked { path: file("ca.key"), seconds: 30 },
        Error::NoLocks { path: file("ca.key"), source: io(io::ErrorKind::Unsupported) },
        Error::Target { path: file("server.key"), kind: "a symbolic link" },
        Error::write(&file("server.key"), "replace", io(io::ErrorKind::StorageFull)),
        Error::write(&file("server.key"), "write beside", denied()),
        Error::Owner { path: file("server.key"), uid: 999, source: denied() },
        Error::Unfinished {
            dir: PathBuf::from("pki"),
            source: Box::new(Error::write(&file("server.pem"), "replace", denied())),
        },
        Error::Journal { path: file(".certctl-journal") },
        Error::KeyGeneration { source: KeyError::Randomness },
        Error::Issue { name: name(), source: IssueError::Frame },
        Error::IssueCa { source: IssueError::Frame },
        Error::SelfCheck {
            name: name(),
            source: Verdict::Usage { usage: "server", error: webpki::Error::UnknownIssuer },
        },
        Error::SelfCheckCa { source: Verdict::Anchor(webpki::Error::BadDer) },
        Error::Random(NoRandomness),
        Error::Config { path: file("certctl.toml"), message: "line 3, column 1: …".into() },
        Error::Environment { variable: "CERTCTL_OUTPUT", message: "`xml` is no form".into() },
        Error::Hook { command: "reload".into(), outcome: "ended with exit code 1".into() },
        Error::Output(io(io::ErrorKind::StorageFull)),
    ]
}
