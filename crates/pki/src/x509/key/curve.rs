//! Whether a point is on its curve: y² = x³ + ax + b (SEC 1 section 3.2.2.1).

use super::public_type::PublicKeyType;
use crate::x509::hex;

/// What is wrong with the octets of an elliptic-curve public key; `None` also for curves that are not
/// known here.
pub(super) fn fault(kind: &PublicKeyType, point: &[u8]) -> Option<&'static str> {
    // Whether a is -3 (else it is 0), the prime, and b.
    let (a_is_minus_3, prime, b) = match kind {
        PublicKeyType::EcdsaP256 => (
            true,
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        ),
        PublicKeyType::EcdsaP384 => (
            true,
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
        ),
        PublicKeyType::EcdsaP521 => (
            true,
            "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
        ),
        PublicKeyType::EcdsaSecp256k1 => (
            false,
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
            "0000000000000000000000000000000000000000000000000000000000000007",
        ),
        _ => return None,
    };
    let [prime, b] = [prime, b].map(|digits| hex::octets(digits.as_bytes()).unwrap_or_default());
    let coordinates = match point {
        [4, coordinates @ ..] if coordinates.len() == 2 * prime.len() => coordinates,
        [2 | 3, x @ ..] if x.len() == prime.len() => {
            return Some("its point is compressed, which Go and TLS do not read");
        }
        _ => return Some("its point does not have the length of its curve"),
    };
    let (x, y) = coordinates.split_at(prime.len());
    let is_on_curve = certctl_primes::is_on_curve(&prime, a_is_minus_3, &b, [x, y]);
    (!is_on_curve).then_some("its point is not on its curve: OpenSSL and Go do not load it")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Generators of the curves (SEC 2), and points that are wrong.
    #[test]
    fn points_are_on_their_curve_or_not() {
        let generators = [
            (
                PublicKeyType::EcdsaP256,
                "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
            ),
            (
                PublicKeyType::EcdsaP384,
                "04aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab73617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
            ),
            (
                PublicKeyType::EcdsaP521,
                "0400c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
            ),
            (
                PublicKeyType::EcdsaSecp256k1,
                "0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
            ),
        ];
        for (kind, point) in generators {
            let octet = |at: usize| u8::from_str_radix(&point[at..at + 2], 16).unwrap();
            let point: Vec<u8> = (0..point.len()).step_by(2).map(octet).collect();
            assert_eq!(fault(&kind, &point), None, "{kind}");

            let half = point.len() / 2;
            let mut wrong = point.clone();
            wrong[half] ^= 1;
            let mut large = point.clone();
            large[1..=half].fill(0xFF);
            let mut zero = point.clone();
            zero[1..].fill(0);
            for (point, part) in [
                (&wrong[..], "not on its curve"),
                (&large, "not on its curve"),
                (&zero, "not on its curve"),
                (&point[..half], "length"),
                (&[], "length"),
                (&[&[2], &point[1..=half]].concat(), "compressed"),
            ] {
                let found = fault(&kind, point).unwrap_or_default();
                assert!(found.contains(part), "{kind} {part}: {found}");
            }
        }
    }
}
