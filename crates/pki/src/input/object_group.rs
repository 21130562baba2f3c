//! The objects of a file that belong together: certificates, their private keys and their CA.

use std::collections::HashMap;

use super::{
    manifest::key_name,
    object::{LocatedObject, Location, LocationKind, PkiObject},
};
use crate::x509::{certificate::Certificate, key::PrivateKeySummary, pem::PemFault};

/// The objects of one Kubernetes object, or those of a file that are in none. CSRs, CRLs and public keys
/// are left out.
#[derive(Debug, Default)]
pub struct ObjectGroup {
    /// The certificates, in their order.
    pub certificates: Vec<Certificate>,
    /// Where each of the certificates is.
    pub locations: Vec<Option<Location>>,
    /// The private keys, and where they are.
    pub keys: Vec<(Option<Location>, PrivateKeySummary)>,
    /// What is or may be a certificate and cannot be read, and why.
    pub broken: Vec<(Option<Location>, String)>,
    forms: Vec<(Option<Location>, Vec<PemFault>)>,
}

impl ObjectGroup {
    /// The groups of a file, in the order of their first objects.
    #[must_use]
    pub fn all(found: Vec<LocatedObject>) -> Vec<Self> {
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut groups: Vec<Self> = Vec::new();
        for one in found {
            let source = one.location.as_ref().map(|location| location.source.clone());
            let place = *places.entry(source.unwrap_or_default()).or_insert(groups.len());
            if place == groups.len() {
                groups.push(Self::default());
            }
            groups[place].push(one);
        }
        groups
    }

    fn push(&mut self, LocatedObject { location, object, form }: LocatedObject) {
        if !form.is_empty() {
            self.forms.push((location.clone(), form));
        }
        match object {
            PkiObject::Certificate(certificate) => {
                self.locations.push(location);
                self.certificates.push(*certificate);
            }
            PkiObject::PrivateKey(summary) => self.keys.push((location, summary)),
            PkiObject::Broken { what: "certificate" | "DER structure", reason } => {
                self.broken.push((location, reason.to_string()));
            }
            _ => {}
        }
    }

    /// The PEM faults at a place: clients read a file, or a value, whole or not at all.
    #[must_use]
    pub fn faults(&self, location: Option<&Location>) -> Vec<PemFault> {
        let same = self.forms.iter().filter(|(other, _)| other.as_ref() == location);
        same.flat_map(|(_, faults)| faults).copied().collect()
    }

    /// The private key of the certificate at `index`: the one under the name for it (`tls.key` for
    /// `tls.crt`), else the one that belongs to it, else any.
    #[must_use]
    pub fn key(&self, index: usize) -> Option<&(Option<Location>, PrivateKeySummary)> {
        let own = self.certificates.get(index)?.public_key();
        self.named_key(self.locations.get(index)?.as_ref())
            .or_else(|| self.keys.iter().find(|(_, key)| key.public.as_ref() == Some(own)))
            .or_else(|| self.keys.first())
    }

    fn named_key(
        &self,
        certificate: Option<&Location>,
    ) -> Option<&(Option<Location>, PrivateKeySummary)> {
        let name = key_name(&certificate?.entry)?;
        self.keys.iter().find(|(at, _)| at.as_ref().is_some_and(|at| at.entry == name))
    }

    /// The certificates of the value of which the certificate at `index` is the only end-entity
    /// certificate, if it has others and its private key has a value of its own.
    #[must_use]
    pub fn chain(&self, index: usize) -> Option<Vec<Certificate>> {
        let entry = &self.locations.get(index)?.as_ref()?.entry;
        if self.certificates[index].is_ca() {
            return None;
        }
        self.named_key(self.locations[index].as_ref())?;
        let is_of_it = |at: &Option<Location>| at.as_ref().is_some_and(|at| at.entry == *entry);
        let all = self.locations.iter().zip(&self.certificates);
        let chain: Vec<_> = all.filter(|(at, _)| is_of_it(at)).map(|(_, one)| one).collect();
        let is_chain = chain.len() > 1 && chain.iter().filter(|one| !one.is_ca()).count() == 1;
        is_chain.then(|| chain.into_iter().cloned().collect())
    }

    /// What the users of a TLS Secret trust: its `ca.crt`, if it has one. No client takes the certificate
    /// of a server for its issuer.
    #[must_use]
    pub fn trusted(&self) -> Option<Vec<Certificate>> {
        let is_ca_value =
            |at: &Location| at.kind == LocationKind::TlsSecret && at.entry == "ca.crt";
        let all = self.locations.iter().zip(&self.certificates);
        let mut found = all
            .filter(|(at, _)| at.as_ref().is_some_and(is_ca_value))
            .map(|(_, certificate)| certificate)
            .peekable();
        found.peek()?;
        Some(found.filter(|one| one.is_ca() || one.is_self_issued()).cloned().collect())
    }
}
