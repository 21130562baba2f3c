//! What `check` says of other people's programs, put to them: one defect a row, and every program's
//! verdict on it. Nobody whom a finding calls a refuser may accept, and the other way round.

use std::{path::PathBuf, process::Command};

use crate::{
    peer::{fixture, have, installed},
    sandbox::{Run, Sandbox},
};

/// A defect, the rule that tells of it with its severity, and who refuses it in which words. Who is not
/// among the refusers accepts it: rustls here is the path alone, which ends before the trust anchor and the
/// key of the handshake.
struct Row {
    rule: &'static str,
    severity: &'static str,
    file: &'static str,
    make: &'static str,
    refusers: &'static [(Judge, &'static str)],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judge {
    OpenSsl,
    /// `-x509_strict`
    OpenSslStrict,
    /// `-auth_level 1`, upstream's default before 3.2; 2 is Debian's, and the default from then on.
    OpenSslLevel1,
    OpenSslLevel2,
    GnuTls,
    Nss,
    Go,
    Python,
    /// As 3.13 is by default.
    PythonStrict,
    Pyca,
    Rustls,
}

use Judge::{
    GnuTls, Go, Nss, OpenSsl, OpenSslLevel1, OpenSslLevel2, OpenSslStrict, Pyca, Python,
    PythonStrict, Rustls,
};

const JUDGES: [Judge; 11] = [
    OpenSsl,
    OpenSslStrict,
    OpenSslLevel1,
    OpenSslLevel2,
    GnuTls,
    Nss,
    Go,
    Python,
    PythonStrict,
    Pyca,
    Rustls,
];

const CA: &str = "'/CN=Test CA'";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { rule: "", severity: "", file: "server", make: "ca @; leaf server /CN=localhost", refusers: &[] },
    Row { rule: "usage", severity: "error", file: "client", make: "ca @; leaf client /CN=localhost",
        refusers: &[(OpenSsl, "unsuitable certificate purpose"), (GnuTls, "does not match the intended purpose"), (Nss, "not approved for application"),
            (Go, "incompatible key usage"), (Python, "unsuitable certificate purpose"), (Pyca, "required EKU not found"), (Rustls, "RequiredEku")] },
    Row { rule: "usage", severity: "error", file: "server", make: "ca @; leaf server /CN=localhost extendedKeyUsage=clientAuth",
        refusers: &[(OpenSsl, "unsuitable certificate purpose"), (GnuTls, "does not match the intended purpose"), (Nss, "not approved for application"),
            (Go, "incompatible key usage"), (Python, "unsuitable certificate purpose"), (Pyca, "required EKU not found"), (Rustls, "RequiredEku")] },
    Row { rule: "key-usage", severity: "error", file: "server", make: "ca @; leaf server /CN=localhost keyUsage=critical,cRLSign",
        refusers: &[(OpenSsl, "unsuitable certificate purpose"), (Nss, "key usage inadequate"), (Python, "unsuitable certificate purpose")] },
    Row { rule: "key-usage", severity: "error", file: "server", make: "ca @ keyUsage=critical,cRLSign; leaf server /CN=localhost",
        refusers: &[(OpenSsl, "key usage does not include certificate signing"), (GnuTls, "violates the signer's constraints"),
            (Go, "parent certificate cannot sign"), (Python, "invalid CA certificate"), (Pyca, "keyCertSign must be asserted")] },
    Row { rule: "issuer-not-ca", severity: "error", file: "server", make: "ca @ basicConstraints=critical,CA:FALSE; leaf server /CN=localhost",
        refusers: &[(OpenSsl, "invalid CA certificate"), (GnuTls, "issuer is not a CA"), (Nss, "Issuer certificate is invalid"),
            (Go, "parent certificate cannot sign"), (Python, "invalid CA certificate"), (Pyca, "cA must be asserted")] },
    Row { rule: "ca-key-usage", severity: "warning", file: "server", make: "ca @ keyUsage=; leaf server /CN=localhost",
        refusers: &[(OpenSslStrict, "does not include key usage extension"), (PythonStrict, "does not include key usage extension"), (Pyca, "missing required extension")] },
    Row { rule: "authority-key-id", severity: "warning", file: "server", make: "ca @; leaf server /CN=localhost authorityKeyIdentifier=none",
        refusers: &[(OpenSslStrict, "Missing Authority Key Identifier"), (PythonStrict, "Missing Authority Key Identifier"), (Pyca, "missing required extension")] },
    Row { rule: "name-encoding", severity: "warning", file: "server", make: "ca @; leaf server /CN=localhost; printf '[req]\\ndistinguished_name=d\\nstring_mask=nombstr\\n[d]\\n' > printable; REQUEST='-config printable'; ca @",
        refusers: &[(GnuTls, "issuer is unknown"), (Nss, "issuer is not recognized"), (Go, "unknown authority"), (Pyca, "candidates exhausted"), (Rustls, "UnknownIssuer")] },
    Row { rule: "one-subject", severity: "warning", file: "server", make: "ca /CN=localhost; leaf server /CN=localhost", refusers: &[] },
    Row { rule: "signature", severity: "error", file: "server", make: "ca @ subjectKeyIdentifier=none; leaf server /CN=localhost authorityKeyIdentifier=none; rm ca.key; ca @ subjectKeyIdentifier=none",
        refusers: &[(OpenSsl, "certificate signature failure"), (GnuTls, "signature in the certificate is invalid"), (Nss, "invalid signature"),
            (Go, "verification failure"), (Python, "certificate signature failure"), (PythonStrict, "Missing Authority Key Identifier"), (Pyca, "VerificationError"), (Rustls, "InvalidSignature")] },
    Row { rule: "chain", severity: "error", file: "server", make: "ca @; leaf server /CN=localhost; rm ca.key; ca /CN=other",
        refusers: &[(OpenSsl, "unable to get local issuer certificate"), (GnuTls, "issuer is unknown"), (Nss, "issuer is not recognized"),
            (Go, "certificate signed by unknown authority"), (Python, "unable to get local issuer certificate"), (Pyca, "candidates exhausted"), (Rustls, "UnknownIssuer")] },
    Row { rule: "critical-extension", severity: "error", file: "server", make: "ca @; leaf server /CN=localhost 1.2.3.4=critical,DER:0500",
        refusers: &[(OpenSsl, "unhandled critical extension"), (GnuTls, "unknown critical extension"), (Nss, "unknown critical extension"),
            (Go, "unhandled critical extension"), (Python, "unhandled critical extension"), (Pyca, "critical extensions"), (Rustls, "UnsupportedCriticalExtension")] },
    Row { rule: "name-constraints", severity: "error", file: "server", make: "ca @ 'nameConstraints=critical,permitted;DNS:example.org'; leaf server /CN=localhost",
        refusers: &[(OpenSsl, "permitted subtree violation"), (GnuTls, "violates the signer's constraints"), (Nss, "not permitted to issue"),
            (Go, "not permitted by any constraint"), (Python, "permitted subtree violation"), (Pyca, "name constraints"), (Rustls, "NameConstraintViolation")] },
    Row { rule: "algorithm", severity: "error", file: "server", make: "ca @; SIGN=-sha1 leaf server /CN=localhost",
        refusers: &[(OpenSslLevel1, "too weak"), (GnuTls, "insecure algorithm"), (Go, "insecure algorithm"), (Python, "too weak"),
            (Pyca, "Forbidden signature algorithm"), (Rustls, "UnsupportedSignatureAlgorithm")] },
    Row { rule: "issuer-not-ca", severity: "error", file: "server", make: "ca @ basicConstraints=; leaf server /CN=localhost",
        refusers: &[(OpenSslStrict, "invalid CA certificate"), (PythonStrict, "invalid CA certificate"), (Go, "parent certificate cannot sign"), (Pyca, "no basicConstraints")] },
    Row { rule: "no-names", severity: "warning", file: "server", make: "ca @; leaf server /CN=localhost subjectAltName=",
        refusers: &[(Go, "relies on legacy Common Name"), (Pyca, "no subjectAltName"), (Rustls, "NotValidForName")] },
    Row { rule: "no-names", severity: "warning", file: "server", make: "ca @; leaf server /CN=localhost subjectAltName=email:jo@example.org",
        refusers: &[(Go, "not valid for any names"), (Pyca, "no matching subjectAltName"), (Rustls, "NotValidForName")] },
    Row { rule: "weak-key", severity: "error", file: "server", make: "openssl genrsa -out server.key 1024; ca @; leaf server /CN=localhost keyUsage=critical,digitalSignature,keyEncipherment",
        refusers: &[(OpenSslLevel2, "EE certificate key too weak"), (GnuTls, "insecure algorithm"), (Python, "too small")] },
    Row { rule: "weak-key", severity: "error", file: "server", make: "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-224 -out server.key; ca @; leaf server /CN=localhost",
        refusers: &[(Python, "NO_SHARED_CIPHER")] },
    Row { rule: "leaf-is-ca", severity: "warning", file: "server", make: "ca @; leaf server /CN=localhost basicConstraints=critical,CA:TRUE",
        refusers: &[(Nss, "not approved for application"), (Pyca, "cA must not be asserted"), (Rustls, "CaUsedAsEndEntity")] },
    Row { rule: "looks-self-signed", severity: "error", file: "server", make: "ca /CN=localhost subjectKeyIdentifier=none; leaf server /CN=localhost authorityKeyIdentifier=none",
        refusers: &[(OpenSsl, "self-signed certificate"), (Nss, "invalid signature"), (Python, "self-signed certificate"), (Pyca, "missing required extension")] },
    Row { rule: "usage", severity: "error", file: "server", make: "ca @; leaf server /CN=localhost extendedKeyUsage=anyExtendedKeyUsage",
        refusers: &[(OpenSsl, "unsuitable certificate purpose"), (Nss, "not approved for application"), (Python, "unsuitable certificate purpose"),
            (Pyca, "required EKU not found"), (Rustls, "RequiredEku")] },
    Row { rule: "usage", severity: "error", file: "server", make: "ca @ extendedKeyUsage=clientAuth; leaf server /CN=localhost",
        refusers: &[(OpenSsl, "unsuitable certificate purpose"), (Go, "incompatible key usage"), (Python, "unsuitable certificate purpose"), (Pyca, "EKU")] },
    Row { rule: "serial", severity: "warning", file: "server", make: "ca @; SERIAL=-5 leaf server /CN=localhost",
        refusers: &[(Pyca, "negative")] },
    Row { rule: "key-type", severity: "note", file: "server", make: "openssl genpkey -algorithm ed25519 -out server.key; ca @; leaf server /CN=localhost",
        refusers: &[(Nss, "could not add certificate")] },
    Row { rule: "path-length", severity: "error", file: "server", make: "ca @ basicConstraints=critical,CA:TRUE,pathlen:0; leaf sub '/CN=Sub CA' basicConstraints=critical,CA:TRUE keyUsage=critical,keyCertSign extendedKeyUsage= subjectAltName=; \
            ISSUER=sub; leaf server /CN=localhost; cat sub.pem >> server.pem; rm sub.pem",
        refusers: &[(OpenSsl, "path length constraint exceeded"), (GnuTls, "violates the signer's constraints"), (Nss, ""),
            (Go, "too many intermediates"), (Python, "path length constraint exceeded"), (Pyca, "path length")] },
];

#[test]
fn who_is_said_to_refuse_a_defect_refuses_it_and_nobody_else_does() {
    let Some(python) = installed("venv/bin/python", "cryptography") else { return };
    if !have(&["openssl", "certtool", "certutil", "go"]) {
        return;
    }
    let build = Sandbox::new();
    let go = build.path("verify");
    let mut command = Command::new("go");
    command.args(["build", "-o"]).arg(&go).arg(fixture("claims/verify.go"));
    Run::of(command.current_dir(build.dir())).code(0);

    let mut wrong = Vec::new();
    for row in ROWS {
        let sandbox = Sandbox::new();
        let make = row.make.replace("ca @", &format!("ca {CA}"));
        sandbox
            .sh(&format!(
                "REQUEST= SIGN=; . {}; {{ {make}; }} 2>&1; chmod 600 *.key",
                fixture("claims/defects.sh")
            ))
            .code(0);
        let answer = sandbox.certctl(&format!("check {} -o json", row.file)).json();
        let verdict = &answer["certificates"][0];
        let findings = verdict["findings"].as_array().unwrap();
        let of_rule: Vec<_> = findings.iter().filter(|one| one["rule"] == row.rule).collect();
        let place = format!("{} ({})", row.rule, row.make);
        if of_rule.is_empty() != row.rule.is_empty() {
            wrong.push(format!("{place}: check says {findings:#?}"));
        }
        let message = of_rule.first().map_or("", |one| one["message"].as_str().unwrap());
        if !of_rule.is_empty() && of_rule[0]["severity"] != row.severity {
            wrong.push(format!("{place}: {}", of_rule[0]));
        }

        // A server is asked for by its name, so that everyone looks at the names.
        let named = match row.file {
            "server" => sandbox.certctl("check server --host localhost -o json").json(),
            _ => answer.clone(),
        };
        let verdict = &named["certificates"][0];
        let bench = Bench { sandbox: &sandbox, go: &go, python: &python, file: row.file };
        let said = bench.ask(verdict);
        let claims = claims(message);
        for (judge, words) in said {
            let accepts = words.is_empty();
            let expected = row.expected(judge);
            let as_expected = match expected {
                None => accepts,
                Some(part) => !accepts && words.contains(part),
            };
            if !as_expected {
                wrong.push(format!("{place}: {judge:?} says {words:?}, not {expected:?}"));
            }
            if claims.iter().any(|(one, refuses)| *one == judge && *refuses == accepts) {
                wrong.push(format!("{place}: {judge:?} says {words:?}, and check: {message}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

impl Row {
    /// The words of a refusal. Strict and level 2 refuse what the plain program does.
    fn expected(&self, judge: Judge) -> Option<&'static str> {
        let of =
            |judge| self.refusers.iter().find(|(one, _)| *one == judge).map(|(_, words)| *words);
        of(judge).or_else(|| match judge {
            OpenSslStrict | OpenSslLevel1 => of(OpenSsl),
            OpenSslLevel2 => of(OpenSslLevel1).or_else(|| of(OpenSsl)),
            PythonStrict => of(Python),
            _ => None,
        })
    }
}

struct Bench<'a> {
    sandbox: &'a Sandbox,
    go: &'a PathBuf,
    python: &'a PathBuf,
    /// Of the identity, which is for what it is called.
    file: &'a str,
}

impl Bench<'_> {
    /// What each says: nothing if it accepts.
    fn ask(&self, verdict: &serde_json::Value) -> Vec<(Judge, String)> {
        let purpose = self.file;
        let python = self.python();
        let script = |name: &str| {
            let line = python.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            refusal(line.trim(), "ok")
        };
        JUDGES
            .map(|judge| {
                let words = match judge {
                    OpenSsl => self.openssl(""),
                    OpenSslStrict => self.openssl("-x509_strict"),
                    OpenSslLevel1 => self.openssl("-auth_level 1"),
                    OpenSslLevel2 => self.openssl("-auth_level 2"),
                    GnuTls => self.gnutls(),
                    Nss => self.nss(),
                    Go => {
                        let go = self.go.display();
                        refusal(
                            &self.sh(&format!("{go} ca.pem {purpose} localhost {purpose}.pem")),
                            "ok",
                        )
                    }
                    Python => script("python"),
                    PythonStrict => script("strict"),
                    Pyca => script("pyca"),
                    Rustls => verdict["webpki"]["says"].as_str().unwrap_or_default().to_owned(),
                };
                (judge, words)
            })
            .into()
    }

    fn openssl(&self, more: &str) -> String {
        let file = self.file;
        let said = self.sh(&format!(
            "openssl verify -CAfile ca.pem -untrusted {file}.pem -purpose ssl{file} {more} {file}.pem 2>&1 || true"
        ));
        refusal(&said, &format!("{file}.pem: OK"))
    }

    fn gnutls(&self) -> String {
        let (file, purpose) = (self.file, if self.file == "server" { 1 } else { 2 });
        let said = self.sh(&format!(
            "certtool --verify --verify-profile=medium --load-ca-certificate ca.pem --infile {file}.pem \
             --verify-purpose=1.3.6.1.5.5.7.3.{purpose} 2>&1 || true"
        ));
        let (_, last) = said.split_once("Chain verification output: ").unwrap_or(("", &said));
        refusal(last.trim(), "Verified. The certificate is trusted.")
    }

    fn nss(&self) -> String {
        let (file, usage) = (self.file, if self.file == "server" { "V" } else { "C" });
        let said = self.sh(&format!(
            "mkdir db; certutil -N -d sql:db --empty-password; certutil -A -d sql:db -n ca -t CT,, -i ca.pem
             {{ certutil -A -d sql:db -n {file} -t ,, -i {file}.pem &&
                certutil -V -e -d sql:db -n {file} -u {usage}; }} 2>&1 || true"
        ));
        refusal(&said, "certutil: certificate is valid")
    }

    fn python(&self) -> String {
        let (file, script) = (self.file, fixture("claims/verify.py"));
        let python = self.python.display();
        self.sh(&format!("{python} {script} ca.pem {file} localhost {file}.pem {file}.key"))
    }

    fn sh(&self, script: &str) -> String {
        self.sandbox.sh(script).code(0).stdout().trim().to_owned()
    }
}

fn refusal(said: &str, accepted: &str) -> String {
    if said == accepted { String::new() } else { said.to_owned() }
}

/// Who is said to refuse (`true`) or accept, by the words of a finding. A clause that names a program is
/// a claim that it refuses, unless it says otherwise.
fn claims(message: &str) -> Vec<(Judge, bool)> {
    // The longer name first: it is no claim about the shorter one.
    let names = [
        ("OpenSSL at security level 1", OpenSslLevel1),
        ("OpenSSL at security level 2", OpenSslLevel2),
        ("`openssl verify -x509_strict`", OpenSslStrict),
        ("Python 3.13", PythonStrict),
        ("OpenSSL", OpenSsl),
        ("GnuTLS", GnuTls),
        ("NSS", Nss),
        ("Python", Python),
        ("pyca", Pyca),
        ("rustls", Rustls),
        ("Go", Go),
    ];
    let mut claims = Vec::new();
    for clause in message.split([';', ':']) {
        let has = |parts: &[&str]| parts.iter().any(|part| clause.contains(part));
        // Of what may come, nobody can be asked.
        if has(&["may look", "as soon as", "refuse some"]) {
            continue;
        }
        let refuses = !has(&["accept"]);
        let mut rest = clause.to_owned();
        for (name, judge) in names {
            if rest.contains(name) {
                claims.push((judge, refuses));
                rest = rest.replace(name, "");
            }
        }
        if clause.contains("every client") {
            claims.extend(JUDGES.map(|judge| (judge, true)));
        }
    }
    claims
}

#[test]
fn a_message_is_understood_as_a_reader_does() {
    let cases: [(&str, &[(Judge, bool)]); 4] = [
        (
            "has none: Python 3.13 and `openssl verify -x509_strict` refuse it",
            &[(OpenSslStrict, true), (PythonStrict, true)],
        ),
        (
            "OpenSSL and Java accept it; GnuTLS and Go do not",
            &[(OpenSsl, false), (GnuTls, true), (Go, true)],
        ),
        ("has a key of kind ed25519: gRPC refuses it", &[]),
        ("new Go and pyca refuse some of these", &[]),
    ];

    for (message, expected) in cases {
        assert_eq!(claims(message), expected, "{message}");
    }
}
