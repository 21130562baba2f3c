//! `ca.srl`: the serial number that the CA used last, in OpenSSL's format.

use std::{
    io,
    path::{Path, PathBuf},
};

use super::stage::{Access, Staged, existing};
use crate::{
    error::Error,
    x509::{
        pem::{ReadError, read_regular},
        serial::{Serial, SerialError},
    },
};

/// A longer file is no serial number: 20 octets are 40 digits.
const LIMIT: u64 = 4096;

/// The file beside the CA certificate that holds the serial used last.
///
/// `openssl x509 -CA ca.pem -CAserial ca.srl` reads and writes the same file; the two may take turns.
#[derive(Debug)]
pub(crate) struct SerialFile {
    path: PathBuf,
    last: Option<Serial>,
}

/// Serial numbers that nobody else gets, and what there is to say about them.
#[derive(Debug)]
pub(crate) struct Reserved {
    /// In the order in which they are to be used.
    pub(crate) serials: Vec<Serial>,
    /// `ca.srl` was behind this serial, which a certificate of the directory bears already.
    pub(crate) stepped_over: Option<Serial>,
    /// What `ca.srl` is to say: the last of them.
    last: Serial,
}

impl SerialFile {
    /// The file of a CA that has signed nothing yet.
    pub(crate) fn of_new_ca(path: &Path) -> Self {
        Self { path: path.to_owned(), last: None }
    }

    /// Reads the file; one that is missing is no error. The file is never changed here.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        existing(path)?;
        let unreadable = |source| Error::SerialFile { path: path.to_owned(), source };
        let last = match read_regular(path, LIMIT) {
            Ok(content) => Some(Serial::from_file(&content).map_err(unreadable)?),
            Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => None,
            Err(ReadError::TooLarge(_)) => return Err(unreadable(SerialError::NotHex)),
            Err(source) => return Err(Error::Read { path: path.to_owned(), source }),
        };
        Ok(Self { path: path.to_owned(), last })
    }

    /// The next `count` serials, above `borne`, the highest that a certificate has already.
    pub(crate) fn allot(&self, count: usize, borne: Option<Serial>) -> Result<Reserved, Error> {
        let start = match self.last {
            Some(last) => last,
            None => Serial::random()?,
        };
        let stepped_over = borne.filter(|borne| start < *borne);
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

    /// As [`SerialFile::allot`], written down durably before anything is signed with them: a crash
    /// leaves a gap, never a repeat.
    pub(crate) fn reserve(&self, count: usize, borne: Option<Serial>) -> Result<Reserved, Error> {
        let reserved = self.allot(count, borne)?;
        let mut staged = Staged::create(&self.path, Access::Public)?;
        staged.fill(reserved.content().as_bytes())?;
        staged.replace()?;
        Ok(reserved)
    }
}

impl Reserved {
    /// What `ca.srl` is to hold.
    pub(crate) fn content(&self) -> String {
        self.last.to_file()
    }
}
