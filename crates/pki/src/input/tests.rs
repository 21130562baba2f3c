//! Each form that comes in, made here or fixed in `tests/fixtures`, whole and damaged.

use std::{fs, path::Path};

use rcgen::{CertificateParams, CertificateRevocationListParams, KeyIdMethod, KeyPair};

use super::*;
use crate::{cpu_time::within, x509::pem::encode};

/// A certificate, a request and a revocation list (DER) under one P-256 key (PKCS#8).
struct Samples {
    certificate: Vec<u8>,
    request: Vec<u8>,
    list: Vec<u8>,
    key: Vec<u8>,
    spki: Vec<u8>,
}

fn samples() -> Samples {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(["a.example".to_owned()]).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    let request = CertificateParams::new(["a.example".to_owned()]).unwrap();
    let request = request.serialize_request(&key).unwrap();
    let day = |month| rcgen::date_time_ymd(2026, month, 1);
    let list = CertificateRevocationListParams {
        this_update: day(1),
        next_update: day(2),
        crl_number: 1.into(),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let issuer = rcgen::Issuer::from_params(&params, &key);
    Samples {
        certificate: certificate.der().to_vec(),
        request: request.der().to_vec(),
        list: list.signed_by(&issuer).unwrap().der().to_vec(),
        key: key.serialize_der(),
        spki: rcgen::PublicKeyData::subject_public_key_info(&key),
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What was found, each in a few words; the place where there is one stands before it.
fn words(answer: &Result<Vec<LocatedObject>, Unrecognized>) -> Vec<String> {
    let found = match answer {
        Ok(found) => found,
        Err(unknown) => return vec![unknown.to_string()],
    };
    let word = |found: &LocatedObject| {
        let object = match &found.object {
            PkiObject::Certificate(_) => "certificate".to_owned(),
            PkiObject::Request(_) => "request".to_owned(),
            PkiObject::RevocationList(_) => "list".to_owned(),
            PkiObject::PublicKey(key) => format!("public {}", key.kind()),
            PkiObject::PrivateKey(facts) => {
                let kind = facts.kind.as_ref().map_or("?".to_owned(), ToString::to_string);
                format!("{} {kind}", facts.form)
            }
            PkiObject::Misplaced(reason) => format!("misplaced: {reason}"),
            PkiObject::Broken { what, reason } => format!("broken {what}: {reason}"),
        };
        let location = found.location.as_ref().map(|location| format!("{location} = "));
        location.unwrap_or_default() + &object
    };
    found.iter().map(word).collect()
}

fn read_words(content: impl AsRef<[u8]>) -> Vec<String> {
    words(&read(content.as_ref(), None))
}

fn base64(octets: &[u8]) -> String {
    let block = encode("X", octets);
    block.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn the_type_of_der_is_recognized_by_its_structure() {
    let samples = samples();
    let with_newline = [&samples.certificate[..], b"\n"].concat();
    let trailing = [&samples.certificate[..], b"\0"].concat();
    let cases: [(&[u8], &str); 7] = [
        (&samples.certificate, "certificate"),
        (&with_newline, "certificate"),
        (&trailing, "broken certificate: 1 octets follow the certificate"),
        (&samples.request, "request"),
        (&samples.list, "list"),
        (&samples.key, "PKCS#8 ecdsa:p256"),
        (&samples.spki, "public ecdsa:p256"),
    ];
    for (der, expected) in cases {
        assert_eq!(read_words(der), [expected]);
    }
}

#[test]
fn pem_blocks_come_in_order_and_the_broken_ones_are_named() {
    let Samples { certificate, request, list, key, spki } = samples();
    let trusted = [&certificate[..], &[0x30, 0x00]].concat();
    let whole = encode("CERTIFICATE", &certificate);
    let text = [
        "\u{feff}subject=x\r\n",
        &whole.replace('\n', "\r\n"),
        &encode("TRUSTED CERTIFICATE", &trusted),
        &encode("NEW CERTIFICATE REQUEST", &request),
        &encode("X509 CRL", &list),
        &encode("EC PARAMETERS", &[6, 1, 1]),
        &encode("PRIVATE KEY", &key),
        &encode("PUBLIC KEY", &spki),
        "-----BEGIN CERTIFICATE-----\nMII!\n-----END CERTIFICATE-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n",
        "YQ==\n-----END RSA PRIVATE KEY-----\n",
        &encode("CERTIFICATE", &certificate[..100]),
        &encode("CERTIFICATE", &request),
        "-----BEGIN CERTIFICATE-----\nMIIB\n",
    ];
    let lines = |end: usize| text[..end].concat().lines().count() + 1;

    assert_eq!(
        read_words(text.concat()),
        [
            "certificate".to_owned(),
            "certificate".to_owned(),
            "request".to_owned(),
            "list".to_owned(),
            "PKCS#8 ecdsa:p256".to_owned(),
            "public ecdsa:p256".to_owned(),
            format!("broken certificate: its base64 is malformed (PEM block at line {})", lines(8)),
            "encrypted PKCS#1 ?".to_owned(),
            format!(
                "broken certificate: it is not an X.509 certificate: its DER is malformed \
                 (PEM block at line {})",
                lines(11)
            ),
            format!(
                "broken certificate: its content is a certificate request \
                 (PEM block at line {})",
                lines(12)
            ),
            format!(
                "broken certificate: its END line is missing (PEM block at line {})",
                lines(13)
            ),
        ]
    );
}

#[test]
fn an_unsupported_format_is_named() {
    let pkcs7 = encode("PKCS7", b"x");
    let der = [0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2, 0xA0, 0];
    let cases: [(&[u8], &str); 14] = [
        (b" \n", "it is empty"),
        (b"", "it is empty"),
        (b"hello", "it holds no certificate, key, request or revocation list"),
        (b"{\"a\": 1}", "it holds no certificate, key, request or revocation list"),
        (b"\0\0\0\0", "it holds no certificate, key, request or revocation list"),
        (b"\xFE\xED\xFE\xED\0\0\0\x02", "a Java keystore (JKS)"),
        (b"\xCE\xCE\xCE\xCE", "a Java keystore (JCEKS)"),
        (b"\n<!DOCTYPE HTML>\n", "HTML"),
        (b"\x1F\x8B\x08", "a gzip archive"),
        (b"PK\x03\x04", "a zip archive"),
        (b"ssh-ed25519 AAAA", "an SSH public key"),
        (b"\x7FELF", "a program (ELF)"),
        (&der, "a PKCS#7 file"),
        (pkcs7.as_bytes(), "a PKCS#7 file"),
    ];
    for (content, expected) in cases {
        let said = read_words(content).concat();
        let is_whole =
            said == expected || said == format!("it is {expected}, which certctl does not read");
        assert!(is_whole, "{expected}: {said}");
    }
}

#[test]
fn base64_without_a_name_is_read_too() {
    let samples = samples();
    let block = encode("CERTIFICATE", &samples.certificate);

    assert_eq!(read_words(base64(block.as_bytes())), ["certificate"]);
    assert_eq!(read_words(base64(&samples.certificate) + "\n"), ["certificate"]);
    assert_eq!(read_words("a".repeat(80)), [Unrecognized::Nothing.to_string()]);
}

#[test]
fn base64_among_other_text_is_read_and_cut_off_examples_are_not() {
    let Samples { certificate, key, .. } = samples();
    let [pem, key] = [("CERTIFICATE", certificate.clone()), ("PRIVATE KEY", key)]
        .map(|(label, der)| base64(encode(label, &der).as_bytes()));
    let der = base64(&certificate);
    let block = encode("CERTIFICATE", &certificate);
    let nothing = || vec![Unrecognized::Nothing.to_string()];
    let bare =
        |line: u8| format!("broken certificate: it has no BEGIN and END lines (line {line})");
    let cut = pem.len() / 8 * 4 + 1;
    let cases = [
        (format!("A={pem}"), vec!["line 1 = certificate".to_owned()]),
        (
            format!("a: x\n\nA={pem} B={key}\nC={pem}"),
            vec![
                "line 3 = certificate".to_owned(),
                "line 3 = PKCS#8 ecdsa:p256".to_owned(),
                "line 4 = certificate".to_owned(),
            ],
        ),
        (format!("# A={pem}\n; B={pem}\n// C={pem}\n"), nothing()),
        (format!("A={}...\n", &pem[..200]), nothing()),
        (format!("A={}\u{2026}\n", &pem[..200]), nothing()),
        (format!("A={}\n", &pem[..40]), nothing()),
        (
            format!("A={}\n", &pem[..cut]),
            vec!["line 1 = broken certificate: its base64 is malformed".to_owned()],
        ),
        (format!("{block}{der}\n"), vec!["certificate".to_owned(), bare(block_lines(&block))]),
        (format!("{der}\n{block}"), vec!["certificate".to_owned(), bare(1)]),
        // Metadata of SAML, and settings.
        (
            format!("<X509Certificate>\n{der}\n</X509Certificate>\n"),
            vec!["line 2 = certificate".to_owned()],
        ),
        // It is named once.
        (
            format!("let a = `-----BEGIN CERTIFICATE-----\n{der}\n`;\n"),
            vec!["broken certificate: its BEGIN line is malformed (line 1)".to_owned()],
        ),
        (format!("text\n{}\ntext\n", "MIIA".repeat(40)), nothing()),
    ];
    for (text, expected) in cases {
        assert_eq!(read_words(&text), expected, "{text}");
    }
}

fn block_lines(block: &str) -> u8 {
    u8::try_from(block.lines().count() + 1).unwrap()
}

#[test]
fn base64_by_the_million_is_read_in_one_pass() {
    let pem = base64(encode("CERTIFICATE", &samples().certificate).as_bytes());
    let texts = [
        "LS0tLS1CRUdJTi ".repeat(500_000),
        "A=LS0tLS1CRUdJTi\n".repeat(500_000),
        "MII\n".repeat(2_000_000),
        format!("text\n{}", "MIIA\n".repeat(1_500_000)),
        format!("text {}", format!("\"{pem}\" ").repeat(9_000)),
        format!("text\n{}", format!("A={}!\n", &pem[..101]).repeat(60_000)),
        format!("text {}", "LS0tLS1CRUdJTi".repeat(500_000)),
        // The heads of certificates that are cut off.
        "x: MIID6zCCAp+g\n".repeat(500_000),
        "x: MIID6zCCAp+g ".repeat(500_000),
        format!("x: MIL//zCC/wCg{}\n", "\nMIL//zCC/wCg".repeat(500_000)),
        "x=\"-----BEGIN CERTIFICATE-----\n".repeat(300_000),
        "a: |\n  -----BEGIN CERTIFICATE-----\n".repeat(300_000),
        format!("a: |\n{}", " -----BEGIN X-----\n".repeat(300_000)),
        "30820000".repeat(1_000_000),
        "%2D%2D%2D%2D%2DBEGIN%20".repeat(300_000),
        "-----BEGIN+".repeat(300_000),
        // Eight levels, each the base64 of the one inside of it.
        (0..8).fold("x".repeat(1 << 20), |text, _| {
            format!("A={}", base64(format!("-----BEGIN X-----\n{text}").as_bytes()))
        }),
    ];
    for text in texts {
        within(3, text.get(..40).unwrap(), || drop(read(text.as_bytes(), None)));
    }
}

#[test]
fn what_openssl_and_openssh_write_is_read() {
    let foreign = "it is a PKCS#7 file, which certctl does not read";
    for (file, expected) in [
        ("intake/dsa.key", "DSA dsa"),
        ("intake/ed448.csr", "request"),
        ("intake/ed448.key", "PKCS#8 ed448"),
        ("intake/openssh-encrypted.key", "encrypted OpenSSH ed25519"),
        ("intake/openssh.key", "OpenSSH ed25519"),
        ("intake/pkcs7.p7b", foreign),
        ("intake/pkcs7.pem", foreign),
        ("intake/request.csr", "request"),
        ("intake/rsa-encrypted.key", "encrypted PKCS#1 ?"),
        ("intake/rsa-pss.key", "PKCS#8 rsassa-pss"),
        ("intake/rsa.pub", "public rsa:2048"),
        ("intake/trusted.pem", "certificate"),
        ("intake/x25519.key", "PKCS#8 1.3.101.110"),
        ("keys/dsa.key", "PKCS#8 dsa"),
        ("keys/ed25519.key", "PKCS#8 ed25519"),
        ("keys/encrypted-sec1.key", "encrypted SEC1 ?"),
        ("keys/encrypted.key", "encrypted PKCS#8 ?"),
        ("keys/explicit.key", "SEC1 ecdsa:explicit"),
        ("keys/good.der.key", "SEC1 ecdsa:p256"),
        ("keys/good.parameters.key", "SEC1 ecdsa:p256"),
        ("keys/p521.key", "PKCS#8 ecdsa:p521"),
        ("keys/public.key", "public ecdsa:p256"),
        ("keys/rsa-e3.key", "PKCS#8 rsa:2048"),
        ("keys/rsa.pkcs1.key", "PKCS#1 rsa:2048"),
        ("keys/rsa1024.key", "PKCS#8 rsa:1024"),
        ("keys/rsa16384.key", "PKCS#8 rsa:16384"),
        ("keys/secp256k1.key", "PKCS#8 ecdsa:secp256k1"),
        ("names/hostile.pem", "certificate"),
    ] {
        assert_eq!(read_words(fixture(file)), [expected], "{file}");
    }
}

#[test]
fn a_private_key_shows_which_certificate_is_its() {
    for (key, certificate) in [
        ("keys/good.key", "keys/good.pem"),
        ("keys/good.sec1.key", "keys/good.pem"),
        ("keys/good.der.key", "keys/good.pem"),
        ("keys/rsa.key", "keys/rsa.pem"),
        ("keys/rsa.pkcs1.key", "keys/rsa.pem"),
        ("keys/ed25519.key", "keys/ed25519.pem"),
    ] {
        let [LocatedObject { object: PkiObject::PrivateKey(facts), .. }] =
            &read(&fixture(key), None).unwrap()[..]
        else {
            panic!("{key}")
        };
        let [LocatedObject { object: PkiObject::Certificate(certificate), .. }] =
            &read(&fixture(certificate), None).unwrap()[..]
        else {
            panic!("{certificate}")
        };
        assert_eq!(facts.public.as_ref(), Some(certificate.public_key()), "{key}");
    }
}

#[cfg(test)]
mod damage;
#[cfg(all(test, feature = "pkcs12"))]
mod keystores;
#[cfg(test)]
mod manifests;
