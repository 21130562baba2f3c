//! What openssl made, certctl goes on with: CAs with every sort of name, and leaves that bear what
//! certctl would not write.

use crate::{
    der::{dump, names},
    peer::{KINDS, have, run},
    sandbox::Sandbox,
    stacks,
};

/// What a CA is called, as an openssl configuration says it; the string type; what shows it is there.
const CAS: [(&str, &str, &[u8], &str); 9] = [
    ("two OUs", UTF8, b"O = x\n0.OU = one\n1.OU = two\nCN = ca", "UTF8STRING        :two"),
    (
        "three DCs",
        UTF8,
        b"0.DC = com\n1.DC = example\n2.DC = pki\nCN = ca",
        "IA5STRING         :pki",
    ),
    ("a multi-valued RDN", UTF8, b"O = x\nCN = ca\n+UID = 7\n+OU = b", "UTF8STRING        :7"),
    ("Latin-1 T61String", "MASK:0x4\nutf8 = no", b"O = M\xfcnchen\nCN = ca \xe9", "T61STRING"),
    ("BMPString", "MASK:0x800\nutf8 = yes", "O = München\nCN = ca Ω".as_bytes(), "BMPSTRING"),
    (
        "an e-mail address",
        UTF8,
        b"CN = ca\nemailAddress = ca@example.com",
        "IA5STRING         :ca@",
    ),
    ("PrintableString", "MASK:0x2", b"C = DE\nO = x\nCN = ca", "PRINTABLESTRING   :ca"),
    ("UTF8String", UTF8, "C = DE\nO = München\nCN = ca 中".as_bytes(), "UTF8STRING"),
    ("no common name", UTF8, b"O = x\nOU = y", "UTF8STRING        :y"),
];

const UTF8: &str = "utf8only\nutf8 = yes";

/// Judges of a leaf.
const OPENSSL: &str = "openssl verify -x509_strict -CAfile ca.pem";
const CERTTOOL: &str =
    "certtool --verify --verify-profile=medium --load-ca-certificate ca.pem --infile";

/// As `-newkey` takes them, in the order of [`KINDS`].
const ALGORITHMS: [&str; 2] = ["rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-256"];

#[test]
fn the_issuer_is_the_subject_of_the_ca_octet_by_octet_and_everyone_agrees() {
    if !have(&["openssl", "certtool", "go"]) {
        return;
    }
    for (what, string_type, name, shown) in CAS {
        for (algorithm, kind) in ALGORITHMS.into_iter().zip(KINDS) {
            println!("{what}, {kind}");
            let sandbox = Sandbox::new();
            make_ca(&sandbox, algorithm, string_type, name);
            assert!(dump(&sandbox, "ca.pem").iter().any(|line| line.contains(shown)), "{what}");

            sandbox.certctl("renew --cn localhost").code(0);

            let (_, subject) = names(&sandbox, "ca.pem");
            for leaf in ["server.pem", "client.pem"] {
                assert_eq!(names(&sandbox, leaf).0, subject, "{leaf}");
                for judge in [OPENSSL, CERTTOOL] {
                    run(&sandbox, &format!("{judge} {leaf}")).code(0);
                }
            }
            stacks::go(&sandbox);
        }
    }
}

fn make_ca(sandbox: &Sandbox, algorithm: &str, string_type: &str, name: &[u8]) {
    make_ca_with(sandbox, algorithm, string_type, name, STRICT_CA);
}

const STRICT_CA: &str = "basicConstraints = critical,CA:TRUE
    keyUsage = critical,keyCertSign,cRLSign
    subjectKeyIdentifier = hash";

fn make_ca_with(
    sandbox: &Sandbox,
    algorithm: &str,
    string_type: &str,
    name: &[u8],
    extensions: &str,
) {
    let head = format!(
        "[req]\nprompt = no\ndistinguished_name = dn\nx509_extensions = ext\n\
         string_mask = {string_type}\n[ext]\n{extensions}\n[dn]\n"
    );
    sandbox.write("ca.cnf", [head.as_bytes(), name, b"\n"].concat());
    let line = format!(
        "openssl req -x509 -config ca.cnf -newkey {algorithm} -nodes -days 5000 \
         -keyout ca.key -out ca.pem"
    );
    run(sandbox, &line).code(0);
}

#[test]
fn renewing_a_foreign_leaf_loses_nothing() {
    if !have(&["openssl"]) {
        return;
    }
    let rows = [
        (
            "an unknown extension",
            "1.2.3.4.5 = ASN1:UTF8String:hello\nsubjectAltName = DNS:localhost",
        ),
        (
            "a critical unknown extension",
            "1.2.3.4.5 = critical,DER:0500\nsubjectAltName = DNS:localhost",
        ),
        ("a critical SAN", "subjectAltName = critical,DNS:b.example,DNS:localhost,IP:127.0.0.1"),
        (
            "every sort of name",
            "subjectAltName = dirName:dir,DNS:localhost,email:a@b.example,URI:spiffe://x/y,\
             RID:1.2.3,otherName:1.2.3.4;UTF8:u,IP:::1",
        ),
        (
            "what gen.sh marks",
            "basicConstraints = CA:FALSE
             keyUsage = digitalSignature,nonRepudiation,keyEncipherment
             extendedKeyUsage = serverAuth
             subjectAltName = DNS:localhost",
        ),
        (
            "all that openssl knows",
            "keyUsage = critical,digitalSignature,dataEncipherment
             extendedKeyUsage = critical,clientAuth,1.2.3.9,serverAuth
             subjectAltName = DNS:localhost
             certificatePolicies = 1.2.3.4
             crlDistributionPoints = URI:http://ca.example/crl
             authorityInfoAccess = OCSP;URI:http://ca.example/ocsp
             tlsfeature = status_request
             nsComment = old",
        ),
        ("no SAN at all", "extendedKeyUsage = clientAuth"),
    ];
    for (what, extensions) in rows {
        for (algorithm, kind) in ALGORITHMS.into_iter().zip(KINDS) {
            println!("{what}, {kind}");
            let sandbox = Sandbox::new();
            make_ca(&sandbox, algorithm, "MASK:0x4\nutf8 = no", b"O = M\xfcnchen\nCN = ca");
            make_leaf(
                &sandbox,
                algorithm,
                &format!("authorityKeyIdentifier = keyid\n{extensions}"),
            );
            let before = dump(&sandbox, "redis.pem");
            let public_key = run(&sandbox, "openssl x509 -noout -pubkey -in redis.pem").stdout();

            let renewed = sandbox.certctl("renew redis");

            renewed.code(0);
            if what == "a critical unknown extension" {
                renewed.stderr_has("redis.pem is refused like the old certificate");
            }
            assert_eq!(dump(&sandbox, "redis.pem"), before, "{what}, {kind}");
            let renewed = run(&sandbox, "openssl x509 -noout -pubkey -in redis.pem").stdout();
            assert_ne!(renewed, public_key, "the key is new");
        }
    }
}

/// `redis.pem` and its key, with a subject of several OUs and string types.
fn make_leaf(sandbox: &Sandbox, algorithm: &str, extensions: &str) {
    let head = format!(
        "[req]\nprompt = no\ndistinguished_name = dn\nstring_mask = MASK:0x4\nutf8 = no\n\
         [dir]\nC = DE\nO = directory\n\
         [ext]\nsubjectKeyIdentifier = hash\n{extensions}\n\
         [dn]\nC = DE\n0.DC = example\n0.OU = b\n1.OU = a\n+UID = 7\n"
    );
    sandbox.write("leaf.cnf", [head.as_bytes(), b"CN = K\xf6ln\n"].concat());
    let script = format!(
        "openssl req -new -config leaf.cnf -newkey {algorithm} -nodes \\
           -keyout redis.key -out redis.csr
         openssl x509 -req -in redis.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 90 \\
           -extfile leaf.cnf -extensions ext -out redis.pem"
    );
    sandbox.sh(&script).code(0);
}

#[test]
fn what_a_foreign_ca_signed_stays_valid_when_the_ca_is_renewed() {
    if !have(&["openssl", "certtool"]) {
        return;
    }
    let leaf = "subjectAltName = DNS:localhost\nextendedKeyUsage = serverAuth";
    let rows = [
        ("as openssl does by itself", "basicConstraints = critical,CA:TRUE", ""),
        (
            "easy-rsa, whose AKI names issuer and serial",
            "basicConstraints = CA:TRUE
             keyUsage = cRLSign,keyCertSign
             subjectKeyIdentifier = hash
             authorityKeyIdentifier = keyid:always,issuer:always",
            "authorityKeyIdentifier = keyid,issuer:always",
        ),
        (
            "issuer and serial in the leaf alone",
            STRICT_CA,
            "authorityKeyIdentifier = keyid,issuer:always",
        ),
        (
            "no key identifiers",
            "basicConstraints = critical,CA:TRUE
             subjectKeyIdentifier = none
             authorityKeyIdentifier = none",
            "authorityKeyIdentifier = none",
        ),
        (
            "a key identifier of its own",
            "basicConstraints = critical,CA:TRUE\nsubjectKeyIdentifier = 0123456789",
            "authorityKeyIdentifier = keyid",
        ),
    ];
    for (what, ca, authority_key_id) in rows {
        for (algorithm, kind) in ALGORITHMS.into_iter().zip(KINDS) {
            println!("{what}, {kind}");
            let sandbox = Sandbox::new();
            let name = b"O = M\xfcnchen\n0.OU = a\n1.OU = b\nCN = ca";
            make_ca_with(&sandbox, algorithm, "MASK:0x4\nutf8 = no", name, ca);
            make_leaf(&sandbox, algorithm, &format!("{authority_key_id}\n{leaf}"));
            let judge = || {
                for judge in ["openssl verify -CAfile ca.pem", CERTTOOL] {
                    run(&sandbox, &format!("{judge} redis.pem")).code(0);
                }
            };
            judge();
            let subject = names(&sandbox, "ca.pem");

            sandbox.certctl("renew ca").code(0);

            assert_eq!(names(&sandbox, "ca.pem"), subject);
            judge();
            sandbox.certctl("renew redis").code(0);
            judge();
        }
    }
}
