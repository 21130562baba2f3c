//! POSIX ACLs: kept on what is replaced, never inherited by a new secret, never wider.

use std::fs;

use super::{ACCESS_ACL, DEFAULT_ACL, GEN, Ground, OTHER, SERVICE, Trial, acl};
use crate::commons::{Account, can_switch_users, owner};

/// Who reads a file: the service, another user, and a user whose group is that of the service.
fn readers(ground: &Ground, file: &str) -> [bool; 3] {
    let member = Account { uid: 54_399, gid: SERVICE.gid };
    [SERVICE, OTHER, member].map(|account| ground.can_read(account, file))
}

#[test]
fn a_renewed_file_keeps_its_acl() {
    if !can_switch_users() {
        return;
    }
    // Rights of the named user, of the group, and the mask.
    let rights = [(4, 0, 4), (4, 4, 4), (4, 0, 0), (6, 4, 0), (4, 4, 0)];
    let mut trial = Trial::default();
    for (right, group, mask) in rights {
        for line in ["renew", "renew ca server", "renew server --reuse-key"] {
            trial.attempt(format!("{right}/{group}/{mask}: {line}"), || {
                let ground = Ground::new();
                for file in ["server.key", "server.pem", "ca.pem", "ca.srl"] {
                    let file = format!("pki/{file}");
                    ground.mode(&file, 0o600);
                    ground.give(&file, Account { uid: 0, gid: SERVICE.gid });
                    if !ground.acl(&file, ACCESS_ACL, &acl(6, OTHER, right, group, mask, 0)) {
                        return;
                    }
                }
                let before = ground.picture("pki");
                let read = readers(&ground, "pki/server.key");

                let run = ground.certctl(&format!("-d pki {line}"));

                let context = format!("{right}/{group}/{mask}: {line}");
                run.is(&[0]);
                let after = ground.picture("pki");
                for (path, entry) in &after.entries {
                    let old = &before.entries[path];
                    let same = (&entry.acl, entry.mode, entry.account);
                    assert_eq!(same, (&old.acl, old.mode, old.account), "{context}: {path:?}");
                }
                assert_eq!(readers(&ground, "pki/server.key"), read, "{context}");
                assert_ne!(
                    ground.read("pki/server.pem"),
                    before_of(&before, "server.pem"),
                    "{context}"
                );
            });
        }
    }
}

/// The content of a file at the time of the picture.
fn before_of(picture: &super::Picture, file: &str) -> Vec<u8> {
    picture.entries[&picture.root.join(file)].content.clone()
}

#[test]
fn export_with_a_group_makes_no_masked_entry_effective() {
    if !can_switch_users() {
        return;
    }
    let gid = SERVICE.gid;
    let flags = [
        format!("--group {gid}"),
        format!("--group {gid} --mode 0640"),
        "--mode 0640".into(),
        "--mode 0440".into(),
        String::new(),
    ];
    let mut trial = Trial::default();
    for flags in flags {
        trial.attempt(flags.clone(), || {
            let ground = Ground::with_service();
            ground.write("app/tls/server.key", ground.read("victim/server.key"));
            ground.mode("app/tls/server.key", 0o600);
            ground.give("app/tls/server.key", Account { uid: 0, gid });
            // The other user has a right that the mask withholds.
            if !ground.acl("app/tls/server.key", ACCESS_ACL, &acl(6, OTHER, 4, 0, 0, 0)) {
                return;
            }
            assert!(!ground.can_read(OTHER, "app/tls/server.key"));
            let before = ground.picture("app");

            let run = ground.certctl(&format!("-d pki export server --to app/tls {flags}"));

            run.is(&[0, 1]);
            assert!(!ground.can_read(OTHER, "app/tls/server.key"), "`{flags}` gives a right");
            if run.refused() {
                before.assert_unchanged(&flags);
            }
        });
    }
}

#[test]
fn a_new_secret_inherits_no_acl() {
    if !can_switch_users() {
        return;
    }
    let ground = Ground::new();
    fs::create_dir(ground.path("wide")).unwrap();
    ground.mode("wide", 0o755);
    let wide = acl(7, OTHER, 7, 7, 7, 5);
    if !ground.acl("wide", DEFAULT_ACL, &wide) {
        return;
    }
    ground.write("password", "example\n");
    let replace = format!("-d wide {GEN} --replace-ca");
    let lines = [
        &format!("-d wide {GEN}"),
        "-d wide issue web web.example --key-type ecdsa:p256",
        "-d wide csr ext ext.example --key-type ecdsa:p256",
        "-d wide renew",
        &replace,
        "-d pki export server --to wide/tls",
        "-d pki render milvus compose --out-dir wide/milvus",
        "-d pki k8s secret --out-file wide/secret.yaml",
        "-d pki k8s issuer -n ns --out-file wide/issuer.yaml",
        "-d pki export server --p12 wide/server.p12 --password-file password",
    ];
    let mut trial = Trial::default();
    for line in lines {
        trial.attempt(line, || {
            let before = ground.picture("wide");

            ground.certctl_below("umask 000", line).is(&[0]);

            let mut secrets = 0;
            for (path, entry) in ground.picture("wide").entries {
                let secret = path.extension().is_some_and(|extension| extension == "key")
                    || ["secret.yaml", "issuer.yaml", "server.p12"]
                        .iter()
                        .any(|name| path.ends_with(name));
                // Each row is about the files that it has written.
                if secret
                    && before.entries.get(&path).is_none_or(|old| old.content != entry.content)
                {
                    secrets += 1;
                    let context = format!("{line}: {}", path.display());
                    assert_eq!(entry.mode & 0o077, 0, "{context}");
                    assert!(entry.acl.is_empty(), "{context}: ACL {:02x?}", entry.acl);
                    assert!(!ground.can_read(OTHER, path.to_str().unwrap()), "{context}");
                }
            }
            assert!(secrets > 0, "{line}: no new secret");
        });
    }
    let archive = owner(&ground.path("wide/archive"));
    assert_eq!(archive.1 & 0o777, 0o700, "archive");
}

#[test]
fn a_replaced_secret_without_an_acl_gets_none() {
    if !can_switch_users() {
        return;
    }
    let mut trial = Trial::default();
    for mode in [0o600, 0o640, 0o440, 0o400] {
        trial.attempt(format!("{mode:o}"), || {
            let ground = Ground::with_service();
            ground.certctl("-d pki export server --to app/tls").is(&[0]);
            let account = Account { uid: 0, gid: SERVICE.gid };
            for place in ["pki", "app/tls"] {
                let key = format!("{place}/server.key");
                ground.give(&key, account);
                ground.mode(&key, mode);
                if !ground.acl(place, DEFAULT_ACL, &acl(7, OTHER, 7, 7, 7, 7)) {
                    return;
                }
            }

            ground.certctl("-d pki renew server").is(&[0]);
            ground.certctl("-d pki export server --to app/tls").is(&[0]);

            for place in ["pki", "app/tls"] {
                let key = format!("{place}/server.key");
                let context = format!("{key} {mode:o}");
                assert_eq!(owner(&ground.path(&key)), (account, mode), "{context}");
                let picture = ground.picture(&key);
                assert!(
                    picture.entries.values().all(|entry| entry.acl.is_empty()),
                    "{context}: ACL"
                );
                assert!(!ground.can_read(OTHER, &key), "{context}");
            }
        });
    }
}
