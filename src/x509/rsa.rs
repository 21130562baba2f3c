//! RSA keys from primes of crypto-primes: ring signs with RSA but cannot make a key.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crypto_bigint::{Concat, NonZero, Odd, Uint};
use zeroize::{Zeroize, Zeroizing};

use super::key::KeyError;
use super::key::prime::random_prime;
use super::{key::secret, tlv::INTEGER};

/// The public exponent of every key made here, that of OpenSSL, the least that FIPS 186-5 allows.
pub(super) const EXPONENT: u32 = 65537;

/// The primes that the keys of one size still need, shared by the threads that look for them.
///
/// Primes of one size are interchangeable, so no thread owns a key: whoever finds a prime hands it
/// in, and the finder of a second one makes a key of both. All cores stay busy to the last prime.
/// The size of a prime is that of `Uint<HALF>`.
pub(super) struct Demand<const HALF: usize> {
    missing: AtomicUsize,
    single: Mutex<Option<Zeroizing<Uint<HALF>>>>,
}

impl<const HALF: usize> Demand<HALF> {
    pub(super) fn new(keys: usize) -> Self {
        Self { missing: AtomicUsize::new(keys.saturating_mul(2)), single: Mutex::new(None) }
    }

    /// How many primes are missing: none once all are found or the demand is cancelled.
    pub(super) fn missing(&self) -> usize {
        self.missing.load(Ordering::Relaxed)
    }

    /// Makes every thread in [`Demand::meet`] return at its next candidate.
    pub(super) fn cancel(&self) {
        self.missing.store(0, Ordering::Relaxed);
    }

    /// Looks for primes until none is missing; `deliver` gets the keys that this thread completed,
    /// each the DER of an `RSAPrivateKey` (RFC 8017 appendix A.1.2).
    ///
    /// Returns the first error of `deliver` or of the randomness. The caller cancels in that case.
    pub(super) fn meet<const FULL: usize>(
        &self,
        mut deliver: impl FnMut(&[u8]) -> Result<(), KeyError>,
    ) -> Result<(), KeyError>
    where
        Uint<HALF>: Concat<HALF, Output = Uint<FULL>>,
    {
        while let Some(prime) = random_prime(EXPONENT, || self.missing() == 0)? {
            if let Some((p, q)) = self.hand_in(prime)? {
                deliver(&private_key(&p, &q).ok_or(KeyError::Generation)?)?;
            }
        }
        Ok(())
    }

    /// Takes a prime that was found, and gives it back with a partner if one waits. A prime that
    /// comes too late is dropped.
    fn hand_in(&self, prime: Zeroizing<Uint<HALF>>) -> Result<Option<Pair<HALF>>, KeyError> {
        let mut single = self.single.lock().map_err(|_| KeyError::Generation)?;
        let wanted = |missing: usize| missing.checked_sub(1);
        if self.missing.fetch_update(Ordering::Relaxed, Ordering::Relaxed, wanted).is_err() {
            return Ok(None);
        }

        match single.take() {
            None => *single = Some(prime),
            Some(other) if far_apart(&prime, &other) => return Ok(Some((prime, other))),
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
    let fields = secret::fields(pkcs1).ok_or(KeyError::Malformed)?;
    let [version, modulus, exponent, ..] = fields.as_slice() else {
        return Err(KeyError::Malformed);
    };
    if [version, modulus, exponent].iter().any(|field| field.tag != INTEGER) {
        return Err(KeyError::Malformed);
    }

    let (bits, exponent) = (bit_length(modulus.content), small(exponent.content));
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

/// The bits of a big-endian number without its leading zeros.
pub(super) fn bit_length(number: &[u8]) -> u32 {
    let zeros: usize = number.iter().take_while(|byte| **byte == 0).count();
    let Some(first) = number.get(zeros) else { return 0 };
    u32::try_from((number.len() - zeros) * 8).map_or(u32::MAX, |bits| bits - first.leading_zeros())
}

/// A big-endian number as `u64`, `u64::MAX` if it is larger.
pub(super) fn small(number: &[u8]) -> u64 {
    if bit_length(number) > u64::BITS {
        return u64::MAX;
    }
    number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

type Pair<const HALF: usize> = (Zeroizing<Uint<HALF>>, Zeroizing<Uint<HALF>>);

/// FIPS 186-5 appendix A.1.3: |p − q| > 2^(bits − 100), lest Fermat's method finds them.
fn far_apart<const HALF: usize>(p: &Uint<HALF>, q: &Uint<HALF>) -> bool {
    let gap = Zeroizing::new(if p > q { p.wrapping_sub(q) } else { q.wrapping_sub(p) });
    gap.bits() > Uint::<HALF>::BITS - 100
}

/// The DER of the `RSAPrivateKey` of two primes, the larger first as RFC 8017 section 3.2 has it,
/// and d modulo lcm(p − 1, q − 1) as FIPS 186-5 has it. `None` if e has no inverse.
#[expect(clippy::many_single_char_names, reason = "the names that RFC 8017 gives them")]
fn private_key<const HALF: usize, const FULL: usize>(
    one: &Uint<HALF>,
    other: &Uint<HALF>,
) -> Option<Zeroizing<Vec<u8>>>
where
    Uint<HALF>: Concat<HALF, Output = Uint<FULL>>,
{
    let (p, q) = if one > other { (one, other) } else { (other, one) };
    let p_less_1 = Zeroizing::new(p.wrapping_sub(&Uint::ONE));
    let q_less_1 = Zeroizing::new(q.wrapping_sub(&Uint::ONE));

    let n = p.concatenating_mul(q);
    let e = Uint::from_u32(EXPONENT);
    let lambda = Zeroizing::new(p_less_1.lcm(&q_less_1));
    let d = Zeroizing::new(e.invert_mod(&NonZero::new(*lambda).into_option()?).into_option()?);
    let d_p = Zeroizing::new(d.rem(&NonZero::new(*p_less_1).into_option()?));
    let d_q = Zeroizing::new(d.rem(&NonZero::new(*q_less_1).into_option()?));
    let q_inv = Zeroizing::new(q.invert_odd_mod(&Odd::new(*p).into_option()?).into_option()?);

    let [n, e, d] = [&n, &e, &*d].map(integer);
    let [p, q, d_p, d_q, q_inv] = [p, q, &*d_p, &*d_q, &*q_inv].map(integer);
    let version = secret::integer(&[0]);
    Some(secret::sequence(&[&version, &n, &e, &d, &p, &q, &d_p, &d_q, &q_inv]))
}

fn integer<const LIMBS: usize>(number: &Uint<LIMBS>) -> Zeroizing<Vec<u8>> {
    let mut octets = number.to_be_bytes();
    let integer = secret::integer(octets.as_slice());
    octets.zeroize();
    integer
}

#[cfg(test)]
mod tests {
    use super::*;

    use crypto_bigint::{U1024, U2048};
    use ring::signature::RsaKeyPair;

    use crate::x509::tlv::{self, Element};

    /// The integers of an `RSAPrivateKey`: version, n, e, d, p, q, d mod p−1, d mod q−1, 1/q mod p.
    fn integers(pkcs1: &[u8]) -> Vec<U2048> {
        let fields = secret::fields(pkcs1).unwrap();
        let number = |field: &Element<'_>| {
            let octets = tlv::read_only(field.raw, INTEGER).unwrap();
            assert!(octets[0] < 0x80, "negative");
            let mut padded = vec![0; 257 - octets.len()];
            padded.extend(octets);
            U2048::from_be_slice(&padded[1..])
        };
        fields.iter().map(number).collect()
    }

    fn keys_of(demand: &Demand<{ U1024::LIMBS }>) -> Vec<Vec<u8>> {
        let mut keys = Vec::new();
        demand
            .meet(|pkcs1| {
                keys.push(pkcs1.to_vec());
                Ok(())
            })
            .unwrap();
        keys
    }

    #[test]
    #[expect(clippy::many_single_char_names, reason = "the names that RFC 8017 gives them")]
    fn a_key_keeps_the_rules_of_rfc_8017_and_fips_186_5() {
        for pkcs1 in keys_of(&Demand::new(2)) {
            let [version, n, e, d, p, q, d_p, d_q, q_inv] = integers(&pkcs1)[..] else {
                panic!("an RSAPrivateKey has nine integers")
            };
            let (p1, q1) = (p.wrapping_sub(&U2048::ONE), q.wrapping_sub(&U2048::ONE));
            let modulo = |number: U2048, by: U2048| number.rem(&NonZero::new(by).unwrap());

            assert_eq!(version, U2048::ZERO);
            assert_eq!(e, U2048::from(65537u32));
            assert_eq!(n, p.wrapping_mul(&q));
            assert_eq!((n.bits(), p.bits(), q.bits()), (2048, 1024, 1024));
            assert!(p > q && d.bits() > 1024);
            for (less_1, exponent) in [(p1, d_p), (q1, d_q)] {
                assert_eq!(exponent, modulo(d, less_1));
                let product = exponent.concatenating_mul(&e);
                assert_eq!(product.rem(&NonZero::new(less_1).unwrap()), U2048::ONE);
            }
            assert_eq!(modulo(q_inv.wrapping_mul(&q), p), U2048::ONE);
            assert!(RsaKeyPair::from_der(&pkcs1).is_ok(), "ring refuses the key");
            assert_eq!(check(&pkcs1), Ok(()));
        }
    }

    #[test]
    fn threads_make_exactly_the_keys_that_are_wanted() {
        let demand = Demand::new(3);

        let made: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| keys_of(&demand).len())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });

        assert_eq!((made, demand.missing()), (3, 0));
    }

    #[test]
    fn nothing_is_made_once_cancelled() {
        let demand = Demand::new(1);
        demand.cancel();
        assert_eq!(keys_of(&demand), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn a_prime_too_close_to_its_partner_is_replaced() {
        let demand = Demand::<{ U1024::LIMBS }>::new(1);

        assert!(demand.hand_in(Zeroizing::new(U1024::MAX)).unwrap().is_none());
        assert!(demand.hand_in(Zeroizing::new(U1024::MAX.shr(924))).unwrap().is_some());

        let demand = Demand::<{ U1024::LIMBS }>::new(1);
        let near = U1024::MAX.wrapping_sub(&U1024::ONE.shl(924).wrapping_sub(&U1024::ONE));
        assert!(demand.hand_in(Zeroizing::new(U1024::MAX)).unwrap().is_none());
        assert!(demand.hand_in(Zeroizing::new(near)).unwrap().is_none());
        assert_eq!(demand.missing(), 1);
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
            assert_eq!((bit_length(number), small(number)), (bits, value), "{number:?}");
        }
    }
}
