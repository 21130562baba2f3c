//! `certctl renew` where not all is in order: keys missing, broken files, strangers, only a CA.

use std::os::unix::fs::symlink;

use crate::{
    cert::{CLIENT_AUTH, Cert, SERVER_AUTH, assert_kept},
    forge::{Forge, Tbs, pem, tlv},
    sandbox::Sandbox,
};

fn with_ca() -> Sandbox {
    Sandbox::with_gen("--key-type ecdsa:p256")
}

/// What a directory of renew.sh holds.
fn only_ca(set: &str) -> Sandbox {
    let sandbox = Sandbox::with_fixtures(set);
    for file in sandbox.files() {
        if !["ca.key", "ca.pem", "ca.srl"].contains(&&*file) {
            sandbox.remove(&file);
        }
    }
    sandbox
}

#[test]
fn a_certificate_without_key_is_skipped_unless_its_key_is_reused() {
    let sandbox = with_ca();
    sandbox.certctl("issue guest guest.example --key-type ecdsa:p256").code(0);
    sandbox.remove("guest.key");
    let old = Cert::read(&sandbox, "guest.pem");

    sandbox
        .certctl("renew")
        .code(0)
        .stdout_has("Renewed 2 certificates")
        .stdout_has("guest")
        .stdout_has("skipped")
        .stderr_has("note: `guest.pem` is not renewed")
        .stderr_has("certctl renew guest --reuse-key");
    assert_eq!(Cert::read(&sandbox, "guest.pem").der, old.der);

    sandbox.certctl("renew guest --reuse-key").code(0);
    let new = Cert::read(&sandbox, "guest.pem");
    assert_kept(&old, &new);
    assert_eq!(new.public_key(), old.public_key());
    assert!(!sandbox.path("guest.key").exists());
}

#[test]
fn one_failure_does_not_stop_the_others() {
    let sandbox = with_ca();
    // What renew.sh leaves when it fails.
    sandbox.write("broken.pem", "");
    sandbox.write("broken.key", "x");
    let key = sandbox.read("server.key");

    let run = sandbox.certctl("renew");
    run.code(1).stdout_has("Renewed 2 certificates");
    run.stderr_has("`broken.pem`").stderr_has("it is empty");

    assert_ne!(sandbox.read("server.key"), key);
    assert_eq!(
        (sandbox.text("broken.pem"), sandbox.text("broken.key")),
        (String::new(), "x".into())
    );
}

/// One run is one transaction: a name that is refused stops it before anything is changed.
#[test]
fn a_name_that_is_refused_stops_the_run() {
    let sandbox = with_ca();
    sandbox.write("broken.pem", "");
    sandbox.write("broken.key", "x");
    sandbox.put("gen-sh/server.pem", "foreign.pem");
    sandbox.certctl("issue guest guest.example --key-type ecdsa:p256").code(0);
    sandbox.remove("guest.key");
    let before = sandbox.digest();

    for (names, error) in [
        ("server missing", "`missing.pem` does not exist"),
        ("missing server", "`missing.pem` does not exist"),
        ("ca missing", "`missing.pem` does not exist"),
        ("server broken", "`broken.pem` has no usable certificate"),
        ("server foreign", "`foreign.pem` was not signed by this CA"),
        ("server guest", "`guest.pem` is not renewed"),
        ("server missing --expires-within 20y", "`missing.pem` does not exist"),
    ] {
        for line in ["renew --exec false", "renew --dry-run"] {
            let run = sandbox.certctl(&format!("{line} {names}"));
            run.code(1).stdout_has("Nothing was changed").stderr_has(error);
            assert_eq!(sandbox.digest(), before, "{names}");
        }
    }
    sandbox.certctl("renew server").code(0);
}

/// As far as it can be known without writing.
#[test]
fn a_dry_run_has_the_exit_code_of_the_run() {
    for (script, file, others) in [
        ("mv server.key k; ln -s k server.key", "`server.key` is a symbolic link", true),
        ("rm server.key; mkfifo server.key", "`server.key`", true),
        ("mv ca.srl s; ln -s s ca.srl", "`ca.srl`", false),
        ("rm -r ca.srl; mkdir ca.srl", "`ca.srl`", false),
    ] {
        let sandbox = with_ca();
        sandbox.sh(script).code(0);

        let dry = sandbox.certctl("renew --dry-run");
        dry.code(1).stderr_has(file);
        let run = sandbox.certctl("renew");
        run.code(1).stderr_has(file);
        assert_eq!(run.stdout().contains("Renewed 1 certificate"), others, "{script}");
        assert_eq!(dry.stdout().contains("Would renew 1 certificate"), others, "{script}");
    }
    for key in ["keys/encrypted.key", "keys/encrypted-sec1.key"] {
        let sandbox = with_ca();
        sandbox.put(key, "ca.key");
        for line in ["renew --dry-run", "renew"] {
            sandbox.certctl(line).code(1).stderr_has("ca.key");
        }
    }
    let sandbox = with_ca();
    sandbox.sh("chmod 777 .").code(0);
    for line in ["renew --dry-run", "renew"] {
        sandbox.certctl(line).code(1).stderr_has("is not safe");
    }
    sandbox.certctl("renew --dry-run --allow-shared-dir").code(0);
    sandbox.certctl("renew --dry-run --expires-within 1d").code(0);
}

#[test]
fn a_target_that_is_no_regular_file_fails_alone() {
    let sandbox = with_ca();
    sandbox.certctl("issue redis --key-type ecdsa:p256").code(0);
    sandbox.write("elsewhere/real.key", sandbox.read("redis.key"));
    sandbox.remove("redis.key");
    symlink("elsewhere/real.key", sandbox.path("redis.key")).unwrap();
    let (redis, server) = (sandbox.digest(), sandbox.read("server.key"));

    sandbox.certctl("renew").code(1).stderr_has("`redis.key` is a symbolic link");

    let after = sandbox.digest();
    for file in ["redis.key", "redis.pem", "elsewhere/real.key"] {
        assert_eq!(after[file], redis[file], "{file}");
    }
    assert_ne!(sandbox.read("server.key"), server);
}

#[test]
fn what_the_ca_did_not_sign_is_left_alone() {
    let sandbox = with_ca();
    for file in ["ca.pem", "server.pem", "server.key"] {
        sandbox.put(&format!("gen-sh/{file}"), &format!("foreign-{file}"));
    }
    sandbox.put("gen-sh/server.key", "foreign-server.key");
    sandbox.write("notes", "no certificate at all");
    sandbox.put("keys/public.key", "notes.pem");
    let before = sandbox.digest();

    sandbox
        .certctl("renew")
        .code(0)
        .stdout_has("Renewed 2 certificates")
        .stdout_has("foreign-server")
        .stdout_has("not signed by this CA")
        .stdout_lacks("notes");
    for (file, content) in sandbox.digest() {
        if file.starts_with("foreign") || file.starts_with("notes") {
            assert_eq!(content, before[&file], "{file}");
        }
    }
    for (name, reason) in
        [("foreign-server", "was not signed by this CA"), ("notes", "has no usable certificate")]
    {
        let run = sandbox.certctl(&format!("renew {name}"));
        run.code(1).stderr_has(&format!("`{name}.pem` {reason}"));
    }
}

#[test]
fn a_reused_key_has_to_belong_to_its_certificate() {
    let sandbox = with_ca();
    sandbox.write("server.key", sandbox.read("client.key"));
    let before = sandbox.digest();

    sandbox
        .certctl("renew server --reuse-key")
        .code(1)
        .stderr_has("private key `server.key` does not belong to certificate `server.pem`");
    assert_eq!(sandbox.digest(), before);

    // A new key mends it.
    sandbox.certctl("renew server").code(0);
    sandbox.certctl("renew server --reuse-key").code(0);
}

#[test]
fn a_certificate_file_with_a_key_in_it_is_refused() {
    let sandbox = with_ca();
    sandbox.write("server.pem", [sandbox.read("server.pem"), sandbox.read("server.key")].concat());
    let before = sandbox.digest();

    sandbox.certctl("renew server").code(1).stderr_has("`server.pem` has a private key");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn a_leaf_that_would_outlive_the_ca_is_refused_with_the_longest_days_that_fit() {
    // It does not end at the second at which it began, so the days left stay for a while.
    let sandbox = Sandbox::new();
    sandbox.put("ca/ca.key", "ca.key");
    sandbox.put("ca/good.pem", "ca.pem");
    sandbox.certctl("issue server localhost --days 50 --key-type ecdsa:p256").code(0);
    let before = sandbox.digest();
    let run = sandbox.certctl("renew server --days 36500");
    run.code(1).stderr_has("`server` would expire after its CA");
    assert_eq!(sandbox.digest(), before);

    let stderr = run.stderr();
    let longest = stderr.split("`--days ").nth(1).unwrap().split('`').next().unwrap();
    // The hint leaves an hour to type it, in which one day more would still fit.
    let over = longest.parse::<u32>().unwrap() + 2;
    sandbox.certctl(&format!("renew server --days {over}")).code(1);
    sandbox.certctl(&format!("renew server --days {longest}")).code(0);
}

#[test]
fn a_ca_within_the_window_is_a_warning_and_exit_3() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --ca-days 30 --days 10");
    sandbox
        .certctl("renew --expires-within 40d")
        .code(3)
        .stdout_has("Renewed 2 certificates")
        .stderr_has("warning: the CA itself expires on")
        .stderr_has("hint: certctl renew ca");

    sandbox.certctl("renew --expires-within 20d").code(0).stderr_lacks("the CA itself");
    sandbox.certctl("renew ca --expires-within 40d --days 90").code(0);
    sandbox.certctl("renew --expires-within 40d").code(0);
}

#[test]
fn in_a_directory_with_only_the_ca_server_and_client_are_made_as_renew_sh_does() {
    let sandbox = only_ca("gen-sh");
    let ca = Cert::read(&sandbox, "ca.pem");
    let last = sandbox.text("ca.srl");
    sandbox.certctl("renew --dry-run").code(0).stdout_has("Would make 2 certificates");
    assert_eq!(sandbox.files().len(), 3);

    sandbox.certctl("renew").code(0).stdout_has("Made 2 certificates");

    for (file, purpose) in [("server.pem", SERVER_AUTH), ("client.pem", CLIENT_AUTH)] {
        let cert = Cert::read(&sandbox, file);
        // gen.sh gives all three the same name.
        assert_eq!(cert.subject(), ca.subject(), "{file}");
        assert_eq!(cert.purposes(), [purpose], "{file}");
        assert_eq!(cert.key_bits().len(), 270, "RSA 2048, as the CA's");
        assert_eq!(cert.seconds(), 3650 * 86_400 + 300, "{file}");
    }
    assert_ne!(sandbox.text("ca.srl"), last);
    assert_eq!(sandbox.files().len(), 7);
}

#[test]
fn the_name_of_the_ca_without_its_ending_is_that_of_the_leaves() {
    let sandbox = Sandbox::with_gen("db.example --organization O --key-type ecdsa:p256");
    for file in ["server.pem", "server.key", "client.pem", "client.key"] {
        sandbox.remove(file);
    }
    sandbox.certctl("renew").code(0);
    let server = Cert::read(&sandbox, "server.pem");
    assert_eq!(server.common_name(), "db.example");
    assert_eq!(server.values("2.5.4.10"), ["O"]);
    assert_eq!(server.key_bits().len(), 65, "P-256, as the CA's");
}

#[test]
fn the_flags_of_gen_name_the_leaves_of_a_bare_ca() {
    let sandbox = only_ca("gen-sh");
    sandbox
        .certctl(
            "renew --cn db.example --client-cn app --org-unit one --org-unit two --san 10.0.0.1 \
             --days 9 --key-type ecdsa:p256",
        )
        .code(0);

    let server = Cert::read(&sandbox, "server.pem");
    assert_eq!(server.common_name(), "db.example");
    assert_eq!(server.names(), ["DNS:db.example", "IP:10.0.0.1"]);
    assert_eq!(server.values("2.5.4.10"), ["zilliz"], "what is not given is the CA's");
    assert_eq!(server.values("2.5.4.11"), ["one", "two"]);
    assert_eq!(server.seconds(), 9 * 86_400 + 300);
    assert_eq!(Cert::read(&sandbox, "client.pem").common_name(), "app");
}

#[test]
fn a_bare_ca_with_a_plan_gets_the_plan() {
    let sandbox = only_ca("leaf");
    sandbox.write("certctl.toml", "[[certificate]]\nname = 'db'\nsan = 'db.example'\n");
    sandbox.certctl("renew").code(0);

    assert_eq!(Cert::read(&sandbox, "db.pem").names(), ["DNS:db.example"]);
    assert_eq!(sandbox.files(), ["ca.key", "ca.pem", "ca.srl", "certctl.toml", "db.key", "db.pem"]);
}

#[test]
fn files_of_another_ca_are_not_overwritten_by_a_bare_one() {
    let sandbox = only_ca("leaf");
    sandbox.put("gen-sh/server.pem", "server.pem");
    sandbox.put("gen-sh/server.key", "server.key");
    let before = sandbox.digest();

    sandbox.certctl("renew").code(1).stderr_has("`server.key`").stderr_has("this CA did not sign");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn a_ca_elsewhere_renews_what_is_here() {
    let home = with_ca();
    let sandbox = Sandbox::new();
    for file in ["server.pem", "server.key"] {
        sandbox.write(file, home.read(file));
        home.remove(file);
    }
    let (ca, old) = (home.path("ca.pem").display().to_string(), Cert::read(&sandbox, "server.pem"));

    sandbox.certctl(&format!("renew --ca {ca}")).code(0).stdout_has("Renewed 1 certificate");

    let new = Cert::read(&sandbox, "server.pem");
    assert_kept(&old, &new);
    assert_eq!(new.serial(), home.text("ca.srl").trim());
    assert_eq!(sandbox.files(), ["server.key", "server.pem"]);
}

/// RFC 5280 section 7.1: another program wrote the name of the CA in another string type or spelling.
#[test]
fn an_issuer_with_the_equal_name_in_other_octets_is_this_ca() {
    for (string, text) in [(0x0C, "localhost CA"), (0x13, "localhost CA"), (0x0C, "LOCALHOST  ca")]
    {
        let sandbox = Sandbox::with_gen("--key-type ed25519 --days 10");
        let ca = Cert::read(&sandbox, "ca.pem");
        let attribute = [&[6, 3, 0x55, 4, 3][..], &tlv(string, text.as_bytes())].concat();
        let name = tlv(0x30, &tlv(0x31, &tlv(0x30, &attribute)));
        let forged = Forge::of(&sandbox).sign(&Tbs::read(&sandbox, "server.pem").with(3, name));
        sandbox.write("server.pem", pem("CERTIFICATE", &forged));
        let is_other = Cert::read(&sandbox, "server.pem").issuer() != ca.subject();
        let check = sandbox.certctl("check server");
        if is_other {
            check.stdout_has("[name-encoding]").stdout_has("hint: certctl renew server\n");
        }
        // In another file, too.
        sandbox.write("sub/web.crt", pem("CERTIFICATE", &forged));

        let run = sandbox.certctl("status --expires-within 30d");
        run.code(3).stdout_lacks("other CA").stdout_lacks("sub/web.crt");
        sandbox.certctl("renew --expires-within 30d --days 90").code(0).stdout_has("Renewed 2");
        let run = sandbox.certctl("renew --expires-within 30d");
        run.code(3).stderr_has("`sub/web.crt` expires on ");

        assert_eq!(Cert::read(&sandbox, "server.pem").issuer(), ca.subject());
        sandbox.certctl("check server").code(0).stdout_lacks("[name-encoding]");
    }
    // With another key it is another CA.
    let sandbox = Sandbox::with_gen("--key-type ed25519");
    let other = Sandbox::with_gen("--key-type ed25519");
    sandbox.write("server.pem", other.read("server.pem"));
    sandbox.certctl("renew server").code(1).stderr_has("was not signed by this CA");
}

/// Its hints do not name `renew` and `issue`, which are for end-entity certificates.
#[test]
fn the_certificate_of_a_ca_below_is_named_as_that() {
    let sandbox = Sandbox::with_gen("--key-type ed25519");
    let tbs = Tbs::read(&sandbox, "server.pem");
    let dates = ["200101000000Z", "210101000000Z"].map(|date| tlv(0x17, date.as_bytes())).concat();
    let name =
        tlv(0x30, &tlv(0x31, &tlv(0x30, &[&[6, 3, 0x55, 4, 3, 0x0C, 3][..], b"Sub"].concat())));
    // basicConstraints with CA:TRUE; keyUsage with keyCertSign and cRLSign.
    let constraints = tlv(
        0x30,
        &[&[6, 3, 0x55, 0x1D, 19, 1, 1, 0xFF, 4, 5][..], &[0x30, 3, 1, 1, 0xFF]].concat(),
    );
    let usage = tlv(0x30, &[&[6, 3, 0x55, 0x1D, 15, 1, 1, 0xFF, 4, 4][..], &[3, 2, 1, 6]].concat());
    let tbs = tbs.with(4, tlv(0x30, &dates)).with(5, name).with_extensions(&[constraints, usage]);
    sandbox.write("sub.pem", pem("CERTIFICATE", &Forge::of(&sandbox).sign(&tbs)));
    sandbox.write("sub.key", sandbox.read("server.key"));
    let before = sandbox.digest();

    for line in ["check sub", "check sub --host sub.example"] {
        let run = sandbox.certctl(line);
        run.code(4).stdout_has("[expired]").stdout_lacks("certctl renew").stdout_lacks("issue sub");
        run.stdout_has("hint: sign it again with the program that issued it, and replace the file");
    }
    let run = sandbox.certctl("renew sub");
    run.code(4).stderr_has("it is the certificate of a CA").stderr_lacks("not signed by this CA");
    let run = sandbox.certctl("renew --expires-within 1d");
    run.code(4).stderr_has("it is the certificate of a CA").stdout_lacks("not signed by this CA");
    assert_eq!(run.stderr().matches("error: ").count(), 1);
    assert_eq!(sandbox.digest(), before);
}
