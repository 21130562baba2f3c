//! `inspect`: what is told about one thing, whatever a stranger wrote into it.

use crate::{
    craft::{
        BASIC_CONSTRAINTS, Craft, KEY_USAGE, NAMES, PURPOSES, RSA_SHA1, UTF8, attribute, extension,
        pem, revocation_list, tlv,
    },
    sandbox::Sandbox,
};

/// The text without what depends on today.
fn timeless(text: &str) -> String {
    let line = |line: &str| match line.split_once(" UTC, ") {
        Some((moment, _)) => format!("{moment} UTC\n"),
        None => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

/// Whether a terminal would do anything else with it than show it.
fn hides_something(text: &str) -> bool {
    text.chars().any(|character| {
        (character.is_control() && character != '\n')
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    })
}

#[test]
fn a_certificate_is_told_in_full() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    let run = sandbox.certctl("inspect server.pem");
    run.code(0).stderr_is("");
    assert_eq!(
        timeless(&run.stdout()),
        "\
server.pem: server certificate
  Subject       CN=localhost,OU=devops,O=zilliz,L=Redwood City,ST=CA,C=US
  Issuer        CN=localhost,OU=devops,O=zilliz,L=Redwood City,ST=CA,C=US
  Serial        19749EAB227BADDE1E7A7636E62165709B79246A
  Names         DNS:localhost
  Usage         server (serverAuth)
  Key usage     digitalSignature, nonRepudiation, keyEncipherment
  Key           rsa:2048
  Signed with   sha256WithRSAEncryption
  Valid from    2025-01-01 00:00 UTC
  Valid until   2074-12-20 00:00 UTC
  Key id        a77010b06a35a59ee0d3d448bdc12f81d75a9e2f
  Issuer's id   6cab28ddd6372723cd802c9545052da99c0e7550
  SHA-256       c3c21f1aada1f9aed8a17d75d0ce57c8643d041004cc81ee8be72fc322763558
  SHA-1         d0ae56697ee2ac7e9860bcde80dc5acc0a4c72ac
  Anomalies     issuer and subject are the same name, but its own key did not sign it
"
    );
    run.stdout_has("  Valid until   2074-12-20 00:00 UTC, in ").stdout_has(" days ago\n");
    sandbox.certctl("inspect ca.pem").stdout_has("ca.pem: CA certificate (self-signed)\n");
}

#[test]
fn each_kind_of_thing_has_its_own_text() {
    let sandbox = Sandbox::with_fixtures("keys");
    sandbox.write("a.crl", pem("X509 CRL", &revocation_list(&[1, 2, 3])));
    sandbox.write("a.der", Craft::new("a").der());
    let cases = [
        ("rsa.key", "rsa.key: private key\n  Key           rsa:2048, PKCS#8\n  Key SHA-256   "),
        ("rsa.pkcs1.key", "  Key           rsa:2048, PKCS#1\n"),
        ("good.sec1.key", "  Key           ecdsa:p256, SEC1\n"),
        ("good.der.key", "  Key           ecdsa:p256, SEC1\n"),
        ("encrypted.key", "encrypted.key: encrypted private key\n"),
        ("public.key", "public.key: public key\n  Key           "),
        ("a.crl", "a.crl: certificate revocation list\n  Issuer        CN=Somebody\n"),
        ("a.crl", "  Revoked       3 certificates\n"),
        ("a.der", "a.der: end entity certificate\n  Subject       CN=a\n"),
    ];
    for (file, part) in cases {
        sandbox.certctl(&format!("inspect {file}")).code(0).stdout_has(part);
    }
}

#[test]
fn standard_input_and_pipes_are_read() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    for script in [
        "cat server.pem | $CERTCTL inspect -",
        "mkfifo pipe; cat server.pem > pipe & $CERTCTL inspect pipe",
        "$CERTCTL inspect < server.pem /dev/stdin",
    ] {
        sandbox
            .sh(script)
            .code(0)
            .stdout_has(": server certificate\n  Subject       CN=localhost,");
    }
    sandbox.sh("$CERTCTL inspect - < /dev/null").code(1).stderr_has("it is empty");
    sandbox.certctl("inspect /dev/zero").code(1).stderr_has("not a regular file");
}

#[test]
fn a_name_is_an_identity_even_where_a_path_is_there() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("inspect client").code(0).stdout_has("client.pem: client certificate\n");
    sandbox.write("client", Craft::new("the path").pem());
    for command in ["inspect", "check"] {
        let run = sandbox.certctl(&format!("{command} client"));
        run.code(0).stdout_has("client.pem: ").stderr_has("note: `client` is an identity");
        run.stderr_has("hint: name the path as `./client`");
        let run = sandbox.certctl(&format!("{command} client.pem"));
        run.stdout_has("client.pem: ").stderr_is("");
        sandbox.certctl(&format!("{command} client.key")).stderr_is("");
    }
    let run = sandbox.certctl("inspect ./client");
    run.code(0).stdout_has("client: end entity certificate\n").stderr_is("");
    std::fs::create_dir(sandbox.path("server")).unwrap();
    sandbox.certctl("check server").code(0).stdout_has("server.pem: valid");
    std::fs::create_dir(sandbox.path("ca")).unwrap();
    sandbox.certctl("check ca").code(0).stdout_has("ca.pem: valid");
    for missing in ["nobody", "../nobody", "a/b.pem"] {
        let run = sandbox.certctl(&format!("inspect {missing}"));
        run.code(1).stdout_is("").stderr_has(missing).stderr_has("hint: ");
    }
    sandbox.certctl("-d elsewhere inspect server").code(1);
    sandbox.certctl("-d elsewhere gen --key-type ecdsa:p256").code(0);
    sandbox.certctl("-d elsewhere inspect server").stdout_has("elsewhere/server.pem: server");
}

#[test]
fn what_hides_in_a_name_is_shown_on_one_line() {
    let evil = "a\u{1b}[31m\u{7}\u{9b}2J\r\n\u{202e}gnp\u{200b}\u{feff}";
    let mut craft = Craft::new(evil);
    craft.issuer = vec![attribute(10, UTF8, evil.as_bytes())];
    let names = [tlv(0x82, evil.as_bytes()), tlv(0x81, evil.as_bytes())].concat();
    craft.extensions = vec![extension(NAMES, false, &tlv(0x30, &names))];
    let sandbox = Sandbox::new();
    sandbox.write("one.pem", craft.pem());
    sandbox.write("two.pem", craft.pem() + &craft.pem());

    for line in
        ["one.pem", "two.pem", "one.pem two.pem", "-o json one.pem", "-o prometheus one.pem"]
    {
        let run = sandbox.certctl(&format!("inspect {line}"));
        let (stdout, stderr) = (run.code(0).stdout(), run.stderr());
        assert!(!hides_something(&stdout) && !hides_something(&stderr), "{line}: {stdout:?}");
        assert!(stdout.contains("gnp"), "{line}");
    }
    let lines = sandbox.certctl("inspect one.pem").stdout().lines().count();
    craft.subject = Craft::new("plain").subject;
    sandbox.write("one.pem", craft.pem());
    assert_eq!(sandbox.certctl("inspect one.pem").stdout().lines().count(), lines);
}

#[test]
fn a_long_name_is_cut_and_its_length_said() {
    let sandbox = Sandbox::new();
    sandbox.write("long.pem", Craft::new(&"x".repeat(10_240)).pem());
    let run = sandbox.certctl("inspect long.pem");
    run.code(0).stdout_has("xxx… (10,243 characters)\n");
    assert!(run.stdout().lines().all(|line| line.chars().count() < 300));
    let table = sandbox.certctl("inspect long.pem long.pem").code(0).stdout();
    assert!(table.lines().all(|line| line.chars().count() < 160), "{table}");
    sandbox.certctl("inspect -o json long.pem").code(0).stdout_has(&"x".repeat(10_240));
}

#[test]
fn a_comma_in_a_name_does_not_look_like_two_names() {
    let sandbox = Sandbox::new();
    let mut two = Craft::new("x");
    two.subject.insert(0, attribute(10, UTF8, b"Trusted"));
    sandbox.write("one.pem", Craft::new("x, O=Trusted").pem());
    sandbox.write("two.pem", two.pem());
    sandbox.certctl("inspect one.pem").stdout_has(r"  Subject       CN=x\, O=Trusted");
    sandbox.certctl("inspect two.pem").stdout_has("  Subject       CN=x,O=Trusted\n");
}

#[test]
fn beside_an_a_label_stands_what_it_means() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 bücher.example *.bücher.example");
    sandbox.certctl("inspect server").code(0).stdout_has(
        "  Names         DNS:xn--bcher-kva.example (bücher.example), \
         DNS:*.xn--bcher-kva.example (*.bücher.example)\n",
    );
    let json = sandbox.certctl("inspect -o json server").json();
    let thing = &json["files"][0]["objects"][0];
    assert_eq!(thing["names_unicode"]["DNS:xn--bcher-kva.example"], "bücher.example");
}

#[test]
fn what_is_odd_is_said() {
    let names = |der: &[u8]| extension(NAMES, false, &tlv(0x30, der));
    let with = |turn: &dyn Fn(&mut Craft)| {
        let mut craft = Craft::new("odd");
        turn(&mut craft);
        craft
    };
    let more = |extra: Vec<u8>| with(&|it| it.extensions.push(extra.clone()));
    let explicit_false = tlv(
        0x30,
        &[tlv(0x06, &[0x55, 0x1d, KEY_USAGE]), tlv(1, &[0]), tlv(4, &[3, 2, 7, 0x80])].concat(),
    );
    let cases = [
        (with(&|_| ()), ""),
        (with(&|it| it.serial = vec![0]), "the serial is zero"),
        (with(&|it| it.serial = vec![0x80, 1]), "the serial is negative"),
        (with(&|it| it.serial = vec![1; 21]), "the serial has 21 octets, at most 20 are allowed"),
        (with(&|it| it.serial = vec![0, 1]), "the serial has leading octets that DER leaves off"),
        (more(names(&tlv(0x82, b"b"))), "subjectAltName stands more than once"),
        (with(&|it| it.version = Some(9)), "version 10, which X.509 does not define"),
        (with(&|it| it.version = None), "version 1, but has extensions"),
        (
            with(&|it| (it.version, it.extensions) = (None, vec![])),
            "version 1: no extension says what it may be used for",
        ),
        (more(explicit_false), "keyUsage says critical FALSE, which DER leaves off"),
        (
            more(extension(BASIC_CONSTRAINTS, true, &tlv(0x30, &[1, 1, 0]))),
            "basicConstraints say CA:FALSE, which DER leaves off",
        ),
        (more(extension(KEY_USAGE, true, b"junk")), "keyUsage cannot be read"),
        (
            with(&|it| it.extensions = vec![names(&tlv(0x82, b"127.0.0.1"))]),
            "no client matches DNS:127.0.0.1: it is an IP address, which clients look for as \
             `IP:127.0.0.1` and not among the DNS names",
        ),
        (with(&|it| it.algorithm = RSA_SHA1), "signed with sha1WithRSAEncryption, which is weak"),
        (with(&|it| it.not_after = "20210101000000Z"), "expired 2021-01-01 00:00 UTC, "),
        (with(&|it| it.not_before = "29980101000000Z"), "not valid before 2998-01-01 00:00 UTC, "),
        (
            with(&|it| it.not_after = "20190101000000Z"),
            "it ends before it begins, so it was never valid",
        ),
        (
            with(&|it| it.issuer.clone_from(&it.subject)),
            "issuer and subject are the same name, but its own key did not sign it",
        ),
    ];
    for (at, (craft, expected)) in cases.iter().enumerate() {
        let sandbox = Sandbox::new();
        sandbox.write("odd.pem", craft.pem());
        let run = sandbox.certctl("inspect odd.pem");
        run.stderr_lacks("panicked");
        let stdout = run.stdout();
        let odd = stdout.lines().skip_while(|line| !line.starts_with("  Anomalies  "));
        let odd: Vec<&str> = odd.map(|line| line[16..].trim()).collect();
        if expected.is_empty() {
            assert!(odd.is_empty(), "row {at}: {odd:?}");
        } else if run.stdout().is_empty() {
            // Too broken to be a certificate is an answer, too.
            run.code(1).stderr_has("error: ");
            panic!("row {at}, {expected}: {}", run.stderr());
        } else {
            run.code(0);
            assert!(odd.iter().any(|line| line.starts_with(expected)), "row {at}: {odd:?}");
        }
    }
}

#[test]
fn purposes_are_told_in_words() {
    let sandbox = Sandbox::new();
    let purpose = |last: u8| tlv(0x06, &[0x2b, 6, 1, 5, 5, 7, 3, last]);
    let cases = [
        (vec![1, 2], "peer certificate", "peer (serverAuth, clientAuth)"),
        (vec![2], "client certificate", "client (clientAuth)"),
        (vec![3, 99], "end entity (no TLS) certificate", "codeSigning, 1.3.6.1.5.5.7.3.99"),
    ];
    for (purposes, kind, usage) in cases {
        let list: Vec<u8> = purposes.iter().flat_map(|last| purpose(*last)).collect();
        let mut craft = Craft::new("a");
        craft.extensions.push(extension(PURPOSES, false, &tlv(0x30, &list)));
        sandbox.write("a.pem", craft.pem());
        let run = sandbox.certctl("inspect a.pem");
        run.stdout_has(&format!("a.pem: {kind}\n"))
            .stdout_has(&format!("  Usage         {usage}\n"));
    }
}

#[test]
fn what_is_no_certificate_is_told_by_name() {
    let sandbox = Sandbox::new();
    let cases: [(&str, &[u8], &str); 5] = [
        ("html.pem", b"<!DOCTYPE html><html>", "HTML"),
        ("gzip.pem", b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        ("jks.pem", b"\xfe\xed\xfe\xed\0\0\0\x02", "Java"),
        ("empty.pem", b"", "it is empty"),
        ("text.pem", b"hello", "it holds no certificate"),
    ];
    for (file, content, message) in cases {
        sandbox.write(file, content);
        let run = sandbox.certctl(&format!("inspect {file}"));
        run.code(1).stdout_is("").stderr_has(file).stderr_has(message).stderr_has("hint: ");
    }
}

#[test]
fn damage_is_a_message_or_a_finding_but_never_a_panic() {
    let der = Craft::new("a").der();
    let sandbox = Sandbox::new();
    // In one process each: the bundle holds every cut, and every flipped bit.
    let cuts: String = (0..der.len()).map(|end| pem("CERTIFICATE", &der[..end])).collect();
    let flips = (0..der.len() * 8).map(|bit| {
        let mut flipped = der.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        pem("CERTIFICATE", &flipped)
    });
    sandbox.write("cuts.pem", cuts);
    sandbox.write("flips.pem", flips.collect::<String>());
    for form in ["text", "json", "prometheus"] {
        for file in ["cuts.pem", "flips.pem"] {
            let run = sandbox.certctl(&format!("inspect {file} -o {form}"));
            run.code(1).stderr_lacks("panicked").stderr_has("cannot be read");
        }
    }
}

#[test]
fn who_made_a_signature_is_told_however_weak_it_is() {
    for (file, kind) in
        [("sha1.pem", "certificate"), ("rsa1024.pem", "certificate"), ("rsa1024.csr", "request")]
    {
        let sandbox = Sandbox::new();
        sandbox.put(&format!("intake/{file}"), file);
        let json = sandbox.certctl(&format!("inspect -o json {file}")).json();
        let thing = &json["files"][0]["objects"][0];
        assert_eq!(thing["kind"], kind, "{file}");
        assert_eq!(thing["self_signed"], true, "{file}: {thing}");
    }
}
