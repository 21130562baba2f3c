//! Random octets of the operating system.

use ring::rand::{SecureRandom, SystemRandom};

/// The operating system has no random numbers.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gives no random numbers")]
pub struct NoRandomness;

/// `N` random octets, fit for keys.
///
/// # Errors
///
/// [`NoRandomness`].
pub fn octets<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut octets = [0; N];
    SystemRandom::new().fill(&mut octets).map_err(|_| NoRandomness)?;
    Ok(octets)
}
