//! Certificates in the encodings of other programs: read where a program decodes them, else an error.

use serde_json::json;

use crate::{
    craft::Craft,
    sandbox::{Sandbox, fixtures},
};

const EC: &str = "--key-type ecdsa:p256";

fn base64(octets: &[u8]) -> String {
    let block = pem_rfc7468::encode_string("X", pem_rfc7468::LineEnding::LF, octets).unwrap();
    block.lines().filter(|line| !line.starts_with('-')).collect()
}

fn der(pem: &str) -> Vec<u8> {
    pem_rfc7468::decode_vec(pem.as_bytes()).unwrap().1
}

/// Base64 in lines of LDIF (RFC 2849): what continues a line begins with a space.
fn ldif(name: &str, value: &str) -> String {
    let line = format!("{name}:: {value}");
    let folded: Vec<&str> =
        line.as_bytes().chunks(76).map(|part| std::str::from_utf8(part).unwrap()).collect();
    format!("dn: cn=a\n{}\ncn: a\n", folded.join("\n "))
}

/// Formats in which programs keep certificates as base64 of DER.
fn of_programs(certificate: &[u8]) -> Vec<(&'static str, String)> {
    let value = base64(certificate);
    let wrapped =
        value.as_bytes().chunks(52).map(|part| String::from_utf8_lossy(part).into_owned());
    let wrapped: Vec<String> = wrapped.collect();
    vec![
        ("JWKS", json!({ "keys": [{ "kty": "EC", "x5c": [value] }] }).to_string()),
        ("JSON of PHP", json!({ "cert": value }).to_string().replace('/', "\\/")),
        ("LDIF", ldif("userCertificate;binary", &value)),
        (
            "SAML",
            format!(
                "<?xml version=\"1.0\"?><md:EntityDescriptor><ds:X509Certificate>{value}</ds:X509Certificate></md:EntityDescriptor>"
            ),
        ),
        (
            "SAML in lines",
            format!("<ds:X509Certificate>\n{}\n</ds:X509Certificate>\n", wrapped.join("\n")),
        ),
        (
            "a profile of Apple",
            format!(
                "<?xml version=\"1.0\"?>\n<plist><dict><key>PayloadContent</key><data>\n\t{}\n\t</data></dict></plist>",
                wrapped.join("\n\t")
            ),
        ),
        ("settings", format!("A=1\nCERT={value}\nB=2\n")),
        ("YAML", format!("tls:\n  certificate: {value}\n  other: 1\n")),
        ("a URL of data", format!("href=\"data:application/x-x509-ca-cert;base64,{value}\"")),
    ]
}

#[test]
fn base64_of_der_is_read_among_settings() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let good = der(&sandbox.text("pki/server.pem"));
    let mut craft = Craft::new("old");
    craft.not_after = "20210101000000Z";
    let expired = der(&craft.pem());
    for ((what, content), (_, bad)) in of_programs(&good).into_iter().zip(of_programs(&expired)) {
        sandbox.write("d/thing", &content);
        sandbox.certctl("check d --ca pki/ca.pem").code(0).stdout_has("d/thing");
        sandbox.certctl("inspect d --expires-within 1d").code(0);
        sandbox.write("d/thing", &bad);
        let run = sandbox.certctl("check d --ca pki/ca.pem");
        assert_eq!(run.exit(), 4, "{what}: {} {}", run.stdout(), run.stderr());
        let run = sandbox.certctl("inspect d --expires-within 1d");
        assert_eq!(run.exit(), 4, "{what}: {} {}", run.stdout(), run.stderr());
    }
}

/// A whole file in an encoding that no client decodes.
#[test]
fn what_no_client_decodes_is_an_error() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let pem = sandbox.text("pki/server.pem");
    let octets = der(&pem);
    let digits = |octets: &[u8]| octets.iter().map(|it| format!("{it:02x}")).collect::<Vec<_>>();
    let hex = digits(&octets).concat();
    let url = |text: &str| text.replace('+', "-").replace('/', "_").replace('=', "");
    let percent = |text: &str| {
        let escape = |octet: u8| match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(octet).to_string(),
            _ => format!("%{octet:02X}"),
        };
        text.bytes().map(escape).collect::<String>()
    };
    let cases = [
        ("hexadecimal of DER", hex.clone()),
        (
            "hexadecimal of DER in lines",
            hex.as_bytes()
                .chunks(60)
                .map(|part| String::from_utf8_lossy(part).into_owned() + "\n")
                .collect(),
        ),
        ("hexadecimal with colons", digits(&octets).join(":").to_uppercase()),
        ("hexadecimal with `0x`", format!("0x{hex}\n")),
        ("hexadecimal of PEM", digits(pem.as_bytes()).concat()),
        ("base64url of DER", url(&base64(&octets))),
        ("base64url of PEM", url(&base64((pem.clone() + "??>>~~").as_bytes()))),
        ("base64 three times", base64(base64(base64(pem.as_bytes()).as_bytes()).as_bytes())),
        ("base64 twice of DER", base64(base64(&octets).as_bytes())),
        ("percent-encoded", percent(&pem)),
        ("percent-encoded, less of it", pem.replace('\n', "%0A").replace(' ', "%20")),
        ("base64 of hexadecimal", base64(hex.as_bytes())),
        (
            "JSON with escaped dashes",
            json!({ "cert": pem }).to_string().replace('-', "\\u002d") + "x",
        ),
    ];
    let cases =
        cases.into_iter().chain(["&#10;", "&#xA;", "&#13;&#10;"].map(|end| {
            ("XML with escaped line ends", format!("<x>{}</x>", pem.replace('\n', end)))
        }));
    sandbox.write("d/server.pem", &pem);
    for (what, content) in cases {
        sandbox.write("d/thing", &content);
        for command in ["check d --ca pki/ca.pem", "inspect d", "inspect d/thing"] {
            let run = sandbox.certctl(command);
            let said = run.stdout() + &run.stderr();
            assert!(said.contains("d/thing"), "{what}: {command}: {said}");
            assert!(matches!(run.exit(), 1 | 4), "{what}: {command}: {said}");
        }
    }
    for dash in ["\\u002d", "\\u002D"] {
        sandbox.write("d/thing", json!({ "cert": pem }).to_string().replace('-', dash));
        sandbox.certctl("check d/thing --ca pki/ca.pem").code(0).stdout_has("valid as server");
    }
}

/// Texts that only look like it.
#[test]
fn other_texts_are_no_certificates() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    sandbox.write("d/server.pem", sandbox.text("pki/server.pem"));
    let value = base64(&der(&sandbox.text("pki/server.pem")));
    let hex = "0123456789abcdef".repeat(40);
    let others = [
        ("cut", format!("x5c: {}\n", &value[..200])),
        ("elided", format!("x5c: {}...\n", &value[..200])),
        (
            "hashes",
            hex.chars()
                .collect::<Vec<_>>()
                .chunks(64)
                .map(|line| line.iter().collect::<String>() + "\n")
                .collect(),
        ),
        ("a URL", format!("https://a.example/?q=%2D%2D%2D&{}\n", "a%20".repeat(50))),
        ("letters", "x: ".to_owned() + &"MIIMIIMII".repeat(30) + "\n"),
        ("words", "x: MIIEowIBAAKCAQEA\n".repeat(300)),
    ];
    for (what, content) in others {
        sandbox.write("d/thing", &content);
        let run = sandbox.certctl("check d --ca pki/ca.pem");
        assert_eq!(run.exit(), 0, "{what}: {} {}", run.stdout(), run.stderr());
        run.stdout_has("Skipped: d/thing (no certificate or key)");
    }
}

/// What an archive holds in plain text is seen; of others the name decides.
#[test]
fn archives_with_certificates_are_errors() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let pem = sandbox.text("pki/server.pem");
    sandbox.write("d/server.pem", &pem);
    let tar = |name: &str, content: &str| {
        let mut octets = vec![0; 512];
        octets[..name.len()].copy_from_slice(name.as_bytes());
        octets[257..262].copy_from_slice(b"ustar");
        octets.extend(content.as_bytes());
        octets.resize(octets.len().next_multiple_of(512) + 1024, 0);
        octets
    };
    let gzip = || b"\x1F\x8B\x08\0\0".to_vec();
    for (name, content, code) in [
        ("backup", tar("web.pem", &pem), 1),
        ("photos.tar", tar("a.txt", "hello"), 0),
        ("web.pem.gz", gzip(), 1),
        ("web.crt.gpg", b"\x85\x01\x0c\x03".to_vec(), 1),
        ("logs.gz", gzip(), 0),
    ] {
        sandbox.write(&format!("d/{name}"), &content);
        let run = sandbox.certctl("check d --ca pki/ca.pem");
        let said = run.stdout() + &run.stderr();
        assert!(said.contains(&format!("d/{name}")), "{name}: {said}");
        assert_eq!(run.exit().min(1), code, "{name}: {said}");
        sandbox.remove(&format!("d/{name}"));
    }
}

/// Old files are left out; where they are not those of certctl, the folder is named.
#[test]
fn the_archive_of_another_program_is_named() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    sandbox.certctl(&format!("-d pki gen --replace-ca {EC}")).code(0);
    for command in ["check -r pki --ca pki/ca.pem", "inspect -r pki"] {
        sandbox.certctl(command).code(0).stdout_lacks("archive");
    }
    let mut craft = Craft::new("old");
    craft.not_after = "20210101000000Z";
    sandbox.write("pki/live/archive/web/cert1.pem", craft.pem());
    for command in ["check -r pki --ca pki/ca.pem", "inspect -r pki --expires-within 1d"] {
        let run = sandbox.certctl(command);
        run.code(0).stdout_has("Skipped: pki/live/archive (a folder of old files)");
    }
}

/// What a file has beside a certificate is looked at as if it were alone.
#[test]
fn one_certificate_hides_nothing_beside_it() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let pem = sandbox.text("pki/server.pem");
    let mut craft = Craft::new("old");
    craft.not_after = "20210101000000Z";
    let expired = craft.pem();
    let fixture = |name: &str| std::fs::read(fixtures().join("intake").join(name)).unwrap();
    let jks = [&b"\xFE\xED\xFE\xED\0\0\0\x02\0\0\0\x01"[..], &[7; 80]].concat();
    let hex: String = der(&expired).iter().fold(String::new(), |text, octet| {
        use std::fmt::Write;
        let mut text = text;
        write!(text, "{octet:02x}").unwrap();
        text
    });
    let values = [
        ("PKCS#12 with a password", base64(&fixture("modern.p12"))),
        ("PKCS#7", base64(&fixture("pkcs7.p7b"))),
        ("JKS", base64(&jks)),
        ("DER", base64(&der(&expired))),
        ("PEM", base64(expired.as_bytes())),
        ("a URL of data", format!("data:;base64,{}", base64(expired.as_bytes()))),
        ("hexadecimal", hex),
        ("percent-encoding", expired.replace('\n', "%0A").replace(' ', "%20")),
    ];
    let check = |what: &str| {
        let run = sandbox.certctl("check d --ca pki/ca.pem");
        let said = run.stdout() + &run.stderr();
        assert!(matches!(run.exit(), 1 | 4), "{what}: {said}");
        let run = sandbox.certctl("inspect d --expires-within 1d");
        assert!(matches!(run.exit(), 1 | 4), "{what}: {}", run.stdout());
    };
    for (what, value) in &values {
        sandbox.write("d/a.json", json!({ "a": pem, "b": { "c": [value] } }).to_string());
        check(what);
        if !["hexadecimal", "percent-encoding"].contains(what) {
            let one = base64(pem.as_bytes());
            sandbox.write("d/a.json", format!("CA={one}\nSTORE={value}\n"));
            check(what);
        }
        for field in ["annotations: {a: ", "labels: {a: "] {
            let secret = format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  {field}\"{value}\"}}\ndata:\n  a.pem: {}\n",
                json!(pem)
            );
            sandbox.write("d/a.json", secret);
            check(&format!("{what} in {field}"));
        }
    }
    for name in ["1", "1.5", "0x10", "y", "no", "on", "true", "null", "~", "? [a]\n  ", "\"a\""] {
        for (kind, field) in [("ConfigMap", "data"), ("Secret", "stringData")] {
            let text = format!(
                "apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n{field}:\n  ca.crt: {}\n  {name}: {}\n",
                json!(pem),
                json!(expired)
            );
            sandbox.write("d/a.json", text);
            check(name);
        }
    }
    let nested = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata:\n  ca.crt: {}\n  l: [{}]\n",
        base64(pem.as_bytes()),
        base64(expired.as_bytes())
    );
    sandbox.write("d/a.json", nested);
    check("a list");
}

/// What an ordinary checkout has.
#[test]
fn placeholders_and_templates_are_no_certificates() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    sandbox.write("d/server.pem", sandbox.text("pki/server.pem"));
    for (name, content) in [
        ("form.json", json!({ "cert.placeholder": "-----BEGIN CERTIFICATE-----" }).to_string()),
        (
            "README.md",
            "Put it there:\n\n-----BEGIN CERTIFICATE-----\n<your certificate>\n-----END CERTIFICATE-----\n".to_owned(),
        ),
        (
            "play.yml",
            "- copy:\n    content: |\n      -----BEGIN CERTIFICATE-----\n      {{ cert }}\n      -----END CERTIFICATE-----\n".to_owned(),
        ),
        (
            "secret.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: {{ .Values.tls.crt | b64enc }}\n  tls.key: {{ .Values.tls.key | b64enc }}\n".to_owned(),
        ),
    ] {
        sandbox.write(&format!("d/{name}"), content);
        let run = sandbox.certctl("check d --ca pki/ca.pem");
        assert_eq!(run.exit(), 0, "{name}: {}{}", run.stdout(), run.stderr());
        sandbox.remove(&format!("d/{name}"));
    }
}

/// A text that is too large to be read is searched for a certificate.
#[test]
fn a_large_text_with_a_certificate_is_an_error() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let pem = sandbox.text("pki/server.pem");
    sandbox.write("d/server.pem", &pem);
    let noise = "2026-11-28 all is well\n".repeat(800_000);
    sandbox.write("d/big.log", &noise);
    sandbox.certctl("check d --ca pki/ca.pem").code(0).stdout_has("d/big.log (larger than 16 MiB)");
    for content in [pem.clone(), base64(pem.as_bytes())] {
        sandbox.write("d/big.log", noise.clone() + &content);
        for command in ["check d --ca pki/ca.pem", "inspect d"] {
            sandbox.certctl(command).code(1).stderr_has("d/big.log");
        }
    }
}

/// A bundle with labels, as programs that collect trust anchors write it.
#[test]
fn a_label_in_quotes_makes_no_value_of_a_certificate() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let pem = sandbox.text("pki/ca.pem");
    for label in ["# Label: \"A\"", "subject='A'", "`A`", "<ca>", "a | b |"] {
        sandbox.write("d/ca.pem", format!("{label}\n{pem}\n{label}\n{pem}\n{label}\n"));
        let run = sandbox.certctl("check d --ca pki/ca.pem");
        run.stdout_lacks("pem-form");
        assert_eq!(run.exit(), 0, "{label}: {}{}", run.stdout(), run.stderr());
        sandbox.certctl("check pki/server.pem --ca d/ca.pem").code(0);
    }
}

/// PEM as a value: what is around it belongs to another language.
#[test]
fn pem_in_settings_and_sources_is_read() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let pem = sandbox.text("pki/server.pem");
    let mut craft = Craft::new("old");
    craft.not_after = "20210101000000Z";
    let indented = |pem: &str| pem.trim_end().replace('\n', "\n    ");
    let forms = |pem: &str| {
        let (block, plain) = (indented(pem), pem.trim_end());
        [
            ("Helm", format!("replicas: 3\ntls:\n  ca: |\n    {block}\nport: 443\n")),
            ("cloud-init", format!("ca_certs:\n  trusted:\n  - |-\n    {block}\n")),
            ("Compose", format!("configs:\n  ca:\n    content: |2\n    {block}\n")),
            ("HCL", format!("ca = <<-EOT\n    {block}\n    EOT\nregion = \"a\"\n")),
            ("Markdown", format!("1. Save this:\n\n   ```pem\n    {block}\n   ```\n")),
            ("Go", format!("package a\n\nconst ca = `{plain}`\n")),
            ("Python", format!("CA = \"\"\"{plain}\"\"\"\nprint(CA)\n")),
            ("Go from the next line", format!("package a\n\nvar ca = `\n{plain}`\n")),
            ("Python from the next line", format!("CA = b\"\"\"\\\n{plain}\"\"\"\n")),
            ("dotenv", format!("A=1\nCA=\"{plain}\n\"\nB=2\n")),
            ("shell", format!("cat > ca.pem <<EOF\n{plain}\nEOF\n")),
        ]
    };
    for ((what, good), (_, bad)) in forms(&pem).into_iter().zip(forms(&craft.pem())) {
        for (name, content, code) in [("settings", &good, 0), ("settings", &bad, 4)] {
            sandbox.write(&format!("d/{name}"), content);
            let run = sandbox.certctl("check d --ca pki/ca.pem");
            let said = run.stdout() + &run.stderr();
            assert_eq!(run.exit(), code, "{what}: {said}");
            let run = sandbox.certctl("inspect d --expires-within 1d");
            assert_eq!(run.exit(), code, "{what}: {}", run.stderr());
            sandbox.remove(&format!("d/{name}"));
        }
        // No server reads settings as its certificate.
        if what != "shell" && !what.contains("next line") {
            sandbox.write("d/server.crt", &good);
            sandbox.certctl("check d --ca pki/ca.pem").code(4).stdout_has("pem-form");
            sandbox.remove("d/server.crt");
        }
    }
}

/// Public keys begin as a certificate does.
#[test]
fn many_other_structures_do_not_hide_a_certificate() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    let mut craft = Craft::new("old");
    craft.not_after = "20210101000000Z";
    // A SEQUENCE in a SEQUENCE, as SubjectPublicKeyInfo of RSA has it.
    let other = [&[0x30, 0x82, 1, 0x22, 0x30, 0x0D][..], &[7; 288]].concat();
    let text = format!("key={}\n", base64(&other)).repeat(500);
    sandbox.write("d/keys.env", &text);
    sandbox.write("d/server.pem", sandbox.text("pki/server.pem"));
    sandbox.certctl("check d --ca pki/ca.pem").code(0);
    sandbox.write("d/keys.env", text + &format!("CERT={}\n", base64(&der(&craft.pem()))));
    sandbox.certctl("check d --ca pki/ca.pem").code(4).stdout_has("d/keys.env: line 501");
}

/// What a template fills is a map in a map; another map is not a certificate.
#[test]
fn a_map_beside_a_template_is_an_error() {
    let sandbox = Sandbox::with_gen(&format!("-d pki {EC}"));
    sandbox.write(
        "s.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a, annotations: {b: '{{ x }}'}}\ntype: kubernetes.io/tls\ndata:\n  tls.crt: {a: b}\n  tls.key: {a: b}\n",
    );
    sandbox.certctl("check s.yaml --ca pki/ca.pem").code(1).stderr_has("tls.crt");
}
