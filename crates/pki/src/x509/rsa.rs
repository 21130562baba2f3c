//! Generates RSA keys, which ring cannot. The arithmetic is that of `primes/`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use certctl_primes::{Numbers, Octets};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::key::{error::KeyError, wiped_der};
use super::tlv::{self, INTEGER, bit_length, unsigned};

/// The public exponent of every generated key: that of OpenSSL, and the least that FIPS 186-5 allows.
pub(super) const EXPONENT: u32 = 65537;

/// The primes that the keys of one size still need, shared by the threads that look for them.
///
/// Primes of one size are interchangeable, so no thread owns a key: a thread that finds a prime
/// stores it, and the thread that finds a second one makes a key of both. All cores stay busy to the last prime.
pub(super) struct PrimePool {
    /// Of a prime.
    octets: usize,
    missing: AtomicUsize,
    single: Mutex<Option<Octets>>,
}

impl PrimePool {
    /// So many keys of so many bits.
    pub(super) fn new(bits: usize, keys: usize) -> Self {
        let missing = AtomicUsize::new(keys.saturating_mul(2));
        Self { octets: bits / 16, missing, single: Mutex::new(None) }
    }

    /// How many primes are missing: none once all are found or the pool is cancelled.
    pub(super) fn missing(&self) -> usize {
        self.missing.load(Ordering::Relaxed)
    }

    /// Makes every thread in [`PrimePool::fill`] return at its next candidate.
    pub(super) fn cancel(&self) {
        self.missing.store(0, Ordering::Relaxed);
    }

    /// Looks for primes until none is missing; `deliver` gets the keys that this thread completed,
    /// each the DER of an `RSAPrivateKey` (RFC 8017 appendix A.1.2).
    ///
    /// Returns the first error of `deliver` or of the randomness. The caller cancels in that case.
    pub(super) fn fill(
        &self,
        mut deliver: impl FnMut(&[u8]) -> Result<(), KeyError>,
    ) -> Result<(), KeyError> {
        let mut random = Zeroizing::new(vec![0; self.octets]);
        while self.missing() > 0 {
            SystemRandom::new().fill(&mut random).map_err(|_| KeyError::Randomness)?;
            let prime = certctl_primes::prime(&random, EXPONENT, &|| self.missing() == 0);
            if let Some(prime) = prime
                && let Some((p, q)) = self.pair_up(prime)?
            {
                deliver(&private_key(&p, &q).ok_or(KeyError::Generation)?)?;
            }
        }
        Ok(())
    }

    /// Adds a prime, and returns it with its partner if the pool has one. A prime that is not needed any
    /// more is dropped.
    fn pair_up(&self, prime: Octets) -> Result<Option<(Octets, Octets)>, KeyError> {
        let mut single = self.single.lock().map_err(|_| KeyError::Generation)?;
        let wanted = |missing: usize| missing.checked_sub(1);
        if self.missing.fetch_update(Ordering::Relaxed, Ordering::Relaxed, wanted).is_err() {
            return Ok(None);
        }

        match single.take() {
            None => *single = Some(prime),
            Some(other) if certctl_primes::are_far_apart(&prime, &other) => {
                return Ok(Some((prime, other)));
            }
            Some(other) => {
                *single = Some(other);
                self.missing.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(None)
    }
}

/// Refuses the DER of an `RSAPrivateKey` that ring would refuse without saying why: sizes other
/// than 2048 to 4096 bits, primes of no multiple of 512 bits, exponents below 65537, and more than
/// two primes.
pub(super) fn check(pkcs1: &[u8]) -> Result<(), KeyError> {
    let fields = tlv::sequence(pkcs1).ok_or(KeyError::Malformed)?;
    let [version, modulus, exponent, ..] = fields.as_slice() else {
        return Err(KeyError::Malformed);
    };
    if [version, modulus, exponent].iter().any(|field| field.tag != INTEGER) {
        return Err(KeyError::Malformed);
    }

    let (bits, exponent) = (bit_length(modulus.content), unsigned(exponent.content));
    if version.content != [0] {
        return Err(KeyError::Unsupported { kind: "multi-prime RSA".into() });
    }
    if !(2048..=4096).contains(&bits) || !bits.div_ceil(2).is_multiple_of(512) {
        return Err(KeyError::RsaSize { bits });
    }
    if exponent < u64::from(EXPONENT) {
        return Err(KeyError::RsaExponent { exponent });
    }
    Ok(())
}

/// The DER of the `RSAPrivateKey` of two primes.
fn private_key(one: &[u8], other: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let Numbers { n, e, d, p, q, d_p, d_q, q_inv } = certctl_primes::numbers(one, other, EXPONENT)?;
    let fields = [&[0][..], &n, &e, &d, &p, &q, &d_p, &d_q, &q_inv].map(wiped_der::integer);
    Some(wiped_der::sequence(&fields.each_ref().map(|field| field.as_slice())))
}

#[cfg(test)]
mod tests {
    use super::*;

    use ring::signature::RsaKeyPair;

    fn keys_of(pool: &PrimePool) -> Vec<Vec<u8>> {
        let mut keys = Vec::new();
        pool.fill(|pkcs1| {
            keys.push(pkcs1.to_vec());
            Ok(())
        })
        .unwrap();
        keys
    }

    #[test]
    fn a_key_keeps_the_rules_of_rfc_8017() {
        for (bits, keys) in [(2048, 2), (3072, 1)] {
            for pkcs1 in keys_of(&PrimePool::new(bits, keys)) {
                let fields = tlv::sequence(&pkcs1).unwrap();
                assert_eq!(fields.len(), 9, "version, n, e, d, p, q, d_p, d_q, q_inv");
                assert!(fields.iter().all(|field| field.tag == INTEGER));
                assert!(fields.iter().all(|field| field.content[0] < 0x80), "none is negative");
                let lengths: Vec<usize> =
                    [1, 4, 5].map(|at| bit_length(fields[at].content) as usize).to_vec();
                assert_eq!(lengths, [bits, bits / 2, bits / 2]);
                assert_eq!((fields[0].content, unsigned(fields[2].content)), (&[0][..], 65537));
                assert!(RsaKeyPair::from_der(&pkcs1).is_ok(), "ring refuses the key");
                assert_eq!(check(&pkcs1), Ok(()));
            }
        }
    }

    #[test]
    fn threads_make_exactly_the_keys_that_are_wanted() {
        let pool = PrimePool::new(2048, 3);

        let made: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| keys_of(&pool).len())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });

        assert_eq!((made, pool.missing()), (3, 0));
    }

    #[test]
    fn no_key_is_generated_after_cancel() {
        let pool = PrimePool::new(2048, 1);
        pool.cancel();
        assert_eq!(keys_of(&pool), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn a_prime_too_close_to_its_partner_is_replaced() {
        let largest = || Zeroizing::new(vec![0xFF; 128]);
        // 2^100 − 1, and what is 2^924 − 1 less than the largest.
        let far = Zeroizing::new([&[0; 115][..], &[0x0F], &[0xFF; 12]].concat());
        let near = Zeroizing::new([&[0xFF; 12][..], &[0xF0], &[0; 115]].concat());

        let pool = PrimePool::new(2048, 1);
        assert!(pool.pair_up(largest()).unwrap().is_none());
        assert!(pool.pair_up(far).unwrap().is_some());

        let pool = PrimePool::new(2048, 1);
        assert!(pool.pair_up(largest()).unwrap().is_none());
        assert!(pool.pair_up(near).unwrap().is_none());
        assert_eq!(pool.missing(), 1);
    }

    #[test]
    fn numbers_are_measured_without_their_leading_zeros() {
        let cases: [(&[u8], u32, u64); 6] = [
            (&[], 0, 0),
            (&[0, 0], 0, 0),
            (&[0, 1], 1, 1),
            (&[0, 0x80, 0], 16, 0x8000),
            (&[1, 0, 1], 17, 65537),
            (&[1, 0, 0, 0, 0, 0, 0, 0, 0], 65, u64::MAX),
        ];
        for (number, bits, value) in cases {
            assert_eq!((bit_length(number), unsigned(number)), (bits, value), "{number:?}");
        }
    }
}
