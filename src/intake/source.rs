//! The octets of a source: a file, a pipe, standard input. The buffers are the caller's to wipe.

use std::{
    io::{self, Read},
    mem,
    os::unix::fs::FileTypeExt,
    path::Path,
};

use crate::x509::pem::{self, LIMIT, ReadError};

/// Whether a path that was named on the command line means standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-" || path.as_os_str() == "/dev/stdin"
}

/// The content of what was named on the command line: standard input, a regular file, or a FIFO,
/// which is read to its end (`inspect <(kubectl get secret …)`). Devices are refused.
pub(crate) fn fetch(path: &Path, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    if is_stdin(path) {
        return take(io::stdin().lock(), buffer);
    }
    // To open a device may wait for ever, or do something: look first.
    if path.metadata()?.file_type().is_fifo() {
        return take(pem::open_fifo(path)?, buffer);
    }
    fetch_regular(path, buffer)
}

/// The content of a regular file, into a buffer whose memory is used again.
pub(crate) fn fetch_regular(path: &Path, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    pem::read_into(path, LIMIT, buffer)
}

fn take(stream: impl Read, buffer: &mut Vec<u8>) -> Result<(), ReadError> {
    *buffer = mem::take(&mut *pem::read_stream(stream, LIMIT)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_bounded() {
        let mut buffer = Vec::new();
        let length = usize::try_from(LIMIT).unwrap();

        take(io::repeat(7).take(LIMIT), &mut buffer).unwrap();
        assert_eq!(buffer.len(), length);
        let error = take(io::repeat(7), &mut buffer).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge(LIMIT)), "{error}");
    }

    #[test]
    fn what_is_no_file_and_no_pipe_is_refused() {
        let mut buffer = Vec::new();
        for path in ["/dev/zero", "/dev/null", "/"] {
            let error = fetch(Path::new(path), &mut buffer).unwrap_err();
            assert!(matches!(error, ReadError::NotRegular(_)), "{path}: {error}");
        }
    }

    #[test]
    fn a_buffer_is_used_again() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let whole = std::fs::read(&path).unwrap();
        let mut buffer = vec![7; 100_000];
        let capacity = buffer.capacity();

        for _ in 0..2 {
            fetch(&path, &mut buffer).unwrap();
            assert_eq!(buffer, whole);
            assert_eq!(buffer.capacity(), capacity);
        }
    }
}
