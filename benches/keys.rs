//! How long keys take: made, read, signing, and their signatures verified.
//!
//! `cargo bench --bench keys` prints medians, and behind `-- make 3 rsa:2048` it does nothing but make
//! such keys, so that another program can measure that.

use std::{
    env,
    hint::black_box,
    sync::atomic::AtomicUsize,
    time::{Duration, Instant},
};

use pki::x509::key::{KeyType, PrivateKey, SignatureScheme};
use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

const MESSAGE: &[u8] = &[7; 700];

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        [] => show_medians(),
        ["make", count, kind] => {
            let count = count.parse().expect("a number of keys");
            let kind = kind.parse().expect("a key type");
            make(kind, count);
        }
        _ => panic!("usage: keys [make COUNT KEY-TYPE]"),
    }
}

fn show_medians() {
    println!("| key | made | three made at once | read | signs | is verified |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for kind in KeyType::ALL {
        let key = make(kind, 1).remove(0);
        let text = key.to_pem();
        let signature = key.sign(MESSAGE).expect("a signature");
        let public = UnparsedPublicKey::new(algorithm(key.scheme()), key.public().bits());

        let medians = [
            median(2, || make(kind, 1)),
            median(4, || make(kind, 3)),
            median(1, || PrivateKey::from_pem(text.as_bytes()).expect("a key")),
            median(1, || key.sign(MESSAGE).expect("a signature")),
            median(1, || public.verify(MESSAGE, &signature).expect("a good signature")),
        ];
        let cells: Vec<String> = medians.map(show).to_vec();
        println!("| {kind} | {} |", cells.join(" | "));
    }
}

fn make(kind: KeyType, count: usize) -> Vec<PrivateKey> {
    PrivateKey::generate_all(&vec![kind; count], &AtomicUsize::new(0)).expect("keys")
}

/// The median of as many runs as go into so many seconds, at least 15.
fn median<T>(seconds: u64, mut work: impl FnMut() -> T) -> Duration {
    let begin = Instant::now();
    let mut times = Vec::new();
    while times.len() < 15 || begin.elapsed() < Duration::from_secs(seconds) {
        let start = Instant::now();
        black_box(work());
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2]
}

fn show(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    if micros < 1000.0 { format!("{micros:.0} µs") } else { format!("{:.1} ms", micros / 1000.0) }
}

fn algorithm(scheme: SignatureScheme) -> &'static dyn VerificationAlgorithm {
    match scheme {
        SignatureScheme::RsaSha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        SignatureScheme::EcdsaSha256 => &signature::ECDSA_P256_SHA256_ASN1,
        SignatureScheme::EcdsaSha384 => &signature::ECDSA_P384_SHA384_ASN1,
        SignatureScheme::Ed25519 => &signature::ED25519,
    }
}
