//! `certctl sign`: requests that came from elsewhere.

use std::process::Stdio;

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PublicKeyData, SigningKey};
use rustls_pki_types::{PrivatePkcs8KeyDer, pem::PemObject};

use crate::{
    cert::{CLIENT_AUTH, Cert, NAMES, SERVER_AUTH, hex},
    csr::Csr,
    forge::SEQUENCE,
    request::{
        ALT_NAMES, BASIC_CONSTRAINTS, CODE_SIGNING, COMMON_NAME, DSA, EC, ED448, ED25519, KEY_ID,
        KEY_USAGE, NAME_CONSTRAINTS, OID, P256, P521, PURPOSES, SECP256K1, SERVER, UNIT, bits,
        common_name, dns_names, extension, info, rdn, request, request_of, rsa, spki, tlv,
    },
    sandbox::{Run, Sandbox},
};

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

/// A directory with a CA and the request `web.csr`.
fn with_request(der: &[u8]) -> Sandbox {
    let sandbox = with_ca();
    sandbox.write("web.csr", der);
    sandbox
}

#[track_caller]
fn assert_refused(der: &[u8], flags: &str, message: &str) {
    let sandbox = with_request(der);
    let before = sandbox.digest();
    let run = sandbox.certctl(&format!("sign web.csr --usage server {flags}"));
    run.code(1).stdout_is("").stderr_has("\nhint: ");
    let first = run.stderr().lines().next().unwrap_or_default().to_owned();
    assert_eq!(first, format!("error: CSR `web.csr` {message}"));
    assert_eq!(sandbox.digest(), before, "{message}");
}

#[test]
fn what_is_a_cas_or_unknown_is_refused_each_with_its_own_words() {
    let name = || dns_names(&["a.b"]);
    let cases = [
        (
            vec![extension(BASIC_CONSTRAINTS, &[0x30, 3, 1, 1, 0xFF])],
            "asks to be a CA (basicConstraints CA:TRUE)",
        ),
        (
            vec![name(), extension(KEY_USAGE, &[3, 2, 2, 4])],
            "asks to sign certificates (keyUsage keyCertSign), which only a CA may",
        ),
        (
            vec![extension(KEY_USAGE, &[3, 2, 1, 2])],
            "asks to sign CRLs (keyUsage cRLSign), which only a CA may",
        ),
        (
            vec![extension(NAME_CONSTRAINTS, &[0x30, 0])],
            "asks for the extension nameConstraints, which certctl does not issue",
        ),
        (
            vec![name(), extension(&[0x2A, 3, 4], &[5, 0])],
            "asks for the extension 1.2.3.4, which certctl does not issue",
        ),
        (vec![name(), name()], "asks for the extension subjectAltName twice"),
        (
            vec![extension(ALT_NAMES, &[0x30, 9])],
            "asks for the extension subjectAltName in an unreadable encoding",
        ),
        (
            vec![extension(BASIC_CONSTRAINTS, &[4, 0])],
            "asks for the extension basicConstraints in an unreadable encoding",
        ),
        (
            vec![extension(KEY_USAGE, &[])],
            "asks for the extension keyUsage in an unreadable encoding",
        ),
        (
            vec![extension(PURPOSES, &[0x30, 2, 6, 0])],
            "asks for the extension extendedKeyUsage in an unreadable encoding",
        ),
    ];
    for (extensions, message) in cases {
        let der = request(&common_name("a.b"), &extensions);
        assert_refused(&der, "--accept-names", message);
        assert_refused(&der, "--cn a.b", message);
    }
}

#[test]
fn weak_and_odd_keys_are_refused_by_their_kind() {
    let oid = |octets| tlv(OID, &[octets]);
    let cases = [
        (rsa(1024, &[1, 0, 1]), "rsa:1024, which is too short: the minimum is 2048 bits"),
        (rsa(2040, &[1, 0, 1]), "rsa:2040, which is too short: the minimum is 2048 bits"),
        (
            rsa(16_384, &[1, 0, 1]),
            "rsa:16384, which is longer than verifiers accept: the maximum is 8192 bits",
        ),
        (rsa(2048, &[3]), "rsa:2048, and its public exponent is 3: the usual one is 65537"),
        (
            rsa(2048, &[1, 0, 2]),
            "rsa:2048, and its public exponent is 65538: the usual one is 65537",
        ),
        (spki(EC, &oid(P521), &[4; 133]), "ecdsa:p521, which most TLS stacks do not support"),
        (
            spki(EC, &oid(SECP256K1), &[4; 65]),
            "ecdsa:secp256k1, which most TLS stacks do not support",
        ),
        (
            spki(EC, &oid(P256), &[2; 33]),
            "ecdsa:p256, and its point is compressed, which TLS does not use",
        ),
        (spki(EC, &[], &[4; 65]), "ecdsa:explicit, which most TLS stacks do not support"),
        (spki(ED448, &[], &[4; 57]), "ed448, which most TLS stacks do not support"),
        (spki(DSA, &[], &[2, 1, 5]), "dsa, which most TLS stacks do not support"),
        (spki(&[0x2A, 3], &[], &[1]), "1.2.3, which most TLS stacks do not support"),
    ];
    for (spki, message) in cases {
        let message = format!("has a key of type {message}");
        assert_refused(&request_of(&spki), "--accept-names", &message);
    }
}

#[test]
fn a_request_has_to_be_signed_by_its_own_key() {
    let wrong = "has no proof of possession: its signature does not verify with the key";
    let key = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    assert_refused(&request_of(&key.subject_public_key_info()), "--accept-names", wrong);

    // Signed by another key of the same kind.
    let info = info(&common_name("a.b"), &key.subject_public_key_info(), &[]);
    let signature = KeyPair::generate_for(&PKCS_ED25519).unwrap().sign(&info).unwrap();
    let algorithm = tlv(SEQUENCE, &[&tlv(OID, &[ED25519])]);
    let der = tlv(SEQUENCE, &[&info, &algorithm, &bits(&signature)]);
    assert_refused(&der, "--accept-names", wrong);

    // ecdsa-with-SHA1: nobody believes it any more.
    let signature = key.sign(&info).unwrap();
    let sha1 = tlv(SEQUENCE, &[&tlv(OID, &[&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 1]])]);
    assert_refused(
        &tlv(SEQUENCE, &[&info, &sha1, &bits(&signature)]),
        "--accept-names",
        "has no proof of possession: its signature is made with SHA-1, which is broken",
    );
}

#[test]
fn no_octet_of_a_request_can_be_cut_off_or_changed() {
    let whole = request(&common_name("a.b"), &[dns_names(&["a.b"])]);
    let sandbox = with_ca();
    let before = sandbox.digest();
    let refused = |what: String, der: &[u8]| {
        let mut command = sandbox.command();
        command.args(["sign", "-", "--usage", "server", "--accept-names", "--name", "web"]);
        let input = sandbox.path("../").join(format!("{}.csr", std::process::id()));
        std::fs::write(&input, der).unwrap();
        command.stdin(std::fs::File::open(&input).unwrap());
        let run = Run::of(&mut command);
        std::fs::remove_file(&input).unwrap();
        run.code(1).stdout_is("");
        assert_eq!(sandbox.digest(), before, "{what}");
    };
    for end in 0..whole.len() {
        refused(format!("cut at {end}"), &whole[..end]);
    }
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 1 << (at % 8);
        refused(format!("a bit of octet {at}"), &changed);
    }
}

#[test]
fn names_are_taken_only_if_given_again() {
    let cases: [(&str, &[&str], &str, &str); 9] = [
        ("a.b", &[], "", "CN=a.b"),
        ("a.b", &["a.b", "c.d"], "", "CN=a.b, DNS:a.b, DNS:c.d"),
        ("a.b", &["a.b", "c.d"], "--cn a.b", "DNS:c.d"),
        ("a.b", &["c.d"], "--san c.d", "CN=a.b"),
        ("a.b", &["c.d"], "--cn c.d --san e.f", "CN=a.b"),
        ("Alice", &[], "--san a.b", "CN=Alice"),
        ("a.b", &["*.b.c"], "--cn a.b --san x.b.c", "DNS:*.b.c"),
        ("x\\\u{202e}y", &[], "--cn a.b", r"CN=x\\\E2\80\AEy"),
        ("a.b", &["a..b"], "--cn a.b", "DNS:a..b"),
    ];
    for (subject, names, flags, left) in cases {
        let extensions = if names.is_empty() { vec![] } else { vec![dns_names(names)] };
        let der = request(&common_name(subject), &extensions);
        let message = format!("asks for names that are not approved: {left}");
        assert_refused(&der, flags, &message);
        with_request(&der)
            .certctl(&format!("sign web.csr --usage server {flags}"))
            .stderr_has("--accept-names")
            .stderr_has("--san NAME");
    }
}

#[test]
fn names_that_are_given_again_are_in_the_certificate_and_no_others() {
    let cases: [(&str, &[&str], &str, &[&str]); 5] = [
        ("a.b", &["a.b", "c.d"], "--san a.b,c.d", &["DNS:a.b", "DNS:c.d"]),
        ("a.b", &["c.d"], "--cn a.b --san c.d", &["DNS:a.b", "DNS:c.d"]),
        ("a.b", &["c.d"], "--cn c.d --san a.b", &["DNS:c.d", "DNS:a.b"]),
        ("a.b", &[], "--cn a.b --san 10.0.0.1", &["DNS:a.b", "IP:10.0.0.1"]),
        ("a.b", &["A.B"], "--cn a.b", &["DNS:a.b"]),
    ];
    for (subject, names, flags, expected) in cases {
        let extensions = if names.is_empty() { vec![] } else { vec![dns_names(names)] };
        let sandbox = with_request(&request(&common_name(subject), &extensions));
        sandbox.certctl(&format!("sign web.csr --usage server {flags}")).code(0);
        let cert = Cert::read(&sandbox, "web.pem");
        assert_eq!(format!("DNS:{}", cert.common_name()), expected[0], "{flags}");
        assert_eq!(cert.names(), expected, "{flags}");
        assert_eq!(cert.serves_below(&Cert::read(&sandbox, "ca.pem")), Ok(()), "{flags}");
    }
}

#[test]
fn an_accepted_subject_is_taken_octet_by_octet() {
    // PrintableString, TeletexString, BMPString, two units, in an order that certctl has not.
    let subject = tlv(
        SEQUENCE,
        &[
            &rdn(COMMON_NAME, 0x13, "a.b"),
            &rdn(UNIT, 0x14, "one"),
            &rdn(UNIT, 0x1E, "\0t\0w\0o"),
            &rdn(&[0x55, 4, 6], 0x13, "de"),
        ],
    );
    let other_name = tlv(0xA0, &[&tlv(OID, &[&[0x2A, 3]]), &tlv(0xA0, &[&tlv(12, &[b"u"])])]);
    let names = [tlv(0x82, &[b"C.D"]), other_name, tlv(0x82, &[b"c.d"])].concat();
    let names = extension(ALT_NAMES, &tlv(SEQUENCE, &[&names]));
    let sandbox = with_request(&request(&subject, &[names]));

    sandbox
        .certctl("sign web.csr --usage peer --accept-names --san 10.0.0.1")
        .code(0)
        .stderr_is("");

    let cert = Cert::read(&sandbox, "web.pem");
    assert_eq!(hex(cert.subject()), hex(&subject));
    let other = "A0:06022A03A0030C0175";
    assert_eq!(cert.names(), ["DNS:c.d", other, "DNS:a.b", "IP:10.0.0.1"]);
    assert_eq!(cert.purposes(), [SERVER_AUTH, CLIENT_AUTH]);
    assert!(!cert.extension(NAMES).unwrap().critical);
}

#[test]
fn a_subject_that_was_given_again_is_the_requests_own() {
    let subject = tlv(SEQUENCE, &[&rdn(COMMON_NAME, 0x13, "a.b")]);
    let sandbox = with_request(&request(&subject, &[]));
    sandbox.certctl("sign web.csr --usage server --cn a.b").code(0).stderr_is("");
    assert_eq!(Cert::read(&sandbox, "web.pem").subject(), subject, "a PrintableString, as it was");
}

#[test]
fn names_stand_alone_where_the_subject_is_empty() {
    let der = request(&[0x30, 0], &[dns_names(&["a.b"])]);
    let sandbox = with_request(&der);
    sandbox.certctl("sign web.csr --usage server --accept-names").code(0);
    let cert = Cert::read(&sandbox, "web.pem");
    assert_eq!(cert.subject(), [0x30, 0]);
    assert!(cert.extension(NAMES).unwrap().critical);

    let nobody = request(&[0x30, 0], &[]);
    for flags in ["", "--accept-names"] {
        assert_refused(&nobody, flags, "has no subject and no SAN");
    }
    let sandbox = with_request(&nobody);
    sandbox.certctl("sign web.csr --usage server --cn a.b").code(0);
    assert_eq!(Cert::read(&sandbox, "web.pem").names(), ["DNS:a.b"]);
}

#[test]
fn names_that_certctl_would_not_make_are_refused_even_if_accepted() {
    let long = "a".repeat(65);
    let cases = [
        (
            request(&common_name("a.b"), &[dns_names(&["a..b"])]),
            "asks for the name `DNS:a..b`, which no client can match: it has an empty label: \
             it begins with a dot or has two in a row"
                .to_owned(),
        ),
        (
            request(&common_name("a\nb"), &[]),
            r"asks for a subject that certctl does not issue: commonName `a\nb` holds the control character U+000A"
                .to_owned(),
        ),
        (
            request(&common_name(&long), &[]),
            "asks for a subject that certctl does not issue: commonName is 65 characters long, \
             at most 64 are allowed"
                .to_owned(),
        ),
        (
            request(&common_name("localhost CA"), &[dns_names(&["a.b"])]),
            "has the subject of the CA itself".to_owned(),
        ),
    ];
    for (der, message) in cases {
        assert_refused(&der, "--accept-names", &message);
    }
}

#[test]
fn a_server_needs_a_name_and_a_client_does_not() {
    let der = request(&common_name("Alice A"), &[]);
    let sandbox = with_request(&der);
    let before = sandbox.digest();
    sandbox
        .certctl("sign web.csr --usage server --accept-names")
        .code(2)
        .stderr_has("`Alice A`")
        .stderr_has("--san HOST");
    assert_eq!(sandbox.digest(), before);

    sandbox.certctl("sign web.csr --usage client --accept-names").code(0);
    let cert = Cert::read(&sandbox, "web.pem");
    assert!(cert.names().is_empty());
    assert_eq!(cert.is_client_below(&Cert::read(&sandbox, "ca.pem")), Ok(()));
}

#[test]
fn the_certificate_has_certctls_own_profile_and_the_next_serial() {
    let asked = vec![
        dns_names(&["a.b"]),
        extension(BASIC_CONSTRAINTS, &[0x30, 0]),
        extension(KEY_USAGE, &[3, 2, 3, 0xF8]),
        extension(PURPOSES, &tlv(SEQUENCE, &[&tlv(OID, &[SERVER])])),
        extension(KEY_ID, &[4, 2, 1, 2]),
    ];
    let sandbox = with_request(&request(&common_name("a.b"), &asked));
    let ca = sandbox.digest()["ca.key"].clone();
    sandbox
        .certctl("sign web.csr --usage server --accept-names")
        .code(0)
        .stderr_is("")
        .stdout_has("Signed 1 certificate:\n\n  web  a.b  server  until ");

    let cert = Cert::read(&sandbox, "web.pem");
    let model = Cert::read(&sandbox, "server.pem");
    let kinds = |cert: &Cert| -> Vec<(String, bool)> {
        let extensions = cert.extensions().into_iter();
        extensions.map(|extension| (extension.oid, extension.critical)).collect()
    };
    assert_eq!(kinds(&cert), kinds(&model));
    assert_eq!(hex(&cert.extension("2.5.29.15").unwrap().value), "03020780");
    assert_ne!(cert.key_id().unwrap(), [1, 2]);
    assert_eq!(cert.seconds(), 825 * 86_400);
    assert_eq!(cert.serial(), sandbox.text("ca.srl").trim());
    assert_eq!(cert.public_key(), Csr::of(&sandbox.read("web.csr")).public_key());
    assert_eq!(sandbox.mode("web.pem"), 0o644);
    assert_eq!(sandbox.digest()["ca.key"], ca);
    assert!(!sandbox.path("web.key").exists());
}

#[test]
fn days_come_from_flag_and_file() {
    let sandbox = with_request(&request(&common_name("a.b"), &[]));
    sandbox.certctl("sign web.csr --usage server --cn a.b --days 9 --name one").code(0);
    assert_eq!(Cert::read(&sandbox, "one.pem").seconds(), 9 * 86_400 + 300);
    sandbox.write("certctl.toml", "[defaults]\ndays = 7\n[subject]\norganization = 'O'\n");
    sandbox
        .certctl("sign web.csr --usage server --cn a.b --name two")
        .code(0)
        .stderr_is("note: the subject in web.csr is `CN=a.b`; the certificate has `CN=a.b,O=O`\n");
    assert_eq!(Cert::read(&sandbox, "two.pem").seconds(), 7 * 86_400 + 300);

    let before = sandbox.digest();
    let line = "sign web.csr --usage server --cn a.b --name three --days 40000";
    sandbox.certctl(line).code(1).stderr_has("would expire after its CA").stderr_has("--days 36");
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn what_is_not_taken_over_is_said() {
    let purpose = |purpose| extension(PURPOSES, &tlv(SEQUENCE, &[&tlv(OID, &[purpose])]));
    let cases = [
        (SERVER, "server", ""),
        (
            SERVER,
            "client",
            "note: web.csr asks for usage server; the certificate is for client, as `--usage` sets\n",
        ),
        (
            CODE_SIGNING,
            "server",
            "note: web.csr asks for key purposes codeSigning; \
             the certificate is for server, as `--usage` sets\n",
        ),
    ];
    for (asked, usage, note) in cases {
        let sandbox = with_request(&request(&common_name("a.b"), &[purpose(asked)]));
        let run = sandbox.certctl(&format!("sign web.csr --usage {usage} --cn a.b"));
        run.code(0).stderr_is(note);
    }
}

#[test]
fn the_name_is_that_of_the_file_or_given() {
    let der = request(&common_name("a.b"), &[]);
    let sandbox = with_ca();
    let flags = ["--usage", "server", "--cn", "a.b"];
    for (file, name) in
        [("one.csr", "one"), ("in/two.req", "two"), ("three.x.der", "three.x"), ("four", "four")]
    {
        sandbox.write(file, &der);
        sandbox.certctl_args(&[&["sign", file], &flags[..]].concat()).code(0);
        assert_eq!(Cert::read(&sandbox, &format!("{name}.pem")).common_name(), "a.b");
    }

    let before = sandbox.digest();
    for file in ["ca.csr", ".csr", "a b.csr", "archive.pem"] {
        let elsewhere = Sandbox::new();
        elsewhere.write(file, &der);
        let path = elsewhere.path(file).display().to_string();
        sandbox
            .certctl_args(&[&["sign", &path], &flags[..]].concat())
            .code(2)
            .stderr_has("cannot be used")
            .stderr_has("`--name NAME`");
        sandbox.certctl_args(&["sign", &path, "--usage", "client", "--name", "ca"]).code(2);
    }
    sandbox.certctl("sign - --usage server --cn a.b").code(2).stderr_has("`--name NAME`");
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn pem_and_standard_input_are_read_too() {
    let home = Sandbox::new();
    home.certctl("csr app app.example --key-type ecdsa:p256").code(0);
    let sandbox = with_ca();
    let script = |how: &str| {
        let request = home.path("app.csr").display().to_string();
        sandbox.sh(&how.replace("FILE", &request))
    };
    let flags = "--usage server --accept-names";
    script(&format!("\"$CERTCTL\" sign - --name one {flags} < FILE")).code(0);
    script(&format!("cat FILE | \"$CERTCTL\" sign /dev/stdin --name two {flags}")).code(0);
    script(&format!("(echo text; cat FILE) > x.pem; \"$CERTCTL\" sign x.pem --name three {flags}"))
        .code(0);
    script(&format!("mkfifo p; cat FILE > p & \"$CERTCTL\" sign p --name four {flags}")).code(0);
    let csr = Csr::read(&home, "app.csr");
    for name in ["one", "two", "three", "four"] {
        let cert = Cert::read(&sandbox, &format!("{name}.pem"));
        assert_eq!(cert.public_key(), csr.public_key(), "{name}");
        assert_eq!(cert.subject(), csr.subject(), "{name}");
    }
}

#[test]
fn what_is_no_request_is_told_by_what_it_is() {
    let sandbox = with_ca();
    let csr = request(&common_name("a.b"), &[]);
    sandbox.write("half.csr", &csr[..csr.len() / 2]);
    sandbox.write("empty.csr", "");
    sandbox.write("page.csr", "<html>");
    let home = Sandbox::new();
    home.certctl("csr a --key-type ecdsa:p256").code(0);
    sandbox.write("two.csr", [home.read("a.csr"), home.read("a.csr")].concat());
    let broken = home.text("a.csr").replacen("MII", "MIJ", 1);
    sandbox.write("broken.csr", broken);
    let before = sandbox.digest();
    let cases = [
        ("ca.pem --name x", "`ca.pem` has no CSR to sign", "it holds a certificate"),
        ("ca.key --name x", "`ca.key` has no CSR to sign", "it holds a private key"),
        ("two.csr", "`two.csr` has no CSR to sign", "it has 2: write each to its own file"),
        ("empty.csr", "`empty.csr` has no supported content", "it is empty"),
        ("page.csr", "`page.csr` has no supported content", "it is"),
        ("half.csr", "`half.csr`", "hint: "),
        ("broken.csr", "`broken.csr`", "hint: "),
        ("none.csr", "`none.csr` cannot be read", "hint: `ls .` shows what is there"),
        (". --name x", "`.` cannot be read", "a directory"),
    ];
    for (file, message, cause) in cases {
        let run = sandbox.certctl(&format!("sign {file} --usage server --cn a.b"));
        run.code(1).stdout_is("").stderr_has(message).stderr_has(cause);
        assert_eq!(sandbox.digest(), before, "{file}");
    }
}

#[test]
fn nothing_is_overwritten_and_a_key_of_that_name_must_fit() {
    let der = request(&common_name("a.b"), &[]);
    let flags = "--usage server --cn a.b";
    for name in ["server", "Client"] {
        let sandbox = with_request(&der);
        let before = sandbox.digest();
        sandbox
            .certctl(&format!("sign web.csr {flags} --name {name}"))
            .code(1)
            .stderr_has(".pem` already exists")
            .stderr_has("--name ");
        assert_eq!(sandbox.digest(), before);
    }

    let sandbox = with_request(&der);
    sandbox.write("web.key", sandbox.read("server.key"));
    sandbox.set_mode("web.key", 0o600);
    let before = sandbox.digest();
    sandbox.certctl(&format!("sign web.csr {flags}")).code(1).stderr_is(
        "error: private key `web.key` does not belong to CSR `web.csr`\n\
         hint: choose another name for the certificate: `--name web-2`\n",
    );
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn the_cas_own_key_gets_no_other_certificate() {
    let sandbox = with_ca();
    let key = PrivatePkcs8KeyDer::from_pem_slice(&sandbox.read("ca.key")).unwrap();
    let key = KeyPair::from_pkcs8_der_and_sign_algo(&key, &PKCS_ECDSA_P256_SHA256).unwrap();
    let info = info(&common_name("a.b"), &key.subject_public_key_info(), &[]);
    let sha256 = tlv(OID, &[&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2]]);
    let signature = bits(&key.sign(&info).unwrap());
    sandbox.write("web.csr", tlv(SEQUENCE, &[&info, &tlv(SEQUENCE, &[&sha256]), &signature]));
    let before = sandbox.digest();
    sandbox
        .certctl("sign web.csr --usage server --cn a.b")
        .code(1)
        .stderr_has("CSR `web.csr` has the key of the CA itself");
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn twenty_in_a_row_and_at_once_have_serials_of_their_own() {
    let sandbox = with_request(&request(&common_name("a.b"), &[]));
    let start = u128::from_str_radix(&sandbox.text("ca.srl").trim()[20..], 16).unwrap();
    for number in 0..20 {
        let name = format!("web{number}");
        sandbox.certctl(&format!("sign web.csr --usage server --cn a.b --name {name}")).code(0);
        let serial = Cert::read(&sandbox, &format!("{name}.pem")).serial();
        let end = u128::from_str_radix(&serial[20..], 16).unwrap();
        assert_eq!(end.wrapping_sub(start), number + 1, "{serial}");
    }

    let children: Vec<_> = (0..20)
        .map(|number| {
            let name = format!("at{number}");
            let mut command = sandbox.command();
            command.args(["sign", "web.csr", "--usage", "client", "--cn", "a.b", "--name", &name]);
            command.stdout(Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let mut serials: Vec<String> =
        (0..20).map(|number| Cert::read(&sandbox, &format!("at{number}.pem")).serial()).collect();
    serials.sort();
    serials.dedup();
    assert_eq!(serials.len(), 20);
    assert_eq!(serials[19], sandbox.text("ca.srl").trim());
}

#[test]
fn renew_skips_it_unless_the_key_is_reused() {
    let sandbox = with_request(&request(&common_name("a.b"), &[]));
    sandbox.certctl("sign web.csr --usage server --cn a.b").code(0).stdout_has(
        "Next: send it, with the CA certificate, to the owner of the key; before it expires, \
         `certctl renew web --reuse-key` signs the same key again\n",
    );
    let signed = Cert::read(&sandbox, "web.pem");

    sandbox.certctl("renew").code(0).stdout_has("skipped");
    assert_eq!(Cert::read(&sandbox, "web.pem").der, signed.der);

    sandbox.certctl("renew web --reuse-key").code(0);
    let renewed = Cert::read(&sandbox, "web.pem");
    assert_eq!(renewed.public_key(), signed.public_key());
    assert_ne!(renewed.serial(), signed.serial());
}

#[test]
fn what_cannot_be_meant_is_a_usage_error_and_without_a_ca_nothing_is_signed() {
    let sandbox = with_request(&request(&common_name("a.b"), &[]));
    let before = sandbox.digest();
    for line in [
        "sign",
        "sign web.csr",
        "sign web.csr --usage both --cn a.b",
        "sign web.csr --usage server --cn a.b --accept-names",
        "sign web.csr --usage server --san a..b",
        "sign web.csr --usage server --cn a.b --days 0",
        "sign web.csr --usage server --cn a.b --name ../x",
        "sign web.csr --usage server --cn a.b -o prometheus",
    ] {
        sandbox.certctl(line).code(2).stdout_is("");
    }
    assert_eq!(sandbox.digest(), before);

    sandbox
        .certctl("-d none sign web.csr --usage server --cn a.b")
        .code(1)
        .stderr_has("no CA in this directory");
    assert!(!sandbox.path("none").exists());
}

#[test]
fn json_is_that_of_issue() {
    let sandbox = with_request(&request(&common_name("a.b"), &[]));
    let json = sandbox.certctl("sign web.csr --usage server --cn a.b -o json").code(0).json();
    assert_eq!(json["schema"], "certctl.sign/2");
    assert_eq!(json["ca"]["action"], "unchanged");
    let item = &json["certificates"][0];
    assert_eq!(item["action"], "created");
    assert_eq!(item["certificate"], "web.pem");
    assert_eq!(item["new_key"], false);
    assert_eq!(item["key"], serde_json::Value::Null);
    assert_eq!(item["key_type"], "ed25519");

    let json =
        sandbox.certctl("sign web.csr --usage server --cn x --name y -o json").code(1).json();
    assert_eq!(json["schema"], "certctl.sign/2");
    let message = "CSR `web.csr` asks for names that are not approved: CN=a.b";
    assert_eq!(json["error"]["message"], message);
    assert_eq!(json["error"]["causes"], serde_json::json!([]));
}
