//! `--out-file`: what is there before, and who else may write beside it.

use std::fs;

use super::{ACCESS_ACL, DEFAULT_ACL, Ground, OTHER, Plant, ROOT, SERVICE, Trial, acl};
use crate::commons::{Account, can_switch_users, owner};

/// Plants what the machine may not have: `false` then.
type Planted = fn(&Ground) -> bool;

/// Results with key bytes and without; `{}` is the file.
const LINES: [&str; 4] = [
    "-d pki k8s secret --out-file {}",
    "-d pki k8s issuer -n ns --out-file {}",
    "-d pki -o json inspect pki/server.pem --out-file {}",
    "-d pki render curl --out-file {}",
];

#[test]
fn a_file_of_another_user_is_not_replaced() {
    if !can_switch_users() {
        return;
    }
    // The directory, the owner of the file, its mode.
    let rows = [
        ("app/tls", SERVICE, 0o644),
        ("app/tls", OTHER, 0o600),
        ("open", OTHER, 0o666),
        ("ours", OTHER, 0o644),
        ("ours", SERVICE, 0o400),
    ];
    let mut trial = Trial::default();
    for (directory, account, mode) in rows {
        let file = format!("{directory}/result.yaml");
        let lines = LINES.map(|line| line.replace("{}", &file));
        let shared = lines.clone().map(|line| format!("--allow-shared-dir {line}"));
        for line in lines.into_iter().chain(shared) {
            trial.attempt(format!("{account:?}, {mode:o}: {line}"), || {
                let ground = Ground::with_service();
                ground.directory("ours", ROOT, 0o755);
                ground.directory("open", ROOT, 0o1777);
                ground.write(&file, "of another user\n");
                ground.mode(&file, mode);
                ground.give(&file, account);
                let before = ground.picture("");

                ground.certctl(&line).is(&[1]).says(&["result.yaml", directory]);

                before.assert_unchanged("of another user");
            });
        }
    }
}

#[test]
fn a_file_of_ours_keeps_its_group_and_mode() {
    if !can_switch_users() {
        return;
    }
    let ground = Ground::new();
    ground.write("result.yaml", "old\n");
    ground.mode("result.yaml", 0o640);
    ground.give("result.yaml", Account { gid: SERVICE.gid, ..ROOT });
    let before = owner(&ground.path("result.yaml"));

    ground.certctl("-d pki -o json inspect pki/server.pem --out-file result.yaml").is(&[0]);

    assert_eq!(owner(&ground.path("result.yaml")), before);

    // What has a key may also be closed to others.
    ground.certctl("-d pki k8s secret --out-file result.yaml").is(&[0]);

    let (account, mode) = owner(&ground.path("result.yaml"));
    assert_eq!((account, mode & !before.1), (before.0, 0));
}

#[test]
fn what_is_no_plain_file_is_refused() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, Planted); 6] = [
        ("a symlink of the service", |ground| {
            ground.symlink("../victim/out.yaml", "app/result.yaml");
            ground.give("app/result.yaml", SERVICE);
            true
        }),
        ("a symlink of root", |ground| {
            ground.symlink("../victim/out.yaml", "app/result.yaml");
            true
        }),
        ("a dangling symlink", |ground| {
            ground.symlink("../victim/made", "app/result.yaml");
            true
        }),
        ("a FIFO", |ground| {
            ground.fifo("app/result.yaml");
            true
        }),
        ("a device", |ground| ground.device("app/result.yaml")),
        ("a directory", |ground| {
            ground.write("app/result.yaml/keep", "of the service\n");
            true
        }),
    ];
    let mut trial = Trial::default();
    for (context, plant) in rows {
        for line in LINES {
            let line = line.replace("{}", "app/result.yaml");
            trial.attempt(format!("{context}: {line}"), || {
                let ground = Ground::with_service();
                if !plant(&ground) {
                    return;
                }
                let before = ground.picture("");

                ground.certctl(&line).is(&[1]).says(&["result.yaml"]);

                before.assert_unchanged(context);
            });
        }
    }
}

#[test]
fn a_file_of_a_pki_is_not_a_result() {
    let mut trial = Trial::default();
    let files =
        ["ca.srl", "certctl.toml", "ca.key", "ca.pem", "server.key", "server.pem", "web.key"];
    for file in files {
        for directory in ["pki", "pki/../pki", "link", "./pki/"] {
            let path = format!("{directory}/{file}");
            trial.attempt(&path, || {
                let ground = Ground::new();
                ground.certctl("-d pki csr web web.example --key-type ecdsa:p256").is(&[0]);
                ground.certctl("-d other init").is(&[0]);
                ground.write("pki/certctl.toml", ground.read("other/certctl.toml"));
                ground.symlink("pki", "link");
                let before = ground.picture("");
                for line in LINES {
                    // It may also be a usage error.
                    ground.certctl(&line.replace("{}", &path)).is(&[1, 2]).says(&[file]);

                    before.assert_unchanged(line);
                }
            });
        }
    }
}

#[test]
fn the_record_of_a_commit_is_no_place_for_a_result() {
    let mut trial = Trial::default();
    for file in [".certctl", ".certctl-journal"] {
        trial.attempt(file, || {
            let ground = Ground::new();
            let before = ground.picture("");
            let line = format!("-d pki k8s secret --out-file pki/{file}");

            ground.certctl(&line).is(&[1, 2]).says(&[".certctl"]);

            before.assert_unchanged(&line);
        });
    }
}

#[test]
fn an_acl_of_a_result_is_kept() {
    if !can_switch_users() {
        return;
    }
    // Rights of the named user, of the group, and the mask.
    let mut trial = Trial::default();
    for (right, group, mask) in [(4, 0, 4), (6, 4, 0), (4, 4, 4), (4, 0, 0)] {
        for line in LINES {
            trial.attempt(format!("{right}/{group}/{mask}: {line}"), || {
                let ground = Ground::new();
                ground.write("result.yaml", "old\n");
                ground.mode("result.yaml", 0o600);
                let acl = acl(6, OTHER, right, group, mask, 0);
                if !ground.acl("result.yaml", ACCESS_ACL, &acl) {
                    return;
                }
                let before = ground.picture("result.yaml");
                let could = ground.can_read(OTHER, "result.yaml");
                let line = line.replace("{}", "result.yaml");

                let run = ground.certctl(&line);

                let context = format!("{right}/{group}/{mask}: {line}");
                run.is(&[0, 1]);
                let after = ground.picture("result.yaml");
                let can = ground.can_read(OTHER, "result.yaml");
                if line.contains("k8s") {
                    // What has a key may also be closed to others.
                    assert!(could || !can, "{context}: gives a right");
                } else {
                    for (path, entry) in &after.entries {
                        let old = &before.entries[path];
                        assert!(entry.acl == old.acl && entry.mode == old.mode, "{context}");
                    }
                    assert_eq!(can, could, "{context}");
                }
                if run.refused() {
                    before.assert_unchanged(&context);
                }
            });
        }
    }
}

#[test]
fn a_secret_in_a_directory_of_another_user_is_ours_alone() {
    if !can_switch_users() {
        return;
    }
    let rows: [(&str, Plant); 5] = [
        ("empty", |_| ()),
        ("a record of the service", |ground| {
            ground.directory("app/tls/.certctl", SERVICE, 0o700);
        }),
        ("a record that is a symlink", |ground| {
            ground.symlink("../../victim", "app/tls/.certctl");
        }),
        ("set-group-ID", |ground| ground.mode("app/tls", 0o2775)),
        ("a default ACL", |ground| {
            ground.acl("app/tls", DEFAULT_ACL, &acl(7, OTHER, 7, 7, 7, 7));
        }),
    ];
    let mut trial = Trial::default();
    for (context, plant) in rows {
        for line in &LINES[..2] {
            trial.attempt(format!("{context}: {line}"), || {
                let ground = Ground::with_service();
                plant(&ground);
                let victim = ground.picture("victim");
                let line = line.replace("{}", "app/tls/result.yaml");
                let context = format!("{context}: {line}");

                let run = ground.certctl_below("umask 000", &line);

                victim.assert_unchanged(&context);
                if context.contains("record") && run.refused() {
                    return;
                }
                run.is(&[0]);
                let (account, mode) = owner(&ground.path("app/tls/result.yaml"));
                assert_eq!((account.uid, mode & 0o7777), (0, 0o600), "{context}");
                let picture = ground.picture("app/tls/result.yaml");
                assert!(picture.entries.values().all(|entry| entry.acl.is_empty()), "{context}");
                for account in [SERVICE, OTHER] {
                    assert!(!ground.can_read(account, "app/tls/result.yaml"), "{context}");
                }
                let names = fs::read_dir(ground.path("app/tls")).unwrap().count();
                assert!(names <= 2, "{context}: a temporary is left");
            });
        }
    }
}
