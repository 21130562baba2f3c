//! The way from orders to published files, the same for every command that issues.
//!
//! Keys first (in parallel), then a temporary for every file, then the serials (durably), then the
//! signatures, each judged by webpki, then the whole set at once.

use std::path::Path;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::{
    authority::Authority,
    identity::{IdentityName, Member, highest_serial},
    request::Request,
    store::{Access, Locked, Publication, Reserved, SerialFile, Staged},
};
use crate::{
    error::Error,
    verify::webpki::{self, Verdict},
    x509::{
        cert::Certificate,
        key::{KeyType, PrivateKey, PublicKey},
        pem,
        serial::Serial,
    },
};

/// One identity to be issued.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) name: IdentityName,
    pub(crate) request: Request,
    pub(crate) key: KeyOrder,
    /// The certificate that it replaces, with the chain in its file.
    pub(crate) replaces: Option<Box<Member>>,
}

/// Where the public key of a certificate comes from.
#[derive(Debug)]
pub(crate) enum KeyOrder {
    /// A new pair.
    New(KeyType),
    /// The one that the certificate before had; no key file is written.
    Kept(PublicKey),
}

/// An identity that was issued.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) name: IdentityName,
    pub(crate) certificate: Certificate,
    pub(crate) new_key: bool,
    pub(crate) replaced: Option<Certificate>,
    /// webpki refuses it for the reason for which it refuses the one before, too.
    pub(crate) still_refused: Option<Verdict>,
}

/// An identity that could not be issued; others may go on.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) name: IdentityName,
    pub(crate) error: Error,
}

/// An order with its key and its temporaries: all that can fail before a serial is taken.
#[derive(Debug)]
pub(crate) struct Prepared {
    order: Order,
    key: Option<PrivateKey>,
    key_file: Option<Staged>,
    certificate_file: Staged,
}

/// The keys that orders want, in their order; all made at once, on all cores.
pub(crate) fn make_keys(
    orders: &[Order],
    first: Option<KeyType>,
) -> Result<Vec<PrivateKey>, Error> {
    let kinds: Vec<KeyType> =
        first.into_iter().chain(orders.iter().filter_map(Order::new_key)).collect();
    PrivateKey::generate_all(&kinds).map_err(|source| Error::KeyGeneration { source })
}

impl Order {
    fn new_key(&self) -> Option<KeyType> {
        match self.key {
            KeyOrder::New(kind) => Some(kind),
            KeyOrder::Kept(_) => None,
        }
    }

    /// Takes its key out of `keys`, and prepares its files.
    pub(crate) fn prepare(
        self,
        locked: &Locked,
        keys: &mut impl Iterator<Item = PrivateKey>,
    ) -> Result<Prepared, Box<Failure>> {
        let key = self.new_key().and_then(|_| keys.next());
        let stage = |file: &str, access| locked.stage(file, access);
        let key_file =
            key.as_ref().map(|_| stage(&self.name.key_file(), Access::Secret)).transpose();
        let certificate_file = stage(&self.name.certificate_file(), Access::Public);
        match (key_file, certificate_file) {
            (Ok(key_file), Ok(certificate_file)) => {
                Ok(Prepared { order: self, key, key_file, certificate_file })
            }
            (Err(error), _) | (_, Err(error)) => Err(Box::new(Failure { name: self.name, error })),
        }
    }
}

impl Prepared {
    /// Signs, reads back, judges, and hands the files to the publication.
    pub(crate) fn issue(
        self,
        authority: &Authority,
        serial: Serial,
        now: OffsetDateTime,
        publication: &mut Publication<'_>,
    ) -> Result<Issued, Box<Failure>> {
        let Self { order, key, key_file, certificate_file } = self;
        let Order { name, request, key: kept, replaces } = order;
        let public = match (&key, &kept) {
            (Some(key), _) => key.public(),
            (None, KeyOrder::Kept(public)) => public,
            (None, KeyOrder::New(_)) => unreachable!("an order for a new key is prepared with one"),
        };
        let chain = replaces.as_ref().map_or(&[][..], |member| &member.chain);
        let failure = |error| Box::new(Failure { name: name.clone(), error });
        let certificate = authority
            .issue(&request, public, serial)
            .map_err(|source| failure(Error::Issue { name: name.clone(), source }))?;
        let still_refused = self_check(&certificate, chain, authority, replaces.as_deref(), now)
            .map_err(|source| failure(Error::SelfCheck { name: name.clone(), source }))?;

        let new_key = key.is_some();
        if let (Some(key), Some(file)) = (key, key_file) {
            publication.add(file, Zeroizing::new(key.to_pem().as_bytes().to_vec()));
        }
        let blocks: String = std::iter::once(certificate.der())
            .chain(chain.iter().map(Vec::as_slice))
            .map(|der| pem::encode("CERTIFICATE", der))
            .collect();
        publication.add(certificate_file, Zeroizing::new(blocks.into_bytes()));
        let replaced = replaces.map(|member| member.certificate);
        Ok(Issued { name, certificate, new_key, replaced, still_refused })
    }
}

/// Reserves serials from `ca.srl`, above all that the directory's own certificates bear.
pub(crate) fn reserve<'a>(
    path: &Path,
    count: usize,
    members: impl Iterator<Item = &'a Member>,
) -> Result<Reserved, Error> {
    SerialFile::read(path)?.reserve(count, highest_serial(members))
}

/// webpki's verdict on a new certificate. One that is refused is not published, unless the one that
/// it replaces was refused for the same reason in its own time: renewal is lossless.
fn self_check(
    certificate: &Certificate,
    chain: &[Vec<u8>],
    authority: &Authority,
    replaces: Option<&Member>,
    now: OffsetDateTime,
) -> Result<Option<Verdict>, Verdict> {
    let judge = |leaf, at| webpki::judge(leaf, chain, authority.certificate(), at);
    match (judge(certificate, now), replaces) {
        (Ok(()), _) => Ok(None),
        (Err(verdict), Some(old)) => {
            let in_its_time = old.certificate.validity().not_after.min(now);
            if judge(&old.certificate, in_its_time).is_err_and(|before| before == verdict) {
                Ok(Some(verdict))
            } else {
                Err(verdict)
            }
        }
        (Err(verdict), None) => Err(verdict),
    }
}
