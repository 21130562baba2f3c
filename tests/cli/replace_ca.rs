//! `certctl gen --replace-ca`: a new trust root, and the old set in the archive.

use std::{collections::BTreeMap, fs, os::unix::fs::MetadataExt};

use crate::{cert::Cert, sandbox::Sandbox};

type Files = BTreeMap<String, Vec<u8>>;

/// Name and content of all files below `archive/<time>/`, by their names there.
fn archived(sandbox: &Sandbox) -> BTreeMap<String, Files> {
    let mut sets: BTreeMap<String, Files> = BTreeMap::new();
    for (path, (_, content)) in sandbox.digest() {
        if let Some((set, file)) =
            path.strip_prefix("archive/").and_then(|path| path.split_once('/'))
        {
            sets.entry(set.to_owned()).or_default().insert(file.to_owned(), content);
        }
    }
    sets
}

fn contents(sandbox: &Sandbox) -> Files {
    let files = sandbox.digest().into_iter();
    files.filter(|(name, _)| !name.contains('/')).map(|(name, (_, text))| (name, text)).collect()
}

#[test]
fn the_old_set_is_archived_byte_for_byte() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let before = contents(&sandbox);
    sandbox.write("notes.txt", "mine");

    let run = sandbox.certctl("gen --key-type ecdsa:p256 --replace-ca");
    run.code(0).stdout_has("The old files are in archive/");

    let sets = archived(&sandbox);
    let (stamp, set) = sets.first_key_value().unwrap();
    assert_eq!(*set, before);
    assert!(
        stamp.len() == 16
            && stamp.ends_with('Z')
            && stamp.as_bytes()[8] == b'T'
            && stamp.chars().filter(char::is_ascii_digit).count() == 14,
        "{stamp} is a time in UTC"
    );
    for dir in ["archive".to_owned(), format!("archive/{stamp}")] {
        assert_eq!(fs::metadata(sandbox.path(&dir)).unwrap().mode() & 0o777, 0o700, "{dir}");
    }
    for file in ["ca.key", "ca.pem", "ca.srl", "server.key", "server.pem"] {
        assert_ne!(before[file], sandbox.read(file), "{file}");
    }
    assert_eq!(sandbox.text("notes.txt"), "mine");
    assert_eq!(sandbox.text("ca.srl").trim(), Cert::read(&sandbox, "client.pem").serial());
}

#[test]
fn all_that_the_old_ca_signed_is_issued_again_under_the_same_name() {
    let sandbox = Sandbox::with_gen("db.example --key-type ecdsa:p256 --organization Example");
    for line in [
        "issue redis redis.example 10.0.0.9 --usage peer --key-type ed25519 --days 77",
        "issue guest guest.example --key-type ecdsa:p256",
        "issue locked locked.example --key-type ecdsa:p256",
        "issue web web.example --key-type ecdsa:p256",
    ] {
        sandbox.certctl(line).code(0);
    }
    sandbox.remove("guest.key");
    sandbox.put("keys/encrypted.key", "locked.key");
    for kind in ["pem", "key"] {
        sandbox.write(&format!("web+1.{kind}"), sandbox.read(&format!("web.{kind}")));
        sandbox.remove(&format!("web.{kind}"));
    }
    sandbox.put("ca/other.pem", "foreign.pem");
    let old: BTreeMap<&str, Cert> = ["ca", "server", "client", "redis"]
        .into_iter()
        .map(|name| (name, Cert::read(&sandbox, &format!("{name}.pem"))))
        .collect();
    let before = contents(&sandbox);

    let run = sandbox.certctl("gen --replace-ca");

    run.code(1).stdout_has("Made a CA certificate and renewed 3 certificates");
    run.stdout_has("Distribute ca.pem to the clients").stdout_has("Reload the services that use ");
    for file in ["guest.pem", "locked.pem", "web+1.pem"] {
        run.stderr_has(&format!("error: `{file}` is not issued again under the new CA"));
    }
    let ca = Cert::read(&sandbox, "ca.pem");
    assert_eq!(ca.subject(), old["ca"].subject());
    assert_ne!(ca.public_key(), old["ca"].public_key());
    assert_eq!(ca.key_bits().len(), old["ca"].key_bits().len(), "the type of the old key");
    for name in ["server", "client", "redis"] {
        let (new, old) = (Cert::read(&sandbox, &format!("{name}.pem")), &old[name]);
        assert_eq!(new.subject(), old.subject(), "{name}");
        assert_eq!(new.names(), old.names(), "{name}");
        assert_eq!(new.purposes(), old.purposes(), "{name}");
        assert_eq!(new.seconds(), old.seconds(), "{name}");
        assert_eq!(new.key_bits().len(), old.key_bits().len(), "{name}");
        assert_ne!(new.public_key(), old.public_key(), "{name}");
    }
    assert_eq!(Cert::read(&sandbox, "server.pem").serves_below(&ca), Ok(()));
    sandbox.certctl("check server client redis").code(0);

    let set = archived(&sandbox).pop_first().unwrap().1;
    for (file, content) in &set {
        assert_eq!(*content, before[file], "{file}");
    }
    for file in ["redis.key", "guest.pem", "locked.key", "locked.pem", "ca.key"] {
        assert!(set.contains_key(file), "{file}");
    }
    assert!(!sandbox.path("guest.pem").exists() && !sandbox.path("locked.key").exists());
    assert!(sandbox.path("foreign.pem").exists() && !set.contains_key("foreign.pem"));
    assert!(sandbox.path("web+1.pem").exists() && !set.contains_key("web+1.pem"));
}

/// What is lost is named under `-q` too, and a copy of what is issued again is none of it.
#[test]
fn what_is_not_issued_again_decides_the_exit_code() {
    let sandbox = Sandbox::with_gen("db.example --key-type ecdsa:p256");
    sandbox.certctl("export server --to redis").code(0);
    sandbox.certctl("-q gen --replace-ca --dry-run").code(0);
    sandbox.remove("client.key");

    for line in ["-q gen --replace-ca --dry-run", "-q gen --replace-ca"] {
        let run = sandbox.certctl(line);
        run.code(1).stdout_is("").stderr_has("error: `client.pem` is not issued again");
        run.stderr_lacks("server.pem");
    }
    sandbox.certctl("status").code(0).stdout_has("server");
    sandbox.certctl("-q gen --replace-ca").code(0).stderr_is("");
}

#[test]
fn an_encrypted_key_of_the_ca_is_not_replaced_by_a_plain_one() {
    for content in ["keys/encrypted.key", "keys/encrypted-sec1.key", ""] {
        let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
        if content.is_empty() {
            sandbox.write("ca.key", "$ANSIBLE_VAULT;1.1;AES256\n3131\n");
        } else {
            sandbox.put(content, "ca.key");
        }
        let before = sandbox.digest();

        for line in ["gen --replace-ca", "gen --replace-ca --dry-run"] {
            let run = sandbox.certctl(line);
            run.code(1).stderr_has("`ca.key` is not replaced: it is encrypted");
            run.stderr_has("`mv ca.key ca.key.old`");
            assert_eq!(sandbox.digest(), before, "{content}");
        }
        sandbox.sh("mv ca.key ca.key.old").code(0);
        sandbox.certctl("gen --replace-ca").code(0);
    }
}

#[test]
fn flags_that_the_plan_would_undo_are_refused() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256 --days 90");
    let entry = "[[certificate]]\nname = 'server'\nsan = 'localhost'\n";
    for plan in [format!("{entry}days = 90\n"), format!("[defaults]\ndays = 90\n{entry}")] {
        sandbox.write("certctl.toml", &plan);
        let before = sandbox.digest();
        let run = sandbox.certctl("gen --replace-ca --days 30");
        run.code(2).stderr_has("the next run would undo `--days`");
        run.stderr_has("change `days` of the [[certificate]] `server` (certctl.toml, line ");
        assert_eq!(sandbox.digest(), before);
    }
    sandbox.certctl("gen --days 30").code(2).stderr_has("would undo `--days`");
    sandbox.certctl("gen --replace-ca --days 90").code(0);
    sandbox.certctl("renew --expires-within 1d --dry-run").code(0).stdout_lacks("becomes");

    // What the plan leaves open is for flags.
    sandbox.write("certctl.toml", entry);
    sandbox.certctl("gen --replace-ca --days 30").code(0);
    sandbox.certctl("renew --expires-within 1d --dry-run").code(0).stdout_lacks("becomes");
    sandbox.write("certctl.toml", format!("[defaults]\nkey_type = 'ecdsa:p384'\n{entry}"));
    sandbox.remove("server.pem");
    sandbox.remove("server.key");
    sandbox.certctl("gen --key-type ed25519").code(2).stderr_has("would undo `--key-type`");
    sandbox.certctl("gen").code(0);
}

#[test]
fn flags_name_the_new_ca_and_the_new_set() {
    let sandbox = Sandbox::with_gen("db.example --key-type ecdsa:p256 --organization Example");
    sandbox.certctl("issue redis redis.example --key-type ecdsa:p256").code(0);
    let redis = Cert::read(&sandbox, "redis.pem");
    sandbox.certctl("gen --replace-ca --ca-cn NewRoot").code(0);
    let ca = Cert::read(&sandbox, "ca.pem");
    assert_eq!(
        (ca.common_name(), ca.values("2.5.4.10")),
        ("NewRoot".into(), vec!["Example".into()])
    );
    assert_eq!(Cert::read(&sandbox, "server.pem").common_name(), "db.example");

    sandbox.certctl("gen --replace-ca other.example").code(0);
    assert_eq!(Cert::read(&sandbox, "server.pem").names(), ["DNS:other.example"]);
    assert_eq!(Cert::read(&sandbox, "redis.pem").names(), redis.names());
    assert_eq!(Cert::read(&sandbox, "ca.pem").common_name(), "NewRoot");
}

#[test]
fn an_encrypted_key_is_not_replaced_by_a_plain_one_that_flags_name() {
    let sandbox = Sandbox::with_gen("db.example --key-type ecdsa:p256");
    sandbox.put("keys/encrypted.key", "server.key");

    let run = sandbox.certctl("gen --replace-ca other.example");

    run.code(1).stderr_has("error: `server.pem` is not issued again");
    assert!(!sandbox.path("server.key").exists());
    assert_eq!(Cert::read(&sandbox, "client.pem").names(), ["DNS:other.example"]);
}

#[test]
fn a_plan_is_issued_under_the_new_ca_with_what_it_does_not_name() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "certctl.toml",
        "[defaults]\nkey_type = 'ecdsa:p256'\n[[certificate]]\nname = 'db'\nsan = 'db.example'\n",
    );
    sandbox.certctl("gen").code(0);
    sandbox.certctl("issue extra extra.example").code(0);

    sandbox.certctl("gen --replace-ca").code(0);

    let ca = Cert::read(&sandbox, "ca.pem");
    for name in ["db", "extra"] {
        assert_eq!(
            Cert::read(&sandbox, &format!("{name}.pem")).serves_below(&ca),
            Ok(()),
            "{name}"
        );
    }
    sandbox.certctl("gen").code(0).stdout_has("Nothing is missing");
}

#[test]
fn no_two_sets_share_a_place_in_the_archive() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    for _ in 0..3 {
        sandbox.certctl("gen --key-type ecdsa:p256 --replace-ca").code(0);
    }

    let sets = archived(&sandbox);
    assert_eq!(sets.len(), 3);
    assert!(sets.values().all(|set| set.len() == 7));
}

#[test]
fn without_an_old_set_nothing_is_archived() {
    let sandbox = Sandbox::new();
    sandbox.certctl("gen --key-type ecdsa:p256 --replace-ca").code(0).stdout_lacks("archive");

    assert_eq!(sandbox.files().len(), 7);
}

#[test]
fn a_broken_set_can_be_replaced_and_is_kept() {
    let sandbox = Sandbox::new();
    for (file, content) in [("ca.key", "broken"), ("ca.pem", ""), ("server.pem", "x")] {
        sandbox.write(file, content);
    }

    sandbox.certctl("gen --key-type ecdsa:p256 --replace-ca").code(0);

    let set = archived(&sandbox).pop_first().unwrap().1;
    assert_eq!(set.keys().collect::<Vec<_>>(), ["ca.key", "ca.pem", "server.pem"]);
    assert_eq!(set["ca.key"], b"broken");
}

#[test]
fn a_dry_run_archives_nothing() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    let before = sandbox.digest();

    sandbox.certctl("gen --replace-ca --dry-run").code(0).stdout_has("Would make");

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn a_ca_elsewhere_is_never_replaced() {
    let home = Sandbox::with_gen("--key-type ecdsa:p256");
    let before = home.digest();
    let sandbox = Sandbox::new();
    let ca = home.path("ca.pem").display().to_string();

    sandbox.certctl(&format!("gen --replace-ca --ca {ca}")).code(2).stderr_has("--ca");

    assert_eq!(home.digest(), before);
    assert!(sandbox.files().is_empty());
}

#[test]
fn what_is_in_the_place_of_the_archive_is_named_and_stays() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    for plant in ["echo mine > archive", "mkfifo archive"] {
        std::process::Command::new("sh")
            .args(["-c", plant])
            .current_dir(sandbox.dir())
            .status()
            .unwrap();
        let before = contents_without_archive(&sandbox);

        sandbox
            .certctl("gen --key-type ecdsa:p256 --replace-ca")
            .code(1)
            .stderr_has("error: `archive` is not a directory")
            .stderr_has("`ls -ld archive` shows it");

        assert_eq!(contents_without_archive(&sandbox), before, "{plant}");
        fs::remove_file(sandbox.path("archive")).unwrap();
    }
}

/// As [`contents`], where `archive` may be a FIFO.
fn contents_without_archive(sandbox: &Sandbox) -> Files {
    let mut files = Files::new();
    for file in ["ca.key", "ca.pem", "ca.srl", "server.key", "server.pem"] {
        files.insert(file.to_owned(), sandbox.read(file));
    }
    files
}

#[test]
fn further_certificates_that_the_new_files_lack_are_named() {
    let sandbox = Sandbox::with_gen("--key-type ecdsa:p256");
    sandbox.certctl("renew ca").code(0);
    let others = ["One", "Two"].map(|name| {
        Sandbox::with_gen(&format!("--key-type ecdsa:p256 --ca-cn {name}")).text("ca.pem")
    });
    // Certificates of the old CA do not count.
    let own = sandbox.text("ca.pem");
    sandbox.write("ca.pem", format!("{own}{}{own}{}", others[0], others[1]));
    sandbox.write("server.pem", sandbox.text("server.pem") + &own + &others[0]);
    sandbox.write("client.pem", sandbox.text("client.pem") + &own);

    let run = sandbox.certctl("gen --replace-ca");

    let archive = archived(&sandbox).into_keys().next().unwrap();
    run.code(0).stderr_has(&format!(
        "warning: the new `ca.pem` lacks the further certificates of the old one: `CN=One`, `CN=Two`; they go to `archive/{archive}/ca.pem`"
    ));
    run.stderr_has(&format!("`CN=One`; they go to `archive/{archive}/server.pem`"));
    run.stderr_lacks("client.pem").stderr_lacks("localhost CA");
    let text = String::from_utf8(archived(&sandbox)[&archive]["ca.pem"].clone()).unwrap();
    assert_eq!(text.matches("BEGIN").count(), 4);
    sandbox.certctl("gen --replace-ca").code(0).stderr_lacks("further");
}
