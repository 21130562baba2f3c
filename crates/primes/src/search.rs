//! Primes from a start on: a sieve and a quick test leave few candidates, on which crypto-primes
//! decides.

use std::sync::LazyLock;

use crypto_bigint::modular::FixedMontyParams;
use crypto_bigint::{CheckedAdd, CtSelect, Limb, NonZero, Odd, Uint, Word};
use crypto_primes::{Flavor, is_prime};
use zeroize::Zeroizing;

/// How many odd numbers are looked at from a random start on. A prime of 1024 bits is among them but
/// for one time in a hundred thousand.
const SPAN: usize = 4096;

/// The odd primes below 2^16. With more of them the sieve would cost more than it saves.
static SMALL_PRIMES: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut composite = vec![false; 1 << 16];
    for number in (3..1 << 8).step_by(2) {
        composite.iter_mut().skip(number * number).step_by(number).for_each(|at| *at = true);
    }
    (3..=u16::MAX).step_by(2).filter(|number| !composite[usize::from(*number)]).collect()
});

/// The first prime behind an odd start with gcd(p − 1, e) = 1 for a prime exponent e; `None` if
/// none is near, or once `enough`, which is called before each candidate, is true.
///
/// One Miller-Rabin round to base 2 and a strong Lucas test (BPSW) decide: no composite is known that
/// passes, and no random one of this size would.
pub(crate) fn search<const LIMBS: usize>(
    start: &Uint<LIMBS>,
    exponent: u32,
    enough: &dyn Fn() -> bool,
) -> Option<Zeroizing<Uint<LIMBS>>> {
    let exponent = NonZero::new(Limb::from(exponent)).into_option()?;
    for distance in survivors(start) {
        if enough() {
            return None;
        }
        let candidate = Zeroizing::new(start.checked_add(&distance.into()).into_option()?);
        let coprime = candidate.rem_limb(exponent) != Limb::ONE;
        if coprime && may_be_prime(&candidate) && is_prime(Flavor::Any, &*candidate) {
            return Some(candidate);
        }
    }
    None
}

/// The offsets from an odd start of the odd numbers that no small prime divides.
fn survivors<const LIMBS: usize>(start: &Uint<LIMBS>) -> impl Iterator<Item = u32> {
    let mut composite = Zeroizing::new(vec![false; SPAN]);
    // One long division does for as many primes as fit into a limb together.
    for primes in SMALL_PRIMES.chunks(Limb::BYTES / 2) {
        let product = primes.iter().map(|prime| Word::from(*prime)).product();
        let Some(product) = NonZero::new(Limb(product)).into_option() else { continue };
        let rest = start.rem_limb(product);
        for small in primes {
            // Twice the first step makes up for the remainder.
            let prime = Word::from(*small);
            let first = rest.0 % prime * (prime / 2) % prime;
            let first = usize::try_from(first).unwrap_or(SPAN);
            for step in (first..SPAN).step_by(usize::from(*small)) {
                composite[step] = true;
            }
        }
    }
    let steps = (0..).step_by(2).zip(0..SPAN);
    steps.filter(move |(_, step)| !composite[*step]).map(|(distance, _)| distance)
}

/// Fermat's test to base 2, which all primes pass and hardly a composite.
fn may_be_prime<const LIMBS: usize>(candidate: &Uint<LIMBS>) -> bool {
    let Some(modulus) = Odd::new(*candidate).into_option() else { return false };
    let params = Zeroizing::new(FixedMontyParams::new_vartime(modulus));
    let exponent = Zeroizing::new(candidate.wrapping_sub(&Uint::ONE));

    let mut power = *params.one();
    for bit in (0..Uint::<LIMBS>::BITS).rev() {
        power = square(&power, &params);
        // Without a branch: the candidate may become part of a key.
        power = power.ct_select(&power.double_mod(modulus.as_nz_ref()), exponent.bit(bit));
    }
    power == *params.one()
}

/// Squares a number in Montgomery form. That of crypto-bigint multiplies, which takes longer.
fn square<const LIMBS: usize>(
    number: &Uint<LIMBS>,
    params: &FixedMontyParams<LIMBS>,
) -> Uint<LIMBS> {
    let modulus = params.modulus();
    let (low, high) = number.widening_square();
    let mut limbs = [low.to_limbs(), high.to_limbs()];
    let limbs = limbs.as_flattened_mut();

    // Multiples of the modulus make one limb after the other zero, from the lowest on.
    let mut over = Limb::ZERO;
    for at in 0..LIMBS {
        let factor = limbs[at].wrapping_mul(params.mod_neg_inv());
        let mut carry = Limb::ZERO;
        for (limb, modulus) in limbs[at..].iter_mut().zip(modulus.as_limbs()) {
            (*limb, carry) = factor.carrying_mul_add(*modulus, *limb, carry);
        }
        (limbs[at + LIMBS], over) = limbs[at + LIMBS].carrying_add(carry, over);
    }

    let mut result = Uint::<LIMBS>::ZERO;
    result.as_mut_limbs().copy_from_slice(&limbs[LIMBS..]);
    let (reduced, borrow) = result.borrowing_sub(modulus, Limb::ZERO);
    let (_, borrow) = over.borrowing_sub(Limb::ZERO, borrow);
    result.ct_select(&reduced, borrow.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    use crypto_bigint::modular::FixedMontyForm;
    use crypto_bigint::{U64, U1024, U1536};

    use crate::tests::random_start;

    fn start<const LIMBS: usize>() -> Uint<LIMBS> {
        Uint::from_be_slice(&random_start(LIMBS * Limb::BYTES))
    }

    #[test]
    fn the_sieve_leaves_what_no_small_prime_divides() {
        assert_eq!(SMALL_PRIMES.len(), 6541);
        assert_eq!(SMALL_PRIMES[..4], [3, 5, 7, 11]);

        for _ in 0..10 {
            let start = start::<{ U64::LIMBS }>().as_words()[0] >> 1 | 1;
            let divided =
                |number: u64| SMALL_PRIMES.iter().any(|p| number.is_multiple_of((*p).into()));
            let expected: Vec<u32> = (0..)
                .step_by(2)
                .take(SPAN)
                .filter(|distance| !divided(start + u64::from(*distance)))
                .collect();
            assert_eq!(survivors(&U64::from(start)).collect::<Vec<_>>(), expected, "{start}");
        }
    }

    #[test]
    fn the_quick_test_agrees_with_crypto_primes() {
        let start = start::<{ U1024::LIMBS }>();
        for distance in survivors(&start).take(100) {
            let number = start.wrapping_add(&distance.into());
            assert_eq!(may_be_prime(&number), is_prime(Flavor::Any, &number), "{number}");
        }
        let pseudoprimes = [341_u64, 561, 645, 1105].map(U64::from);
        assert!(pseudoprimes.iter().all(may_be_prime), "Fermat's test knows no better");
    }

    #[test]
    fn squares_are_those_of_crypto_bigint() {
        let modulus = Odd::new(start::<{ U1536::LIMBS }>()).unwrap();
        let params = FixedMontyParams::new_vartime(modulus);
        let largest = modulus.wrapping_sub(&Uint::ONE);

        for number in
            [Uint::ZERO, Uint::ONE, largest, start::<{ U1536::LIMBS }>().rem(modulus.as_nz_ref())]
        {
            let expected = FixedMontyForm::from_montgomery(number, &params).square();
            assert_eq!(square(&number, &params), expected.to_montgomery(), "{number} {modulus:?}");
        }
    }
}
