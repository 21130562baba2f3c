//! `certctl export`: the pair and ca.pem, or a keystore, where a service reads them.

use std::{
    fs,
    os::unix::fs::{MetadataExt, symlink},
    time::SystemTime,
};

use crate::{
    forge::{Forge, SEQUENCE, Tbs, pem, tlv},
    sandbox::{Run, Sandbox},
    secrets::Secrets,
};

const CERTCTL: &str = env!("CARGO_BIN_EXE_certctl");

/// A directory `pki` with a CA, and room beside it.
fn with_pki(flags: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.certctl(&format!("-d pki gen --cn localhost --key-type ecdsa:p256 {flags}")).code(0);
    sandbox
}

/// certctl over `pki`.
fn pki(sandbox: &Sandbox, line: &str) -> Run {
    sandbox.certctl(&format!("-d pki {line}"))
}

/// The files below a directory.
fn listed(sandbox: &Sandbox, dir: &str) -> Vec<String> {
    let prefix = format!("{dir}/");
    let files = sandbox.files().into_iter();
    files.filter_map(|file| Some(file.strip_prefix(&prefix)?.to_owned())).collect()
}

#[track_caller]
fn assert_copied(sandbox: &Sandbox, name: &str, dir: &str) {
    for file in [format!("{name}.key"), format!("{name}.pem"), "ca.pem".to_owned()] {
        let copy = sandbox.read(&format!("{dir}/{file}"));
        assert!(copy == sandbox.read(&format!("pki/{file}")), "{file} is no copy");
    }
}

#[test]
fn the_pair_and_the_ca_certificate_are_copied_and_nothing_else() {
    let sandbox = with_pki("");
    let before = sandbox.digest();

    pki(&sandbox, "export server --to redis/tls").code(0).stderr_is("");

    assert_eq!(listed(&sandbox, "redis/tls"), ["ca.pem", "server.key", "server.pem"]);
    assert_copied(&sandbox, "server", "redis/tls");
    let after = sandbox.digest();
    assert!(before.iter().all(|(file, was)| after.get(file) == Some(was)), "pki was touched");

    // Another identity finds its place beside it.
    pki(&sandbox, "export client --to redis/tls").code(0);
    assert_eq!(listed(&sandbox, "redis/tls").len(), 5);
    assert_copied(&sandbox, "client", "redis/tls");
}

#[test]
fn the_report_says_what_went_where_and_who_may_read_it() {
    let sandbox = with_pki("");
    let run = pki(&sandbox, "export server --to tls --mode 0400");
    run.code(0)
        .stdout_has("Exported server to tls:\n\n  server.key  0400 ")
        .stdout_has("  ecdsa:p256 key\n  server.pem  0644 ")
        .stdout_has("  localhost, 127.0.0.1, ::1, until 20")
        .stdout_has("  the CA's certificate\n\nNext: reload the service");

    let shown = pki(&sandbox, "export server --to tls -o json").code(0).json();
    assert_eq!(shown["schema"], "certctl.export/2");
    assert_eq!(shown["name"], "server");
    assert_eq!(shown["to"], "tls");
    assert_eq!(shown["changed"], false);
    assert_eq!(shown["subject"], "CN=localhost");
    assert_eq!(shown["key_type"], "ecdsa:p256");
    assert_eq!(shown["notes"], serde_json::json!([]));
    let uid = fs::metadata(sandbox.path("tls/server.key")).unwrap().uid();
    for (file, path, kind, mode) in [
        (0, "tls/server.key", "key", "0400"),
        (1, "tls/server.pem", "certificate", "0644"),
        (2, "tls/ca.pem", "ca", "0644"),
    ] {
        let file = &shown["files"][file];
        assert_eq!(file["path"], path);
        assert_eq!(file["kind"], kind, "{path}");
        assert_eq!(file["mode"], mode, "{path}");
        assert_eq!(file["changed"], false, "{path}");
        let owner = file["owner"].as_str().unwrap();
        assert!(owner == "root" || uid != 0, "{path}: {owner}");
        assert!(!file["group"].as_str().unwrap().is_empty(), "{path}");
    }
}

/// So that a hook may ask whether there is something to reload.
#[test]
fn what_is_there_already_is_not_touched() {
    let sandbox = with_pki("");
    let line = "export server --to tls";
    assert_eq!(pki(&sandbox, &format!("{line} -o json")).code(0).json()["changed"], true);
    let stamps = || -> Vec<(u64, SystemTime)> {
        let files = ["server.key", "server.pem", "ca.pem", ""];
        let stamp = |file: &str| fs::metadata(sandbox.path(&format!("tls/{file}"))).unwrap();
        files.iter().map(|file| (stamp(file).ino(), stamp(file).modified().unwrap())).collect()
    };
    let before = stamps();

    pki(&sandbox, line).code(0).stdout_is("tls is up to date: it holds server as it is here.\n");

    assert_eq!(stamps(), before);

    // A CA that was renewed is a new ca.pem: that one is replaced, and nothing else.
    pki(&sandbox, "renew ca").code(0);
    let shown = pki(&sandbox, &format!("{line} -o json")).code(0).json();
    let changed: Vec<bool> =
        (0..3).map(|file| shown["files"][file]["changed"].as_bool().unwrap()).collect();
    assert_eq!(changed, [false, false, true]);
    assert_eq!(stamps()[..2], before[..2]);
    assert_copied(&sandbox, "server", "tls");
}

#[test]
fn a_copied_key_is_its_owners_alone_whatever_the_umask() {
    for (umask, public, dir) in
        [("000", 0o644, 0o755), ("022", 0o644, 0o755), ("077", 0o600, 0o700)]
    {
        let sandbox = with_pki("");
        let script = format!("umask {umask}; exec \"$CERTCTL\" -d pki export server --to a/tls");
        sandbox.sh(&script).code(0);

        assert_eq!(sandbox.mode("a/tls/server.key"), 0o600, "umask {umask}");
        assert_eq!(sandbox.mode("a/tls/server.pem"), public, "umask {umask}");
        assert_eq!(sandbox.mode("a/tls/ca.pem"), public, "umask {umask}");
        assert_eq!(sandbox.mode("a"), dir, "umask {umask}");
    }
}

#[test]
fn a_group_may_read_the_key_where_the_user_says_so() {
    // Whoever is not root can give files to groups of his own alone.
    let own = rustix::process::getegid().as_raw();
    let group = if rustix::process::geteuid().is_root() { 54_321 } else { own };
    let gid = |sandbox: &Sandbox, file: &str| fs::metadata(sandbox.path(file)).unwrap().gid();
    for (flags, key, gid_of_key) in [
        (format!("--group {group}"), 0o640, group),
        (format!("--group {group} --mode 0440"), 0o440, group),
        (format!("--group {group} --mode 600"), 0o600, group),
        ("--mode 0640".to_owned(), 0o640, own),
    ] {
        let sandbox = with_pki("");
        // Under this umask a group could not even read the certificates.
        let script = format!("umask 077; exec \"$CERTCTL\" -d pki export server --to tls {flags}");
        sandbox.sh(&script).code(0).stderr_is("");

        assert_eq!(sandbox.mode("tls/server.key"), key, "{flags}");
        assert_eq!(gid(&sandbox, "tls/server.key"), gid_of_key, "{flags}");
        for file in ["tls/server.pem", "tls/ca.pem"] {
            let shared = if flags.contains("--group") { 0o640 } else { 0o600 };
            assert_eq!(sandbox.mode(file), shared, "{file} {flags}");
            assert_eq!(gid(&sandbox, file), gid_of_key, "{file} {flags}");
        }

        // A renewed pair is for the same readers, though nobody says so again.
        pki(&sandbox, "renew server").code(0);
        pki(&sandbox, "export server --to tls").code(0).stdout_has("Exported server");
        assert_copied(&sandbox, "server", "tls");
        assert_eq!(sandbox.mode("tls/server.key"), key, "{flags}");
        assert_eq!(gid(&sandbox, "tls/server.key"), gid_of_key, "{flags}");
    }

    // The same files for other readers are a change.
    let sandbox = with_pki("");
    pki(&sandbox, "export server --to tls").code(0);
    for (mode, changed) in [("0400", true), ("0400", false), ("0640", true), ("0600", true)] {
        let run = pki(&sandbox, &format!("export server --to tls --mode {mode} -o json"));
        assert_eq!(run.code(0).json()["changed"], changed, "{mode}");
        assert_eq!(format!("{:04o}", sandbox.mode("tls/server.key")), mode);
    }
}

#[test]
fn a_mode_or_group_that_cannot_be_is_refused_before_anything_is_made() {
    let sandbox = with_pki("");
    let before = sandbox.digest();
    for mode in ["0644", "0660", "0700", "0040", "rw", "99"] {
        pki(&sandbox, &format!("export server --to tls --mode {mode}"))
            .code(2)
            .stderr_has(mode)
            .stderr_has("--mode");
    }
    pki(&sandbox, "export server --to tls --group no-such-group-here")
        .code(1)
        .stderr_has("group `no-such-group-here` does not exist")
        .stderr_has("hint: `getent group`");
    for (line, what) in [
        ("export server", "<--to <DIR>|--p12 <FILE>>"),
        ("export server --to tls --p12 s.p12", "--p12"),
        ("export server --to tls --password-file pki/ca.srl", "--password-file"),
        ("export ca --to tls", "`ca` is reserved"),
        ("export ../x --to tls", "is not a valid identity name"),
    ] {
        pki(&sandbox, line).code(2).stderr_has(what);
    }
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn copies_made_earlier_are_replaced_by_what_is_here_now() {
    let sandbox = with_pki("");
    let line = "export server --to tls";
    pki(&sandbox, line).code(0);
    for change in [
        "renew server",
        "renew server --reuse-key --san www.example",
        "renew ca",
        "renew server --key-type rsa:2048",
        // Another key, by the same names.
        "gen --cn localhost --key-type ecdsa:p256 --replace-ca",
    ] {
        pki(&sandbox, change).code(0);
        pki(&sandbox, line).code(0).stderr_is("").stdout_has("Exported server");
        assert_copied(&sandbox, "server", "tls");
        assert_eq!(listed(&sandbox, "tls"), ["ca.pem", "server.key", "server.pem"], "{change}");
    }
}

#[test]
fn a_hook_hands_on_what_was_renewed() {
    let sandbox = with_pki("");
    let hook = format!("sh -c '{CERTCTL} -d pki -q export server --to tls && touch reloaded'");
    let renew = |window: &str| {
        let line = ["-d", "pki", "-q", "renew", "--expires-within", window, "--exec", &hook];
        // The shell and touch have to be found.
        let path = std::env::var_os("PATH").unwrap_or_default();
        Run::of(sandbox.command().env("PATH", path).args(line))
    };
    renew("30d").code(0).stdout_is("").stderr_is("");
    assert!(!sandbox.path("tls").exists(), "nothing was due");
    for _ in 0..2 {
        renew("3650d").code(0).stdout_is("").stderr_is("");
        assert_copied(&sandbox, "server", "tls");
        sandbox.remove("reloaded");
    }

    // A hook that cannot hand it on is heard of.
    sandbox.write("tls/server.pem", "somebody's work");
    renew("3650d").code(1).stderr_has("`tls/server.pem` already exist");
    assert_eq!(sandbox.text("tls/server.pem"), "somebody's work");
    assert!(!sandbox.path("reloaded").exists());
}

/// Puts something in the way.
type Lay<'a> = Box<dyn Fn(&Sandbox) + 'a>;

#[test]
fn what_is_no_earlier_copy_is_left_alone_and_named() {
    let other = Sandbox::with_gen("--cn other.example --key-type ecdsa:p256");
    // The same names under a CA of another name.
    let namesake = Sandbox::with_gen("--cn localhost --ca-cn somebody --key-type ecdsa:p256");
    let put = |file: &'static str, content: Vec<u8>| -> Lay<'_> {
        Box::new(move |sandbox| sandbox.write(file, &content))
    };
    let rows: Vec<(&str, Lay<'_>, &[&str])> = vec![
        ("another identity", put("tls/server.pem", other.read("server.pem")), &["tls/server.pem"]),
        ("another CA's", put("tls/server.pem", namesake.read("server.pem")), &["tls/server.pem"]),
        ("another key", put("tls/server.key", other.read("server.key")), &["tls/server.key"]),
        ("no key", put("tls/server.key", b"x".to_vec()), &["tls/server.key"]),
        ("an empty certificate", put("tls/server.pem", Vec::new()), &["tls/server.pem"]),
        ("another CA", put("tls/ca.pem", other.read("ca.pem")), &["tls/ca.pem"]),
        (
            "a second trust anchor",
            Box::new(|sandbox| {
                let both = [sandbox.read("tls/ca.pem"), other.read("ca.pem")].concat();
                sandbox.write("tls/ca.pem", both);
            }),
            &["tls/ca.pem"],
        ),
        (
            "a set of somebody else's",
            Box::new(|sandbox| {
                for file in ["server.key", "server.pem", "ca.pem"] {
                    sandbox.write(&format!("tls/{file}"), other.read(file));
                }
            }),
            &["tls/server.key", "tls/server.pem", "tls/ca.pem"],
        ),
        (
            "a key without its certificate",
            Box::new(|sandbox| {
                sandbox.remove("tls/server.pem");
                sandbox.write("tls/server.key", other.read("server.key"));
            }),
            &["tls/server.key"],
        ),
    ];
    for (row, lay, named) in rows {
        let sandbox = with_pki("");
        pki(&sandbox, "export server --to tls").code(0);
        pki(&sandbox, "renew ca server").code(0);
        lay(&sandbox);
        let before = sandbox.digest();

        let run = pki(&sandbox, "export server --to tls");

        println!("{row}");
        run.code(1).stderr_has("already exist").stderr_has("hint: ").stderr_has("move them away");
        for file in named {
            run.stderr_has(&format!("`{file}`"));
        }
        assert_eq!(sandbox.digest(), before, "{row}");
    }
}

/// A ca.pem stands for all that lies beside it.
#[test]
fn a_new_ca_certificate_does_not_part_from_what_lies_beside_it() {
    let sandbox = with_pki("");
    for name in ["client", "server"] {
        pki(&sandbox, &format!("export {name} --to tls")).code(0);
    }
    // Renewed over the same key, it fits what it signed before.
    pki(&sandbox, "renew ca").code(0);
    pki(&sandbox, "export server --to tls").code(0).stderr_is("");

    // What cannot be read is named.
    sandbox.write("tls/old.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n");

    // A new key of the same name: the client's copy is to follow.
    pki(&sandbox, "gen --cn localhost --key-type ecdsa:p256 --replace-ca").code(0);
    pki(&sandbox, "export server --to tls")
        .code(0)
        .stderr_has("warning: `tls/old.pem` cannot be read as a certificate")
        .stderr_has("warning: tls/client.pem does not chain to the new ca.pem beside it")
        .stderr_has("hint: certctl -d pki export client --to tls");
    pki(&sandbox, "export client --to tls").code(0).stderr_is("");
    assert_copied(&sandbox, "client", "tls");

    // Somebody else's CA of the same name is left alone, and so is what it signed.
    sandbox.certctl("-d other gen --cn localhost --key-type ecdsa:p256").code(0);
    sandbox.certctl("-d other issue node localhost --key-type ecdsa:p256").code(0);
    sandbox.certctl("-d other export node --to shared").code(0);
    let before = sandbox.digest();
    pki(&sandbox, "export server --to shared")
        .code(1)
        .stderr_has("`shared/node.pem` would no longer chain to `shared/ca.pem`: another CA")
        .stderr_has("hint: move it away");
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn links_and_directories_in_the_place_of_files_are_refused() {
    let sandbox = with_pki("");
    sandbox.write("elsewhere/server.key", "");
    fs::create_dir_all(sandbox.path("link/server.pem")).unwrap();
    fs::create_dir(sandbox.path("tls")).unwrap();
    symlink("../elsewhere/server.pem", sandbox.path("tls/server.pem")).unwrap();
    let before = sandbox.digest();

    pki(&sandbox, "export server --to tls")
        .code(1)
        .stderr_has("`tls/server.pem` is a symbolic link");
    pki(&sandbox, "export server --to link")
        .code(1)
        .stderr_has("`link/server.pem` already exists")
        .stderr_has("hint: it is not a regular file");
    pki(&sandbox, "export server --to elsewhere/server.key")
        .code(2)
        .stderr_has("`elsewhere/server.key` is not a directory");

    assert_eq!(sandbox.digest(), before);

    // A directory may be a link.
    symlink("elsewhere", sandbox.path("there")).unwrap();
    sandbox.remove("elsewhere/server.key");
    pki(&sandbox, "export server --to there").code(0);
    assert_copied(&sandbox, "server", "elsewhere");
}

#[test]
fn the_directory_of_a_ca_is_no_place_for_copies() {
    let sandbox = with_pki("");
    sandbox.certctl("-d other gen --cn other.example --key-type ecdsa:p256").code(0);
    sandbox.certctl("-d team --ca pki/ca.pem --ca-key pki/ca.key issue db db.example").code(0);
    symlink("pki", sandbox.path("link")).unwrap();
    let before = sandbox.digest();

    pki(&sandbox, "export server --to pki/sub/..")
        .code(2)
        .stderr_has("`pki/sub/..` does not exist");
    for dir in ["pki", "pki/", "./pki/.", "link", "other/../pki"] {
        pki(&sandbox, &format!("export server --to {dir}"))
            .code(2)
            .stderr_has("already has these files")
            .stderr_has("hint: name the directory of the service");
    }
    pki(&sandbox, "export server --to other").code(1).stderr_has("`other/ca.key` already exists");
    let elsewhere = "-d team --ca pki/ca.pem --ca-key pki/ca.key export db";
    for dir in ["team", "pki"] {
        sandbox.certctl(&format!("{elsewhere} --to {dir}")).code(2);
    }
    assert_eq!(sandbox.digest(), before);

    sandbox.certctl(&format!("{elsewhere} --to pki/db")).code(0);
    assert_eq!(listed(&sandbox, "pki/db"), ["ca.pem", "db.key", "db.pem"]);
}

#[test]
fn the_cas_key_is_not_handed_on_under_any_name() {
    let sandbox = with_pki("");
    sandbox.write("pki/root.pem", sandbox.read("pki/ca.pem"));
    sandbox.write("pki/root.key", sandbox.read("pki/ca.key"));
    sandbox.write("both.pem", [sandbox.read("pki/ca.pem"), sandbox.read("pki/ca.key")].concat());
    let before = sandbox.digest();

    for to in ["--to tls", "--p12 s.p12 --password-file pki/ca.srl"] {
        pki(&sandbox, &format!("export root {to}"))
            .code(1)
            .stderr_has("`pki/root.key` is the CA's own key")
            .stderr_has("certctl -d pki issue NAME HOST");
    }
    let secrets = Secrets::of(&[sandbox.read("pki/ca.key")]);
    let run = pki(&sandbox, "--ca both.pem --ca-key pki/ca.key export server --to tls");
    run.code(1).stderr_has("`both.pem` has a private key beside the certificate");
    secrets.assert_kept(&run);

    assert_eq!(sandbox.digest(), before);
}

#[test]
fn a_pair_that_is_none_is_refused_and_says_why() {
    let sandbox = with_pki("");
    pki(&sandbox, "issue other localhost --key-type ecdsa:p256").code(0);
    pki(&sandbox, "csr db db.example --key-type ecdsa:p256").code(0);
    pki(&sandbox, "sign pki/db.csr --usage server --accept-names").code(0);
    sandbox.write("db.key", sandbox.read("pki/db.key"));
    sandbox.remove("pki/db.key");
    sandbox.write("pki/other.key", sandbox.read("pki/server.key"));
    let before = sandbox.digest();

    for to in ["--to tls", "--p12 s.p12 --password-file pki/ca.srl"] {
        for (name, message) in [
            ("db", "the private key of `pki/db.pem` is missing: `pki/db.key` does not exist"),
            ("other", "`pki/other.key` does not belong to certificate `pki/other.pem`"),
            ("none", "`pki/none.pem` does not exist"),
        ] {
            pki(&sandbox, &format!("export {name} {to}")).code(1).stderr_has(message);
        }
    }
    sandbox
        .certctl("-d empty export server --to tls")
        .code(1)
        .stderr_has("no CA in this directory");
    assert_eq!(sandbox.digest(), before);
}

#[test]
fn a_certificate_that_nobody_will_take_is_exported_with_a_warning() {
    let sandbox = with_pki("");
    sandbox.certctl("-d other gen --cn other.example --key-type ecdsa:p256").code(0);

    let run = sandbox.certctl("-d pki --ca other/ca.pem export server --to tls");

    run.code(0).stderr_has("warning: pki/server.pem ").stderr_has("`--ca FILE`");
    assert_eq!(sandbox.read("tls/ca.pem"), sandbox.read("other/ca.pem"));
}

#[test]
fn a_certificate_that_has_expired_is_exported_with_a_warning() {
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ed25519");
    let past = [&b"200101000000Z"[..], b"210101000000Z"].map(|time| tlv(0x17, time)).concat();
    let expired = Tbs::read(&sandbox, "server.pem").with(4, tlv(SEQUENCE, &past));
    sandbox.write("server.pem", pem("CERTIFICATE", &Forge::of(&sandbox).sign(&expired)));

    let run = sandbox.certctl("export server --to tls");

    run.code(0)
        .stderr_has("warning: server.pem ")
        .stderr_has("expired")
        .stderr_has("hint: certctl renew server");
    assert_eq!(sandbox.read("tls/server.pem"), sandbox.read("server.pem"));
}

#[test]
fn many_at_once_leave_one_whole_set() {
    let sandbox = with_pki("");
    let script = r#"
        for round in 1 2 3; do
            "$CERTCTL" -d pki -q renew server
            for number in 1 2 3 4; do "$CERTCTL" -d pki -q export server --to tls & running="$! ${running-}"; done
        done
        for process in $running; do wait "$process"; done
        "$CERTCTL" -d pki -q export server --to tls"#;
    sandbox.sh(script).code(0).stderr_is("");
    assert_copied(&sandbox, "server", "tls");
    assert_eq!(listed(&sandbox, "tls"), ["ca.pem", "server.key", "server.pem"]);
}

#[test]
fn a_directory_that_others_may_write_in_is_refused_unasked() {
    let sandbox = with_pki("");
    fs::create_dir(sandbox.path("open")).unwrap();
    sandbox.set_mode("open", 0o777);
    let warning = "warning: other users may write in open: they can replace the files";
    let refused = pki(&sandbox, "export server --to open");
    refused.code(1).stderr_has("`open` is not safe").stderr_has("--allow-shared-dir");
    assert_eq!(fs::read_dir(sandbox.path("open")).unwrap().count(), 0);
    pki(&sandbox, "--allow-shared-dir export server --to open").code(0).stderr_has(warning);
    sandbox.set_mode("open", 0o775);
    pki(&sandbox, "export server --to open").code(0).stderr_lacks("warning");
}

#[test]
fn no_octet_of_a_key_is_said() {
    let sandbox = with_pki("");
    sandbox.write("word", "a secret word\n");
    let secrets = Secrets::of(&[sandbox.read("pki/server.key"), sandbox.read("pki/ca.key")]);
    for to in ["--to tls", "--p12 s.p12 --password-file word"] {
        for form in ["text", "json"] {
            let run = pki(&sandbox, &format!("export server {to} -o {form}"));
            secrets.assert_kept(run.code(0));
            run.stdout_lacks("a secret word").stderr_lacks("a secret word");
        }
    }
}

#[cfg(feature = "pkcs12")]
mod keystores {
    use super::*;

    /// What `inspect` finds in a keystore.
    fn inspected(sandbox: &Sandbox, file: &str, password_file: &str) -> Run {
        sandbox.certctl(&format!("inspect {file} --password-file {password_file}"))
    }

    fn with_password() -> Sandbox {
        let sandbox = with_pki("");
        sandbox.write("word", "a secret word\r\nanother line\n");
        sandbox.set_mode("word", 0o600);
        sandbox
    }

    const EXPORT: &str = "export server --p12 server.p12 --password-file word";

    #[test]
    fn a_keystore_holds_key_certificate_and_ca() {
        let sandbox = with_password();
        sandbox.sh(&format!("umask 000; \"$CERTCTL\" -d pki {EXPORT}")).code(0).stderr_is("");

        assert_eq!(sandbox.mode("server.p12"), 0o600);
        inspected(&sandbox, "server.p12", "word")
            .code(0)
            .stdout_has("server.p12: ca")
            .stdout_has("server.p12: server")
            .stdout_has("CN=localhost CA")
            .stdout_has("private key  ecdsa:p256")
            .stdout_has("2 certificates; 1 other object");
        sandbox.write("short", "a secret wor\n");
        inspected(&sandbox, "server.p12", "short").code(1).stderr_has("does not open it");
    }

    #[test]
    fn a_keystore_is_reported_as_what_it_is() {
        let sandbox = with_password();
        pki(&sandbox, EXPORT)
            .code(0)
            .stdout_has("Exported server to server.p12:\n\n  server.p12  0600 ")
            .stdout_has("ecdsa:p256 key, localhost, 127.0.0.1, ::1, until 20");

        let shown = pki(&sandbox, &format!("{EXPORT} --mode 0640 -o json")).code(0).json();

        assert_eq!(shown["to"], "server.p12");
        assert_eq!(shown["changed"], true);
        assert_eq!(shown["files"].as_array().unwrap().len(), 1);
        assert_eq!(shown["files"][0]["kind"], "keystore");
        assert_eq!(shown["files"][0]["mode"], "0640");
    }

    #[test]
    fn a_keystore_is_replaced_by_what_is_here_now_and_else_left_alone() {
        let sandbox = with_password();
        pki(&sandbox, EXPORT).code(0);
        let first = sandbox.read("server.p12");
        pki(&sandbox, EXPORT)
            .code(0)
            .stdout_is("server.p12 is up to date: it holds server as it is here.\n");
        assert_eq!(sandbox.read("server.p12"), first);

        sandbox.set_mode("server.p12", 0o400);
        for change in
            ["renew server", "renew ca", "gen --cn localhost --key-type ecdsa:p256 --replace-ca"]
        {
            pki(&sandbox, change).code(0);
            let before = sandbox.read("server.p12");
            pki(&sandbox, EXPORT).code(0).stdout_has("Exported server");
            assert_ne!(sandbox.read("server.p12"), before, "{change}");
            assert_eq!(sandbox.mode("server.p12"), 0o400, "{change}");
            pki(&sandbox, EXPORT).code(0).stdout_has("up to date");
        }
    }

    #[test]
    fn a_keystore_of_somebody_else_is_left_alone() {
        let sandbox = with_password();
        sandbox.write("other", "another word\n");
        sandbox.certctl("-d others gen --cn other.example --key-type ecdsa:p256").code(0);
        pki(&sandbox, "export server --p12 locked.p12 --password-file other").code(0);
        sandbox.certctl("-d others export server --p12 others.p12 --password-file word").code(0);
        sandbox.write("notes.p12", "a text");
        sandbox.write("empty.p12", "");
        let pem = [sandbox.read("pki/server.pem"), sandbox.read("pki/server.key")].concat();
        sandbox.write("pem.p12", pem);
        symlink("locked.p12", sandbox.path("link.p12")).unwrap();
        let before = sandbox.digest();

        for file in ["locked.p12", "others.p12", "notes.p12", "empty.p12", "pem.p12", "pki/ca.key"]
        {
            pki(&sandbox, &format!("export server --p12 {file} --password-file word"))
                .code(1)
                .stderr_has(&format!("`{file}` already exists"))
                .stderr_has("hint: it is not an earlier export");
        }
        for file in ["link.p12", "pki", "missing/s.p12"] {
            pki(&sandbox, &format!("export server --p12 {file} --password-file word"))
                .code(1)
                .stderr_has(&format!("`{file}`"));
        }
        assert_eq!(sandbox.digest(), before);
    }

    #[test]
    fn a_password_that_some_reader_would_not_take_is_refused() {
        let sandbox = with_password();
        for (password, reason) in [
            ("", "it is empty"),
            ("\nsecond line\n", "it is empty"),
            ("pässword\n", "printable ASCII"),
            ("tab\there\n", "printable ASCII"),
            ("nul\0\n", "printable ASCII"),
        ] {
            sandbox.write("word", password);
            let before = sandbox.digest();
            let run = pki(&sandbox, EXPORT);
            run.code(1).stderr_has(reason).stderr_has("hint: ");
            assert!(password.is_empty() || !run.stderr().contains(password.trim()), "{password:?}");
            assert_eq!(sandbox.digest(), before, "{password:?}");
        }
        sandbox.write("word", b"\xE4\n");
        pki(&sandbox, EXPORT).code(1).stderr_has("printable ASCII");
        sandbox.remove("word");
        pki(&sandbox, EXPORT).code(1).stderr_has("`word` cannot be read");
        pki(&sandbox, "export server --p12 server.p12 --password-file /dev/zero")
            .code(2)
            .stderr_has("`/dev/zero` has no password");
    }

    #[test]
    fn a_password_comes_from_a_pipe_too_and_a_file_of_it_is_its_owners_alone() {
        let sandbox = with_password();
        let script = "printf 'a secret word\n' | \"$CERTCTL\" -d pki export server --p12 a.p12 \
                      --password-file -";
        sandbox.sh(script).code(0).stderr_is("");
        inspected(&sandbox, "a.p12", "word").code(0).stdout_has("a.p12: server");
        for command in ["inspect a.p12", "check --ca pki/ca.pem a.p12"] {
            for reader in ["<(printf 'a secret word\n')", "- < word"] {
                let line = format!("\"$CERTCTL\" {command} --password-file {reader}");
                sandbox.sh(&format!("exec bash -c '{}'", line.replace('\'', "'\\''"))).code(0);
            }
        }

        sandbox.set_mode("word", 0o644);
        pki(&sandbox, EXPORT)
            .code(0)
            .stderr_has("warning: word has mode 0644: others can read the password")
            .stderr_has("hint: chmod 600 word");
    }

    /// Nobody is there to type one.
    #[test]
    fn without_a_terminal_the_password_comes_from_a_file() {
        let sandbox = with_password();
        pki(&sandbox, "export server --p12 server.p12")
            .code(2)
            .stderr_has("no terminal to ask for the password")
            .stderr_has("--password-file FILE");
        assert!(!sandbox.path("server.p12").exists());
    }
}

#[cfg(not(feature = "pkcs12"))]
#[test]
fn a_build_without_pkcs12_says_so() {
    let sandbox = with_pki("");
    sandbox.write("word", "a secret word\n");
    pki(&sandbox, "export server --p12 server.p12 --password-file word")
        .code(2)
        .stderr_has("this build of certctl does not have the feature `pkcs12`");
    assert!(!sandbox.path("server.p12").exists());
}
