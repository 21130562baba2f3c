//! Every error as a user reads it: all wording is reviewed in one place.

#![expect(clippy::too_many_lines, reason = "a gallery is long, and snapbox writes it")]

use std::{io, path::PathBuf};

use pki::{
    input::{Container, ObjectError, Unrecognized},
    verify::{allowed_subjects::AllowedSubjectsError, webpki::WebpkiError},
    x509::{
        certificate::CertificateError,
        key::{KeyError, PublicKeyType},
        name::{Name, NameError},
        pem::{PemError, PemFault},
        random::NoRandomness,
        san::Reason,
        serial::SerialError,
        signature::SignatureError,
        usage::Usage,
    },
};
use snapbox::{assert_data_eq, str};
use time::macros::datetime;

use super::Error;
use crate::{
    config::ConfigError,
    deploy::error::{DeployError, UnmetRequirement},
    hint::Hint,
    hook::HookError,
    issue::{
        csr_rules::CsrRefusal,
        error::{AuthorityError, IssueError, MoreTime, Unreadable},
        profile::SigningError,
        urgency::Urgency,
    },
    probe::ProbeError,
    report::as_typed,
    store::{ReadError, StoreError, UnsafePath},
};

#[test]
fn every_error_names_its_object_and_the_way_out() {
    let shown: Vec<String> =
        all().iter().chain(&requests()).chain(&deployments()).map(show).collect();

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
hint: split the file, or take out of it what is not needed
exit: 1

error: `pki/sub` cannot be read
  because: the folders have more than 100000 files, and the rest is not read
hint: keep the PKI in a directory without other files, and name it with `-d DIR`
exit: 1

error: `pki/sub` cannot be read
  because: it is more than 32 folders below the directory
hint: keep the PKI in a directory without other files, and name it with `-d DIR`
exit: 1

error: no CA in this directory: `pki/ca.pem` does not exist
hint: create one: `certctl gen --cn HOST`; or name one that is elsewhere: `--ca FILE --ca-key FILE`
exit: 1

error: no CA in this directory: `pki/old-ca.pem` does not exist
hint: name a CA certificate that is there: `--ca FILE`; `ls pki` shows the files
exit: 1

error: `pki/ca.pem` has no usable certificate
  because: it is empty
hint: put the file back from a backup; or create a new CA: `certctl gen --replace-ca`
exit: 1

error: `pki/ca.pem` has no usable certificate
  because: its PEM has a blank line in its base64, and OpenSSL and what is built on it cannot read that
hint: rewrite it in the usual form: `tr '/r' '/n' < pki/ca.pem | sed 's/^.*-----BEGIN/-----BEGIN/; s//(-----END .*-----/).*//1/; s/^[[:space:]]*//; s/[[:space:]]*$//; /: /d; /^$/d' > pki/ca.pem.new`, then `mv pki/ca.pem.new pki/ca.pem`
exit: 1

error: `pki/a.pem` has no usable certificate
  because: it is not an X.509 certificate: its DER is malformed
hint: put the file back from a backup; or, if it is an identity, issue it again: `certctl issue a HOST`
exit: 1

error: `pki/ca.pem` has no usable certificate
  because: none of its 2 certificates belongs to the key `pki/ca.key`
hint: name the certificate of that key with `--ca FILE`; this shows its subject: `openssl x509 -noout -subject -in pki/ca.pem`
exit: 1

error: `pki/serber` does not exist, and no identity has that name
hint: `certctl inspect` without a name lists the files of the directory; `-d DIR` names another
exit: 1

error: `pki/a/up` leads back to `pki/a`
hint: all else was read; remove the link if it is not needed: `rm pki/a/up`
exit: 1

error: `pki/a.pem` has no supported content
  because: it is empty
hint: put the file back from a backup; or, if it is an identity, issue it again: `certctl issue a HOST`
exit: 1

error: `pki/a.jks` has no supported content
  because: it is a Java keystore (JKS), which certctl does not read
hint: convert it: `keytool -importkeystore -srckeystore pki/a.jks -destkeystore pki/a.jks.p12 -deststoretype PKCS12`
exit: 1

error: `pki/a.p7b` has no supported content
  because: it is a PKCS#7 file, which certctl does not read
hint: convert it: `openssl pkcs7 -inform DER -in pki/a.p7b -print_certs -out pki/a.p7b.pem`
exit: 1

error: `pki/a.pem` has no supported content
  because: it is text in UTF-16, which certctl does not read
hint: convert it: `iconv -f UTF-16 -t UTF-8 pki/a.pem > pki/a.pem.utf8`
exit: 1

error: `pki/a.pem` has no supported content
  because: it is a gzip archive, which certctl does not read
hint: certctl reads PEM, DER, PKCS#12 and Kubernetes Secrets; `file pki/a.pem` may know what it is
exit: 1

error: a PKCS#12 file in `pki/a.p12` cannot be read
  because: it is encrypted with a cipher that certctl does not support
hint: convert it: `openssl pkcs12 -legacy -in pki/a.p12 -nokeys -out pki/a.p12.pem`
exit: 1

error: a certificate in `pki/a.pem` cannot be read
  because: its line ends are the two characters `/n`
hint: write line ends in their place: `printf '%b' "$(cat pki/a.pem)" > pki/a.pem.new`
exit: 1

error: a certificate in `pki/secret.yaml: default/certs: tls.crt` cannot be read
  because: it is base64 where its octets belong (encoded twice)
hint: create the Secret from the PEM files: `kubectl create secret tls NAME --cert FILE --key FILE --dry-run=client -o yaml`
exit: 1

error: a base64 text in `pki/store` cannot be read
  because: it is base64 of a Java keystore (JKS), which certctl does not read
hint: decode it, then check that: `base64 -d pki/store > pki/store.decoded`
exit: 1

error: `pki/secret.yaml: default/certs: tls.key` is not valid in its Secret
  because: it has no private key
hint: create the Secret from the PEM files: `kubectl create secret tls NAME --cert FILE --key FILE --dry-run=client -o yaml`
exit: 1

error: `pki/empty` has no certificate to check
  because: it has no files
hint: `ls -la pki/empty` shows what is there; `-r` goes into its directories, too
exit: 1

error: a PKCS#12 file in `pki/a.p12` cannot be read
  because: its password is needed: `--password-file FILE` opens it
hint: `certctl inspect pki/a.p12 --password-file FILE`, with the password in the first line of FILE
exit: 1

error: a certificate in `pki/secret.yaml: default/certs: tls.crt` cannot be read
  because: it is not an X.509 certificate: its DER is malformed
hint: put the file back from a backup; all else in it was read
exit: 1

error: `pki/server.pem` has a private key beside the certificate
hint: keep the key in a file of its own: `openssl pkey -in pki/server.pem -out pki/server.key`, `sed '/BEGIN.*PRIVATE KEY/,/END.*PRIVATE KEY/d' pki/server.pem > pki/server.pem.new`, then `mv pki/server.pem.new pki/server.pem`
exit: 1

error: `pki/web.crt` expires on 2026-12-08 and is not renewed
  because: its private key is not in this directory
exit: 3

error: `pki/web.crt` is not issued again under the new CA
  because: its private key is not in this directory
hint: issue a new one: `certctl issue NAME HOST`
exit: 1

error: `pki/ca.key` is not replaced: it is encrypted, and the new one would not be
hint: if the new key need not be encrypted, move it away: `mv pki/ca.key pki/ca.key.old`, then `certctl gen --replace-ca`
exit: 1

error: `pki/ca.key` has no usable private key
  because: holds an encrypted private key
hint: convert it: `openssl pkcs8 -in pki/ca.key -out pki/ca.key.new`, then `mv pki/ca.key.new pki/ca.key`
exit: 1

error: the CA certificate is lost: `pki/ca.pem` does not exist, and its private key `pki/ca.key` does
hint: name the CA: `--ca FILE --ca-key FILE`; or put `pki/ca.pem` back from a backup, or from a client that trusts it: what the CA issued is valid until it expires; or create a new CA: `certctl gen --replace-ca` (the old files go to archive/; services need new certificates, and clients the new CA)
exit: 1

error: the private key of the CA is not here: `pki/ca.key` does not exist
hint: name the key of the CA: `--ca-key FILE`; or put `pki/ca.key` back from a backup: what the CA issued is valid until it expires; or create a new CA: `certctl gen --replace-ca` (the old files go to archive/; services need new certificates, and clients the new CA)
exit: 1

error: the private key of the CA is not here: `pki/ca.key` does not exist
hint: name the key of that certificate: `--ca-key FILE`
exit: 1

error: private key `pki/ca.key` does not belong to certificate `pki/ca.pem`
hint: name the key of the CA: `--ca-key FILE`; or put `pki/ca.key` back from a backup: what the CA issued is valid until it expires; or create a new CA: `certctl gen --replace-ca` (the old files go to archive/; services need new certificates, and clients the new CA)
exit: 1

error: private key `pki/web.key` does not belong to certificate `pki/web.pem`
hint: generate a new key and certificate: `certctl renew web`
exit: 1

error: CA certificate `pki/ca.pem` is not a CA certificate (basicConstraints lack CA:TRUE)
hint: name the CA certificate with `--ca FILE`, or create a new CA: `certctl gen --replace-ca`
exit: 1

error: CA certificate `pki/ca.pem` has a keyUsage without keyCertSign, so clients refuse what it signs
hint: name the CA certificate with `--ca FILE`, or create a new CA: `certctl gen --replace-ca`
exit: 1

error: CA certificate `pki/ca.pem` expired on 2026-11-22
hint: sign it again over the same key: `certctl renew ca`
exit: 1

error: CA certificate `pki/ca.pem` is not valid before 2026-11-22: is the clock of this machine right?
hint: set the clock (`date -u` shows it), or sign the CA again: `certctl renew ca`
exit: 1

error: CA certificate `pki/ca.pem` was signed by another CA; only that CA can renew it
hint: ask the CA that signed it, or create a new CA: `certctl gen --replace-ca`
exit: 1

error: `pki/ca.key` already exists
hint: choose another name
exit: 1

error: `pki/ca.srl` holds no serial number
  because: it holds something else than one line of hexadecimal digits
hint: put the file back from a backup; or move it away, and certctl begins with a random number: `mv pki/ca.srl pki/ca.srl.old`
exit: 1

error: `pki/ca.srl` holds no serial number
  because: serial space exhausted: the next number needs more than 20 octets (RFC 5280)
hint: this CA has no serial number left; create a new CA: `certctl gen --replace-ca`
exit: 1

error: `server` would expire after its CA (2026-11-22T03:00:00Z)
hint: extend the validity of the CA: `certctl renew ca`; or use the longest possible validity: `--days 89`
exit: 1

error: `server` would expire after its CA (2026-11-22T03:00:00Z)
hint: extend the validity of the CA: `certctl renew ca --days 826`
exit: 1

error: `server` would expire after its CA (2026-11-22T03:00:00Z)
hint: extend the validity of the CA: `--ca-days 826`; or use the longest possible validity: `--days 89`
exit: 1

error: `ca` would expire after the year 9999, and a certificate cannot contain such a date
hint: choose fewer days: `--ca-days 36500` of `gen`, `--days 36500` of `renew ca`
exit: 1

error: the clock says 1969-12-31T23:59:00Z: a certificate cannot begin before 1970
hint: set the clock; `date -u` shows it
exit: 1

error: `server` cannot be issued: commonName is empty
hint: correct it with `--cn`, `--subject` or the single fields (`certctl gen --help` lists them)
exit: 2

error: `server` is a server, but its common name `My Service` is not a host name and it has no SAN
hint: add the host that it serves: `--san HOST`
exit: 2

error: `server.pem` has no SAN `a.example`
hint: this shows its names: `certctl inspect server`
exit: 1

error: `server` has a key of type ecdsa:p521, which certctl does not generate
hint: choose a key type: `certctl renew server --key-type ecdsa:p256`
exit: 1

error: `pki/redis.pem` does not exist, so it cannot be renewed
hint: `certctl status` lists the identities; or issue it: `certctl issue redis HOST`
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

error: `pki/server.key` is a symbolic link: certctl replaces only regular files
hint: `ls -ld pki/server.key` shows it; move it away, or name another directory
exit: 1

error: `/srv` is not safe: other users may write there, and could exchange what is in it
hint: remove that permission (`chmod o-w /srv`); or accept it, as in a container's emptyDir: `--allow-shared-dir`
exit: 1

error: `/srv` is not safe: it belongs to user redis (101), who could exchange what is in it
hint: run as that user, or create the directory for that user first: one that belongs to the owner of its path is accepted
exit: 1

error: `/srv/tls` is not safe: the symbolic link belongs to user redis (101), who could point it elsewhere
hint: name the directory itself, not the link (`readlink /srv/tls` shows it)
exit: 1

error: `pki/.certctl` belongs to user redis (101): certctl of that user is running, or did not remove it
hint: run as that user; or, if no certctl is running, remove it: `rm -r pki/.certctl`
exit: 1

error: `pki/.certctl/commit-1` has the files of an unfinished run, but not the mode 0700: other users could have changed them
hint: read its files; if they are right, move them to their places; then remove it: `rm -r pki/.certctl/commit-1`
exit: 1

error: `pki/secret.yaml` belongs to user redis (101), who would own the new content
hint: remove it first (`rm pki/secret.yaml`), or name another file
exit: 1

error: cannot replace `pki/server.key`
  because: as the system says it
hint: nothing was replaced; fix the cause, then run the same command again
exit: 1

error: cannot write beside `pki/server.key`
  because: as the system says it
hint: run as the owner of the directory, or name another with `-d DIR`
exit: 1

error: cannot give the new `pki/server.key` the owner of the old one (user 999)
  because: as the system says it
hint: run as root or as user 999: a service of that user must be able to read the new file
exit: 1

error: a commit in `pki` was interrupted
  because: cannot replace `pki/server.pem`
  because: as the system says it
hint: fix the cause, then the next command that writes completes or undoes it: `certctl renew --expires-within 1d`
exit: 1

error: `pki/.certctl-journal` is a journal of certctl 0.1, which certctl never uses: it could be forged
hint: if certificates and keys belong together, remove it: `rm pki/.certctl-journal`
exit: 1

error: a private key cannot be generated
  because: the operating system gave no randomness
exit: 1

error: `server` cannot be signed
  because: the certificate that was built has no extensions to replace
exit: 1

error: the CA certificate cannot be signed
  because: the certificate that was built has no extensions to replace
exit: 1

error: webpki refuses the new certificate of `server`, so it was not published
  because: as a certificate for a server: UnknownIssuer
hint: renew it with other names or another usage: `certctl renew server --drop-san SAN --usage USAGE`
exit: 1

error: webpki refuses the certificates below the new CA certificate, so nothing was published
  because: the CA certificate cannot be a trust anchor: BadDer
hint: create a new CA: `certctl gen --replace-ca`
exit: 1

error: the operating system gives no random numbers
exit: 1

error: `pki/certctl.toml` is not a valid configuration: line 3, column 1: …
hint: `certctl init` in an empty directory writes a commented example
exit: 1

error: environment variable CERTCTL_OUTPUT: `xml` is not an output format
exit: 2

error: trust anchor `pki/ca.pem` does not exist
hint: name the CA that clients trust: `--ca FILE`
exit: 1

error: `pki/notes.pem` has no certificate to check
  because: it has no certificate
hint: see what is in it: `certctl inspect pki/notes.pem`
exit: 1

error: `pki/ca.crl` has no CRL
hint: see what is in it: `certctl inspect pki/ca.crl`
exit: 1

error: `pki/admitted.txt` cannot be used as allowed subjects
  because: line 3 has no CN
hint: one subject a line, as in `CN=app,OU=db,OU=eu,O=Example`; `#` begins a comment
exit: 1

error: `db.internal:6379` cannot be probed
  because: the host name cannot be resolved
  because: as the system says it
hint: name the server by an address that it listens at: `--connect ADDRESS:PORT`
exit: 1

error: hook `reload` ended with exit code 1
hint: the new files are in place; fix the cause, and the next run with `--exec` runs the hook again
exit: 1

error: `pki/hook-pending` is not a list of pending hooks
  because: it has no name
hint: look at it (`cat pki/hook-pending`), run the hook by hand, then remove the file: `rm pki/hook-pending`
exit: 1

error: `localhost:6379` does not serve the new certificate within 30 s
  because: it serves `CN=localhost`, serial 0a, which expires on 2036-11-19
hint: reload the service, then compare: `certctl check --connect localhost:6379 --starttls postgres`
exit: 1

error: the old files are restored, but hook `reload` ended with exit code 1
hint: fix the service, reload it, then renew again: `certctl renew`
exit: 1

error: standard output cannot be written
  because: as the system says it
exit: 1

error: CSR `db.csr` has a key of type ecdsa:p521, which hardly any TLS stack takes
hint: create a new CSR with another key: `--key-type ecdsa:p256` for certctl, `-newkey rsa:2048` for openssl
exit: 1

error: CSR `db.csr` has no proof of possession: its signature does not verify with the key
hint: it was changed after it was signed, or its program has a bug: get the CSR again; verify it: `openssl req -verify -noout -in db.csr`
exit: 1

error: CSR `db.csr` has no proof of possession: its signature is made with SHA-1, which is broken
hint: create a new CSR with SHA-256: `openssl req -new -sha256`
exit: 1

error: CSR `db.csr` asks to be a CA (basicConstraints CA:TRUE)
hint: certctl signs only end-entity certificates; create another CA in another directory: `gen --ca-cn NAME`
exit: 1

error: CSR `db.csr` asks to sign certificates (keyUsage keyCertSign), which only a CA may
hint: certctl signs only end-entity certificates; create another CA in another directory: `gen --ca-cn NAME`
exit: 1

error: CSR `db.csr` asks for the extension nameConstraints, which certctl does not issue
hint: create a new CSR without it; show what this one asks for: `openssl req -noout -text -in db.csr`
exit: 1

error: CSR `db.csr` asks for the extension subjectAltName twice
hint: create a new CSR without it; show what this one asks for: `openssl req -noout -text -in db.csr`
exit: 1

error: CSR `db.csr` asks for the extension subjectAltName in an unreadable encoding
hint: create a new CSR without it; show what this one asks for: `openssl req -noout -text -in db.csr`
exit: 1

error: CSR `db.csr` asks for 1001 names, at most 1000 are allowed
hint: create several CSRs, each with some of the names
exit: 1

error: CSR `db.csr` asks for the name `X400Name:#A3020500`, which certctl cannot read
hint: create a new CSR without it
exit: 1

error: CSR `db.csr` asks for names that are not approved: CN=db, DNS:db.internal
hint: approve names with `--cn NAME` and `--san NAME`, and create a new CSR without the others; or approve all: `--accept-names`
exit: 1

error: CSR `db.csr` has no subject and no SAN
hint: give it one: `--cn NAME`, `--san HOST`
exit: 1

error: CSR `db.csr` asks for the name `DNS:a..b`, which no client can match: it has an empty label: it begins with a dot or has two in a row
hint: create a new CSR without it
exit: 1

error: CSR `db.csr` asks for a subject that certctl does not issue: commonName is empty
hint: give it another by `--cn NAME`, without `--accept-names`
exit: 1

error: CSR `db.csr` has the key of the CA itself
hint: create a new CSR with another key: `--key-type ecdsa:p256` for certctl, `-newkey rsa:2048` for openssl
exit: 1

error: CSR `db.csr` has the subject of the CA itself
hint: give it another by `--cn NAME`
exit: 1

error: `db.csr` cannot be read
  because: as the system says it
hint: `ls .` shows what is there
exit: 1

error: `db.csr` has no CSR to sign
  because: it holds a certificate
hint: see what is in it: `certctl inspect db.csr`
exit: 1

error: private key `pki/db.key` does not belong to CSR `db.csr`
hint: choose another name for the certificate: `--name db-2`
exit: 1

error: the CSR of `db` cannot be created
  because: the key could not sign: its parts may not fit together
exit: 1

error: `pki/peer.pem` does not exist
hint: `certctl issue peer HOST --usage peer` issues it; `certctl status` lists the identities
exit: 1

error: `pki/client.pem` does not exist
hint: name the client of the plan: `--client app`; or `certctl issue client HOST --usage client` issues it; `certctl status` lists the identities
exit: 1

error: the result is not written to `pki/ca.key`: a key is there
hint: name another file with `--out-file FILE`, or leave it off
exit: 1

error: the private key of `pki/db.pem` is missing: `pki/db.key` does not exist
hint: run this where the key is
exit: 1

error: the certificates do not meet the requirements
  because: `client.pem` allows serverAuth only: tlsMode 2 needs a client certificate
  because: `other.pem` allows serverAuth only: tlsMode 2 needs a client certificate
hint: certctl renew client --usage client
hint: certctl renew other --usage client
exit: 1

error: `pki/db.key` is DER; services need PEM
hint: write it as PEM: `openssl pkey -in pki/db.key -out pki/db.key.new`, then `mv pki/db.key.new pki/db.key`
exit: 1

error: a terminal must not show a private key
hint: write it to a file with `--out-file FILE`, or print it with `-o yaml`
exit: 1

error: group `rediss` does not exist on this system
hint: `getent group` lists the groups; for a group of a container, give its number: `--group 999`
exit: 1

error: cannot give `/etc/redis/tls/server.key` to group redis
  because: as the system says it
hint: run as root, or as a member of group redis
exit: 1

error: that password cannot protect a PKCS#12 file: it is empty
hint: put a password of printable ASCII characters into the first line of a file: `--password-file FILE`
exit: 1


"#]]
    );
}

fn show(error: &Error) -> String {
    let mut lines = vec![format!("error: {error}")];
    lines.extend(error.causes().iter().map(|cause| format!("  because: {cause}")));
    let hint = as_typed(&error.hint().unwrap_or_default());
    lines.extend(hint.lines().map(|hint| format!("hint: {hint}")));
    lines.push(format!("exit: {}", error.exit() as u8));
    lines.join("\n") + "\n"
}

fn all() -> Vec<Error> {
    let file = |name: &str| PathBuf::from("pki").join(name);
    let io = |kind: io::ErrorKind| io::Error::new(kind, "as the system says it");
    let denied = || io(io::ErrorKind::PermissionDenied);
    let name = || "server".parse().unwrap();
    let then = datetime!(2026-11-22 03:00 UTC);
    let outlives = |days_left, more| {
        Error::from(IssueError::OutlivesCa {
            name: "server".into(),
            ca_ends: then,
            days_left,
            edit: None,
            more,
        })
    };
    vec![
        Error::usage("flags that do not go together", Some("leave one off".into())),
        Error::from(StoreError::Read { path: file("ca.key"), source: ReadError::Io(denied()) }),
        Error::from(StoreError::Read {
            path: file("ca.srl"),
            source: ReadError::NotRegular("a FIFO"),
        }),
        Error::from(StoreError::Read {
            path: file("ca.pem"),
            source: ReadError::TooLarge(16 << 20),
        }),
        Error::from(StoreError::Read { path: file("sub"), source: ReadError::TooMany(100_000) }),
        Error::from(StoreError::Read { path: file("sub"), source: ReadError::TooDeep(32) }),
        Error::from(IssueError::NoCa { path: file("ca.pem"), elsewhere: false }),
        Error::from(IssueError::NoCa { path: file("old-ca.pem"), elsewhere: true }),
        Error::from(IssueError::Certificate {
            path: file("ca.pem"),
            source: PemError::Empty.into(),
        }),
        Error::from(IssueError::Certificate {
            path: file("ca.pem"),
            source: PemError::Form(PemFault::BlankLine).into(),
        }),
        Error::from(IssueError::Certificate {
            path: file("a.pem"),
            source: CertificateError::Malformed.into(),
        }),
        Error::from(IssueError::Certificate {
            path: file("ca.pem"),
            source: Unreadable::NoMatch(2, file("ca.key")),
        }),
        Error::NoInput { path: file("serber") },
        Error::Loop { path: file("a/up"), ancestor: file("a") },
        Error::from(IssueError::Unrecognised { path: file("a.pem"), source: Unrecognized::Empty }),
        Error::from(IssueError::Unrecognised {
            path: file("a.jks"),
            source: Unrecognized::Container(Container::Jks),
        }),
        Error::from(IssueError::Unrecognised {
            path: file("a.p7b"),
            source: Unrecognized::Container(Container::Pkcs7Der),
        }),
        Error::from(IssueError::Unrecognised {
            path: file("a.pem"),
            source: Unrecognized::Container(Container::WideText("UTF-16")),
        }),
        Error::from(IssueError::Unrecognised {
            path: file("a.pem"),
            source: Unrecognized::Opaque("a gzip archive"),
        }),
        Error::from(IssueError::Malformed {
            path: file("a.p12"),
            within: None,
            what: "PKCS#12 file",
            source: ObjectError::Unsupported(
                "it is encrypted with a cipher that certctl does not support",
            ),
        }),
        Error::from(IssueError::Malformed {
            path: file("a.pem"),
            within: None,
            what: "certificate",
            source: ObjectError::EscapedNewlines,
        }),
        Error::from(IssueError::Malformed {
            path: file("secret.yaml"),
            within: Some("default/certs: tls.crt".into()),
            what: "certificate",
            source: ObjectError::EncodedTwice(
                "it is base64 where its octets belong (encoded twice)",
            ),
        }),
        Error::from(IssueError::Malformed {
            path: file("store"),
            within: None,
            what: "base64 text",
            source: ObjectError::EncodedContainer(Container::Jks),
        }),
        Error::Secret {
            path: file("secret.yaml"),
            within: "default/certs: tls.key".into(),
            reason: "it has no private key",
        },
        Error::NothingThere { dir: file("empty"), skipped: None },
        Error::from(IssueError::Malformed {
            path: file("a.p12"),
            within: None,
            what: "PKCS#12 file",
            source: ObjectError::Locked,
        }),
        Error::from(IssueError::Malformed {
            path: file("secret.yaml"),
            within: Some("default/certs: tls.crt".into()),
            what: "certificate",
            source: CertificateError::Malformed.into(),
        }),
        Error::from(IssueError::KeyInside { path: file("server.pem") }),
        IssueError::NotRenewed {
            path: file("web.crt"),
            not_after: time::macros::datetime!(2026-12-08 0:00 UTC),
            urgency: Urgency::Due,
            reason: "its private key is not in this directory".into(),
            hint: None,
        }
        .into(),
        IssueError::NotReissued {
            path: file("web.crt"),
            reason: "its private key is not in this directory".into(),
            hint: Some(Hint::from("issue a new one: ").run("issue NAME HOST")),
        }
        .into(),
        IssueError::EncryptedCaKey { path: file("ca.key") }.into(),
        Error::from(IssueError::Key {
            path: file("ca.key"),
            source: KeyError::Encrypted { pkcs8: true },
        }),
        Error::from(IssueError::LostCa { certificate: file("ca.pem"), key: file("ca.key") }),
        Error::from(IssueError::NoCaKey { path: file("ca.key"), elsewhere: false }),
        Error::from(IssueError::NoCaKey { path: file("ca.key"), elsewhere: true }),
        Error::from(IssueError::CaKeyMismatch {
            certificate: file("ca.pem"),
            key: file("ca.key"),
            elsewhere: false,
        }),
        Error::from(IssueError::KeyMismatch { certificate: file("web.pem"), key: file("web.key") }),
        Error::from(IssueError::Authority { path: file("ca.pem"), source: AuthorityError::NotCa }),
        Error::from(IssueError::Authority {
            path: file("ca.pem"),
            source: AuthorityError::MayNotSign,
        }),
        Error::from(IssueError::Authority {
            path: file("ca.pem"),
            source: AuthorityError::Expired(then),
        }),
        Error::from(IssueError::Authority {
            path: file("ca.pem"),
            source: AuthorityError::NotYetValid(then),
        }),
        IssueError::NotSelfSigned { path: file("ca.pem") }.into(),
        IssueError::Exists { paths: vec![file("ca.key")], hint: "choose another name".into() }
            .into(),
        Error::from(StoreError::SerialFile { path: file("ca.srl"), source: SerialError::NotHex }),
        Error::from(StoreError::SerialFile {
            path: file("ca.srl"),
            source: SerialError::Exhausted,
        }),
        outlives(89, MoreTime::Renewed),
        outlives(0, MoreTime::RenewedFor(826)),
        outlives(89, MoreTime::Created(826)),
        Error::from(IssueError::PastTheLastYear { name: "ca".into() }),
        Error::Clock { now: datetime!(1969-12-31 23:59 UTC) },
        Error::from(IssueError::Subject {
            name: "server".into(),
            source: Name::builder().build().with_common_name("").unwrap_err(),
        }),
        Error::from(IssueError::NoServerName {
            name: "server".into(),
            common_name: "My Service".into(),
        }),
        IssueError::NoSuchName { file: "server.pem".into(), name: "a.example".into() }.into(),
        IssueError::KeyKind { name: name(), kind: "ecdsa:p521".into() }.into(),
        IssueError::NoSuchIdentity { path: file("redis.pem") }.into(),
        IssueError::OtherIssuer { path: file("server.pem") }.into(),
        Error::from(StoreError::Locked { path: file("ca.key"), seconds: 30 }),
        Error::from(StoreError::NoLocks {
            path: file("ca.key"),
            source: io(io::ErrorKind::Unsupported),
        }),
        Error::from(StoreError::Target { path: file("server.key"), kind: "a symbolic link" }),
        Error::from(StoreError::UnsafePath { path: "/srv".into(), reason: UnsafePath::Open }),
        Error::from(StoreError::UnsafePath {
            path: "/srv".into(),
            reason: UnsafePath::Owner("redis (101)".into()),
        }),
        Error::from(StoreError::UnsafePath {
            path: "/srv/tls".into(),
            reason: UnsafePath::Link("redis (101)".into()),
        }),
        Error::from(StoreError::ForeignWork {
            path: file(".certctl"),
            owner: "redis (101)".into(),
        }),
        Error::from(StoreError::OpenRecord { path: file(".certctl/commit-1") }),
        Error::from(StoreError::ForeignFile {
            path: file("secret.yaml"),
            owner: "redis (101)".into(),
        }),
        Error::from(StoreError::write(
            &file("server.key"),
            "replace",
            io(io::ErrorKind::StorageFull),
        )),
        Error::from(StoreError::write(&file("server.key"), "write beside", denied())),
        Error::from(StoreError::Owner { path: file("server.key"), uid: 999, source: denied() }),
        Error::from(StoreError::Unfinished {
            dir: PathBuf::from("pki"),
            source: Box::new(StoreError::write(&file("server.pem"), "replace", denied())),
        }),
        Error::from(StoreError::Journal { path: file(".certctl-journal") }),
        Error::from(IssueError::KeyGeneration { source: KeyError::Randomness }),
        Error::from(IssueError::Sign { name: name(), source: SigningError::Frame }),
        Error::from(IssueError::SignCa { source: SigningError::Frame }),
        Error::from(IssueError::SelfCheck {
            name: name(),
            source: WebpkiError::Usage { usage: "server", error: webpki::Error::UnknownIssuer },
        }),
        Error::from(IssueError::SelfCheckCa { source: WebpkiError::Anchor(webpki::Error::BadDer) }),
        Error::from(StoreError::Random(NoRandomness)),
        Error::from(ConfigError::Invalid {
            path: file("certctl.toml"),
            message: "line 3, column 1: …".into(),
        }),
        Error::Environment {
            variable: "CERTCTL_OUTPUT",
            message: "`xml` is not an output format".into(),
        },
        Error::NoAnchor { path: file("ca.pem") },
        Error::NothingToCheck { path: file("notes.pem"), reason: "it has no certificate".into() },
        Error::NoRevocationList { path: file("ca.crl") },
        Error::Admission {
            path: file("admitted.txt"),
            source: AllowedSubjectsError::NoCommonName { line: 3 },
        },
        Error::Probe {
            endpoint: "db.internal:6379".into(),
            source: ProbeError::Resolve(io(io::ErrorKind::NotFound)),
        },
        Error::from(HookError {
            command: "reload".into(),
            outcome: "ended with exit code 1".into(),
            is_rolled_back: false,
        }),
        Error::from(IssueError::HookPending {
            path: file("hook-pending"),
            reason: "it has no name".into(),
        }),
        Error::NotServed {
            endpoint: "localhost:6379".into(),
            starttls: Some("postgres"),
            seconds: 30,
            outcome: "it serves `CN=localhost`, serial 0a, which expires on 2036-11-19".into(),
        },
        Error::Rollback { outcome: "hook `reload` ended with exit code 1".into() },
        Error::Output(io(io::ErrorKind::StorageFull)),
    ]
}

/// What `csr` and `sign` answer.
fn requests() -> Vec<Error> {
    let file = || PathBuf::from("db.csr");
    let refusals = [
        CsrRefusal::Key {
            kind: PublicKeyType::EcdsaP521,
            reason: "which hardly any TLS stack takes".into(),
        },
        CsrRefusal::Signature(SignatureError::Wrong),
        CsrRefusal::Signature(SignatureError::Algorithm("SHA-1, which is broken".into())),
        CsrRefusal::Ca,
        CsrRefusal::CaKeyUsage("certificates (keyUsage keyCertSign)"),
        CsrRefusal::UnknownExtension("2.5.29.30".into()),
        CsrRefusal::Twice("2.5.29.17".into()),
        CsrRefusal::Unreadable("2.5.29.17".into()),
        CsrRefusal::TooMany(1001),
        CsrRefusal::UnknownName("X400Name:#A3020500".into()),
        CsrRefusal::NotGiven(vec!["CN=db".into(), "DNS:db.internal".into()]),
        CsrRefusal::Nameless,
        CsrRefusal::Unmatchable { name: "DNS:a..b".into(), reason: Reason::EmptyLabel },
        CsrRefusal::Subject(NameError::Empty { field: "commonName" }),
        CsrRefusal::CaKey,
        CsrRefusal::CaName,
    ];
    let not_found = io::Error::new(io::ErrorKind::NotFound, "as the system says it");
    let others = [
        Error::from(StoreError::Read { path: file(), source: ReadError::Io(not_found) }),
        Error::NoRequest { path: file(), reason: "it holds a certificate".into() },
        Error::OtherKey { request: file(), key: "pki/db.key".into() },
        Error::MakeRequest { name: "db".parse().unwrap(), source: KeyError::Signing.into() },
    ];
    let refused = |source| Error::Refused { file: file(), source };
    refusals.map(refused).into_iter().chain(others).collect()
}

/// What `k8s`, `render` and `export` answer.
fn deployments() -> Vec<Error> {
    let unmet = |file: &str, hint: &'static str| UnmetRequirement {
        message: format!("`{file}` allows serverAuth only: tlsMode 2 needs a client certificate"),
        hint: Hint::command(hint),
    };
    let unmet = vec![
        unmet("client.pem", "renew client --usage client"),
        unmet("other.pem", "renew other --usage client"),
    ];
    vec![
        Error::from(IssueError::NoPair {
            path: "pki/peer.pem".into(),
            name: "peer".parse().unwrap(),
            usage: Some(Usage::Peer),
            planned: None,
        }),
        Error::from(IssueError::NoPair {
            path: "pki/client.pem".into(),
            name: "client".parse().unwrap(),
            usage: Some(Usage::Client),
            planned: Some("app".parse().unwrap()),
        }),
        Error::from(StoreError::OutFile {
            path: "pki/ca.key".into(),
            reason: "a key is there".into(),
        }),
        Error::from(IssueError::NoKey {
            certificate: "pki/db.pem".into(),
            key: "pki/db.key".into(),
        }),
        Error::from(DeployError::UnmetRequirements { unmet }),
        Error::from(DeployError::Der { path: "pki/db.key".into() }),
        Error::KeyOnTerminal,
        Error::from(StoreError::NoGroup { name: "rediss".into() }),
        Error::from(StoreError::Group {
            path: "/etc/redis/tls/server.key".into(),
            group: "redis".into(),
            source: io::Error::new(io::ErrorKind::PermissionDenied, "as the system says it"),
        }),
        Error::Password { reason: "it is empty" },
    ]
}
