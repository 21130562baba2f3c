//! `ca.srl`: the last serial number of the CA, in OpenSSL's format.

use std::{io, path::PathBuf};

use pki::x509::serial::{Serial, SerialError};

use super::{
    directory::LockedStore,
    error::{ReadError, StoreError},
    file_access::Sensitivity,
    names::CA_SERIAL,
};

/// A longer file does not contain a serial number: 20 octets are 40 digits.
const LIMIT: u64 = 4096;

/// The file beside the CA certificate that contains the last serial number.
///
/// `openssl x509 -CA ca.pem -CAserial ca.srl` reads and writes the same file; both programs can use it.
#[derive(Debug)]
pub(crate) struct SerialFile {
    path: PathBuf,
    last: Option<Serial>,
}

/// Serial numbers that are reserved for this process.
#[derive(Debug)]
pub(crate) struct Reserved {
    /// In the order of use.
    pub(crate) serials: Vec<Serial>,
    /// `ca.srl` was behind this serial number, which a certificate of the directory already has.
    pub(crate) stepped_over: Option<Serial>,
    /// The last of them, for `ca.srl`.
    last: Serial,
}

impl SerialFile {
    /// The file of a CA that has signed nothing yet.
    pub(crate) fn of_new_ca(locked: &LockedStore) -> Self {
        Self { path: locked.store().path(CA_SERIAL), last: None }
    }

    /// Reads the file of the CA in that directory. A missing file is not an error.
    pub(crate) fn read(locked: &LockedStore) -> Result<Self, StoreError> {
        let path = locked.store().path(CA_SERIAL);
        let unreadable = |source| StoreError::SerialFile { path: path.clone(), source };
        let last = match locked.store().read(CA_SERIAL, LIMIT) {
            Ok(content) => Some(Serial::from_file(&content).map_err(unreadable)?),
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => None,
            Err(ReadError::TooLarge(_)) => return Err(unreadable(SerialError::NotHex)),
            Err(source) => return Err(StoreError::Read { path, source }),
        };
        Ok(Self { path, last })
    }

    /// The next `count` serial numbers, above `used`, the highest of the existing certificates.
    pub(crate) fn allot(&self, count: usize, used: Option<Serial>) -> Result<Reserved, StoreError> {
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
                .map_err(|source| StoreError::SerialFile { path: self.path.clone(), source })?;
            serials.push(last);
        }
        Ok(Reserved { serials, stepped_over, last })
    }

    /// As [`SerialFile::allot`], and writes the file durably before any signature: a crash leaves a gap, but
    /// never a repeated serial number.
    pub(crate) fn reserve(
        &self,
        locked: &LockedStore,
        count: usize,
        used: Option<Serial>,
    ) -> Result<Reserved, StoreError> {
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
