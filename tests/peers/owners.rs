//! Owners, groups and modes: root renews for services, and others may not do what they may not.

use std::fs;

use crate::{
    commons::{Account, Commons, can_switch_users, owner, set_owner},
    sandbox::Sandbox,
};

const ROOT: Account = Account { uid: 0, gid: 0 };
/// Nobody's numbers: a service, the administrator of a PKI, the group that both are in.
const SERVICE: Account = Account { uid: 54_321, gid: 54_322 };
/// The group of a directory that its members may write.
const GROUP: u32 = 54_340;
const ADMIN: Account = Account { uid: 54_331, gid: 54_332 };

/// What is done to a set before the administrator comes.
type Change = fn(&Commons);

/// Everything in `pki`, with owners.
type State = Vec<(String, Vec<u8>, (Account, u32))>;

/// `pki/` with a set, all of it the account's.
fn pki(account: Account) -> Commons {
    let commons = Commons::new();
    let sandbox = Sandbox::with_gen("--cn localhost --key-type ecdsa:p256");
    fs::create_dir(commons.path("pki")).unwrap();
    for file in sandbox.files() {
        commons.take(&sandbox, &file, account, sandbox.mode(&file));
        fs::rename(commons.path(&file), commons.path(&format!("pki/{file}"))).unwrap();
    }
    set_owner(&commons.path("pki"), account, 0o755);
    commons
}

fn state(commons: &Commons) -> State {
    let mut files: State = fs::read_dir(commons.path("pki"))
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, fs::read(&path).unwrap(), owner(&path))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_record_of_pending_hooks_counts_if_it_belongs_to_the_owner_of_the_directory() {
    if !can_switch_users() {
        return;
    }
    let line = "-d pki renew --expires-within 1d --exec true";
    for (owner, is_accepted) in [(ADMIN, true), (ROOT, true), (SERVICE, false)] {
        let commons = pki(ADMIN);
        let record = commons.path("pki/hook-pending");
        fs::write(&record, "server\n").unwrap();
        set_owner(&record, owner, 0o644);
        let before = state(&commons);

        for account in [ROOT, ADMIN] {
            let run = commons.certctl(account, "-d pki check server");
            run.code(if is_accepted { 3 } else { 1 });
        }
        let run = commons.certctl(ROOT, line);
        if is_accepted {
            run.code(0).stderr_has("hook pending for `server`");
            assert!(!record.exists());
        } else {
            run.code(1).stderr_has("hook-pending").stderr_has("it belongs to user 54321");
            assert_eq!(state(&commons), before);
        }
    }
}

#[test]
fn root_leaves_each_file_to_whom_it_belongs() {
    if !can_switch_users() {
        return;
    }
    let rows = [
        ("server.key", SERVICE, 0o640),
        ("server.pem", SERVICE, 0o440),
        ("client.key", Account { gid: SERVICE.gid, ..ROOT }, 0o640),
        ("client.pem", ADMIN, 0o600),
        ("ca.srl", ADMIN, 0o600),
        ("ca.pem", SERVICE, 0o444),
        ("ca.key", ADMIN, 0o400),
    ];
    for line in ["renew", "renew ca server client", "renew --reuse-key", "renew server client"] {
        let commons = pki(ROOT);
        let path = |file: &str| commons.path(&format!("pki/{file}"));
        for (file, account, mode) in rows {
            set_owner(&path(file), account, mode);
        }
        let before = fs::read(path("server.pem")).unwrap();

        commons.certctl(ROOT, &format!("-d pki {line}")).code(0);

        for (file, account, mode) in rows {
            assert_eq!(owner(&path(file)), (account, mode), "{line}: {file}");
        }
        assert_ne!(fs::read(path("server.pem")).unwrap(), before, "{line}");
    }
}

#[test]
fn who_cannot_keep_the_owner_takes_no_serial() {
    if !can_switch_users() {
        return;
    }
    // What belongs to somebody else, in a directory that the administrator may write.
    let rows = [
        ("server.key", Account { gid: ADMIN.gid, ..SERVICE }, 0o640),
        ("server.pem", SERVICE, 0o644),
        ("ca.srl", SERVICE, 0o644),
        ("server.key", Account { uid: ADMIN.uid, gid: SERVICE.gid }, 0o600),
    ];
    for (file, account, mode) in rows {
        let commons = pki(ADMIN);
        set_owner(&commons.path(&format!("pki/{file}")), account, mode);
        let before = state(&commons);

        let run = commons.certctl(ADMIN, "-d pki renew server");

        run.code(1).stderr_has(file).stderr_has("hint: ");
        assert_eq!(state(&commons), before, "{file} of {account:?}");
        if file != "ca.srl" {
            // One failure does not stop the others.
            let last = fs::read(commons.path("pki/ca.srl")).unwrap();
            let [client, server] =
                ["client.pem", "server.pem"].map(|file| commons.path("pki").join(file));
            let old = (fs::read(&client).unwrap(), fs::read(&server).unwrap());
            commons.certctl(ADMIN, "-d pki renew").code(1).stderr_has(file);
            assert_ne!(fs::read(commons.path("pki/ca.srl")).unwrap(), last);
            assert_ne!(fs::read(client).unwrap(), old.0);
            assert_eq!(fs::read(server).unwrap(), old.1);
        }
    }
}

#[test]
fn an_administrator_renews_what_is_all_their_own() {
    if !can_switch_users() {
        return;
    }
    let commons = pki(ADMIN);
    let before = state(&commons);

    commons.certctl(ADMIN, "-d pki renew").code(0);

    let after = state(&commons);
    for (old, new) in before.iter().zip(&after) {
        assert_eq!((&old.0, old.2), (&new.0, new.2));
    }
    assert_ne!(after, before);
}

#[test]
fn what_one_may_not_read_or_write_is_said_before_a_serial_is_taken() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, Change, &str); 6] = [
        ("a directory of root's", |commons| set_owner(&commons.path("pki"), ROOT, 0o755), "pki"),
        (
            "a directory nobody may write",
            |commons| set_owner(&commons.path("pki"), ADMIN, 0o555),
            "pki",
        ),
        (
            "root's CA key",
            |commons| set_owner(&commons.path("pki/ca.key"), ROOT, 0o600),
            "pki/ca.key",
        ),
        (
            "a CA key nobody may read",
            |commons| set_owner(&commons.path("pki/ca.key"), ADMIN, 0o000),
            "pki/ca.key",
        ),
        (
            "root's ca.srl",
            |commons| set_owner(&commons.path("pki/ca.srl"), ROOT, 0o600),
            "pki/ca.srl",
        ),
        (
            "root's CA certificate",
            |commons| set_owner(&commons.path("pki/ca.pem"), ROOT, 0o600),
            "pki/ca.pem",
        ),
    ];
    for (what, change, named) in rows {
        for line in
            ["renew", "renew server --reuse-key", "issue redis localhost --key-type ecdsa:p256"]
        {
            let commons = pki(ADMIN);
            change(&commons);
            let before = state(&commons);

            let run = commons.certctl(ADMIN, &format!("-d pki {line}"));

            run.code(1).stderr_has(named).stderr_has("hint: ");
            assert_eq!(state(&commons), before, "{what}: {line}");
        }
    }
}

#[test]
fn a_key_that_others_may_read_is_a_warning() {
    if !can_switch_users() {
        return;
    }
    let rows = [
        ("ca.key", 0o644, "renew"),
        ("ca.key", 0o640, "renew"),
        ("ca.key", 0o602, "renew"),
        ("ca.key", 0o644, "issue redis localhost --key-type ecdsa:p256"),
        ("server.key", 0o644, "renew --reuse-key"),
    ];
    for (file, mode, line) in rows {
        let commons = pki(ADMIN);
        set_owner(&commons.path(&format!("pki/{file}")), ADMIN, mode);

        let run = commons.certctl(ADMIN, &format!("-d pki {line}"));

        run.code(0);
        let said = run.stderr();
        let warned = said.lines().any(|line| line.starts_with("warning: ") && line.contains(file));
        assert!(warned, "{file} with mode {mode:o}, {line}: {said}");
        assert_eq!(owner(&commons.path(&format!("pki/{file}"))).1, mode, "kept, never widened");
    }
}

#[test]
fn a_volume_of_a_group_as_kubernetes_mounts_it() {
    if !can_switch_users() {
        return;
    }
    // fsGroup: root's, writable for a group that the container's user is in; new files are the group's.
    let user = Account { uid: SERVICE.uid, gid: GROUP };
    let commons = Commons::new();
    fs::create_dir(commons.path("volume")).unwrap();
    set_owner(&commons.path("volume"), Account { uid: 0, gid: GROUP }, 0o2775);
    let lines = [
        "-d volume gen --cn localhost --key-type ecdsa:p256",
        "-d volume renew ca server client",
        "-d volume issue redis localhost --usage peer --key-type ecdsa:p256",
        "-d volume gen --replace-ca --cn localhost --key-type ecdsa:p256",
        "-d volume csr app localhost --key-type ecdsa:p256",
        "-d volume k8s secret --out-file volume/secret.yaml",
        "-d volume export server --to volume/tls",
    ];

    for line in lines {
        commons.certctl(user, line).code(0);

        for entry in fs::read_dir(commons.path("volume")).unwrap() {
            let path = entry.unwrap().path();
            let is_secret =
                ["key", "yaml"].iter().any(|kind| path.extension() == Some(kind.as_ref()));
            if path.is_file() {
                let mode = if is_secret { 0o600 } else { 0o644 };
                assert_eq!(owner(&path), (user, mode), "{}: {line}", path.display());
            }
            assert!(!path.ends_with(".certctl"), "{line}");
        }
    }
    // Another member of the group may write here, and cannot keep the owner: nothing changes.
    let before = fs::read(commons.path("volume/server.pem")).unwrap();
    let other = Account { uid: ADMIN.uid, gid: GROUP };
    commons.certctl(other, "-d volume renew server").code(1).stderr_has("hint: ");
    assert_eq!(fs::read(commons.path("volume/server.pem")).unwrap(), before);
    assert!(!commons.path("volume/.certctl").exists());
}

#[test]
fn a_member_of_a_group_does_not_get_the_next_key() {
    if !can_switch_users() {
        return;
    }
    let commons = pki(ROOT);
    set_owner(&commons.path("pki"), Account { uid: 0, gid: GROUP }, 0o2775);
    for file in ["server.key", "ca.key"] {
        let path = commons.path(&format!("pki/{file}"));
        let kept = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        // The file of the member has what the old one had.
        fs::write(&path, &kept).unwrap();
        set_owner(&path, Account { uid: SERVICE.uid, gid: GROUP }, 0o600);
    }
    for line in ["renew server", "gen --replace-ca --cn localhost --key-type ecdsa:p256"] {
        let before = state(&commons);

        commons.certctl(ROOT, &format!("-d pki {line}")).code(1).stderr_has("54321");

        assert_eq!(state(&commons), before, "{line}");
    }
}

#[test]
fn a_key_that_its_owner_may_only_read_is_renewed() {
    if !can_switch_users() {
        return;
    }
    // `chgrp ssl-cert server.key; chmod 440 server.key`, by a member of that group.
    let commons = pki(ADMIN);
    let key = commons.path("pki/server.key");
    set_owner(&key, ADMIN, 0o440);
    let before = fs::read(&key).unwrap();

    commons.certctl(ADMIN, "-d pki renew server").code(0);
    assert_ne!(fs::read(&key).unwrap(), before);
    assert_eq!(owner(&key), (ADMIN, 0o440));

    set_owner(&key, Account { gid: SERVICE.gid, ..ADMIN }, 0o440);
    commons.certctl(ROOT, "-d pki renew server").code(0);
    assert_eq!(owner(&key), (Account { gid: SERVICE.gid, ..ADMIN }, 0o440));
}
