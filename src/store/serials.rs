//! `ca.srl`: the serial number that the CA used last, in OpenSSL's format.

use std::{io, path::PathBuf};

use super::{CA_SERIAL, LockedStore, ReadError, Sensitivity};
use crate::error::Error;
use pki::x509::serial::{Serial, SerialError};

/// A longer file does not contain a serial number: 20 octets are 40 digits.
const LIMIT: u64 = 4096;

/// The file beside the CA certificate that holds the serial used last.
///
/// `openssl x509 -CA ca.pem -CAserial ca.srl` reads and writes the same file; the two may take turns.
#[derive(Debug)]
pub(crate) struct SerialFile {
    path: PathBuf,
    last: Option<Serial>,
}

/// Serial numbers that no other process gets.
#[derive(Debug)]
pub(crate) struct Reserved {
    /// In the order of use.
    pub(crate) serials: Vec<Serial>,
    /// `ca.srl` was behind this serial, which a certificate of the directory has already.
    pub(crate) stepped_over: Option<Serial>,
    /// The last of them, for `ca.srl`.
    last: Serial,
}

impl SerialFile {
    /// The file of a CA that has signed nothing yet.
    pub(crate) fn of_new_ca(locked: &LockedStore) -> Self {
        Self { path: locked.store().path(CA_SERIAL), last: None }
    }

    /// Reads the file of the CA in that directory. One that is missing is not an error.
    pub(crate) fn read(locked: &LockedStore) -> Result<Self, Error> {
        let path = locked.store().path(CA_SERIAL);
        let unreadable = |source| Error::SerialFile { path: path.clone(), source };
        let last = match locked.store().read(CA_SERIAL, LIMIT) {
            Ok(content) => Some(Serial::from_file(&content).map_err(unreadable)?),
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => None,
            Err(ReadError::TooLarge(_)) => return Err(unreadable(SerialError::NotHex)),
            Err(source) => return Err(Error::Read { path, source }),
        };
        Ok(Self { path, last })
    }

    /// The next `count` serials, above `used`, the highest that a certificate has already.
    pub(crate) fn allot(&self, count: usize, used: Option<Serial>) -> Result<Reserved, Error> {
        let start = match self.last {
            Some(last) => last,
            None => Serial::random()?,
        };
        let stepped_over = used.filter(|used| start < *used);
        let mut last = stepped_over.unwrap_or(start);
        let mut serials = Vec::with_capacity(count);
        for _ in 0..count {
            last = last
                .next()
                .map_err(|source| Error::SerialFile { path: self.path.clone(), source })?;
            serials.push(last);
        }
        Ok(Reserved { serials, stepped_over, last })
    }

    /// As [`SerialFile::allot`], written durably before anything is signed with them: a crash leaves a
    /// gap, never a repeat.
    pub(crate) fn reserve(
        &self,
        locked: &LockedStore,
        count: usize,
        used: Option<Serial>,
    ) -> Result<Reserved, Error> {
        let mut set = locked.file_set()?;
        let slot = set.prepare(CA_SERIAL, Sensitivity::Public)?;
        let reserved = self.allot(count, used)?;
        set.write(slot, reserved.content().as_bytes())?;
        set.commit()?;
        Ok(reserved)
    }
}

impl Reserved {
    /// The content of `ca.srl`.
    pub(crate) fn content(&self) -> String {
        self.last.to_file()
    }
}
