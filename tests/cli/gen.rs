//! `certctl gen`: what gen.sh makes, and where it is not followed.

use std::fs;

use crate::{
    cert::{Cert, elements},
    sandbox::Sandbox,
};

const SEVEN: [&str; 7] =
    ["ca.key", "ca.pem", "ca.srl", "client.key", "client.pem", "server.key", "server.pem"];
const DAY: i64 = 86_400;
const BACKDATE: i64 = 300;

fn p256(flags: &str) -> Sandbox {
    Sandbox::with_gen(&format!("--key-type ecdsa:p256 {flags}"))
}

#[test]
fn the_seven_files_of_gen_sh_and_nothing_else() {
    let sandbox = Sandbox::with_gen("--cn localhost");

    assert_eq!(sandbox.files(), SEVEN);
}

#[test]
fn the_defaults_are_those_of_gen_sh() {
    let sandbox = Sandbox::with_gen("");
    let [ca, server, client] =
        ["ca.pem", "server.pem", "client.pem"].map(|file| Cert::read(&sandbox, file));

    for (name, cert, days) in
        [("ca", &ca, 36_500), ("server", &server, 3650), ("client", &client, 3650)]
    {
        // RSA 2048: modulus 0x00 and 256 octets. SHA-256 with RSA.
        assert_eq!(
            elements(&elements(&cert.key_bits())[0].content)[0].content.len(),
            257,
            "{name}"
        );
        assert_eq!(cert.signature_algorithm(), "1.2.840.113549.1.1.11", "{name}");
        // The CA's five minutes of backdating come before everybody's.
        assert_eq!(cert.seconds(), days * DAY + BACKDATE, "{name}");
        assert_eq!(cert.issuer(), ca.subject(), "{name}");
    }
    assert_eq!(ca.common_name(), "localhost CA");
    for (name, cert) in [("server", &server), ("client", &client)] {
        assert_eq!(cert.attributes().len(), 1, "{name}");
        assert_eq!(cert.common_name(), "localhost", "{name}");
    }
    assert_eq!(server.names(), ["DNS:localhost", "IP:127.0.0.1", "IP:::1"]);
    assert_eq!(client.names(), ["DNS:localhost"]);
}

#[test]
fn a_second_gen_leaves_the_first_alone() {
    let sandbox = p256("--cn localhost");
    let before = sandbox.digest();

    sandbox
        .certctl("gen --cn localhost")
        .code(1)
        .stdout_is("")
        .stderr_has("already exist")
        .stderr_has("certctl renew")
        .stderr_has("certctl issue")
        .stderr_has("--replace-ca");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn one_file_of_the_set_is_enough_to_refuse() {
    for file in SEVEN {
        let sandbox = Sandbox::new();
        sandbox.write(file, "precious");

        for dry_run in ["", " --dry-run"] {
            let run = sandbox.certctl(&format!("gen --key-type ecdsa:p256{dry_run}"));
            run.code(1).stderr_has(&format!("error: `{file}` already exists\n"));
        }

        assert_eq!(sandbox.files(), [file]);
        assert_eq!(sandbox.text(file), "precious");
    }
}

#[test]
fn names_come_from_hosts_san_and_the_common_name() {
    let cases: [(&[&str], &str, &[&str]); 8] = [
        (&["db.example"], "db.example", &["DNS:db.example"]),
        (&["--cn", "db.example", "other"], "db.example", &["DNS:db.example", "DNS:other"]),
        (&["10.0.0.1"], "10.0.0.1", &["IP:10.0.0.1"]),
        (&["--cn", "::1"], "::1", &["IP:::1"]),
        (
            &["--cn", "a.b", "c.d", "--san", "e.f,10.0.0.2", "--san", "URI:spiffe://x/y"],
            "a.b",
            &["DNS:a.b", "DNS:c.d", "DNS:e.f", "IP:10.0.0.2", "URI:spiffe://x/y"],
        ),
        (&["localhost", "db"], "localhost", &["DNS:localhost", "IP:127.0.0.1", "IP:::1", "DNS:db"]),
        (&["--cn", "My Service", "db.example"], "My Service", &["DNS:db.example"]),
        (
            &["--san", "db.example"],
            "localhost",
            &["DNS:localhost", "IP:127.0.0.1", "IP:::1", "DNS:db.example"],
        ),
    ];

    for (flags, common_name, names) in cases {
        let sandbox = Sandbox::new();
        sandbox.certctl_args(&[&["gen", "--key-type", "ecdsa:p256"], flags].concat()).code(0);
        let server = Cert::read(&sandbox, "server.pem");
        assert_eq!(server.common_name(), common_name, "{flags:?}");
        assert_eq!(server.names(), names, "{flags:?}");
        assert_eq!(Cert::read(&sandbox, "ca.pem").common_name(), format!("{common_name} CA"));
    }
}

#[test]
fn the_client_has_its_own_name() {
    let cases: [(&str, &[&str]); 4] = [
        ("app.example", &["DNS:app.example"]),
        ("alice@example.org", &["email:alice@example.org"]),
        ("Alice Example", &[]),
        ("10.0.0.9", &["IP:10.0.0.9"]),
    ];

    for (client, names) in cases {
        let sandbox = Sandbox::new();
        sandbox
            .certctl_args(&["gen", "db.example", "--client-cn", client, "--key-type", "ecdsa:p256"])
            .code(0);
        let cert = Cert::read(&sandbox, "client.pem");
        assert_eq!(cert.common_name(), client);
        assert_eq!(cert.names(), names, "{client}");
        assert_eq!(Cert::read(&sandbox, "server.pem").names(), ["DNS:db.example"], "{client}");
    }
}

#[test]
fn the_fields_of_the_subject_stand_in_gen_shs_order() {
    let sandbox = Sandbox::new();
    sandbox
        .certctl_args(&[
            "gen",
            "--key-type",
            "ecdsa:p256",
            "--cn",
            "db",
            "--org-unit",
            "first",
            "--org-unit",
            "second",
            "--organization",
            "zilliz",
            "--locality",
            "Redwood City",
            "--state",
            "CA",
            "--country",
            "us",
            "--ca-cn",
            "The CA",
        ])
        .code(0);

    for (file, common_name) in [("ca.pem", "The CA"), ("server.pem", "db"), ("client.pem", "db")] {
        let attributes = Cert::read(&sandbox, file).attributes();
        let shown: Vec<_> =
            attributes.iter().map(|(oid, tag, text)| (oid.as_str(), *tag, text.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("2.5.4.6", 0x13, "US"),
                ("2.5.4.8", 0x0C, "CA"),
                ("2.5.4.7", 0x0C, "Redwood City"),
                ("2.5.4.10", 0x0C, "zilliz"),
                ("2.5.4.11", 0x0C, "first"),
                ("2.5.4.11", 0x0C, "second"),
                ("2.5.4.3", 0x0C, common_name),
            ],
            "{file}"
        );
    }
}

#[test]
fn a_whole_subject_excludes_the_single_fields() {
    for subject in
        ["/DC=corp/DC=org/O=Example/CN=db.example", "CN=db.example,O=Example,DC=org,DC=corp"]
    {
        let sandbox = Sandbox::new();
        sandbox.certctl_args(&["gen", "--key-type", "ecdsa:p256", "--subject", subject]).code(0);
        let server = Cert::read(&sandbox, "server.pem");
        assert_eq!(server.values("0.9.2342.19200300.100.1.25"), ["corp", "org"], "{subject}");
        assert_eq!(server.attributes().len(), 4, "{subject}");
        assert_eq!(server.names(), ["DNS:db.example"], "{subject}");
        let ca = Cert::read(&sandbox, "ca.pem");
        assert_eq!(ca.common_name(), "db.example CA", "{subject}");
        assert_eq!(ca.attributes().len(), 4, "{subject}");
    }

    let fields = ["--cn", "--country", "--state", "--locality", "--organization", "--org-unit"];
    for field in fields {
        let sandbox = Sandbox::new();
        sandbox
            .certctl_args(&["gen", "--subject", "/CN=a", field, "US"])
            .code(2)
            .stderr_has("cannot be used with");
        assert!(sandbox.files().is_empty(), "{field}");
    }
}

#[test]
fn lifetimes_are_days_of_86400_seconds_from_now() {
    let cases = [("--days 1 --ca-days 1", 1, 1), ("--days 30 --ca-days 31", 30, 31)];

    for (flags, days, ca_days) in cases {
        let sandbox = p256(flags);
        assert_eq!(Cert::read(&sandbox, "ca.pem").seconds(), ca_days * DAY + BACKDATE, "{flags}");
        for file in ["server.pem", "client.pem"] {
            assert_eq!(Cert::read(&sandbox, file).seconds(), days * DAY + BACKDATE, "{flags}");
        }
    }
}

#[test]
fn a_leaf_that_would_outlive_its_ca_is_told_the_longest_that_fits() {
    let sandbox = Sandbox::new();
    sandbox
        .certctl("gen --key-type ecdsa:p256 --ca-days 10")
        .code(1)
        .stderr_has("`server` would expire after its CA")
        .stderr_has("`--days 10`");
    assert!(sandbox.files().is_empty());

    sandbox.certctl("gen --key-type ecdsa:p256 --ca-days 10 --days 10").code(0);
}

#[test]
fn the_directory_is_made_if_missing() {
    let sandbox = Sandbox::new();
    sandbox.certctl("-d deep/er gen --key-type ecdsa:p256").code(0).stdout_has("deep/er");

    assert_eq!(sandbox.files(), SEVEN.map(|file| format!("deep/er/{file}")));
}

#[test]
fn a_dry_run_tells_and_makes_nothing() {
    let sandbox = Sandbox::new();
    sandbox
        .certctl("-d missing gen db.example --dry-run --key-type ecdsa:p256")
        .code(0)
        .stdout_has("Would make a CA and 2 certificates in missing")
        .stdout_has("db.example");

    assert_eq!(fs::read_dir(sandbox.dir()).unwrap().count(), 0);
}

#[test]
fn the_report_says_what_a_user_needs() {
    let sandbox = Sandbox::new();
    let run = sandbox.certctl("gen db.example 10.0.0.1 --days 825 --key-type ecdsa:p256");
    let year = Cert::read(&sandbox, "server.pem").not_after().date().to_string();
    run.code(0)
        .stderr_is("")
        .stdout_has("Made a CA and 2 certificates:")
        .stdout_has("db.example, 10.0.0.1")
        .stdout_has(&format!("until {year}"))
        .stdout_has("Keep ca.key off the servers")
        .stdout_has("Next: `certctl render renewal cron`");

    let long = Sandbox::new();
    long.certctl("gen --days 826 --key-type ecdsa:p256")
        .code(0)
        .stderr_has("server.pem is valid for 826 days: Apple platforms refuse")
        .stderr_lacks("client.pem");
}

/// On some file systems they are one file.
#[test]
fn a_name_in_another_case_is_taken() {
    let sandbox = Sandbox::new();
    sandbox.write("Server.KEY", "x");
    let before = sandbox.digest();

    sandbox.certctl("gen --key-type ecdsa:p256").code(1).stderr_has("`Server.KEY` already exists");
    assert_eq!(sandbox.digest(), before);

    sandbox.remove("Server.KEY");
    sandbox.certctl("gen --key-type ecdsa:p256").code(0);
    sandbox.write("Web.pem", "x");
    sandbox.write("certctl.toml", "[[certificate]]\nname = 'web'\n");
    let before = sandbox.digest();

    sandbox.certctl("gen").code(1).stderr_has("`Web.pem` already exists");
    assert_eq!(sandbox.digest(), before);
}
