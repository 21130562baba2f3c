//! What a `kubernetes.io/tls` Secret must have, key by key.

use super::super::{Found, Thing};

/// The type of the Secrets that are looked at.
pub(super) const TYPE: &str = "kubernetes.io/tls";

/// The keys that matter, in the order of their faults.
const KEYS: [&str; 3] = ["tls.crt", "tls.key", "ca.crt"];

/// What one value was found to have.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a value may have several of these")]
struct Entry {
    is_there: bool,
    certificate: bool,
    private_key: bool,
    request: bool,
    /// Named as such already.
    broken: bool,
}

/// What the values of one Secret were found to have.
#[derive(Default)]
pub(super) struct Entries([Entry; 3]);

impl Entries {
    /// A value as it stands in the manifest, and what was found in it. A later one wins.
    pub(super) fn add(&mut self, key: &str, text: &str, found: &[Found]) {
        let Some(at) = KEYS.iter().position(|known| *known == key) else { return };
        let has = |is: fn(&Thing) -> bool| found.iter().any(|it| is(&it.thing));
        self.0[at] = Entry {
            is_there: !text.trim().is_empty(),
            certificate: has(|it| matches!(it, Thing::Certificate(_))),
            private_key: has(|it| matches!(it, Thing::PrivateKey(_))),
            request: has(|it| matches!(it, Thing::Request(_))),
            broken: has(|it| matches!(it, Thing::Broken { .. })),
        };
    }

    /// Each key with what is wrong about it. Clients may do without `ca.crt`, which cert-manager
    /// leaves empty for the issuers that do not give it.
    pub(super) fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let [certificate, key, authority] = self.0;
        let mut faults = Vec::new();
        faults.extend(on_certificate(certificate, key).map(|fault| (KEYS[0], fault)));
        faults.extend(on_key(key, certificate).map(|fault| (KEYS[1], fault)));
        faults.extend(on_authority(authority).map(|fault| (KEYS[2], fault)));
        faults
    }
}

const EXCHANGED: &str = "`tls.crt` and `tls.key` are exchanged";

fn on_certificate(certificate: Entry, key: Entry) -> Option<&'static str> {
    Some(match certificate {
        Entry { is_there: false, .. } => "it is missing or empty",
        Entry { private_key: true, certificate: true, .. } => {
            "it has a private key beside the certificate"
        }
        Entry { request: true, certificate: true, .. } => {
            "it has a certificate request beside the certificate"
        }
        Entry { certificate: true, .. } | Entry { broken: true, .. } => return None,
        Entry { private_key: true, .. } if key.certificate => EXCHANGED,
        Entry { private_key: true, .. } => "it has a private key in place of a certificate",
        Entry { request: true, .. } => "it has a certificate request in place of a certificate",
        _ => "it has no certificate",
    })
}

fn on_key(key: Entry, certificate: Entry) -> Option<&'static str> {
    Some(match key {
        Entry { is_there: false, .. } => {
            "it is missing or empty: the API server refuses the Secret, or no server starts with it"
        }
        Entry { private_key: true, .. } | Entry { broken: true, .. } => return None,
        Entry { certificate: true, .. } if certificate.private_key => EXCHANGED,
        Entry { certificate: true, .. } => "it has a certificate in place of a private key",
        _ => "it has no private key",
    })
}

fn on_authority(authority: Entry) -> Option<&'static str> {
    Some(match authority {
        Entry { is_there: false, .. } => return None,
        Entry { private_key: true, .. } => {
            "it has a private key, which every client that gets it could use"
        }
        Entry { certificate: true, .. } | Entry { broken: true, .. } => return None,
        _ => "it has no certificate",
    })
}
