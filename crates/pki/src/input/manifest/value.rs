//! Reads the octets of one value of an object.

use super::{
    super::{
        encoded, file_type,
        object::{
            ENCODED_TWICE, LocatedObject, Location, LocationKind, MALFORMED_BASE64, ObjectError,
            PkiObject, Unrecognized,
        },
        octets::read,
        outside,
    },
    ManifestReader, PEM_ENCODED_TWICE, PEM_IN_BASE64,
    field::{self, BEGIN, is_certificate_name},
    read_level,
};
use crate::x509::{escape::escape_line, pem};

impl ManifestReader<'_> {
    /// What the octets of one value hold. Data without certificates and keys is skipped.
    pub(super) fn octets(&mut self, octets: &[u8], source: &str, entry: &str) {
        let within = read_level(octets, self.password, self.level + 1);
        let found = match within.unwrap_or_else(|| read(octets, self.password)) {
            Ok(found) => found,
            Err(Unrecognized::Container(container)) => {
                return self.add_broken("value", container, source, entry);
            }
            Err(unknown) => {
                let before = self.found.len();
                self.extend_encoded(octets, source, entry);
                // Parameters are PEM, too: `dhparam.pem`.
                let is_promised = !octets.trim_ascii().is_empty()
                    && is_certificate_name(entry)
                    && !file_type::contains(octets, BEGIN.as_bytes());
                if self.found.len() == before && is_promised {
                    let reason = match unknown {
                        Unrecognized::Nothing => "it has no certificate or key".to_owned(),
                        named => named.to_string(),
                    };
                    self.add_broken("certificate", reason, source, entry);
                } else if let Unrecognized::Opaque(name) = unknown {
                    self.closed.get_or_insert(name);
                }
                return;
            }
        };
        for LocatedObject { location, object, form } in found {
            match location {
                // That of a keystore is escaped already.
                Some(inner) => self.found.push(LocatedObject {
                    location: Some(Location {
                        source: escape_line(source),
                        entry: format!("{}: {inner}", escape_line(entry)),
                        kind: match inner.kind {
                            LocationKind::TlsSecret => LocationKind::TlsSecret,
                            LocationKind::Text | LocationKind::Other => self.holder,
                        },
                    }),
                    object,
                    form,
                }),
                None => self.push(object, form, source, entry),
            }
        }
    }

    /// A text in an object of any kind: PEM, plain or in base64, and what may be a certificate in another form.
    pub(super) fn text(&mut self, text: &str, source: &str, path: &str) {
        let octets = text.as_bytes();
        if text.starts_with(PEM_ENCODED_TWICE) {
            self.add_broken("certificate", ENCODED_TWICE, source, path);
        } else if text.starts_with(PEM_IN_BASE64) {
            if let Some(octets) = pem::base64(octets) {
                self.octets(&octets, source, path);
            } else {
                self.add_broken("certificate", MALFORMED_BASE64, source, path);
            }
        } else {
            self.other_text(text, source, path);
        }
    }

    fn other_text(&mut self, text: &str, source: &str, path: &str) {
        let octets = text.as_bytes();
        let before = self.found.len();
        if text.contains(BEGIN) && !field::is_mention(text) || outside::may_matter(octets) {
            self.octets(octets, source, path);
        } else if let Some(inner) =
            file_type::is_base64(octets).then(|| pem::base64(octets)).flatten()
            && matches!(read(&inner, self.password), Ok(_) | Err(Unrecognized::Container(_)))
        {
            self.octets(&inner, source, path);
        }
        if self.found.len() == before
            && let Some(object) = encoded::read(octets, |octets| read(octets, self.password))
        {
            self.push(object, Vec::new(), source, path);
        }
    }

    /// A value that is base64 where its octets belong: no program decodes it twice.
    fn extend_encoded(&mut self, octets: &[u8], source: &str, entry: &str) {
        let inner = if file_type::is_base64(octets) { pem::base64(octets) } else { None };
        let Some(inner) = inner else { return };
        let found = match read(&inner, self.password) {
            Ok(found) => found,
            Err(Unrecognized::Container(container)) => {
                let reason = ObjectError::EncodedContainer(container);
                return self.add_broken("value", reason, source, entry);
            }
            Err(Unrecognized::Opaque(name)) => {
                self.closed.get_or_insert(name);
                return;
            }
            Err(_) => return,
        };
        let is_key = found.iter().all(|it| matches!(it.object, PkiObject::PrivateKey(_)));
        let what = if is_key { "private key" } else { "certificate" };
        let reason =
            ObjectError::EncodedTwice("it is base64 where its octets belong (encoded twice)");
        self.add_broken(what, reason, source, entry);
    }
}
