//! `certctl csr`: a key and a request, as one set, without a CA.

use rustls_pki_types::{CertificateSigningRequestDer, pem::PemObject};

use crate::{
    cert::{
        CLIENT_AUTH, Element, Extension, NAMES, PURPOSES, SERVER_AUTH, elements, extensions,
        general_name, oid,
    },
    sandbox::Sandbox,
};

/// A request as its raw elements, read by a walker that knows nothing of certctl.
pub struct Csr {
    info: Vec<Element>,
}

impl Csr {
    pub fn read(sandbox: &Sandbox, file: &str) -> Self {
        let der = CertificateSigningRequestDer::from_pem_slice(&sandbox.read(file)).unwrap();
        Self::of(&der)
    }

    pub fn of(der: &[u8]) -> Self {
        let info = elements(&elements(&elements(der)[0].content)[0].content);
        assert_eq!(info[0].whole, [2, 1, 0], "a request of version 1");
        Self { info }
    }

    pub fn subject(&self) -> &[u8] {
        &self.info[1].whole
    }

    /// Type and text of each attribute of the subject, in order.
    fn attributes(&self) -> Vec<(String, String)> {
        elements(&self.info[1].content)
            .iter()
            .map(|set| {
                let parts = elements(&elements(&set.content)[0].content);
                let text = String::from_utf8(parts[1].content.clone()).unwrap();
                (oid(&parts[0].content), text)
            })
            .collect()
    }

    /// The `SubjectPublicKeyInfo`.
    pub fn public_key(&self) -> &[u8] {
        &self.info[2].whole
    }

    /// Of its one attribute, extensionRequest.
    fn extensions(&self) -> Vec<Extension> {
        let attribute = &elements(&self.info[3].content)[0];
        let [kind, values] = &elements(&attribute.content)[..] else { panic!("two parts") };
        assert_eq!(oid(&kind.content)[..], *"1.2.840.113549.1.9.14");
        extensions(&elements(&values.content)[0])
    }

    fn value(&self, wanted: &str) -> Vec<Element> {
        let found = self.extensions().into_iter().find(|extension| extension.oid == wanted);
        found.map_or_else(Vec::new, |found| elements(&elements(&found.value)[0].content))
    }

    fn names(&self) -> Vec<String> {
        self.value(NAMES).iter().map(general_name).collect()
    }

    fn purposes(&self) -> Vec<String> {
        self.value(PURPOSES).iter().map(|purpose| oid(&purpose.content)).collect()
    }
}

const QUICK: &str = "--key-type ecdsa:p256";

#[test]
fn a_key_and_a_request_are_made_and_nothing_else() {
    for kind in ["rsa:2048", "ecdsa:p256", "ecdsa:p384", "ed25519"] {
        let sandbox = Sandbox::new();
        let line = format!("-d pki csr web web.example 10.0.0.1 --key-type {kind}");
        sandbox.certctl(&line).code(0).stderr_is("").stdout_is(&format!(
            "Made a key and a request in pki:\n\n  \
             web  web.example, 10.0.0.1  server  {kind} key\n\n\
             Keep pki/web.key where it is: the CA does not need it to sign pki/web.csr.\n\
             Next: send it to the CA (with certctl there: `sign web.csr --usage server \
             --accept-names`); the certificate goes beside the key, as pki/web.pem\n"
        ));

        assert_eq!(sandbox.files(), ["pki/web.csr", "pki/web.key"]);
        assert_eq!(sandbox.mode("pki/web.key"), 0o600);
        sandbox.certctl("inspect pki/web.key").code(0).stdout_has(kind);
    }
}

#[test]
fn names_usage_and_subject_are_as_issue_has_them() {
    let cases: [(&str, &str, &[&str], &[&str]); 7] = [
        ("web", "web", &["DNS:web"], &[SERVER_AUTH]),
        ("web w.example ::1", "w.example", &["DNS:w.example", "IP:::1"], &[SERVER_AUTH]),
        ("web --cn c.example w.x", "c.example", &["DNS:c.example", "DNS:w.x"], &[SERVER_AUTH]),
        (
            "web localhost",
            "localhost",
            &["DNS:localhost", "IP:127.0.0.1", "IP:::1"],
            &[SERVER_AUTH],
        ),
        ("web --usage client", "web", &["DNS:web"], &[CLIENT_AUTH]),
        ("web --usage client --cn Müller", "Müller", &[], &[CLIENT_AUTH]),
        (
            "web a.b --usage peer --san urn:x,c@d.e",
            "a.b",
            &["DNS:a.b", "URI:urn:x", "email:c@d.e"],
            &[SERVER_AUTH, CLIENT_AUTH],
        ),
    ];
    let config = "[subject]\ncountry = 'US'\norganization = 'O'\norg_unit = ['one', 'two']\n";
    for (line, common_name, names, purposes) in cases {
        let sandbox = Sandbox::new();
        sandbox.write("certctl.toml", config);
        sandbox.certctl(&format!("csr {line} {QUICK}")).code(0);

        let csr = Csr::read(&sandbox, "web.csr");
        assert_eq!(csr.names(), names, "{line}");
        assert_eq!(csr.purposes(), purposes, "{line}");
        assert!(csr.extensions().iter().all(|extension| !extension.critical), "{line}");
        let expected = [
            ("2.5.4.6", "US"),
            ("2.5.4.10", "O"),
            ("2.5.4.11", "one"),
            ("2.5.4.11", "two"),
            ("2.5.4.3", common_name),
        ]
        .map(|(oid, text)| (oid.to_owned(), text.to_owned()));
        assert_eq!(csr.attributes(), expected, "{line}");
    }
}

#[test]
fn the_key_type_comes_from_flag_file_and_gen_sh() {
    let sandbox = Sandbox::new();
    let kind =
        |line: &str| sandbox.certctl(&format!("-o json {line}")).code(0).json()["key_type"].clone();
    assert_eq!(kind("csr one"), "rsa:2048");
    sandbox.write("certctl.toml", "[defaults]\nkey_type = 'ed25519'\n");
    assert_eq!(kind("csr two"), "ed25519");
    assert_eq!(kind(&format!("csr three {QUICK}")), "ecdsa:p256");
}

#[test]
fn nothing_is_overwritten() {
    for file in ["web.key", "web.csr", "web.pem", "WEB.Key"] {
        let sandbox = Sandbox::new();
        sandbox.write(file, "mine");
        let before = sandbox.digest();
        sandbox.certctl(&format!("csr web {QUICK}")).code(1).stdout_is("").stderr_is(&format!(
            "error: `{file}` already exists\n\
             hint: move away what is there (`mkdir -p archive`, `mv {file} archive/{file}`), then run the command again; or \
             choose another name\n"
        ));
        assert_eq!(sandbox.digest(), before);
    }
}

#[test]
fn what_cannot_be_asked_for_is_a_usage_error_and_makes_nothing() {
    let sandbox = Sandbox::new();
    for line in [
        "csr",
        "csr ca",
        "csr ../web",
        "csr web a..b",
        "csr web --san DNS:127.0.0.1",
        "csr web --usage both",
        "csr web --key-type rsa:1024",
        "csr web --days 9",
        "csr web --cn Müller",
    ] {
        sandbox.certctl(&format!("-d new {line}")).code(2).stdout_is("");
    }
    let long = "a".repeat(65);
    sandbox.certctl_args(&["-d", "new", "csr", "web", "--cn", &long]).code(2);
    assert!(!sandbox.path("new").exists());
}

#[test]
fn the_key_is_its_owners_whatever_the_umask() {
    for (umask, request) in [("000", 0o644), ("022", 0o644), ("077", 0o600)] {
        let sandbox = Sandbox::new();
        sandbox.sh(&format!("umask {umask}; \"$CERTCTL\" csr web {QUICK}")).code(0);
        assert_eq!(sandbox.mode("web.key"), 0o600, "{umask}");
        assert_eq!(sandbox.mode("web.csr"), request, "{umask}");
    }
}

#[test]
fn a_ca_in_the_directory_is_not_touched_and_may_sign() {
    let sandbox = Sandbox::with_gen(QUICK);
    // Every server has its CA's certificate; who has the key may sign.
    let elsewhere = Sandbox::new();
    elsewhere.write("ca.pem", sandbox.read("ca.pem"));
    elsewhere.certctl(&format!("csr web {QUICK}")).code(0).stdout_has("Next: send it to the CA");

    let before = sandbox.digest();
    let run = sandbox.certctl(&format!("csr web web.example {QUICK}"));
    let next =
        "Next: `certctl sign web.csr --usage server --accept-names`, or send it to another CA\n";
    assert!(run.code(0).stdout().ends_with(next), "{}", run.stdout());

    let mut after = sandbox.digest();
    assert!(after.remove("web.csr").is_some() && after.remove("web.key").is_some());
    assert_eq!(after, before);

    sandbox.certctl("sign web.csr --usage server --accept-names").code(0);
    sandbox.certctl("check web --usage server --host web.example --strict").code(0);
}

#[test]
fn json_names_the_files_and_holds_no_key() {
    let sandbox = Sandbox::new();
    let run = sandbox.certctl(&format!("-d pki csr web w.example --usage peer -o json {QUICK}"));
    assert_eq!(
        run.code(0).json(),
        serde_json::json!({
            "schema": "certctl.csr/2",
            "directory": "pki",
            "name": "web",
            "request": "pki/web.csr",
            "key": "pki/web.key",
            "subject": "CN=w.example",
            "names": ["DNS:w.example"],
            "usage": "peer",
            "key_type": "ecdsa:p256",
        })
    );
    let again = sandbox.certctl("-d pki csr web -o json").code(1).json();
    assert_eq!(again["schema"], "certctl.csr/2");
    assert_eq!(again["error"]["exit"], 1);
}

#[test]
fn a_file_that_cannot_be_written_leaves_nothing_behind() {
    let sandbox = Sandbox::new();
    sandbox.write("file", "");
    let before = sandbox.digest();
    sandbox.certctl(&format!("-d file csr web {QUICK}")).code(1).stderr_has("`file");
    assert_eq!(sandbox.digest(), before);
}
