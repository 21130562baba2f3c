//! `certctl renew ca`: the CA certificate again, over the same key and name.

use crate::{
    cert::{BASIC_CONSTRAINTS, Cert, KEY_ID, KEY_USAGE, hex},
    sandbox::Sandbox,
};

#[test]
fn the_ca_of_gen_sh_gets_a_key_usage_and_keeps_all_else() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    let old = Cert::read(&sandbox, "ca.pem");
    let before = sandbox.digest();

    sandbox
        .certctl("renew ca")
        .code(0)
        .stdout_has("Renewed the CA certificate")
        .stdout_has("keyUsage added")
        .stderr_is("");

    let new = Cert::read(&sandbox, "ca.pem");
    let mut extensions = new.extensions();
    let usage = extensions.pop().unwrap();
    assert_eq!((&*usage.oid, usage.critical, &*hex(&usage.value)), (KEY_USAGE, true, "03020106"));
    assert_eq!(extensions, old.extensions());
    assert_eq!((new.subject(), new.issuer()), (old.subject(), old.issuer()));
    assert_eq!(new.public_key(), old.public_key());
    assert_eq!(new.seconds(), old.seconds());
    assert_ne!(new.serial(), old.serial());
    for (file, content) in sandbox.digest() {
        assert_eq!(content == before[&file], file != "ca.pem", "{file}: ca.srl is for leaves");
    }
    // What it signed stays valid, also what gen.sh made before.
    assert_eq!(Cert::read(&sandbox, "server.pem").serves_below(&new), Ok(()));
    sandbox.certctl("renew").code(0).stderr_lacks("keyUsage");
}

#[test]
fn a_missing_key_identifier_is_added() {
    let sandbox = Sandbox::with_fixtures("ca");
    sandbox.put("ca/no-key-id.pem", "ca.pem");
    sandbox
        .certctl("issue leaf --key-type ecdsa:p256")
        .code(0)
        .stderr_has("ca.pem has no subjectKeyIdentifier, so the authorityKeyIdentifier is left out")
        .stderr_has("hint: certctl renew ca");
    let leaf = Cert::read(&sandbox, "leaf.pem");
    assert_eq!(leaf.issuer_key_id(), None);

    sandbox.certctl("renew ca").code(0).stdout_has("subjectKeyIdentifier added");

    let ca = Cert::read(&sandbox, "ca.pem");
    assert!(ca.extension(KEY_ID).is_some());
    assert_eq!(leaf.serves_below(&ca), Ok(()));
    sandbox.certctl("renew leaf").code(0);
    assert_eq!(Cert::read(&sandbox, "leaf.pem").issuer_key_id(), ca.key_id());
}

#[test]
fn an_expired_ca_is_mended_by_it() {
    let sandbox = Sandbox::with_fixtures("ca");
    sandbox.put("ca/expired.pem", "ca.pem");
    sandbox
        .certctl("renew")
        .code(1)
        .stderr_has("hint: sign it again over the same key: `certctl renew ca`");
    let old = Cert::read(&sandbox, "ca.pem");

    sandbox.certctl("renew ca").code(0).stdout_has("2001-01-01");

    let new = Cert::read(&sandbox, "ca.pem");
    assert_eq!(new.extensions(), old.extensions());
    assert_eq!(new.seconds(), old.seconds(), "366 days, as before");
    sandbox.certctl("issue leaf --days 300 --key-type ecdsa:p256").code(0);
}

#[test]
fn the_life_of_the_new_one_can_be_chosen() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --ca-days 100 --days 50");
    sandbox.certctl("renew ca --days 7000").code(0);
    assert_eq!(Cert::read(&sandbox, "ca.pem").seconds(), 7000 * 86_400 + 300);

    sandbox.certctl("renew server --days 6999").code(0);
    sandbox.certctl("renew ca --days 2920000").code(1).stderr_has("after the year 9999");
}

#[test]
fn certificates_that_outlive_the_new_one_are_named() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --ca-days 900 --days 50");
    sandbox.certctl("renew client --days 400").code(0);
    for line in ["renew ca --days 30 --dry-run", "renew ca --days 30"] {
        let run = sandbox.certctl(line);
        run.code(0)
            .stderr_has("warning: 2 certificates, such as `client.pem`, expire after the new CA");
        run.stderr_has("hint: certctl renew ca --days 400");
    }
    sandbox.certctl("check client").stdout_has("outlive");
    let run = sandbox.certctl("renew ca client --days 60");
    run.code(0).stderr_lacks("outlive");
    let run = sandbox.certctl("renew ca client --days 40");
    run.code(0).stderr_has("`server.pem` expires after the new CA");
    sandbox.certctl("renew ca --days 50").code(0).stderr_lacks("outlive");
    sandbox.certctl("renew ca").code(0).stderr_lacks("outlive");
}

#[test]
fn the_ca_comes_first_when_named_with_others() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --ca-days 30 --days 10");
    sandbox
        .certctl("renew ca server --days 90")
        .code(0)
        .stdout_has("Renewed the CA and 1 certificate");

    let [ca, server, client] =
        ["ca.pem", "server.pem", "client.pem"].map(|file| Cert::read(&sandbox, file));
    assert_eq!(ca.seconds(), 90 * 86_400 + 300);
    assert_eq!(server.seconds(), 90 * 86_400 + 300);
    assert_eq!(client.seconds(), 10 * 86_400 + 300);
}

#[test]
fn a_ca_that_is_not_due_is_left_alone() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let before = sandbox.digest();

    sandbox.certctl("renew ca --expires-within 30d").code(0).stdout_has("Nothing is due");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn a_dry_run_and_a_new_key_change_nothing() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let before = sandbox.digest();

    sandbox.certctl("renew ca --dry-run").code(0).stdout_has("Would renew the CA certificate");
    sandbox
        .certctl("renew ca --key-type ed25519")
        .code(2)
        .stderr_has("a renewed CA keeps its key")
        .stderr_has("certctl gen --replace-ca --key-type");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn the_text_around_the_certificate_stays() {
    let sandbox = Sandbox::with_fixtures("ca");
    let other = sandbox.text("other.pem");
    let preamble = "Our CA, ask the operators.\n";
    sandbox.write(
        "ca.pem",
        [preamble, &other, "between\n", &sandbox.text("no-key-usage.pem")].concat(),
    );

    sandbox.certctl("renew ca").code(0);

    let text = sandbox.text("ca.pem");
    assert!(text.starts_with(&format!("{preamble}{other}between\n-----BEGIN")));
    let certs = Cert::all(text.as_bytes());
    assert_eq!(certs.len(), 2);
    assert!(certs[1].extension(KEY_USAGE).is_some());
}

#[test]
fn a_ca_elsewhere_is_renewed_where_it_lies() {
    let home = Sandbox::with_gen("--key-type ecdsa:p256");
    let old = Cert::read(&home, "ca.pem");
    let sandbox = Sandbox::new();
    sandbox.certctl(&format!("renew ca --ca {}", home.path("ca.pem").display())).code(0);

    let new = Cert::read(&home, "ca.pem");
    assert_ne!(new.der, old.der);
    assert_eq!(new.extensions(), old.extensions());
    assert!(sandbox.files().is_empty());
}

#[test]
fn mode_and_key_of_the_ca_stay() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.set_mode("ca.pem", 0o640);
    let key = sandbox.read("ca.key");

    sandbox.certctl("renew ca").code(0);

    assert_eq!(sandbox.mode("ca.pem"), 0o640);
    assert_eq!(sandbox.read("ca.key"), key);
    let constraints = Cert::read(&sandbox, "ca.pem").extension(BASIC_CONSTRAINTS).unwrap();
    assert_eq!(hex(&constraints.value), "30060101FF020100");
}
