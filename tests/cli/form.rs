//! The form of a file decides, and alike in every command: PEM that few clients read, broken DER beside
//! good, many extensions, revocation lists that are due.

use crate::{
    craft::{Craft, revocation_list, tlv},
    forge::{self, Forge, Tbs},
    request::{self as csr, common_name, rdn, request},
    sandbox::Sandbox,
};

/// What only some clients read, how it is named, and whether OpenSSL reads it.
const FORMS: [(&str, &str, bool); 8] = [
    ("s/^/    /", "an indented BEGIN line", false),
    ("s/$/\\n/", "a blank line in its base64", false),
    ("1s/^/x /", "text before BEGIN on the same line", false),
    ("1s/$/\\nSubject: x\\n/", "header lines before its base64", false),
    (":a;N;$!ba;s/\\n/\\r/g", "a carriage return alone", false),
    ("1s/^/\\xef\\xbb\\xbf/", "a byte order mark", true),
    ("s/CERTIFICATE/X509 CERTIFICATE/", "the label X509 CERTIFICATE", true),
    ("s/CERTIFICATE/TRUSTED CERTIFICATE/", "the label TRUSTED CERTIFICATE", true),
];

#[test]
fn no_command_takes_a_pem_form_that_check_calls_an_error() {
    for (change, named, is_read) in FORMS {
        let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
        sandbox.sh(&format!("sed -i '{change}' server.pem")).code(0);
        let before = sandbox.digest();

        let run = sandbox.certctl("check server");
        run.code(if is_read { 0 } else { 4 }).stdout_has(named).stdout_has("[pem-form]");
        sandbox.certctl("check server --strict").code(4);
        for command in ["export server --to out", "k8s secret --type tls server"] {
            let run = sandbox.certctl(command);
            if is_read {
                continue;
            }
            assert_ne!(run.status(), 0, "{command} with {named}");
            run.stderr_has(named);
        }
        if !is_read {
            assert_eq!(sandbox.digest(), before, "{named}");
        }
    }
}

#[test]
fn no_command_takes_a_certificate_that_check_calls_malformed() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ed25519");
    // An INTEGER with an octet too many: OpenSSL and Go do not load it.
    let padded = tlv(0x02, &[0, 0, 0x2a]);
    let der = Forge::of(&sandbox).sign(&Tbs::read(&sandbox, "server.pem").with(1, padded));
    sandbox.write("server.pem", forge::pem("CERTIFICATE", &der));
    sandbox.write("password", "secret words");
    let before = sandbox.digest();

    sandbox.certctl("check server").code(4).stdout_has("[malformed]");
    for command in [
        "export server --to out",
        "export server --p12 out.p12 --password-file password",
        "k8s secret server",
        "k8s secret --type tls server",
        "render redis conf",
        "renew server",
        "renew --expires-within 1d",
    ] {
        sandbox.certctl(command).code(1).stderr_has("the serial number has");
        assert_eq!(sandbox.digest(), before, "{command}");
    }
}

#[test]
fn a_ca_file_that_openssl_cannot_read_is_named() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    sandbox
        .sh("sed 's/$/\\n/' ca.pem > blank.pem; head -c 300 ca.pem | cat ca.pem - > cut.pem")
        .code(0);

    sandbox.certctl("check server --ca blank.pem").code(1).stderr_has("a blank line in its base64");
    sandbox.certctl("check server --ca cut.pem").code(1).stderr_has("its END line is missing");
    sandbox.certctl("check server --ca ca.pem").code(0);
}

#[test]
fn a_missing_newline_between_two_blocks_is_the_reason() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let joined = sandbox.text("server.pem").trim_end().to_owned() + &sandbox.text("ca.pem");
    sandbox.write("joined.pem", joined);

    sandbox.certctl("check joined.pem").code(4).stdout_has("the newline between them is missing");
    sandbox.certctl("inspect joined.pem").code(0).stdout_has("localhost CA");
}

#[test]
fn what_is_broken_beside_a_certificate_is_an_error() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let server = sandbox.text("server.pem");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA!\n-----END CERTIFICATE-----\n";
    for file in [format!("{server}{broken}"), format!("{broken}{server}")] {
        sandbox.write("both.pem", file);
        sandbox.certctl("check both.pem").code(4).stdout_has("its base64 is malformed");
    }
}

#[test]
fn the_work_is_linear_in_the_number_of_extensions() {
    let mut craft = Craft::new("many");
    craft.extensions = (0..60_000_u16)
        .map(|number| {
            let [high, low] = (number % 16_384).to_be_bytes();
            let oid = [0x2a, 0x83, 0x80 | high << 1 | low >> 7, low & 0x7f];
            tlv(0x30, &[tlv(6, &oid), tlv(4, &[5, 0])].concat())
        })
        .collect();
    let sandbox = Sandbox::new();
    sandbox.write("many.der", craft.der());
    sandbox.certctl("gen --cn localhost --key-type ecdsa:p256").code(0);

    sandbox.certctl_in(10, "inspect many.der").code(0);
    sandbox.certctl_in(10, "check many.der").code(4);
}

#[test]
fn a_revocation_list_is_due_and_expires_as_a_certificate() {
    let sandbox = Sandbox::new();
    let list = revocation_list(&[1]);
    let with_end = |text: &str| {
        let at = list.windows(15).position(|part| part == b"29991231235959Z").unwrap();
        [&list[..at], text.as_bytes(), &list[at + 15..]].concat()
    };
    let soon = time::OffsetDateTime::now_utc() + time::Duration::days(10);
    let soon = format!("{}{:02}{:02}000000Z", soon.year(), u8::from(soon.month()), soon.day());

    for (end, code) in [("29991231235959Z", 0), (soon.as_str(), 3), ("20250101000000Z", 4)] {
        sandbox.write("ca.crl", with_end(end));
        sandbox.certctl("inspect --expires-within 30d ca.crl").code(code);
        let counts = sandbox.certctl("inspect --expires-within 30d -o json ca.crl").json();
        let counts = &counts["counts"];
        assert_eq!(counts["crls_due"], i32::from(code == 3), "{counts}");
        assert_eq!(counts["crls_expired"], i32::from(code == 4), "{counts}");
        sandbox.certctl("inspect ca.crl").code(0);
    }
}

#[test]
fn only_kinds_of_names_that_are_known_are_signed() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    let upn =
        [&[6, 10, 0x2b, 6, 1, 4, 1, 0x82, 0x37, 20, 2, 3][..], &[0xA0, 5, 12, 3, b'a', b'@', b'b']];
    let unread = [&[6, 3, 0x2a, 3, 4][..], &[0xA0, 2, 5, 0]];
    let cases: [(u8, Vec<u8>, i32); 6] = [
        (0x82, b"a.b".to_vec(), 0),
        (0xA0, upn.concat(), 0),
        (0xA0, unread.concat(), 1),
        (0xA3, vec![5, 0], 1),
        (0xA5, vec![5, 0], 1),
        (0x89, b"x".to_vec(), 1),
    ];
    for (at, (tag, content, code)) in cases.into_iter().enumerate() {
        let names = csr::extension(csr::ALT_NAMES, &tlv(0x30, &tlv(tag, &content)));
        sandbox.write("a.csr", request(&common_name("a.b"), &[names]));
        let line = format!("sign a.csr --usage client --accept-names --name n{at}");
        let run = sandbox.certctl(&line);
        run.code(code);
        if code == 1 {
            run.stderr_has("asks for the name");
        }
    }
}

#[test]
fn a_request_for_the_cas_name_is_refused_however_it_is_written() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    for (tag, text) in [(12, "localhost CA"), (12, "LOCALHOST ca"), (19, " localhost  CA ")] {
        let subject = tlv(0x30, &rdn(csr::COMMON_NAME, tag, text));
        sandbox.write("a.csr", request(&subject, &[csr::dns_names(&["a.b"])]));
        let run = sandbox.certctl("sign a.csr --usage server --accept-names --name a");
        run.code(1).stderr_has("has the subject of the CA itself");
    }
}
