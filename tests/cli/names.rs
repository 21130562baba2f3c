//! Names: what no client could match is refused at the flag, before anything is made.

use crate::{cert::Cert, sandbox::Sandbox};

/// Runs `gen` with these words besides the key type.
fn generate(words: &[&str]) -> (Sandbox, crate::sandbox::Run) {
    let sandbox = Sandbox::new();
    let run = sandbox.certctl_args(&[&["gen", "--key-type", "ecdsa:p256"], words].concat());
    (sandbox, run)
}

#[test]
fn what_no_client_can_match_is_a_usage_error() {
    let label = "a".repeat(64);
    let long = format!("{}.example", [61; 4].map(|length| "a".repeat(length)).join("."));
    assert_eq!(long.len(), 255);
    let name_254 = &long[1..];
    let cases = [
        ("", "empty"),
        (".", "."),
        ("a..b", "empty label"),
        (".a.b", "empty label"),
        ("a.b.", "ends in a dot"),
        ("-a", "-a"),
        ("a-.b", "hyphen"),
        ("a b", "a space"),
        ("a\tb", "U+0009"),
        ("a\nb", "U+000A"),
        (&label, "64 characters"),
        (name_254, "254 characters"),
        ("*", "too wide"),
        ("*.com", "too wide"),
        ("*.*.a.b", "left-most label"),
        ("f*o.a.b", "left-most label"),
        ("a.*.b", "left-most label"),
        ("010.0.0.1", "number"),
        ("1.2.3", "number"),
        ("1.2.3.4.5", "number"),
        ("256.1.1.1", "number"),
        ("::1%eth0", "zone"),
        ("10.0.0.0/8", "range"),
        ("fe80::/10", "range"),
        ("host:443", "port"),
        ("https://a.b/", "web address"),
        ("foo:bar", "prefix"),
        ("DNS:127.0.0.1", "is an IP address"),
        ("IP:a.b", "not an IP address"),
        ("DNS:", "empty"),
        ("email:a", "email address"),
        ("a@b@c", "email address"),
        ("URI:x", "scheme"),
        ("spiffe://", "host"),
        ("xn--a", "internationalised"),
        ("a\u{202e}b.example", "a"),
        ("a,b", ""),
    ];

    for (name, reason) in cases {
        for flag in ["--san", "HOST"] {
            if name == "a,b" && flag == "--san" {
                continue;
            }
            let san = format!("--san={name}");
            let words = if flag == "HOST" { vec!["--", name] } else { vec![san.as_str()] };
            let (sandbox, run) = generate(&words);
            run.code(2).stdout_is("").stderr_has(reason);
            assert!(sandbox.files().is_empty(), "{flag} {name:?}");
        }
    }
}

#[test]
fn an_item_that_is_refused_refuses_the_list() {
    for list in ["a.b,", ",a.b", "a.b,,c.d", "a.b,*.com", "a.b,c d"] {
        let (sandbox, run) = generate(&["--san", list]);
        run.code(2);
        assert!(sandbox.files().is_empty(), "{list}");
    }
}

#[test]
fn what_can_be_matched_is_taken_in_its_canonical_form() {
    let longest_label = "a".repeat(63);
    let longest = format!("{}.example", [61; 4].map(|length| "a".repeat(length)).join("."));
    let longest = &longest[2..];
    assert_eq!(longest.len(), 253);
    let cases = [
        ("bücher.example", "DNS:xn--bcher-kva.example"),
        ("BÜCHER.Example", "DNS:xn--bcher-kva.example"),
        ("書籍.example", "DNS:xn--rovu88b.example"),
        ("Example.ORG", "DNS:example.org"),
        ("*.example.org", "DNS:*.example.org"),
        ("a_b.example", "DNS:a_b.example"),
        ("redis", "DNS:redis"),
        ("1.2.3.4", "IP:1.2.3.4"),
        ("[::1]", "IP:::1"),
        ("2001:DB8:0:0:0:0:0:1", "IP:2001:db8::1"),
        ("ip:10.0.0.1", "IP:10.0.0.1"),
        ("spiffe://Example.org/Service", "URI:spiffe://example.org/Service"),
        ("User@Example.org", "email:User@example.org"),
        (&longest_label, &format!("DNS:{longest_label}")),
        (longest, &format!("DNS:{longest}")),
    ];

    for (name, expected) in cases {
        let (sandbox, run) = generate(&["--cn", "first.example", "--", name]);
        run.code(0);
        let server = Cert::read(&sandbox, "server.pem");
        assert_eq!(server.names(), ["DNS:first.example", expected], "{name}");
        if let Some(host) = expected.strip_prefix("DNS:").or_else(|| expected.strip_prefix("IP:")) {
            assert!(server.is_called(&host.replace('*', "any")), "webpki finds {name}");
        }
    }
}

#[test]
fn a_name_given_twice_stands_once() {
    let (sandbox, run) = generate(&[
        "a.example",
        "A.Example",
        "--san",
        "DNS:a.example,::1",
        "--san",
        "0:0::1,IP:[::1]",
        "10.0.0.1",
        "10.0.0.1",
    ]);
    run.code(0);

    let names = Cert::read(&sandbox, "server.pem").names();
    assert_eq!(names, ["DNS:a.example", "IP:10.0.0.1", "IP:::1"]);
}

#[test]
fn a_common_name_has_at_most_64_characters() {
    for (length, code) in [(1, 0), (63, 0), (64, 0), (65, 2), (5000, 2)] {
        for letter in ["a", "ü"] {
            let common_name = letter.repeat(length);
            let (sandbox, run) = generate(&["--cn", &common_name, "--san", "a.example"]);
            run.code(code);
            assert_eq!(sandbox.files().is_empty(), code == 2, "{length} times {letter}");
            if code == 0 {
                assert_eq!(Cert::read(&sandbox, "server.pem").common_name(), common_name);
            } else {
                run.stderr_has("64").stderr_has("hint: ");
            }
        }
    }
}

#[test]
fn the_name_of_the_ca_is_cut_to_fit_and_stays_another() {
    for length in [60, 61, 62, 63, 64] {
        let common_name = "x".repeat(length);
        let (sandbox, run) = generate(&["--cn", &common_name, "--san", "a.example"]);
        run.code(0);
        let ca = Cert::read(&sandbox, "ca.pem").common_name();
        assert_eq!(ca, format!("{} CA", &common_name[..length.min(61)]));
        assert!(ca.len() <= 64);
    }
}

#[test]
fn fields_of_the_subject_keep_their_bounds() {
    let (o64, o65, l128, l129) = ("o".repeat(64), "o".repeat(65), "l".repeat(128), "l".repeat(129));
    let cases = [
        ("--country", "U", 2),
        ("--country", "USA", 2),
        ("--country", "U1", 2),
        ("--country", "ÜS", 2),
        ("--country", "", 2),
        ("--country", "DE", 0),
        ("--organization", &o64, 0),
        ("--organization", &o65, 2),
        ("--org-unit", &o64, 0),
        ("--org-unit", &o65, 2),
        ("--state", &l128, 0),
        ("--state", &l129, 2),
        ("--locality", &l128, 0),
        ("--locality", &l129, 2),
        ("--organization", "", 2),
        ("--organization", "a\nb", 2),
        ("--organization", "a\u{1b}[1m", 2),
        ("--organization", "a/b, c=d + e", 0),
        ("--cn", "", 2),
        ("--ca-cn", "", 2),
        ("--ca-cn", &o65, 2),
        ("--client-cn", &o65, 2),
        ("--subject", "/O=a/b", 2),
        ("--subject", "CN=a,O=Acme, Inc.", 2),
        ("--subject", "/XX=a", 2),
        ("--subject", "/C=USA/CN=a", 2),
        ("--subject", "CN", 2),
    ];

    for (flag, value, code) in cases {
        let (sandbox, run) = generate(&[flag, value]);
        run.code(code).stderr_lacks("\u{1b}");
        assert_eq!(sandbox.files().is_empty(), code == 2, "{flag} {value:?}");
    }
}

#[test]
fn a_slash_in_a_single_field_is_part_of_it() {
    let (sandbox, run) = generate(&["--organization", "a/b#c", "--org-unit", "d", "--cn", "e"]);
    run.code(0);

    let server = Cert::read(&sandbox, "server.pem");
    assert_eq!(server.values("2.5.4.10"), ["a/b#c"]);
    assert_eq!(server.values("2.5.4.11"), ["d"]);
    assert_eq!(server.names(), ["DNS:e"]);
}

#[test]
fn hostile_text_out_of_a_certificate_stays_on_its_line() {
    let (sandbox, run) =
        generate(&["--cn", "a.example", "--organization", "x, O=Trusted \u{202e}"]);
    run.code(0).stdout_lacks("\u{202e}").stdout_has(r"x\, O=Trusted");
    let json = sandbox.certctl("-o json renew --dry-run").code(0).json();
    let subject = json["ca"]["subject"].as_str().unwrap();
    assert!(
        subject.contains(r"O=x\, O=Trusted \u{202e}") || subject.contains(r"\E2\80\AE"),
        "{subject}"
    );
}

#[test]
fn the_same_rules_hold_for_issue_and_renew() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let before = sandbox.digest();
    for name in ["a..b", "*.com", "1.2.3", "a b", "10.0.0.0/8"] {
        let san = format!("--san={name}");
        for words in [
            vec!["issue", "redis", name],
            vec!["issue", "redis", &san],
            vec!["renew", "server", &san],
        ] {
            sandbox.certctl_args(&words).code(2).stderr_has("error: ");
            assert_eq!(sandbox.digest(), before, "{words:?}");
        }
    }
}

#[test]
fn a_common_name_of_another_script_is_its_a_label_among_the_names() {
    let (sandbox, run) = generate(&["--cn", "bücher.example"]);
    run.code(0);
    let server = Cert::read(&sandbox, "server.pem");
    assert_eq!(server.names(), ["DNS:xn--bcher-kva.example"]);
    assert!(server.is_called("xn--bcher-kva.example"));
}
