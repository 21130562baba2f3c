//! The arithmetic of RSA keys, and of the points of curves, on numbers as big-endian octets. It knows no
//! randomness, no files and no formats; what becomes part of a key is wiped.

mod search;

use crypto_bigint::{Concat, NonZero, Odd, U576, U1024, U1536, U2048, Uint};
use zeroize::{Zeroize, Zeroizing};

/// A number, big-endian.
pub type Octets = Zeroizing<Vec<u8>>;

/// The numbers of an `RSAPrivateKey` (RFC 8017 appendix A.1.2), in its order.
pub struct Numbers {
    /// The modulus.
    pub n: Octets,
    /// The public exponent.
    pub e: Octets,
    /// The private exponent.
    pub d: Octets,
    /// The larger prime.
    pub p: Octets,
    /// The smaller prime.
    pub q: Octets,
    /// d modulo p − 1.
    pub d_p: Octets,
    /// d modulo q − 1.
    pub d_q: Octets,
    /// 1/q modulo p.
    pub q_inv: Octets,
}

/// Calls a function over numbers of the size of these octets; `None` for other sizes.
macro_rules! sized {
    ($octets:expr, $function:ident($($argument:expr),*)) => {
        match $octets.len() {
            128 => $function::<{ U1024::LIMBS }, { U2048::LIMBS }>($($argument),*),
            192 => $function::<{ U1536::LIMBS }, { U1536::LIMBS * 2 }>($($argument),*),
            256 => $function::<{ U2048::LIMBS }, { U2048::LIMBS * 2 }>($($argument),*),
            _ => None,
        }
    };
}

/// A prime p with its two top bits set, so that the product of two has twice the bits, and with
/// gcd(p − 1, e) = 1 for a prime exponent e.
///
/// `random` has 128, 192 or 256 octets. The search sets its two top bits and the lowest, and goes upwards
/// from it, as OpenSSL's does. `None` if no prime is near, or once `enough`, which is called before each
/// candidate, is true.
#[must_use]
pub fn prime(random: &[u8], exponent: u32, enough: &dyn Fn() -> bool) -> Option<Octets> {
    let mut start = Zeroizing::new(random.to_vec());
    if let [first, .., last] = start.as_mut_slice() {
        *first |= 0b1100_0000;
        *last |= 1;
    }
    sized!(start, prime_behind(&start, exponent, enough))
}

/// FIPS 186-5 appendix A.1.3: |p − q| > 2^(bits − 100), lest Fermat's method finds them.
#[must_use]
pub fn are_far_apart(p: &[u8], q: &[u8]) -> bool {
    p.len() == q.len() && sized!(p, gap(p, q)).is_some_and(|bits| bits > p.len() * 8 - 100)
}

/// The numbers of the key of two primes, the larger first as RFC 8017 section 3.2 has it, and d modulo
/// lcm(p − 1, q − 1) as FIPS 186-5 has it. `None` if e has no inverse.
#[must_use]
pub fn numbers(one: &[u8], other: &[u8], exponent: u32) -> Option<Numbers> {
    (one.len() == other.len()).then_some(())?;
    sized!(one, numbers_of(one, other, exponent))
}

/// Whether a point is on the curve y² = x³ + ax + b over a prime field, where a is −3 or 0 (SEC 1 section
/// 3.2.2.1). The numbers are public, and have at most 72 octets.
#[must_use]
pub fn is_on_curve(prime: &[u8], a_is_minus_3: bool, b: &[u8], [x, y]: [&[u8]; 2]) -> bool {
    let [prime, b, x, y] = [prime, b, x, y].map(number);
    let Some(p) = NonZero::new(prime).into_option() else { return false };
    let times = |one: &U576, other: &U576| one.mul_mod_vartime(other, &p);
    let mut factor = times(&x, &x);
    if a_is_minus_3 {
        factor = factor.sub_mod(&U576::from_u32(3), &p);
    }
    x < prime && y < prime && times(&y, &y) == times(&factor, &x).add_mod(&b, &p)
}

fn number(octets: &[u8]) -> U576 {
    let mut whole = [0; U576::BYTES];
    whole.iter_mut().rev().zip(octets.iter().rev()).for_each(|(to, from)| *to = *from);
    U576::from_be_slice(&whole)
}

fn prime_behind<const HALF: usize, const FULL: usize>(
    start: &[u8],
    exponent: u32,
    enough: &dyn Fn() -> bool,
) -> Option<Octets> {
    let start = Zeroizing::new(Uint::<HALF>::from_be_slice(start));
    search::search(&start, exponent, enough).map(|prime| octets(&prime))
}

/// The bits of |p − q|.
fn gap<const HALF: usize, const FULL: usize>(p: &[u8], q: &[u8]) -> Option<usize> {
    let [p, q] = [p, q].map(|number| Zeroizing::new(Uint::<HALF>::from_be_slice(number)));
    let gap = Zeroizing::new(if *p > *q { p.wrapping_sub(&q) } else { q.wrapping_sub(&p) });
    usize::try_from(gap.bits()).ok()
}

#[expect(clippy::many_single_char_names, reason = "the names that RFC 8017 gives them")]
fn numbers_of<const HALF: usize, const FULL: usize>(
    one: &[u8],
    other: &[u8],
    exponent: u32,
) -> Option<Numbers>
where
    Uint<HALF>: Concat<HALF, Output = Uint<FULL>>,
{
    let [one, other] = [one, other].map(|it| Zeroizing::new(Uint::<HALF>::from_be_slice(it)));
    let (p, q) = if *one > *other { (one, other) } else { (other, one) };
    let p_less_1 = Zeroizing::new(p.wrapping_sub(&Uint::ONE));
    let q_less_1 = Zeroizing::new(q.wrapping_sub(&Uint::ONE));

    let n = p.concatenating_mul(&*q);
    let e = Uint::<FULL>::from_u32(exponent);
    let lambda = Zeroizing::new(p_less_1.lcm(&q_less_1));
    let d = Zeroizing::new(e.invert_mod(&NonZero::new(*lambda).into_option()?).into_option()?);
    let d_p = Zeroizing::new(d.rem(&NonZero::new(*p_less_1).into_option()?));
    let d_q = Zeroizing::new(d.rem(&NonZero::new(*q_less_1).into_option()?));
    let q_inv = Zeroizing::new(q.invert_odd_mod(&Odd::new(*p).into_option()?).into_option()?);

    let [n, e, d] = [&n, &e, &*d].map(octets);
    let [p, q, d_p, d_q, q_inv] = [&*p, &*q, &*d_p, &*d_q, &*q_inv].map(octets);
    Some(Numbers { n, e, d, p, q, d_p, d_q, q_inv })
}

fn octets<const LIMBS: usize>(number: &Uint<LIMBS>) -> Octets {
    let mut octets = number.to_be_bytes();
    let copy = Zeroizing::new(octets.as_slice().to_vec());
    octets.zeroize();
    copy
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, Hasher, RandomState};

    use crypto_bigint::Limb;
    use crypto_primes::{Flavor, is_prime};

    use super::*;

    /// An odd number with its two top bits set.
    pub(crate) fn random_start(length: usize) -> Vec<u8> {
        let mut octets: Vec<u8> = (0..length.div_ceil(8))
            .flat_map(|_| RandomState::new().build_hasher().finish().to_be_bytes())
            .collect();
        octets[0] |= 0xC0;
        octets[length - 1] |= 1;
        octets
    }

    fn found(length: usize, exponent: u32) -> Octets {
        std::iter::repeat_with(|| prime(&random_start(length), exponent, &|| false))
            .flatten()
            .next()
            .unwrap()
    }

    #[test]
    fn a_prime_has_its_two_top_bits_set_and_suits_the_exponent() {
        // The small exponent rules out two thirds of the primes, so that a failure is seen.
        for _ in 0..4 {
            let prime = U1024::from_be_slice(&found(128, 3));
            assert_eq!(prime.shr_vartime(1022), U1024::from(3u32));
            assert_eq!(prime.rem_limb(NonZero::new(Limb(3)).unwrap()), Limb(2));
            assert!(is_prime(Flavor::Any, &prime));
        }
    }

    #[test]
    fn the_search_ends_when_enough_is_found() {
        assert_eq!(prime(&random_start(128), 65537, &|| true), None);
    }

    #[test]
    fn other_sizes_are_refused() {
        for length in [0, 1, 127, 129, 512] {
            assert_eq!(prime(&vec![0xFF; length], 65537, &|| false), None, "{length}");
            assert!(numbers(&vec![0xFF; length], &vec![0xC1; length], 65537).is_none(), "{length}");
            assert!(!are_far_apart(&vec![0xFF; length], &vec![0xC1; length]), "{length}");
        }
        assert!(numbers(&[0xFF; 128], &[0xFF; 192], 65537).is_none());
    }

    #[test]
    #[expect(clippy::many_single_char_names, reason = "the names that RFC 8017 gives them")]
    fn a_key_keeps_the_rules_of_rfc_8017_and_fips_186_5() {
        for _ in 0..2 {
            let Numbers { n, e, d, p, q, d_p, d_q, q_inv } =
                numbers(&found(128, 65537), &found(128, 65537), 65537).unwrap();
            let [n, e, d, p, q, d_p, d_q, q_inv] = [n, e, d, p, q, d_p, d_q, q_inv].map(|octets| {
                let mut padded = vec![0; 256 - octets.len()];
                padded.extend_from_slice(&octets);
                U2048::from_be_slice(&padded)
            });
            let (p1, q1) = (p.wrapping_sub(&U2048::ONE), q.wrapping_sub(&U2048::ONE));
            let modulo = |number: U2048, by: U2048| number.rem(&NonZero::new(by).unwrap());

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
        }
    }

    #[test]
    fn primes_are_far_apart_or_not() {
        let largest = U1024::MAX;
        let far = largest.shr(924);
        let near = largest.wrapping_sub(&U1024::ONE.shl(924).wrapping_sub(&U1024::ONE));
        let least = largest.wrapping_sub(&U1024::ONE.shl(924));
        for (other, expected) in [(far, true), (near, false), (least, true), (largest, false)] {
            let [p, q] = [&largest, &other].map(octets);
            assert_eq!(are_far_apart(&p, &q), expected, "{other}");
            assert_eq!(are_far_apart(&q, &p), expected, "{other}");
        }
    }
}
