//! What the CA signed and is due is renewed or named, in whatever layout it is.

use crate::{
    cert::Cert,
    forge::{Forge, Tbs, pem, tlv},
    sandbox::Sandbox,
};

/// A CA with server and client, on small keys.
fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

/// Moves a pair that certctl issued for some days to names of another program.
pub fn issue_as(sandbox: &Sandbox, days: u32, certificate: &str, key: Option<&str>) {
    let line = format!("issue tmp web.example --key-type ecdsa:p256 --days {days}");
    sandbox.certctl(&line).code(0);
    sandbox.write(certificate, sandbox.read("tmp.pem"));
    if let Some(key) = key {
        sandbox.write(key, sandbox.read("tmp.key"));
    }
    for file in ["tmp.pem", "tmp.key"] {
        if certificate != file && key != Some(file) {
            sandbox.remove(file);
        }
    }
}

/// A certificate of an Ed25519 CA as it would be if it had expired in 2021.
pub fn expired(sandbox: &Sandbox, file: &str) -> String {
    dated(sandbox, file, ["200101000000Z", "210101000000Z"])
}

/// As it would be with these dates (UTCTime).
pub fn dated(sandbox: &Sandbox, file: &str, dates: [&str; 2]) -> String {
    let dates = dates.map(|date| tlv(0x17, date.as_bytes())).concat();
    let tbs = Tbs::read(sandbox, file).with(4, tlv(0x30, &dates));
    pem("CERTIFICATE", &Forge::of(sandbox).sign(&tbs))
}

/// Certificate, key, and a part of the hint.
const LAYOUTS: [(&str, Option<&str>, &str); 9] = [
    // cfssl.
    ("web.pem", Some("web-key.pem"), "`mv web-key.pem web.key`"),
    // certbot.
    ("fullchain.pem", Some("privkey.pem"), "`mv privkey.pem fullchain.key`"),
    // easy-rsa.
    (
        "issued/web.crt",
        Some("private/web.key"),
        "`mv issued/web.crt web.pem`, `mv private/web.key web.key`",
    ),
    // mkcert, which names keys in two ways.
    ("example.com+1.pem", Some("example.com+1-key.pem"), "`certctl renew example.com-1`"),
    ("example.com+1.pem", Some("example.com+1.key"), "`certctl renew example.com-1`"),
    ("web.crt", Some("web.key"), "`mv web.crt web.pem`"),
    ("web.crt", None, "certctl issue web web.example --usage server"),
    ("cert", None, "certctl issue cert web.example --usage server"),
    ("guest.pem", None, "certctl renew guest --reuse-key"),
];

#[test]
fn what_is_due_in_another_layout_is_named_with_what_to_do() {
    for (certificate, key, hint) in LAYOUTS {
        let sandbox = with_ca();
        issue_as(&sandbox, 5, certificate, key);
        let before = sandbox.digest();

        let run = sandbox.certctl("-q renew --expires-within 30d");

        run.code(3)
            .stderr_has(&format!("`{certificate}` expires on "))
            .stderr_has("is not renewed");
        run.stderr_has(hint);
        run.stdout_is("");
        sandbox.certctl("renew --expires-within 30d").stdout_has("Nothing was changed");
        assert_eq!(sandbox.digest(), before, "{certificate}");
        sandbox.certctl("-q renew --expires-within 2d").code(0).stderr_is("");

        // Without a window it is a note, and what can be renewed is.
        let run = sandbox.certctl("renew");
        run.code(0).stdout_has("Renewed 2 certificates");
        run.stderr_has(&format!("note: `{certificate}` is not renewed")).stderr_has(hint);
        assert_eq!(sandbox.read(certificate), before[certificate].1, "{certificate}");
    }
}

#[test]
fn the_hint_works_as_typed() {
    let sandbox = with_ca();
    issue_as(&sandbox, 5, "example.com+1.pem", Some("example.com+1-key.pem"));
    let run = sandbox.certctl("renew --expires-within 30d");
    let stderr = run.stderr();
    let hint = stderr.lines().find(|line| line.starts_with("hint: rename")).unwrap();
    let commands: Vec<&str> = hint.split('`').skip(1).step_by(2).collect();
    assert_eq!(commands.len(), 3, "{hint}");

    for command in commands {
        sandbox.sh(&command.replace("certctl", "\"$CERTCTL\"")).code(0);
    }

    sandbox.certctl("renew --expires-within 4d").code(0).stdout_has("Nothing is due");
    assert_eq!(Cert::read(&sandbox, "example.com-1.pem").names(), ["DNS:web.example"]);
}

#[test]
fn an_expired_certificate_is_never_passed_over() {
    let sandbox = Sandbox::with_gen("--key-type ed25519");
    sandbox.write("web.crt", expired(&sandbox, "client.pem"));
    sandbox.write("guest.pem", expired(&sandbox, "server.pem"));

    for line in ["renew", "-q renew --expires-within 1d", "renew --expires-within 9d --dry-run"] {
        let run = sandbox.certctl(line);
        run.code(4).stderr_has("error: `web.crt` expired on 2021-01-01 and is not renewed");
        run.stderr_has("error: `guest.pem` expired on 2021-01-01 and is not renewed");
    }

    sandbox.remove("web.crt");
    sandbox.certctl("renew guest").code(4).stderr_has("`guest.pem` expired on ");
    sandbox.certctl("renew --expires-within 1d --reuse-key").code(0);
    sandbox.write("server.pem", expired(&sandbox, "server.pem"));
    sandbox.certctl("renew --expires-within 1d").code(0).stdout_has("Renewed 1 certificate");
}

#[test]
fn a_second_certificate_of_a_file_and_one_beside_its_key_are_named() {
    let sandbox = with_ca();
    issue_as(&sandbox, 5, "tmp.pem", Some("tmp.key"));
    let (pem, key) = (sandbox.read("tmp.pem"), sandbox.read("tmp.key"));
    sandbox.remove("tmp.pem");
    sandbox.remove("tmp.key");
    let server = sandbox.read("server.pem");
    for (file, content) in [
        ("server.pem", [server.clone(), pem.clone()].concat()),
        ("haproxy.pem", [pem.clone(), key].concat()),
        ("reversed.pem", [sandbox.read("ca.pem"), pem.clone()].concat()),
    ] {
        sandbox.write(file, content);
        let run = sandbox.certctl("-q renew --expires-within 30d");
        run.code(3).stderr_has(&format!("`{file}` expires on ")).stderr_lacks("rm server.pem");
        if file == "server.pem" {
            sandbox.write(file, &server);
        } else {
            sandbox.remove(file);
        }
    }
}

#[test]
fn copies_of_the_ca_and_links_to_identities_are_not_due() {
    let sandbox = with_ca();
    sandbox.certctl("renew ca --days 20").code(0);
    sandbox.certctl("renew --days 10").code(0);
    sandbox.write("trust.crt", sandbox.read("ca.pem"));
    std::os::unix::fs::symlink("server.pem", sandbox.path("current.pem")).unwrap();

    sandbox.certctl("renew --expires-within 15d --days 18").code(0).stdout_has("Renewed 2");
    sandbox.certctl("renew --expires-within 15d").code(0).stdout_has("Nothing is due");
}

#[test]
fn an_encrypted_key_is_never_replaced_by_a_plain_one() {
    for key in ["keys/encrypted.key", "keys/encrypted-sec1.key", "intake/openssh-encrypted.key"] {
        let sandbox = with_ca();
        sandbox.certctl("renew --days 5").code(0);
        sandbox.put(key, "server.key");
        let before = sandbox.digest();

        let run = sandbox.certctl("renew server");
        run.code(1)
            .stderr_has("`server.pem` is not renewed")
            .stderr_has("private key is encrypted");
        run.stderr_has("certctl renew server --reuse-key");
        assert_eq!(sandbox.digest(), before, "{key}: the serial, too");

        // The others are renewed.
        let run = sandbox.certctl("renew --expires-within 30d --days 90");
        run.code(3).stdout_has("Renewed 1 certificate").stderr_has("`server.pem` expires on ");
        let after = sandbox.digest();
        assert_eq!(after["server.key"], before["server.key"], "{key}");
        assert_eq!(after["server.pem"], before["server.pem"], "{key}");
        assert_ne!(after["client.pem"], before["client.pem"], "{key}");

        sandbox.certctl("renew server --reuse-key --days 90").code(0);
        assert_eq!(sandbox.digest()["server.key"], before["server.key"], "{key}");
        sandbox.certctl("renew --expires-within 30d").code(0);
    }
}

#[test]
fn a_copy_of_an_identity_is_named_until_it_is_copied_again() {
    // Server and client have the same subject and names.
    let sandbox = Sandbox::with_gen("db.example --key-type ecdsa:p256");
    sandbox.certctl("renew server --days 5").code(0);
    sandbox.write("server.crt", sandbox.read("server.pem"));
    sandbox.write("web.pem", sandbox.read("server.pem"));
    let run = sandbox.certctl("renew --expires-within 30d --dry-run");
    run.code(3).stderr_has("`cp server.pem web.pem`").stderr_lacks("mv server.key");
    sandbox.remove("web.pem");
    let secret = sandbox.certctl("-o yaml k8s secret server").stdout();
    sandbox.write("secret.yaml", secret);

    // Until now they were what the identity was; a hook may copy them again.
    let run = sandbox.certctl_args(&[
        "renew",
        "--expires-within=30d",
        "--days=20",
        "--exec=sh -c 'sleep 0.1; cat server.pem > server.crt'",
    ]);
    run.code(0).stderr_has("warning: `secret.yaml` is a copy from `server.pem`, which this run");
    run.stderr_lacks("server.crt");
    let run = sandbox.certctl("renew --expires-within 30d --days 90");
    run.code(3).stdout_has("Renewed 1 certificate").stderr_has("warning: `server.crt` is a copy");
    let run = sandbox.certctl("renew --expires-within 30d");
    run.code(3)
        .stdout_has("Nothing was changed")
        .stderr_has("it is a copy from `server.pem`")
        .stderr_has("`cp server.pem server.crt`");
    run.stderr_has("`secret.yaml` expires on ").stderr_has("`rm secret.yaml`");

    sandbox.sh("cp server.pem server.crt; rm secret.yaml").code(0);
    sandbox.certctl("renew --expires-within 30d").code(0);
}

#[test]
fn the_key_of_another_certificate_stays_where_the_right_one_has_another_name() {
    let sandbox = with_ca();
    issue_as(&sandbox, 5, "web.pem", Some("web-key.pem"));
    sandbox.write("web.key", sandbox.read("client.key"));
    let before = sandbox.digest();

    let run = sandbox.certctl("renew --expires-within 30d");

    run.code(3).stderr_has("its private key is `web-key.pem`");
    run.stderr_has("`mkdir -p archive`, `mv web.key archive/web.key`, `mv web-key.pem web.key`");
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn what_is_no_regular_file_is_passed_over_without_a_hang() {
    let sandbox = with_ca();
    sandbox.sh("mkfifo web cert; mkdir sub.pem issued; mkfifo issued/web; echo x > private; ln -s nowhere c; ln -s a b; ln -s b a").code(0);

    sandbox
        .certctl("renew --expires-within 30d")
        .code(0)
        .stdout_has("Nothing is due")
        .stderr_is("");
    sandbox.certctl("status").code(0);
    sandbox.certctl("renew").code(0).stdout_has("Renewed 2 certificates");
}

#[test]
fn a_key_file_that_could_be_encrypted_by_another_program_stays() {
    let sandbox = with_ca();
    sandbox.write("server.key", "$ANSIBLE_VAULT;1.1;AES256\n3131\n");
    let before = sandbox.digest();

    sandbox.certctl("renew server").code(1).stderr_has("could be encrypted");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn under_a_window_nothing_new_is_created() {
    let sandbox = with_ca();
    for file in ["server.pem", "server.key", "client.pem", "client.key"] {
        sandbox.remove(file);
    }
    let before = sandbox.digest();

    sandbox.certctl("renew --expires-within 30d").code(0).stdout_has("Nothing is due");
    assert_eq!(sandbox.digest(), before);

    sandbox.certctl("renew").code(0).stdout_has("Made 2 certificates");
}

#[test]
fn a_dry_run_needs_neither_the_key_of_the_ca_nor_write_access() {
    let sandbox = with_ca();
    let key = sandbox.read("ca.key");
    for content in [None, Some(&b"x"[..])] {
        sandbox.remove("ca.key");
        if let Some(content) = content {
            sandbox.write("ca.key", content);
        }
        let before = sandbox.digest();
        // A key that is elsewhere can be right; one that is here and cannot be used is not.
        if content.is_none() {
            sandbox.certctl("renew --dry-run").code(0).stdout_has("Would renew 2 certificates");
            let run = sandbox.certctl("renew ca --dry-run --days 9");
            run.code(0).stdout_has("Would renew the CA");
        } else {
            sandbox.certctl("renew --dry-run").code(1).stderr_has("ca.key");
        }
        sandbox.certctl("renew").code(1).stderr_has("ca.key");
        assert_eq!(sandbox.digest(), before);
        sandbox.write("ca.key", &key);
    }
}

#[test]
fn what_is_due_under_an_expired_ca_is_named() {
    let sandbox = Sandbox::with_gen("--key-type ed25519 --ca-days 900 --days 5");
    sandbox.write("ca.pem", expired(&sandbox, "ca.pem"));
    let before = sandbox.digest();

    let run = sandbox.certctl("renew --expires-within 30d");
    run.code(4).stderr_has("`ca.pem` expired on ").stderr_has("hint: certctl renew ca");
    run.stderr_has("`server.pem` expires on ").stderr_has("its CA has expired");
    assert_eq!(sandbox.digest(), before);
    sandbox.certctl("renew").code(1).stderr_has("expired on 2021-01-01");

    sandbox.certctl("renew ca --days 900").code(0);
    sandbox.certctl("renew --expires-within 30d --days 90").code(0).stdout_has("Renewed 2");
}

#[test]
fn after_renewing_the_text_says_who_needs_the_new_files() {
    let sandbox = with_ca();
    sandbox
        .certctl("renew")
        .stdout_has("Reload the services that use client, server.")
        .stdout_lacks("Distribute");
    let run = sandbox.certctl("renew ca");
    run.stdout_has("Distribute ca.pem to the clients").stdout_lacks("Reload");
    sandbox.certctl("renew --dry-run").stdout_lacks("Reload");
    sandbox.certctl("renew --exec true").stdout_lacks("Reload");

    let json = sandbox.certctl("-o json renew ca server").json();
    assert_eq!(json["reload"], serde_json::json!(["server"]));
    assert_eq!(json["distribute"], "ca.pem");
}

/// The only private key of another certificate is not replaced, whatever the file is called.
#[test]
fn a_key_file_that_has_the_only_key_of_another_certificate_stays() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 3000");
    sandbox.certctl("issue web web.test --key-type ecdsa:p256 --days 1000").code(0);
    sandbox.certctl("issue app app.test --key-type ecdsa:p256 --days 10").code(0);
    // web's key under the name of app's.
    sandbox.sh("mv app.key app.mine; mv web.key app.key; rm app.mine").code(0);
    let before = sandbox.digest();

    let run = sandbox.certctl("renew --expires-within 30d");

    run.code(3).stderr_has("`app.pem`").stderr_has("the only private key of `web.pem`");
    run.stderr_has("hint: rename the key back: `mv app.key web.key`");
    assert_eq!(sandbox.digest(), before);
    sandbox.sh("mv app.key web.key").code(0);
    sandbox.certctl("renew app --expires-within 30d").code(3).stderr_has("its private key is not");
    assert_eq!(sandbox.read("web.key"), before["app.key"].1);
}

/// A copy has the same key in both certificates.
#[test]
fn a_key_under_the_name_of_another_identity_is_no_copy() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 10");
    sandbox.sh("mv client.key server.key").code(0);

    let run = sandbox.certctl("renew --expires-within 30d");

    run.code(3).stderr_lacks("is a copy").stderr_has("its private key is `server.key`");
}

#[test]
fn a_kept_key_of_another_type_than_the_plan_is_refused() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.write(
        "certctl.toml",
        "[[certificate]]\nname = 'server'\nsan = 'localhost'\nkey_type = 'ecdsa:p384'\n",
    );
    let before = sandbox.digest();

    let run = sandbox.certctl("renew server --reuse-key");

    run.code(2).stderr_has("another key type").stderr_has("certctl.toml");
    assert_eq!(sandbox.digest(), before);
}

/// Flags are added to commands, and not to prose about them.
#[test]
fn flags_are_added_to_commands_alone() {
    let sandbox = Sandbox::with_gen("-d pki --key-type ecdsa:p256 --days 10");
    sandbox.sh("mv pki/server.pem pki/web.crt; mv pki/server.key pki/web-key.pem").code(0);

    let run = sandbox.certctl("-d pki renew --expires-within 30d");

    run.code(3).stderr_has("certctl renews NAME.pem").stderr_lacks("certctl -d pki renews");
}

#[test]
fn what_is_named_and_not_renewed_has_its_own_reason() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("issue web --key-type ecdsa:p256").code(0);
    std::os::unix::fs::symlink("web.pem", sandbox.path("alias.pem")).unwrap();
    sandbox.write("server.pem", sandbox.text("server.pem") + &sandbox.text("server.key"));
    sandbox.remove("server.key");
    let before = sandbox.digest();

    sandbox.certctl("renew server").code(1).stderr_has("private key").stderr_lacks("not signed");
    sandbox.certctl("renew alias").code(2).stderr_has("is also the file of another identity");
    assert_eq!(sandbox.digest(), before);
}

/// Joins a key and another content in one file.
type Join = fn(&str, &str) -> String;

/// A new key file would not have what HAProxy and others read from it, too.
#[test]
fn a_key_file_with_more_than_its_key_is_not_replaced() {
    let dh = pem("DH PARAMETERS", &tlv(0x30, &[2, 1, 7, 2, 1, 2]));
    let cases: [(&str, Join, &str); 6] = [
        ("server.pem", |key, more| format!("{key}{more}"), "a certificate"),
        ("server.pem", |key, more| format!("{more}{key}"), "a certificate"),
        ("client.key", |key, more| format!("{key}{more}"), "another private key"),
        ("client.pem", |key, more| key.to_owned() + &more[..80], "content that cannot be read"),
        ("dh", |key, more| format!("{key}{more}"), "another PEM block"),
        (
            "server.pem",
            |key, more| format!("{key}{}", more.replace('\n', "\\n")),
            "content that cannot be read",
        ),
    ];
    for (more, join, what) in cases {
        let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 10");
        sandbox.write("dh", &dh);
        let mixed = join(&sandbox.text("server.key"), &sandbox.text(more));
        sandbox.remove("dh");
        sandbox.write("server.key", mixed);
        let before = sandbox.digest();

        let run = sandbox.certctl("renew --expires-within 30d");

        run.code(3).stderr_has("`server.pem` expires on ");
        run.stderr_has(&format!("its key file also has {what}, which a new key file would not"));
        run.stderr_has("certctl renew server --reuse-key").stdout_has("Renewed 1 certificate");
        for file in ["server.key", "server.pem"] {
            assert_eq!(sandbox.digest()[file], before[file], "{what}");
        }
        sandbox.certctl("renew server").code(1).stderr_has(what);
        let run = sandbox.certctl("check server.pem --expires-within 30d");
        // As long as before it would be due again.
        run.stdout_has("hint: certctl renew server --days 40 --reuse-key\n");
        let run = sandbox.certctl("status --expires-within 30d");
        run.code(3).stdout_has("due; more than a key");
        sandbox.certctl("status").code(0);

        sandbox.certctl("renew server --reuse-key --days 90").code(0);
        assert_eq!(sandbox.digest()["server.key"], before["server.key"], "{what}");
        sandbox.certctl("-q renew --expires-within 30d").code(0).stderr_is("");
    }
}

#[test]
fn text_and_parameters_before_a_key_are_no_obstacle() {
    // As `openssl ecparam -genkey` and `openssl pkcs12 -nodes` write them.
    let parameters = pem("EC PARAMETERS", &[6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]);
    for text in [&*parameters, "Bag Attributes\n    localKeyID: 01\n", "# the key of the server\n"]
    {
        let sandbox = with_ca();
        let old = format!("{text}{}", sandbox.text("server.key"));
        sandbox.write("server.key", &old);

        sandbox.certctl("status").code(0).stdout_lacks("key file").stdout_lacks("more than");
        sandbox.certctl("renew server").code(0);

        assert_ne!(sandbox.text("server.key"), old);
        sandbox.certctl("check server").code(0);
    }
}

/// `cat web.pem >> ca.pem` instead of the other way round.
#[test]
fn what_is_due_in_the_files_of_the_ca_is_named() {
    for file in ["ca.pem", "ca.key"] {
        for is_first in [false, true] {
            let sandbox = with_ca();
            issue_as(&sandbox, 5, "web", None);
            let parts = [sandbox.text(file), sandbox.text("web")];
            let parts = if is_first { [&parts[1], &parts[0]] } else { [&parts[0], &parts[1]] };
            sandbox.write(file, parts.map(String::as_str).concat());
            sandbox.remove("web");
            let before = sandbox.digest();

            let run = sandbox.certctl("-q renew --expires-within 30d");

            run.code(3).stderr_has(&format!("`{file}` expires on ")).stderr_lacks("mv ");
            run.stderr_has("certctl issue web.example web.example --usage server");
            let run = sandbox.certctl("status --expires-within 30d");
            run.code(3).stdout_has(file).stdout_has("due; other layout");
            assert_eq!(sandbox.digest(), before, "{file}");
            sandbox.certctl("-q renew --expires-within 2d").code(0).stderr_is("");
        }
    }
    // A copy of an identity is due once it is stale.
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 10");
    sandbox.write("ca.pem", sandbox.text("ca.pem") + &sandbox.text("server.pem"));
    sandbox.certctl("status --expires-within 30d").code(3).stdout_lacks("copy");
    let run = sandbox.certctl("-q renew --expires-within 30d --days 90");
    run.code(0).stderr_is("");
    let run = sandbox.certctl("-q renew --expires-within 30d");
    run.code(3).stderr_has("it is a copy from `server.pem`").stderr_lacks("rm ");
}
