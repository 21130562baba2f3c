//! Renewing what others made: every octet that need not change stays.

use crate::{
    cert::{
        CLIENT_AUTH, Cert, ISSUER_KEY_ID, KEY_ID, KEY_USAGE, NAMES, PURPOSES, assert_kept, hex,
    },
    sandbox::Sandbox,
};

/// Signed certificate timestamps: they speak of the signature that is gone.
const TIMESTAMPS: &str = "1.3.6.1.4.1.11129.2.4.2";

#[test]
fn a_foreign_leaf_loses_nothing() {
    let sandbox = Sandbox::with_fixtures("leaf");
    let ca = Cert::read(&sandbox, "ca.pem");
    let old = Cert::read(&sandbox, "strange.pem");

    for flag in ["", " --reuse-key"] {
        sandbox.certctl(&format!("renew strange{flag}")).code(0);

        let new = Cert::read(&sandbox, "strange.pem");
        assert_eq!(new.subject(), old.subject());
        assert_eq!(new.issuer(), ca.subject());
        assert_eq!(new.seconds(), old.seconds());
        assert_eq!(new.issuer_key_id(), ca.key_id());
        // Order, criticality and octets; only the timestamps of the old signature go.
        let unchanged = |cert: &Cert| {
            let mut extensions = cert.extensions();
            for extension in &mut extensions {
                if [KEY_ID, ISSUER_KEY_ID].contains(&&*extension.oid) {
                    extension.value.clear();
                }
            }
            extensions.retain(|extension| extension.oid != TIMESTAMPS);
            extensions
        };
        assert!(old.extension(TIMESTAMPS).is_some() && new.extension(TIMESTAMPS).is_none());
        assert_eq!(unchanged(&new), unchanged(&old));
        assert!(
            new.extension(NAMES).unwrap().critical && new.extension(PURPOSES).unwrap().critical
        );
        assert_eq!(hex(&new.extension("1.2.3.4.5").unwrap().value), hex(b"\x0C\x0Dkept as it is"));
        assert_eq!(new.serves_below(&ca), Ok(()));
    }
}

#[test]
fn what_no_client_can_match_is_kept_and_said() {
    let sandbox = Sandbox::with_fixtures("leaf");
    sandbox
        .certctl("renew strange")
        .code(0)
        .stderr_has("strange.pem has the SAN `DNS:127.0.0.1`, which no client can match")
        .stderr_has("certctl renew strange --drop-san 'DNS:127.0.0.1' --san 127.0.0.1");
    assert!(Cert::read(&sandbox, "strange.pem").names().contains(&"DNS:127.0.0.1".into()));

    sandbox
        .certctl_args(&["renew", "strange", "--drop-san", "DNS:127.0.0.1", "--san", "127.0.0.1"])
        .code(0)
        .stderr_lacks("no client can match");
    let names = Cert::read(&sandbox, "strange.pem").names();
    assert!(!names.contains(&"DNS:127.0.0.1".into()), "{names:?}");
    assert_eq!(names.last().unwrap(), "IP:127.0.0.1");
    assert_eq!(names.len(), 6);
}

#[test]
fn missing_key_identifiers_are_added_and_nothing_else() {
    let sandbox = Sandbox::with_fixtures("leaf");
    let old = Cert::read(&sandbox, "plain.pem");
    sandbox.certctl("renew plain").code(0);

    let new = Cert::read(&sandbox, "plain.pem");
    assert_kept(&old, &new);
    let oids: Vec<String> = new.extensions().into_iter().map(|extension| extension.oid).collect();
    assert_eq!(oids.len(), 3);
    assert!([NAMES, KEY_ID, ISSUER_KEY_ID].iter().all(|oid| oids.contains(&(*oid).into())));
}

#[test]
fn an_expired_leaf_is_renewed_for_as_long_as_it_lived() {
    for flags in ["", " --expires-within 1h", " --expires-within 1%"] {
        let sandbox = Sandbox::with_fixtures("leaf");
        let old = Cert::read(&sandbox, "old.pem");
        let plain = sandbox.read("plain.pem");
        sandbox.certctl(&format!("renew{flags}")).code(0).stdout_has("2024-04-01");

        let new = Cert::read(&sandbox, "old.pem");
        assert_kept(&old, &new);
        assert_eq!(new.serves_below(&Cert::read(&sandbox, "ca.pem")), Ok(()), "{flags}");
        assert_eq!(sandbox.read("plain.pem") == plain, !flags.is_empty(), "{flags}");
    }
}

#[test]
fn the_chain_in_the_file_stays() {
    let sandbox = Sandbox::with_fixtures("chain");
    let old = Cert::all(&sandbox.read("leaf.pem"));
    sandbox.certctl("renew leaf").code(0);

    let new = Cert::all(&sandbox.read("leaf.pem"));
    assert_eq!(new.len(), 2);
    assert_kept(&old[0], &new[0]);
    assert_eq!(new[1].der, old[1].der);
    // An intermediate can issue; only whoever signed it can renew it.
    sandbox.certctl("renew ca").code(1).stderr_has("was signed by another CA");
}

#[test]
fn a_set_of_gen_sh_is_renewed_and_its_client_is_told() {
    let sandbox = Sandbox::with_fixtures("gen-sh");
    let old = ["server.pem", "client.pem"].map(|file| Cert::read(&sandbox, file));

    sandbox
        .certctl("renew")
        .code(0)
        .stderr_has("ca.pem has no keyUsage")
        .stderr_has("hint: certctl renew ca")
        .stderr_has("client.pem allows serverAuth only")
        .stderr_has("hint: certctl renew client --usage client");

    let ca = Cert::read(&sandbox, "ca.pem");
    for (file, old) in ["server.pem", "client.pem"].iter().zip(&old) {
        let new = Cert::read(&sandbox, file);
        assert_kept(old, &new);
        assert_eq!(new.issuer(), ca.subject());
        assert_eq!(new.serves_below(&ca), Ok(()), "{file}");
    }

    sandbox.certctl("renew client --usage client").code(0).stderr_lacks("serverAuth only");
    let client = Cert::read(&sandbox, "client.pem");
    assert_eq!(client.purposes(), [CLIENT_AUTH]);
    assert_eq!(client.is_client_below(&ca), Ok(()));
    assert!(client.serves_below(&ca).is_err());
    assert_eq!(client.extension(KEY_USAGE), old[1].extension(KEY_USAGE));
}

/// What is behind the certificate in `NAME.pem`.
const DAMAGED: [(&str, &str); 5] = [
    ("a block without an end", "-----BEGIN CERTIFICATE-----\nMIIBszCCAVqgAwIBAgIU\n"),
    ("no certificate in it", "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"),
    ("a label with a fault", "-----BEGIN CERTIFIACTE-----\nMAMCAQE=\n-----END CERTIFIACTE-----\n"),
    ("escaped", "ESCAPED"),
    ("without a BEGIN line", "BARE"),
];

#[test]
fn a_certificate_with_damaged_content_behind_it_is_not_renewed() {
    for (what, damage) in DAMAGED {
        let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
        let pem = sandbox.text("client.pem");
        let damage = match damage {
            "ESCAPED" => format!("tls = \"{}\"\n", pem.replace('\n', "\\n")),
            "BARE" => {
                pem.lines().filter(|line| !line.starts_with('-')).collect::<Vec<_>>().join("\n")
            }
            damage => damage.to_owned(),
        };
        sandbox.write("server.pem", sandbox.text("server.pem") + &damage);
        let before = sandbox.digest();

        for line in ["status", "renew --expires-within 1d", "renew --dry-run", "renew server"] {
            let run = sandbox.certctl(line);
            run.code(1).stderr_has("`server.pem`");
            assert_eq!(run.stderr().matches("error: ").count(), 1, "{what}");
        }
        assert_eq!(sandbox.digest(), before, "{what}");
        sandbox.certctl("renew").code(1).stdout_has("Renewed 1 certificate");
        for file in ["server.pem", "server.key"] {
            assert_eq!(sandbox.digest()[file], before[file], "{what}");
        }
        sandbox.sh("! \"$CERTCTL\" check server").code(0);

        // Without its key it is not an identity, and is not unread.
        sandbox.remove("server.key");
        for line in ["-q status", "-q renew --expires-within 1d"] {
            let run = sandbox.certctl(line);
            run.code(1).stderr_has("`server.pem`");
            assert_eq!(run.stderr().matches("error: ").count(), 1, "{what}");
        }
        sandbox.write("certctl.toml", "[[certificate]]\nname = 'server'\nsan = 'localhost'\n");
        let run = sandbox.certctl("-q status");
        run.code(1).stderr_has("`server.pem`");
        assert_eq!(run.stderr().matches("error: ").count(), 1, "{what}");
        let run = sandbox.certctl("-q renew --expires-within 1d");
        run.code(1).stderr_has("`server.pem`");
        assert_eq!(run.stderr().matches("error: ").count(), 1, "{what}");
    }
}

/// Parameters for the key agreement, comments, a second certificate: a service reads them from that file.
#[test]
fn what_is_beside_the_certificate_stays() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let dh = "-----BEGIN DH PARAMETERS-----\nMAYCAQcCAQI=\n-----END DH PARAMETERS-----\n";
    let [own, ca] = ["server.pem", "ca.pem"].map(|file| sandbox.text(file));
    let around = ["# web\r\n".to_owned(), format!("\n{dh}# the CA\n{ca}# end\n")];
    sandbox.write("server.pem", format!("{}{own}{}", around[0], around[1]));

    let run = sandbox.certctl("renew");

    run.code(0).stderr_has("note: server.pem has text beside its certificates: it stays");
    let new = sandbox.text("server.pem");
    let new = new.strip_prefix(&*around[0]).unwrap().strip_suffix(&*around[1]).unwrap();
    assert_ne!(new.trim_end(), own.trim_end());
    assert!(new.starts_with("-----BEGIN CERTIFICATE-----\n"), "{new}");
    sandbox.certctl("renew server --reuse-key").code(0);
    assert!(sandbox.text("server.pem").ends_with(&around[1]));
    // Without text no note is given.
    sandbox.write("server.pem", new.to_owned() + &ca);
    sandbox.certctl("renew server").code(0).stderr_lacks("text beside");
    assert!(sandbox.text("server.pem").ends_with(&ca));
}

#[test]
fn a_file_in_der_stays_der() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let as_der = "sed '/---/d' server.pem | base64 -d > der; mv der server.pem";
    sandbox.sh(as_der).code(0);
    for line in ["renew server", "renew server --reuse-key", "gen --replace-ca"] {
        let old = sandbox.read("server.pem");

        sandbox.certctl(line).code(0).stderr_lacks("text beside");

        let new = sandbox.read("server.pem");
        assert!(new.starts_with(&[0x30, 0x82]) && new != old, "{line}");
        sandbox.certctl("check server").code(0);
        sandbox.sh("{ echo '-----BEGIN CERTIFICATE-----'; base64 server.pem; echo '-----END CERTIFICATE-----'; } > as.txt").code(0);
        assert!(Cert::read(&sandbox, "as.txt").serial() != "", "{line}");
    }
}
